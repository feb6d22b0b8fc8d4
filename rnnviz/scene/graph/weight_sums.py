"""The weight gradient as it grows: the sum of what the steps visited so far have contributed.

Step t adds (∂L/∂v_t) s_{t-1}ᵀ, summed over the batch, where v_t = W s_{t-1}: s is h, in a jordan
network y. Where nothing stands between v_t and the pre-activation a_t, ∂L/∂v_t = ∂L/∂a_t.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.shapes import Floats
from rnnviz.scene.state import ViewState
from rnnviz.trace import Part, Trace

MOST_PRODUCTS = 500_000_000
"""Multiplications up to which the growing sum of the weight gradient is computed: some 20 ms, once
for a pass that is looked at."""
_A_STEP, _AN_ENTRY, _A_PAIR = 100_000, 24, 80
"""What a step, an entry of its matrix and a pair of steps cost besides, in multiplications."""
_MOST_PAIRED = 1024
"""Steps times sequences of which the products of all pairs are held in memory."""
_EPSILON = 1e-5
"""Of layer normalisation, as docs/trace.md says."""


def recurrent_name(trace: Trace) -> str:
    """The matrix that works on what the step before has left."""
    return "W_yh" if trace.spec.cell == "jordan" else "W_hh"


@of_trace
def partial_sums(trace: Trace, layer: str, prefix: str) -> tuple[float, ...]:
    """Norms of the sum over the last 1, 2, … steps that the backward pass has visited.

    Empty where the trace lacks what is needed, or where it costs too much.
    """
    da = trace.get(f"dL_d{prefix}a_{layer}")
    read = trace.get("logits" if trace.spec.cell == "jordan" else f"{prefix}h_{layer}")
    # Asked before anything is copied: of thousands of steps the copies are as large as the trace.
    if da is None or read is None:
        return ()
    steps, batch, rows = da.shape
    way = _cheapest(steps, batch, rows, columns=read.shape[2])
    if way is None:
        return ()
    before = _operands(trace, layer, prefix)
    if before is None:
        return ()
    dv = _at_products(trace, layer, prefix, da.astype(np.float64), before)
    if dv is None:
        return ()
    if not layer.endswith("_reverse"):
        dv, before = dv[::-1], before[::-1]
    if way == "pairs":
        return _sums_of_pairs(dv, before)
    total = np.zeros((dv.shape[2], before.shape[2]))
    sums = []
    for share, state in zip(dv, before, strict=True):
        total += share.T @ state
        sums.append(float(np.linalg.norm(total)))
    return tuple(sums)


def _cheapest(
    steps: int, batch: int, rows: int, columns: int
) -> Literal["pairs", "matrices"] | None:
    """How to sum up: few steps pair by pair, however large W is; else in one matrix that grows.

    None where either costs too much: thousands of steps of hundreds of units.
    """
    matrices = steps * (_A_STEP + rows * columns * (batch + _AN_ENTRY))
    together = steps * batch
    pairs = together * together * (rows + columns + _A_PAIR)
    if together <= _MOST_PAIRED and pairs <= min(matrices, MOST_PRODUCTS):
        return "pairs"
    return "matrices" if matrices <= MOST_PRODUCTS else None


def collected(state: ViewState, row: Row, part: Part, done: int) -> tuple[float, float]:
    """Norm of the weight gradient collected so far and the largest on the way; 0, 0 if unknown."""
    known = state.timeline.known(done, "backward", "state", row.layer, part.prefix)
    sums = partial_sums(state.trace, row.layer, part.prefix) if known else ()
    return (sums[len(known) - 1], max(sums)) if sums else (0.0, 0.0)


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
    rows = da.shape[2]
    parts = ((0, 2 * hidden), (2 * hidden, rows)) if spec.cell == "gru" else ((0, rows),)
    v = before @ weight.astype(np.float64).T
    return np.concatenate(
        [_through_norm(v[:, :, a:b], da[:, :, a:b] * gain[a:b]) for a, b in parts], axis=2
    )


def _through_norm(v: Floats, given: Floats) -> Floats:
    """The gradient before (v − mean) / √(var + ε), from that after it, along the last axis."""
    centred = v - v.mean(axis=2, keepdims=True)
    scale = 1.0 / np.sqrt((centred * centred).mean(axis=2, keepdims=True) + _EPSILON)
    unit = centred * scale
    along = (given * unit).mean(axis=2, keepdims=True)
    result: Floats = scale * (given - given.mean(axis=2, keepdims=True) - unit * along)
    return result


def _sums_of_pairs(dv: Floats, before: Floats) -> tuple[float, ...]:
    """The same without a matrix a step: ‖Σ_s a_s h_sᵀ‖² = Σ_{s,s'} (a_s·a_s')(h_s·h_s')."""
    steps, batch = dv.shape[:2]
    a, h = dv.reshape(steps * batch, -1), before.reshape(steps * batch, -1)
    pairs = ((a @ a.T) * (h @ h.T)).reshape(steps, batch, steps, batch).sum(axis=(1, 3))
    squares = np.diagonal(pairs.cumsum(axis=0).cumsum(axis=1))
    return tuple(np.sqrt(np.maximum(squares, 0.0)).tolist())
