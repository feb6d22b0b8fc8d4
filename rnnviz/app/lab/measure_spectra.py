"""Jacobians and weights: singular values, products, exponents, eigenvalues."""

from __future__ import annotations

from collections import deque

import numpy as np

from rnnviz.analysis import (
    jacobian_spectra,
    layer_named,
    weight_spectra,
)
from rnnviz.analysis.progress import Progress
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.eigenvalues import BlockSpectrum, WeightSpectra
from rnnviz.scene.lab.jacobians import Spectra
from rnnviz.trace import ModelSpec


def measure_jacobians(request: Request, progress: Progress) -> Spectra:
    """Everything about J_t of one layer's own recurrence, in time order."""
    origin = min(int(request.options.get("origin", 0)), request.steps - 1)
    found = jacobian_spectra(request.trace, request.layer, request.row, progress, origin=origin - 1)
    reverse = layer_named(request.trace, request.layer).reverse
    turn = slice(None, None, -1 if reverse else 1)
    before = np.full(origin, np.nan)
    # QR keeps the exponents almost in order; the picture says "largest first" and means it.
    running = -np.sort(-found.exponents, axis=1)
    return Spectra(
        layer=request.layer,
        state="s" if request.trace.spec.has_cell_state else "h",
        singular=found.singular[turn],
        product_log10=np.concatenate([before, found.products.log10_singular[:, 0]])[turn],
        bound_log10=np.concatenate([before, found.products.log10_bound])[turn],
        lyapunov=running,
        words=request.words(),
        origin=origin,
        reverse=reverse,
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
        return WeightSpectra(request.layer, found, earlier, _deciding_too(trace.spec))


def _deciding_too(spec: ModelSpec) -> str:
    """What scales the way from state to state besides the weights and φ, in words."""
    if spec.gates:
        return "the gates decide, too"
    return "the norm decides, too" if spec.layer_norm else ""
