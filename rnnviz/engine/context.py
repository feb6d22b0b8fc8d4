"""One-to-many: a feature vector, for example of a picture, sets the first state."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.parameters import Parameters
from rnnviz.trace.record import Array


class ContextBridge:
    """h_0 = tanh(W_ch context + b_ch) for the bottom layer; ``context`` (B, C), ``h0`` (B, H)."""

    def __init__(self, params: Parameters, grads: Parameters) -> None:
        self._matrix, self._bias = params["W_ch"], params["b_ch"]
        self._matrix_gradient, self._bias_gradient = grads["W_ch"], grads["b_ch"]
        self._context: Array | None = None
        self._h0: Array | None = None

    def forward(self, context: Array | None) -> Array | None:
        """The first state, or None where there is no context (a state was carried instead)."""
        self._context = self._h0 = None
        if context is not None:
            self._context = context.astype(self._matrix.dtype, copy=False)
            self._h0 = np.tanh(self._context @ self._matrix.T + self._bias)
        return self._h0

    def backward(self, gradient: Array) -> Array | None:
        """From the gradient at h_0 (B, H) to that at the context (B, C) and at the weights."""
        if self._context is None or self._h0 is None:
            self._matrix_gradient[...] = 0.0
            self._bias_gradient[...] = 0.0
            return None
        dz = gradient * (1.0 - self._h0 * self._h0)
        np.dot(dz.T, self._context, self._matrix_gradient)
        np.add.reduce(dz, 0, out=self._bias_gradient)
        back: Array = dz @ self._matrix
        return back
