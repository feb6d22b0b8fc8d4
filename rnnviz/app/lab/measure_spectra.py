"""Jacobians and weights: singular values, products, exponents, eigenvalues."""

from __future__ import annotations

from collections import deque

import numpy as np

from rnnviz.analysis import (
    layer_named,
    lyapunov_exponents,
    product_spectra,
    singular_values,
    step_jacobians,
    weight_spectra,
)
from rnnviz.analysis.progress import Progress, report
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.eigenvalues import BlockSpectrum, WeightSpectra
from rnnviz.scene.lab.jacobians import Spectra


def measure_jacobians(request: Request, progress: Progress) -> Spectra:
    """Everything about J_t of one layer's own recurrence, in time order."""
    jacobians = step_jacobians(request.trace, request.layer, request.row)
    total = 4 * len(jacobians)
    report(progress, 0, total)

    def first_quarter(done: int, _: int) -> bool:
        return progress(done, total)

    singular = singular_values(jacobians, first_quarter)
    products = product_spectra(jacobians)
    report(progress, 3 * len(jacobians), total)
    exponents = lyapunov_exponents(jacobians)
    report(progress, total, total)
    turn = slice(None, None, -1 if layer_named(request.trace, request.layer).reverse else 1)
    # QR keeps the exponents almost in order; the picture says "largest first" and means it.
    running = -np.sort(-exponents, axis=1)
    return Spectra(
        layer=request.layer,
        state="s" if request.trace.spec.has_cell_state else "h",
        singular=singular[turn],
        product_log10=products.log10_singular[:, 0][turn],
        bound_log10=products.log10_bound[turn],
        lyapunov=running,
        words=request.words(),
    )


class SpectrumKeeper:
    """Eigenvalues of now, with a short trail of the iterations before."""

    def __init__(self, most: int = 6) -> None:
        self._trail: deque[tuple[int, tuple[BlockSpectrum, ...]]] = deque(maxlen=most + 1)
        self._kind: object = None

    def measure(self, request: Request, progress: Progress) -> WeightSpectra:
        """The spectrum of every recurrent block."""
        trace = request.trace
        found = tuple(
            BlockSpectrum(each.block, each.eigenvalues, each.largest_singular_value)
            for each in weight_spectra(trace, request.layer)
        )
        kind = (trace.spec, request.layer, trace.title)
        if kind != self._kind:
            self._kind = kind
            self._trail.clear()
        while self._trail and self._trail[-1][0] >= trace.iteration:
            self._trail.pop()
        self._trail.append((trace.iteration, found))
        earlier = tuple(blocks for _, blocks in self._trail)[:-1]
        return WeightSpectra(request.layer, found, earlier)
