"""The vanilla RNN with layer normalisation: h_t = φ(LN(W_hh h_{t-1}) + LN(W_xh x_t) + b_h)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Dims
from rnnviz.engine.cells.normalization import NormalizedCell
from rnnviz.trace.record import Array


class NormalizedVanilla(NormalizedCell):
    """See ``normalization`` for the norms; φ = tanh, or relu where ``rectified``."""

    def __init__(
        self, dims: Dims, weights: Mapping[str, Array], arena: Arena, rectified: bool
    ) -> None:
        super().__init__(dims, weights, arena, gates=1)
        self._rectified = rectified

    def _parts(self, hidden: int) -> tuple[slice, ...]:
        return (slice(0, hidden),)

    def _step(self, t: int) -> None:
        a = self.xp[t] + self.normed[t]
        self.h[t + 1] = np.maximum(a, 0.0) if self._rectified else np.tanh(a)

    def _step_back(self, t: int, carry: Array) -> Array:
        h = self.h[t + 1]
        slope = h > 0.0 if self._rectified else 1.0 - h * h
        self.da[t] = self.dn[t] = self.dh[t] * slope
        return np.zeros_like(carry)
