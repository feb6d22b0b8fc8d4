"""The output layer: y_t = W_hy h_t + b_y at every step, of the state or of pooled states.

Outputs and the gradient at them are matrices (V, T·B), one row for each class: what the loss
does along the classes is then V long additions instead of T·B short sums, and the gradient is
ready for the product that makes the weights' gradient.
"""

from __future__ import annotations

import numpy as np

from rnnviz.engine import products
from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.jordan import Jordan
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.pooling import Pooling
from rnnviz.engine.state_columns import StateColumns
from rnnviz.trace.record import Array


class Head:
    """Reads the features of ``pooling``, fills ``scores`` (V, T·B).

    Attributes:
        features: (T, F[, B]) what W_hy is applied to.
        outputs: (T, V[, B]), the view of ``scores`` by steps.

    ``columns``: the top states by feature, where they are the features.
    """

    def __init__(
        self,
        pooling: Pooling,
        params: Parameters,
        grads: Parameters,
        arena: Arena,
        steps: int,
        columns: StateColumns | None = None,
    ) -> None:
        self._columns = columns
        self.pooling = pooling
        self.features = pooling.features
        self.matrix = params["W_hy"]
        self._bias = params["b_y"][:, None]
        self._arena = arena
        self._matrix_gradient = grads["W_hy"]
        self._bias_gradient = grads["b_y"]
        self.scores = arena.array(len(self.matrix), steps * arena.batch)
        self.outputs = arena.by_step(self.scores)
        self._room = arena.repeated(*self.scores.shape)
        self._ones = np.ones(steps * arena.batch, dtype=arena.dtype)
        is_turned = arena.batch > 1 and self.matrix.shape[0] < self.matrix.shape[1]
        self._turned = arena.array(*self.matrix.shape[::-1]) if is_turned else None

    def forward(self) -> None:
        """Fill ``features`` and ``scores``."""
        self.pooling.forward()
        products.apply(self.matrix, self.features, self.outputs)
        bias = self._bias
        if self._room is not None:
            self._room[...] = bias
            bias = self._room
        np.add(self.scores, bias, self.scores)

    def backward(self, gradient: Array, out: Array) -> None:
        """From ``gradient`` (V, T·B) at the scores to ``out`` (T, F[, B]) at the top."""
        self.weight_gradients(gradient)
        products.apply_transposed(self.matrix, self._arena.by_step(gradient), out)
        self.pooling.backward(out)

    def weight_gradients(self, gradient: Array) -> None:
        """Gradients of W_hy and b_y from ``gradient`` (V, T·B)."""
        if self._columns is not None:
            features = self._columns.after()
        else:
            features = self._arena.columns(self.features, "input")
        products.weight_gradient(gradient, features, self._matrix_gradient, self._turned)
        products.bias_gradient(gradient, self._ones, self._bias_gradient)


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

    def forward(self) -> None:
        self.outputs[...] = self._cell.y[1:]

    def backward(self, gradient: Array, out: Array) -> None:
        self._cell.dy[...] = self._arena.by_step(gradient)

    def finish(self) -> None:
        """After the cell's own way back."""
        self.weight_gradients(self._arena.columns(self._cell.dy, "gradient"))
