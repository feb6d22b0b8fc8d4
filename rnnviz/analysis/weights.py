"""The spectrum of the recurrent weights themselves: eigenvalues and singular values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import check_finite, find, layer_named
from rnnviz.trace import Trace

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class WeightSpectrum:
    """Of one H×H recurrent block: complex eigenvalues and singular values, largest first.

    The two are different things: a non-normal matrix with all eigenvalues inside the unit
    circle can still lengthen vectors, because its largest singular value exceeds 1.
    """

    block: str
    eigenvalues: NDArray[np.complex128]
    singular_values: Array

    @property
    def spectral_radius(self) -> float:
        """max |λ|."""
        return float(np.abs(self.eigenvalues[0]))

    @property
    def largest_singular_value(self) -> float:
        return float(self.singular_values[0])

    @property
    def verdict(self) -> str:
        """What the largest singular value allows to conclude for a tanh or relu network.

        γ = sup|φ′| = 1 (tanh, relu): σ₁ < 1 is *sufficient* for vanishing, σ₁ > 1 only
        *necessary* for exploding. Source: Pascanu et al., arXiv 1211.5063.
        """
        if self.largest_singular_value < 1.0:
            return "vanishes"
        return "may explode"


def recurrent_blocks(trace: Trace, layer: str | None = None) -> dict[str, Array]:
    """The H×H blocks of ``W_hh`` by gate (``W_hh`` alone for cells without gates).

    For the jordan cell it is ``W_yh W_hy``, how h acts on the next h through the output.
    """
    name = layer_named(trace, layer)
    if trace.spec.cell == "jordan":
        return {"W_yh W_hy": np.asarray(find(trace, name.array("W_yh")) @ find(trace, "W_hy"))}
    weight = find(trace, name.array("W_hh"))
    H = trace.spec.hidden_size
    gates = trace.spec.gates
    if not gates:
        return {"W_hh": np.asarray(weight)}
    return {f"W_h{gate}": weight[k * H : (k + 1) * H] for k, gate in enumerate(gates)}


def spectrum(block: str, weight: Array) -> WeightSpectrum:
    """W v = λ v and W = U diag(σ) Vᵀ of one (H, H) matrix: λ (H,) complex, σ (H,), in float64.

    Source: Golub & Van Loan, *Matrix Computations* (2013), sections 2.4 and 7.1.

    Raises:
        UserError: if it holds values that are not finite.
    """
    check_finite(block, weight)
    exact = np.asarray(weight, dtype=np.float64)
    eigenvalues = np.linalg.eigvals(exact).astype(np.complex128)
    order = np.argsort(-np.abs(eigenvalues), kind="stable")
    return WeightSpectrum(block, eigenvalues[order], np.linalg.svd(exact, compute_uv=False))


def weight_spectra(trace: Trace, layer: str | None = None) -> tuple[WeightSpectrum, ...]:
    """W v = λ v and W = U diag(σ) Vᵀ of every (H, H) recurrent block of a layer, in gate order.

    Source: as in `spectrum`; what may be concluded from σ₁ is in `WeightSpectrum.verdict`.
    """
    return tuple(spectrum(name, block) for name, block in recurrent_blocks(trace, layer).items())
