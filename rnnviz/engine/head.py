"""The output layer: y_t = W_hy h_t + b_y at every step."""

from __future__ import annotations

import numpy as np

from rnnviz.engine import products
from rnnviz.engine.arena import Arena
from rnnviz.engine.parameters import Parameters
from rnnviz.trace.record import Array


class Head:
    """Reads ``features`` (T, F[, B]), fills ``outputs`` (T, V[, B])."""

    def __init__(
        self, features: Array, params: Parameters, grads: Parameters, arena: Arena, steps: int
    ) -> None:
        self.features = features
        self.matrix = params["W_hy"]
        self.bias = arena.column(params["b_y"])
        self._matrix_gradient = grads["W_hy"]
        self._bias_gradient = grads["b_y"]
        self.outputs = arena.steps(steps, self.matrix.shape[0])
        self._ones = np.ones(steps * arena.batch, dtype=arena.dtype)

    def forward(self) -> None:
        products.apply(self.matrix, self.features, self.outputs)
        np.add(self.outputs, self.bias, self.outputs)

    def backward(self, gradient: Array, out: Array) -> None:
        """From ``gradient`` (T, V[, B]) at the outputs to ``out`` (T, F[, B]) at the features."""
        columns = products.as_columns(gradient)
        products.weight_gradient(columns, products.as_columns(self.features), self._matrix_gradient)
        products.bias_gradient(columns, self._ones, self._bias_gradient)
        products.apply_transposed(self.matrix, gradient, out)
