"""Step Jacobians J_t = ∂s_t/∂s_{t−1}, their products, and the spectra of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import layer_named, layer_run
from rnnviz.analysis.progress import Progress, report
from rnnviz.analysis.steps import Steps, steps_of
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


def steps_in(
    trace: Trace, layer: str | None = None, row: int = 0, dtype: Any = np.float64
) -> Steps:
    """The step derivatives of one layer over one sequence, in processing order."""
    return steps_of(layer_run(trace, layer_named(trace, layer), row), dtype)


def step_jacobians(trace: Trace, layer: str | None = None, row: int = 0) -> Array:
    """J_t = ∂s_t/∂s_{t−1} of every step: (n, S, S) float64, in processing order.

    S = H, for the LSTM 2H with s = [h; c]. ``jacobian[t][i, j]`` is ∂s_t[i]/∂s_{t−1}[j];
    t = 0 is with respect to the initial state. It is the layer's *own* recurrence: in a stack,
    the way through other layers is not part of it. A reverse layer's step 0 is the last time
    step. Vanilla: diag(1 − h_t²) W_hh; LSTM and GRU: ``analysis/steps``. n is the sequence's
    length without padding.
    """
    steps = steps_in(trace, layer, row)
    return np.stack([steps.jacobian(t) for t in range(steps.steps)])


def singular_values(jacobians: Array, progress: Progress | None = None) -> Array:
    """σ_1 ≥ σ_2 ≥ … of every matrix: (n, S, S) → (n, S).

    A full decomposition: the cheaper eigenvalues of J Jᵀ square the condition number and lose
    every σ below 1e-8 σ_1.

    Raises:
        Cancelled: if ``progress`` returned False.
    """
    values = np.empty(jacobians.shape[:2], jacobians.dtype)
    for t, jacobian in enumerate(jacobians):
        values[t] = np.linalg.svd(jacobian, compute_uv=False)
        report(progress, t + 1, len(jacobians))
    return values


@dataclass(frozen=True, slots=True, eq=False)
class ProductSpectra:
    """Spectra of P_{t,s} = J_t J_{t−1} … J_{s+1} = ∂s_t/∂s_s for one ``origin`` s.

    ``log10_singular[i]`` (S,) belongs to the product over i + 1 steps, largest first;
    ``log10_bound[i]`` is log₁₀ Π σ₁(J): always an upper bound on the first, often a loose one,
    so no explosion may be inferred from it. −inf is an exact zero.
    """

    origin: int
    log10_singular: Array
    log10_bound: Array


def product_spectra(jacobians: Array, origin: int = -1) -> ProductSpectra:
    """Singular values of ∂s_t/∂s_origin for all t > origin; origin −1 is the initial state.

    The product is rescaled by exact powers of two after each step and the exponents are kept,
    so the largest values are right far below and above the range of float64. Small singular
    values of a long product lose their digits once they are 1e-16 times the largest;
    ``lyapunov_exponents`` follows all of them by QR.

    Raises:
        UserError: if ``origin`` is not a step of the run.
    """
    n, size, _ = jacobians.shape
    if not -1 <= origin < n - 1:
        raise UserError(f"a product of Jacobians starts at a step from -1 to {n - 2}, not {origin}")
    product = np.eye(size)
    exponent = 0
    logs = []
    bounds = []
    bound = 0.0
    with np.errstate(divide="ignore"):
        for jacobian in jacobians[origin + 1 :]:
            product = jacobian @ product
            _, shift = np.frexp(np.abs(product).max())
            product = np.ldexp(product, -shift)
            exponent += int(shift)
            sigma = np.linalg.svd(product, compute_uv=False)
            logs.append(np.log10(sigma) + exponent * np.log10(2.0))
            bound += float(np.log10(np.linalg.norm(jacobian, 2)))
            bounds.append(bound)
    return ProductSpectra(origin, np.array(logs), np.array(bounds))


def lyapunov_exponents(jacobians: Array) -> Array:
    """Finite-time Lyapunov exponents by QR: (n, S), nats per step, running over the pass.

    Q_0 = I; J_t Q_{t−1} = Q_t R_t; λ_i(t) = (1/t) Σ_{s≤t} ln |R_s[i, i]|. After t steps the
    exponents approximate (1/t) ln σ_i(J_t … J_1) and, unlike the product, neither underflow nor
    overflow. −inf where a direction was annihilated exactly. Source: Benettin et al.,
    Meccanica 15 (1980); Engelken, Wolf & Abbott (arXiv 2006.02427) for recurrent networks.
    """
    n, size, _ = jacobians.shape
    basis = np.eye(size)
    sums = np.zeros(size)
    exponents = np.empty((n, size))
    with np.errstate(divide="ignore"):
        for t, jacobian in enumerate(jacobians):
            basis, triangle = np.linalg.qr(jacobian @ basis)
            sums = sums + np.log(np.abs(np.diagonal(triangle)))
            exponents[t] = sums / (t + 1)
    return exponents


def frobenius_norms(trace: Trace, layer: str | None = None, row: int = 0) -> Array:
    """‖J_t‖_F of every step (n,), an upper bound on σ₁ that is cheap enough for every frame."""
    steps = steps_in(trace, layer, row)
    return np.array([np.linalg.norm(steps.jacobian(t)) for t in range(steps.steps)])
