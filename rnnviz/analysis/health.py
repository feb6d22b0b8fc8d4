"""Is training well: update sizes, perplexity against guessing, clipping, dead units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import parameter_names
from rnnviz.analysis.saturation import saturation
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Clipping:
    """What clipping by norm did: g ← g · min(1, τ/‖g‖) (Pascanu et al., arXiv 1211.5063,
    section 3.2).

    ``factor`` = after / before is 1 where nothing was clipped; ``threshold`` is τ, None where
    clipping was off.
    """

    before: float
    after: float
    threshold: float | None

    @property
    def factor(self) -> float:
        return self.after / self.before if self.before > 0.0 else 1.0

    @property
    def clipped(self) -> bool:
        return self.after < self.before


def clip_by_norm(norm: float, threshold: float | None) -> Clipping:
    """The norm () before and after g ← g · min(1, τ/‖g‖), τ the threshold.

    Source: Pascanu, Mikolov & Bengio, arXiv 1211.5063, on scaling down the gradient.

    Raises:
        UserError: if the threshold is not positive.
    """
    if threshold is None:
        return Clipping(norm, norm, None)
    if not threshold > 0.0:
        raise UserError(f"gradients cannot be clipped to {threshold}; give a number above 0")
    return Clipping(norm, min(norm, threshold), threshold)


def clipping(trace: Trace) -> Clipping | None:
    """‖g‖ and min(‖g‖, τ), each (), as the optimiser had them; None where no update followed.

    g is the gradient of all parameters together. Source: as in `clip_by_norm`.
    """
    update = trace.update
    if update is None:
        return None
    return Clipping(update.grad_norm, update.clipped_norm, update.clip)


@dataclass(frozen=True, slots=True, eq=False)
class Health:
    """Figures of one pass; None where the pass does not have them.

    ``mean_loss`` is the mean over the counted steps: nats per step for cross-entropy, where
    ``perplexity`` = exp(mean loss) and ``baseline`` = ln V is the loss of guessing evenly.
    ``update_ratio`` = ‖Δθ‖/‖θ‖ of the update that followed. ``grad_norms`` ‖∂L/∂W‖_F by
    parameter. ``dead`` share of relu units never on, ``saturated`` share of units with a gate or
    state at the end of its range in at least ``always`` of the steps (None for linear units, which
    have no such end).
    """

    mean_loss: float | None
    perplexity: float | None
    baseline: float | None
    update_ratio: float | None
    clipping: Clipping | None
    grad_norms: dict[str, float]
    dead: float | None
    saturated: float | None


def health(trace: Trace, *, always: float = 0.95) -> Health:
    """Scalars (): mean loss L̄, exp(L̄), ln V, ‖Δθ‖/‖θ‖, ‖∂L/∂W‖_F, shares of stuck units.

    Each is defined in `Health`; V is the number of classes. Source: the ratio of update to
    weights is from Karpathy's CS231n notes, *Neural Networks Part 3* (2015), stuck units from
    arXiv 1506.02078, as in `saturation`.
    """
    mean = _mean_loss(trace)
    entropic = trace.spec.loss == "cross-entropy"
    found = saturation(trace)
    ends = [np.maximum(s.left, s.right) for s in found]
    relu = trace.spec.activation == "relu"
    states = [s.left for s in found if "h_l" in s.name]
    update = trace.update
    return Health(
        mean_loss=mean,
        perplexity=perplexity(mean) if mean is not None and entropic else None,
        baseline=float(np.log(trace.spec.output_size)) if entropic else None,
        update_ratio=update_ratio(update.update_norm, update.param_norm) if update else None,
        clipping=clipping(trace),
        grad_norms=_gradient_norms(trace),
        dead=float((np.concatenate(states) == 1.0).mean()) if relu else None,
        saturated=float((np.concatenate(ends) >= always).mean()) if ends else None,
    )


def perplexity(mean_loss: float) -> float:
    """p = exp(L̄), () → (), L̄ in nats: among how many equal choices the model hesitates.

    Source: Jelinek, Mercer, Bahl & Baker, *Perplexity*, J. Acoust. Soc. Am. 62, S63 (1977).
    """
    with np.errstate(over="ignore"):
        return float(np.exp(mean_loss))


def update_ratio(update_norm: float, param_norm: float) -> float:
    """‖Δθ‖ / ‖θ‖; 1e-3 or so is usual, infinite if the parameters are zero."""
    if param_norm == 0.0:
        return float("inf") if update_norm > 0.0 else 0.0
    return update_norm / param_norm


def _mean_loss(trace: Trace) -> float | None:
    loss, mask = trace.get("loss"), trace.get("loss_mask")
    if loss is None or mask is None or not mask.any():
        return None
    return float(loss[mask != 0.0].mean(dtype=np.float64))


def _gradient_norms(trace: Trace) -> dict[str, float]:
    return {
        name: float(np.linalg.norm(trace[f"dL_d{name}"].astype(np.float64)))
        for name in parameter_names(trace)
        if f"dL_d{name}" in trace
    }
