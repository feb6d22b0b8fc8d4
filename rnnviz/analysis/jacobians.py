"""Step Jacobians J_t = ∂s_t/∂s_{t−1}, their products, and the spectra of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import check_finite, layer_named, layer_run
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

    Source: Bengio, Simard & Frasconi, IEEE Trans. Neural Networks 5 (1994); Pascanu et al.,
    arXiv 1211.5063, on the product of Jacobians.

    Raises:
        UserError: if there is no such layer or row, or its numbers are not finite.
    """
    steps = steps_in(trace, layer, row)
    return np.stack([finite_jacobian(steps, t) for t in range(steps.steps)])


def finite_jacobian(steps: Steps, t: int) -> Array:
    """J_t (S, S), of which spectra can be had: gates, slopes or gains may have diverged alone.

    Raises:
        UserError: if it holds infinity or NaN.
    """
    jacobian = steps.jacobian(t)
    check_finite(f"the Jacobian of step {t + 1}, in the order of processing,", jacobian)
    return jacobian


def singular_values(jacobians: Array, progress: Progress | None = None) -> Array:
    """σ_1 ≥ σ_2 ≥ … of every matrix J = U diag(σ) Vᵀ: (n, S, S) → (n, S).

    Source: Golub & Van Loan, *Matrix Computations* (2013), on the singular value
    decomposition. A full one: the cheaper eigenvalues of J Jᵀ square the condition number and lose
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


def product_spectra(
    jacobians: Array, origin: int = -1, progress: Progress | None = None
) -> ProductSpectra:
    """Singular values of ∂s_t/∂s_s = J_t … J_{s+1} for all t > s = ``origin``: (n − s − 1, S).

    ``jacobians`` is (n, S, S); origin −1 is the initial state. Source: Pascanu et al.,
    arXiv 1211.5063, on the product of Jacobians and its bound.

    The product is rescaled by exact powers of two after each step and the exponents are kept,
    so the largest values are right far below and above the range of float64. Small singular
    values of a long product lose their digits once they are 1e-16 times the largest;
    ``lyapunov_exponents`` follows all of them by QR.

    Raises:
        UserError: if ``origin`` is not a step of the run.
        Cancelled: if ``progress`` returned False.
    """
    n, size, _ = jacobians.shape
    _check_origin(origin, n)
    product = RunningProduct(size)
    logs, bounds = [], []
    for done, jacobian in enumerate(jacobians[origin + 1 :], 1):
        logs.append(product.push(jacobian, float(np.linalg.norm(jacobian, 2))))
        bounds.append(product.log10_bound)
        report(progress, done, n - origin - 1)
    return ProductSpectra(origin, np.array(logs), np.array(bounds))


class RunningProduct:
    """J_t … J_1, rescaled by exact powers of two, and the bound Π σ₁(J)."""

    def __init__(self, size: int) -> None:
        self._product = np.eye(size)
        self._exponent = 0
        self.log10_bound = 0.0

    def push(self, jacobian: Array, largest: float) -> Array:
        """One step more; ``largest`` is its σ₁. log₁₀ of the product's singular values (S,)."""
        product = jacobian @ self._product
        _, shift = np.frexp(np.abs(product).max())
        self._product = np.ldexp(product, -shift)
        self._exponent += int(shift)
        with np.errstate(divide="ignore"):
            self.log10_bound += float(np.log10(largest))
            sigma = np.linalg.svd(self._product, compute_uv=False)
            return np.asarray(np.log10(sigma) + self._exponent * np.log10(2.0))


def lyapunov_exponents(jacobians: Array, progress: Progress | None = None) -> Array:
    """Finite-time Lyapunov exponents by QR: (n, S), nats per step, running over the pass.

    Q_0 = I; J_t Q_{t−1} = Q_t R_t; λ_i(t) = (1/t) Σ_{s≤t} ln |R_s[i, i]|. After t steps the
    exponents approximate (1/t) ln σ_i(J_t … J_1) and, unlike the product, neither underflow nor
    overflow. −inf where a direction was annihilated exactly. Source: Benettin et al.,
    Meccanica 15 (1980); Engelken, Wolf & Abbott (arXiv 2006.02427) for recurrent networks.

    Raises:
        Cancelled: if ``progress`` returned False.
    """
    n, size, _ = jacobians.shape
    running = RunningExponents(size)
    exponents = np.empty((n, size))
    for t, jacobian in enumerate(jacobians):
        exponents[t] = running.push(jacobian)
        report(progress, t + 1, n)
    return exponents


class RunningExponents:
    """The QR products of `lyapunov_exponents`, one step after the other."""

    def __init__(self, size: int) -> None:
        self._basis = np.eye(size)
        self._sums = np.zeros(size)
        self._steps = 0

    def push(self, jacobian: Array) -> Array:
        """One step more; the exponents over all steps so far (S,)."""
        self._basis, triangle = np.linalg.qr(jacobian @ self._basis)
        self._steps += 1
        with np.errstate(divide="ignore"):
            self._sums = self._sums + np.log(np.abs(np.diagonal(triangle)))
        return self._sums / self._steps


@dataclass(frozen=True, slots=True, eq=False)
class JacobianSpectra:
    """All spectra of one layer's steps, in processing order.

    ``singular`` (n, S) of every J_t; ``products`` of ∂s_t/∂s_origin; ``exponents`` (n, S), the
    Lyapunov exponents so far, from the initial state on.
    """

    singular: Array
    products: ProductSpectra
    exponents: Array


def jacobian_spectra(
    trace: Trace,
    layer: str | None = None,
    row: int = 0,
    progress: Progress | None = None,
    *,
    origin: int = -1,
) -> JacobianSpectra:
    """`singular_values`, `product_spectra` and `lyapunov_exponents` in one walk over the pass.

    σ(J_t) (n, S), σ(J_t … J_{s+1}) (n − s − 1, S) and λ_i(t) = (1/t) Σ ln |R[i, i]| (n, S).
    Only one J_t is kept at a time: thousands of steps need no more memory than their results.
    Source: as in the three.
    ``origin`` is where the products begin, as in `product_spectra`.

    Raises:
        UserError: if the cell has no step Jacobian of its own or ``origin`` is no step of the run.
        Cancelled: if ``progress`` returned False.
    """
    steps = steps_in(trace, layer, row)
    n = steps.steps
    _check_origin(origin, n)
    first = finite_jacobian(steps, 0)
    size = len(first)
    product, running = RunningProduct(size), RunningExponents(size)
    singular, logs, exponents = (np.empty((n, size)) for _ in range(3))
    bounds = np.empty(n)
    for t in range(n):
        jacobian = first if t == 0 else finite_jacobian(steps, t)
        singular[t] = np.linalg.svd(jacobian, compute_uv=False)
        if t > origin:
            logs[t] = product.push(jacobian, float(singular[t, 0]))
            bounds[t] = product.log10_bound
        exponents[t] = running.push(jacobian)
        report(progress, t + 1, n)
    products = ProductSpectra(origin, logs[origin + 1 :], bounds[origin + 1 :])
    return JacobianSpectra(singular, products, exponents)


def _check_origin(origin: int, steps: int) -> None:
    if not -1 <= origin < max(steps - 1, 0):
        raise UserError(
            f"a product of Jacobians starts at a step from -1 to {steps - 2}, not {origin}"
        )


def frobenius_norms(trace: Trace, layer: str | None = None, row: int = 0) -> Array:
    """‖J_t‖_F = √Σ_ij J_t[i, j]² of every step (n,): σ₁ ≤ ‖J_t‖_F, cheap enough for every frame.

    Source: Golub & Van Loan, *Matrix Computations* (2013), on matrix norms.
    """
    steps = steps_in(trace, layer, row)
    return np.array([np.linalg.norm(steps.jacobian(t)) for t in range(steps.steps)])
