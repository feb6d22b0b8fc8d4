"""Who caused it: the gradient of every single loss at every single state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerName, LayerRun, layer_named, layer_run
from rnnviz.analysis.losses import loss_weights, output_gradients, output_weight
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.steps import Steps, steps_of
from rnnviz.analysis.steps.lstm import LstmSteps
from rnnviz.analysis.sweep import Gradients, Seeds, sweep
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]
Part = Literal["h", "c"]

_LOG10_2 = float(np.log10(2.0))


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """g_{k,t} = ∂ℓ_k/∂h_t (or ∂ℓ_k/∂c_t) for all losses k and states t of one sequence.

    ``log10_norm[k, t]`` = log₁₀ ‖g_{k,t}‖₂, (n, n), unmasked; −inf is an exact zero, everything
    above (forward direction: t > k) included. ``shares[k, t]`` = m_k ⟨g_{k,t}, δ_t⟩ / ‖δ_t‖²,
    float64: what loss k adds to the total, signed, Σ_k = 1 (all 0 where δ_t = 0).
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
    """g_{k,t} = J_{t+1}ᵀ … J_kᵀ ∂ℓ_k/∂h_k for t ≤ k, else 0 (reverse direction: t ≥ k).

    In a stack the losses come down through the layers above at every step, exactly. All losses
    go back together: one product of (losses, S) and (S, H) a step, O(n²HS/2) in all.
    ``shares=False`` leaves out shares and totals (empty, −inf) and saves a third of the time.
    ``dtype`` (the trace's own if None) is what is computed in; rows carry their own exponents,
    so float32 shows 1e-180 too. Cuts of truncated BPTT cut here as well.

    Source: Cashman, Patterson, Mosca & Chang, *RNNbow* (2017), generalised to every cell.

    Raises:
        UserError: if the trace has no losses or its topology cannot be itemised.
        Cancelled: if ``progress`` returned False.
    """
    walk = _Walk.of(trace, layer_named(trace, layer), row, dtype)
    _check_part(trace, part)
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
    """One loss on its way: ``vectors[t]`` = ∂ℓ_k/∂h_t (n, H) float64 and log₁₀ of its norm (n,).

    A norm below 1e-308 leaves zeros in ``vectors``; ``log10_norm`` still tells it.
    """

    loss: int
    vectors: Array
    log10_norm: Array


def walk_back(
    trace: Trace, loss: int, layer: str | None = None, row: int = 0, *, part: Part = "h"
) -> WalkedBack:
    """The gradient of the loss of time step ``loss`` alone at every state, unmasked, in float64.

    Raises:
        UserError: if the pass has no such loss.
    """
    walk = _Walk.of(trace, layer_named(trace, layer), row, np.float64)
    _check_part(trace, part)
    n = walk.top.steps
    if not 0 <= loss < n:
        raise UserError(f"there is no loss at step {loss}; use a step from 0 to {n - 1}")
    at = int(np.flatnonzero(walk.top.time == loss)[0])
    seeds = Seeds.single(walk.seeds().vectors, np.array([at]))
    vectors = np.zeros((n, trace.spec.hidden_size))
    logs = np.full(n, -np.inf)
    with np.errstate(divide="ignore", under="ignore"):
        for held in walk.back(seeds):
            gradient = walk.part(held, part)[0]
            vectors[held.step] = np.ldexp(gradient, held.exponent[0])
            norm = np.linalg.norm(gradient)
            logs[held.step] = np.log10(norm) + held.exponent[0] * _LOG10_2
    return WalkedBack(loss, walk.top.in_time_order(vectors), walk.top.in_time_order(logs))


@dataclass(frozen=True, slots=True, eq=False)
class _Walk:
    """The layers from the asked one up to the top, ready to be swept."""

    target: LayerRun
    top: LayerRun
    steps: tuple[Steps, ...]
    output_gradients: Array
    cuts: tuple[int, ...]

    @classmethod
    def of(cls, trace: Trace, name: LayerName, row: int, dtype: Any) -> _Walk:
        check_topology(trace)
        layers = range(name.layer, trace.spec.layers)
        runs = [layer_run(trace, LayerName("", k, name.reverse), row) for k in layers]
        steps = tuple(steps_of(run, dtype) for run in runs)
        top = runs[-1]
        sent = output_gradients(trace, row)[top.time] @ output_weight(trace, top.name)
        return cls(runs[0], top, steps, sent.astype(steps[-1].dtype), cuts_of(trace, top))

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.steps[0].dtype

    def seeds(self) -> Seeds:
        return Seeds.one_per_step(self.output_gradients)

    def back(self, seeds: Seeds) -> Iterator[Gradients]:
        """Only what reaches the asked layer."""
        residual = self.target.trace.spec.residual
        return (g for g in sweep(self.steps, seeds, self.cuts, residual) if g.layer == 0)

    def part(self, held: Gradients, part: Part) -> Array:
        """∂/∂h_t, or the total ∂/∂c_t, of every row: (rows, H)."""
        lowest = self.steps[0]
        H = lowest.hidden_size
        if part == "c" and isinstance(lowest, LstmSteps):
            through_h = held.scaled[:, :H] * lowest.expose[held.step]
            return np.asarray(held.scaled[:, H:] + through_h)
        return held.scaled if lowest.state_size == H else held.scaled[:, :H]


def cuts_of(trace: Trace, run: LayerRun) -> tuple[int, ...]:
    """Processing steps before which truncated BPTT lets no gradient go."""
    cuts = trace.get("cuts")
    if cuts is None or run.name.reverse:
        return ()
    return tuple(int(cut) for cut in cuts if 0 < cut < run.steps)


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
    np.multiply(gradients @ total, scaled / square, out=out)
    return 0.5 * float(np.log10(square)) + largest * _LOG10_2


def _check_part(trace: Trace, part: Part) -> None:
    if part not in ("h", "c"):
        raise UserError(f"contributions are at h or at c, not at {part!r}")
    if part == "c" and not trace.spec.has_cell_state:
        raise UserError(f"a {trace.spec.cell} cell has no cell state c; ask for h")


def check_topology(trace: Trace) -> None:
    """Losses can be followed one by one through this model.

    Raises:
        UserError: if not, with the reason.
    """
    spec = trace.spec
    if spec.kind == "many-to-many":
        raise UserError("losses are itemised for models without a decoder only")
    if spec.head in ("mean", "max"):
        raise UserError(f"a {spec.head} head has one loss for all steps: dL_dh shows it already")
    if spec.bidirectional and spec.layers > 1:
        raise UserError("losses are itemised for bidirectional models of one layer only")
