"""The vanilla RNN with layer normalisation: h_t = φ(LN(W_hh h_{t-1}) + LN(W_xh x_t) + b_h)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Dims
from rnnviz.engine.cells.functions import FUNCTIONS
from rnnviz.engine.cells.normalization import NormalizedCell
from rnnviz.trace.record import Array
from rnnviz.trace.spec import Activation


class NormalizedVanilla(NormalizedCell):
    """See ``normalization`` for the norms; φ = tanh, relu or none."""

    def __init__(
        self, dims: Dims, weights: Mapping[str, Array], arena: Arena, activation: Activation
    ) -> None:
        super().__init__(dims, weights, arena, gates=1)
        self._function = FUNCTIONS[activation]

    def _parts(self, hidden: int) -> tuple[slice, ...]:
        return (slice(0, hidden),)

    def _step(self, t: int) -> None:
        self._function.apply(self.xp[t] + self.normed[t], self.h[t + 1])

    def _step_back(self, t: int, carry: Array) -> Array:
        slope = np.empty_like(carry)
        self._function.slope(self.h[t + 1], slope)
        self.da[t] = self.dn[t] = self.dh[t] * slope
        return np.zeros_like(carry)
