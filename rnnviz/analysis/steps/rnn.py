"""The vanilla step: h_t = φ(W_hh h_{t−1} + W_xh x_t + b), J_t = diag(φ′) W_hh."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerRun
from rnnviz.analysis.steps.base import Steps, weighted_rows
from rnnviz.trace.spec import Activation

Array = NDArray[Any]


def activation_slope(activation: Activation, h: Array) -> Array:
    """φ′ where φ(a) = h, in the shape and precision of ``h``."""
    if activation == "linear":
        return np.ones_like(h)
    return (h > 0).astype(h.dtype) if activation == "relu" else np.asarray(1.0 - h * h)


class RnnSteps(Steps):
    """φ′ = 1 − h² for tanh, [h > 0] for relu (its one-sided value 0 at the kink), 1 without φ.

    Serves the jordan cell too, with ``W_hh = W_yh W_hy``. Source: Pascanu, Mikolov & Bengio,
    *On the difficulty of training recurrent neural networks* (arXiv 1211.5063).
    """

    def __init__(self, run: LayerRun, dtype: Any) -> None:
        super().__init__(run.steps, run.hidden_size, run.hidden_size, dtype)
        h = run.h.astype(dtype, copy=False)
        self.slope = activation_slope(run.trace.spec.activation, h)
        self._W_hh = np.ascontiguousarray(run.W_hh, dtype=dtype)
        self._W_xh = np.ascontiguousarray(run.W_xh, dtype=dtype)
        self._buffer = np.empty_like(self._W_hh)

    def hidden_jacobian(self, t: int) -> Array:
        weighted_rows(self._W_hh, self.slope[t], self._buffer)
        return self._buffer

    def pull(self, gradients: Array, t: int, out: Array) -> None:
        if len(gradients) > 1:
            super().pull(gradients, t, out)
            return
        # A single row times the slopes is a vector's work, the Jacobian a matrix's.
        np.matmul(gradients * self.slope[t], self._W_hh, out=out)

    def input_jacobian(self, t: int) -> Array:
        return np.asarray(self.slope[t][:, None] * self._W_xh)
