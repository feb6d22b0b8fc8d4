"""The output layer: y_t = W_hy h_t + b_y at every step, of the state or of pooled states."""

from __future__ import annotations

import numpy as np

from rnnviz.engine import products
from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.jordan import Jordan
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.pooling import Pooling
from rnnviz.trace.record import Array


class Head:
    """Reads the features of ``pooling``, fills ``outputs`` (T, V[, B])."""

    def __init__(
        self, pooling: Pooling, params: Parameters, grads: Parameters, arena: Arena, steps: int
    ) -> None:
        self.pooling = pooling
        self.matrix = params["W_hy"]
        self.bias = arena.column(params["b_y"])
        self._arena = arena
        self._matrix_gradient = grads["W_hy"]
        self._bias_gradient = grads["b_y"]
        self.outputs = arena.steps(steps, self.matrix.shape[0])
        self._ones = np.ones(steps * arena.batch, dtype=arena.dtype)

    @property
    def features(self) -> Array:
        """(T, F[, B]) what W_hy is applied to."""
        return self.pooling.features

    def forward(self) -> None:
        self.pooling.forward()
        products.apply(self.matrix, self.features, self.outputs)
        np.add(self.outputs, self.bias, self.outputs)

    def backward(self, gradient: Array, out: Array) -> None:
        """From ``gradient`` (T, V[, B]) at the outputs to ``out`` (T, F[, B]) at the top."""
        self.weight_gradients(gradient)
        products.apply_transposed(self.matrix, gradient, out)
        self.pooling.backward(out)

    def weight_gradients(self, gradient: Array) -> None:
        """Gradients of W_hy and b_y."""
        columns = self._arena.columns(gradient, "gradient")
        products.weight_gradient(
            columns, self._arena.columns(self.features, "input"), self._matrix_gradient
        )
        products.bias_gradient(columns, self._ones, self._bias_gradient)


class JordanHead(Head):
    """The outputs of a jordan cell, which computes them itself: they are its memory.

    The gradient at an output therefore has two parts, from its loss and from the next step;
    the weights get theirs after the cell has added them up.
    """

    def __init__(
        self, cell: Jordan, pooling: Pooling, params: Parameters, grads: Parameters, arena: Arena
    ) -> None:
        super().__init__(pooling, params, grads, arena, cell.dims.steps)
        self._cell = cell
        self.outputs = cell.y[1:]

    def forward(self) -> None:
        return

    def backward(self, gradient: Array, out: Array) -> None:
        np.copyto(self._cell.dy, gradient)

    def finish(self) -> None:
        """After the cell's own way back."""
        self.weight_gradients(self._cell.dy)
