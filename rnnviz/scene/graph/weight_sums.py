"""The weight gradient as it grows: the sum of what the steps visited so far have contributed.

Step t adds (∂L/∂v_t) s_{t-1}ᵀ, summed over the batch, where v_t = W s_{t-1}: s is h, in a jordan
network y. Where nothing stands between v_t and the pre-activation a_t, ∂L/∂v_t = ∂L/∂a_t.
"""

from __future__ import annotations

import numpy as np

from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.product_norm import normalised_back, normed_parts
from rnnviz.scene.shapes import Floats
from rnnviz.scene.state import ViewState
from rnnviz.trace import Part, Trace

MOST_PRODUCTS, MOST_LIVE = 2_500_000_000, 250_000_000
"""Multiplications up to which the growing sum of the weight gradient is computed: some 0.2 s, once
for a pass that is looked at; some 20 ms where one pass follows another."""
_BLOCK = 128
"""Steps times sequences whose products are told from one another; what came before them is one
matrix."""


def recurrent_name(trace: Trace) -> str:
    """The matrix that works on what the step before has left."""
    return "W_yh" if trace.spec.cell == "jordan" else "W_hh"


@of_trace
def partial_sums(
    trace: Trace, layer: str, prefix: str, most: int = MOST_PRODUCTS
) -> tuple[float, ...]:
    """Norms of the sum over the last 1, 2, … steps that the backward pass has visited.

    Empty where the trace lacks what is needed, or where it takes more than `most` multiplications.
    """
    da = trace.get(f"dL_d{prefix}a_{layer}")
    read = trace.get("logits" if trace.spec.cell == "jordan" else f"{prefix}h_{layer}")
    # Asked before anything is copied: of thousands of steps the copies are as large as the trace.
    if da is None or read is None or _products(*_sizes(da, read)) > most:
        return ()
    before = _operands(trace, layer, prefix)
    if before is None:
        return ()
    dv = _at_products(trace, layer, prefix, da.astype(np.float64), before)
    if dv is None:
        return ()
    if not layer.endswith("_reverse"):
        dv, before = dv[::-1], before[::-1]
    return _sums_in_blocks(dv, before)


def _sizes(da: Floats, read: Floats) -> tuple[int, int, int, int]:
    """Steps, sequences, rows and columns of what is summed up."""
    return da.shape[0], da.shape[1], da.shape[2], read.shape[2]


def _products(steps: int, batch: int, rows: int, columns: int) -> int:
    """Multiplications that the sums take."""
    together = steps * batch
    pairs = together * min(together, max(_BLOCK, batch)) * (rows + columns)
    return pairs + (2 * together * rows * columns if steps > _steps_of(batch) else 0)


def _steps_of(batch: int) -> int:
    return max(_BLOCK // batch, 1)


def collected(state: ViewState, row: Row, part: Part, done: int) -> tuple[float, float]:
    """Norm of the weight gradient collected so far and the largest on the way; 0, 0 if unknown.

    Of a pass that is too large to sum up on the way the whole is known when all steps are in.
    """
    known = state.timeline.known(done, "backward", "state", row.layer, part.prefix)
    if not known:
        return (0.0, 0.0)
    most = MOST_LIVE if state.live else MOST_PRODUCTS
    if sums := partial_sums(state.trace, row.layer, part.prefix, most):
        return (sums[len(known) - 1], _largest(state.trace, row.layer, part.prefix, most))
    whole = whole_norm(state.trace, row.layer, part.prefix) if len(known) == part.steps else 0.0
    return (whole, whole)


def is_untold(state: ViewState, row: Row, part: Part) -> bool:
    """Whether the pass has all that the sum takes, and is only too large for it."""
    trace, most = state.trace, MOST_LIVE if state.live else MOST_PRODUCTS
    if f"dL_d{part.prefix}a_{row.layer}" not in trace:
        return False
    return not partial_sums(trace, row.layer, part.prefix, most)


@of_trace
def _largest(trace: Trace, layer: str, prefix: str, most: int) -> float:
    """The largest of the sums on the way, which of thousands is not looked for again and again."""
    return max(partial_sums(trace, layer, prefix, most))


@of_trace
def whole_norm(trace: Trace, layer: str, prefix: str) -> float:
    """Norm of the gradient of a recurrent matrix over all steps, as the pass has it; else 0."""
    whole = trace.get(f"dL_d{prefix}{recurrent_name(trace)}_{layer}")
    return 0.0 if whole is None else float(np.linalg.norm(whole.astype(np.float64)))


def _operands(trace: Trace, layer: str, prefix: str) -> Floats | None:
    """(T, B, n) what the recurrent matrix is multiplied with at each step."""
    if trace.spec.cell == "jordan":
        after, start = trace.get("logits"), trace.get(f"{prefix}y0_{layer}")
    else:
        after, start = trace.get(f"{prefix}h_{layer}"), trace.get(f"{prefix}h0_{layer}")
    if after is None or start is None:
        return None
    if not layer.endswith("_reverse"):
        return np.concatenate([start[None], after[:-1]]).astype(np.float64)
    before = np.concatenate([after[1:], start[None]]).astype(np.float64)
    lengths = trace.get("lengths")
    if lengths is not None:
        # The reverse direction starts at the last true step of each sequence.
        rows = np.flatnonzero(lengths > 0)
        before[lengths[rows] - 1, rows] = start[rows]
    return before


def _at_products(
    trace: Trace, layer: str, prefix: str, da: Floats, before: Floats
) -> Floats | None:
    """(T, B, G) gradients at W s_{t-1}, from those at the pre-activations.

    GRU: in the rows of n the reset gate stands between, ∂L/∂m = r ⊙ ∂L/∂a_n.
    """
    hidden, spec = trace.spec.hidden_size, trace.spec
    if spec.cell == "gru":
        reset = trace.get(f"{prefix}r_{layer}")
        if reset is None:
            return None
        da = np.concatenate([da[:, :, : 2 * hidden], da[:, :, 2 * hidden :] * reset], axis=2)
    if not spec.layer_norm:
        return da
    weight = trace.get(f"{prefix}{recurrent_name(trace)}_{layer}")
    gain = trace.get(f"{prefix}gain_h_{layer}")
    if weight is None or gain is None:
        return None
    v = before @ weight.astype(np.float64).T
    return np.asarray(normalised_back(v, gain, da, normed_parts(spec)))


def _sums_in_blocks(dv: Floats, before: Floats) -> tuple[float, ...]:
    """‖Σ_s a_s h_sᵀ‖ after every step, without a matrix a step: a block of steps adds

    2 a_s·(S h_s) for the sum S before the block, and (a_s·a_s')(h_s·h_s') for its own pairs; at
    its end ‖S‖ is taken afresh, so that nothing adds up but within a block.
    """
    steps, batch = dv.shape[:2]
    size = _steps_of(batch)
    total, norm, squares = np.zeros((dv.shape[2], before.shape[2])), 0.0, np.zeros(steps)
    for start in range(0, steps, size):
        a, h = (each[start : start + size].reshape(-1, each.shape[2]) for each in (dv, before))
        pairs = (a @ a.T) * (h @ h.T)
        own = 2.0 * np.tril(pairs, -1).sum(axis=1) + np.diagonal(pairs)
        if start:
            own = own + 2.0 * np.einsum("ij,ij->i", a @ total, h)
        stop = min(start + size, steps)
        squares[start:stop] = norm + own.reshape(stop - start, batch).sum(axis=1).cumsum()
        if stop < steps:
            total += a.T @ h
            norm = float(np.einsum("ij,ij->", total, total))
    return tuple(np.sqrt(np.maximum(squares, 0.0)).tolist())
