"""Who caused it: the gradient of every single loss at every single state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.itemise import itemised
from rnnviz.analysis.layers import LayerName, layer_named, layer_run, true_length
from rnnviz.analysis.losses import loss_weights, output_gradients
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.sweep import Seeds
from rnnviz.analysis.walk import Part, Walk, can_sweep
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]
_LOG10_2 = float(np.log10(2.0))


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """g_{k,t} = ∂L_k/∂h_t (or ∂L_k/∂c_t) for all losses k and states t of one sequence.

    ``log10_norm[k, t]`` = log₁₀ ‖g_{k,t}‖₂, (losses, steps), unmasked; −inf is an exact zero,
    everything above (forward direction: t > k) included. ``shares[k, t]`` =
    m_k ⟨g_{k,t}, δ_t⟩ / ‖δ_t‖², float64: what loss k adds to the total, signed, Σ_k = 1 (all 0
    where δ_t = 0).
    ``log10_total[t]`` = log₁₀ ‖δ_t‖ with δ_t = Σ_k m_k g_{k,t}. Norms do **not** add up, the
    signed projections ``shares · ‖δ_t‖`` do.
    """

    layer: str
    part: Part
    log10_norm: Array
    shares: Array
    log10_total: Array

    def projections(self) -> Array:
        """⟨m_k g_{k,t}, δ_t⟩/‖δ_t‖ (n, n), whose columns sum to ‖δ_t‖ (float64 range)."""
        with np.errstate(under="ignore"):
            return np.asarray(self.shares * np.power(10.0, self.log10_total)[None])


def contributions(
    trace: Trace,
    layer: str | None = None,
    row: int = 0,
    *,
    part: Part = "h",
    shares: bool = True,
    dtype: Any = None,
    progress: Progress | None = None,
) -> Contributions:
    """g_{k,t} = J_{t+1}ᵀ … J_kᵀ ∂L_k/∂h_k for t ≤ k, else 0 (reverse direction: t ≥ k); (n, n).

    In a stack the losses come down through the layers above at every step, exactly. All losses
    go back together: one product of (losses, S) and (S, H) a step, O(n²HS/2) in all.
    ``shares=False`` leaves out shares and totals (empty, −inf) and saves a third of the time.
    ``dtype`` (the trace's own if None) is what is computed in; rows carry their own exponents,
    so float32 shows 1e-180 too. Cuts of truncated BPTT cut here as well. Encoder–decoders (rows
    are then the decoder's steps, columns those of the layer's part), stacks in both directions,
    pooled heads and passes with dropout are replayed instead, loss by loss, in float64.

    Source: the itemised gradients of Cashman et al., *RNNbow* (arXiv 1907.12545), generalised to
    every cell.

    Raises:
        UserError: if the trace has no losses or its topology cannot be itemised.
        Cancelled: if ``progress`` returned False.
    """
    name = layer_named(trace, layer)
    _check_part(trace, part)
    if not can_sweep(trace, part):
        return _by_replay(trace, name, row, part, progress)
    walk = Walk.of(trace, name, row, dtype)
    n = walk.top.steps
    square = np.zeros((n, n), walk.dtype)
    exponent = np.zeros((n, n), np.int32)
    signed = np.zeros((n, n) if shares else (0, 0))
    log10_total = np.full(n, -np.inf)
    weights = walk.top.in_time_order(loss_weights(trace, row)[:n]).astype(np.float64)
    for held in walk.back(walk.seeds()):
        gradients, t, rows = walk.part(held, part), held.step, held.rows
        is_whole_state = gradients is held.scaled
        square[t, rows] = held.square if is_whole_state else np.vecdot(gradients, gradients)
        exponent[t, rows] = held.exponent
        if shares:
            log10_total[t] = _project(gradients, held.exponent, weights[rows], signed[t, rows])
        report(progress, n - t, n)
    with np.errstate(divide="ignore"):
        logs = np.log10(square, out=square)
    logs *= 0.5
    logs += exponent * walk.dtype.type(_LOG10_2)
    turned = slice(None, None, -1 if walk.target.name.reverse else 1)
    return Contributions(
        str(walk.target.name),
        part,
        logs.T[turned, turned],
        signed.T[turned, turned],
        log10_total[turned],
    )


@dataclass(frozen=True, slots=True, eq=False)
class WalkedBack:
    """One loss on its way: ``vectors[t]`` = ∂L_k/∂h_t (n, H) float64 and log₁₀ of its norm (n,).

    A norm below 1e-308 leaves zeros in ``vectors``, one above 1e308 infinities; ``log10_norm``
    still tells it.
    """

    loss: int
    vectors: Array
    log10_norm: Array


def walk_back(
    trace: Trace, loss: int, layer: str | None = None, row: int = 0, *, part: Part = "h"
) -> WalkedBack:
    """g_{k,t} = ∂L_k/∂h_t of the loss k = ``loss`` alone, unmasked: (n, H) float64, norms (n,).

    Source: as in `contributions`.

    Raises:
        UserError: if the pass has no such loss.
    """
    name = layer_named(trace, layer)
    _check_part(trace, part)
    if not can_sweep(trace, part):
        return _walked_by_replay(trace, loss, name, row, part)
    walk = Walk.of(trace, name, row, np.float64)
    n = walk.top.steps
    if not 0 <= loss < n:
        raise UserError(f"there is no loss at step {loss}; use a step from 0 to {n - 1}")
    at = int(np.flatnonzero(walk.top.time == loss)[0])
    seeds = Seeds.single(walk.seeds().vectors, np.array([at]))
    vectors = np.zeros((n, trace.spec.hidden_size))
    logs = np.full(n, -np.inf)
    with np.errstate(divide="ignore", under="ignore", over="ignore"):
        for held in walk.back(seeds):
            gradient = walk.part(held, part)[0]
            vectors[held.step] = np.ldexp(gradient, held.exponent[0])
            norm = np.linalg.norm(gradient)
            logs[held.step] = np.log10(norm) + held.exponent[0] * _LOG10_2
    return WalkedBack(loss, walk.top.in_time_order(vectors), walk.top.in_time_order(logs))


def _by_replay(
    trace: Trace, name: LayerName, row: int, part: Part, progress: Progress | None
) -> Contributions:
    """The same by one replayed copy for each loss, for topologies the sweep cannot walk."""
    run = layer_run(trace, name, row)
    array = name.array(part)
    outputs = true_length(trace, trace.spec.prefixes[-1], row)
    g = itemised(trace, row, (array,), output_gradients(trace, row), progress)[array]
    g = g[:outputs, : run.steps]
    weighted = g * loss_weights(trace, row)[:outputs, None, None]
    delta = weighted.sum(axis=0)
    square = np.vecdot(delta, delta)
    safe = np.where(square > 0.0, square, 1.0)
    shares = np.where(square > 0.0, np.einsum("kth,th->kt", weighted, delta) / safe, 0.0)
    with np.errstate(divide="ignore"):
        log10_norm = np.log10(np.linalg.norm(g, axis=-1))
        return Contributions(str(name), part, log10_norm, shares, 0.5 * np.log10(square))


def _walked_by_replay(trace: Trace, loss: int, name: LayerName, row: int, part: Part) -> WalkedBack:
    run = layer_run(trace, name, row)
    outputs = true_length(trace, trace.spec.prefixes[-1], row)
    if not 0 <= loss < outputs:
        raise UserError(f"there is no loss at step {loss}; use a step from 0 to {outputs - 1}")
    array = name.array(part)
    seeds = output_gradients(trace, row)
    vectors = itemised(trace, row, (array,), seeds)[array][loss, : run.steps]
    with np.errstate(divide="ignore"):
        return WalkedBack(loss, vectors, np.log10(np.linalg.norm(vectors, axis=-1)))


def _project(gradients: Array, exponent: Array, weights: Array, out: Array) -> float:
    """Fill ``out`` with each row's share of δ = Σ w_k g_k; returns log₁₀ ‖δ‖."""
    counted = weights != 0.0
    if not counted.any():
        return float("-inf")
    largest = int(exponent[counted].max())
    scaled = np.ldexp(weights, np.minimum(exponent - largest, 0))
    weight = scaled.astype(gradients.dtype)
    total = weight @ gradients
    square = float(np.vdot(total, total))
    if square == 0.0:
        return float("-inf")
    parts = (gradients @ total) * scaled
    # The parts' own sum is ‖δ‖² too, rounded alike: so the shares of a float32 pass add up to 1
    # in float64, unless the losses cancel to nothing but rounding.
    together = float(parts.sum())
    np.divide(parts, together if together > 0.5 * square else square, out=out)
    return 0.5 * float(np.log10(square)) + largest * _LOG10_2


def _check_part(trace: Trace, part: Part) -> None:
    if part not in ("h", "c"):
        raise UserError(f"contributions are at h or at c, not at {part!r}")
    if part == "c" and not trace.spec.has_cell_state:
        raise UserError(f"the {trace.spec.cell} cell has no cell state c; ask for h")
