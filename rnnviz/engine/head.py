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
from rnnviz.engine.products import Call
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
        self._apply = products.apply(self.matrix, self.features, self.outputs)
        self._bound: Array | None = None
        self._back: list[Call] = []

    def forward(self) -> None:
        """Fill ``features`` and ``scores``."""
        self.pooling.forward()
        for call in self._apply:
            call()
        bias = self._bias
        if self._room is not None:
            self._room[...] = bias
            bias = self._room
        np.add(self.scores, bias, self.scores)

    def backward(self, gradient: Array, out: Array) -> None:
        """From ``gradient`` (V, T·B) at the scores to ``out`` (T, F[, B]) at the top: the same two
        arrays at every pass."""
        if gradient is not self._bound:
            by_step = self._arena.by_step(gradient)
            at_features = products.apply_transposed(self.matrix, by_step, out)
            self._back = [*self._weight_gradients(gradient), at_features]
            self._bound = gradient
        for call in self._back:
            call()
        self.pooling.backward(out)

    def _weight_gradients(self, gradient: Array) -> list[Call]:
        """What makes the gradients of W_hy and b_y from ``gradient`` (V, T·B)."""
        if self._columns is not None:
            features, fill = self._columns.after
        else:
            features, fill = self._arena.columns(self.features, "input")
        out = self._matrix_gradient
        if self._arena.batch > 1 and len(out) < out.shape[1]:
            turned = self._arena.array(*out.shape[::-1])
            calls = products.turned_weight_gradient(gradient, features, out, turned)
        else:
            calls = [products.weight_gradient(gradient, features, out)]
        return [*fill, *calls, products.bias_gradient(gradient, self._ones, self._bias_gradient)]


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
        at_outputs, fill = arena.columns(cell.dy, "gradient")
        self._back = [*fill, *self._weight_gradients(at_outputs)]

    def forward(self) -> None:
        self.outputs[...] = self._cell.y[1:]

    def backward(self, gradient: Array, out: Array) -> None:
        self._cell.dy[...] = self._arena.by_step(gradient)

    def finish(self) -> None:
        """After the cell's own way back."""
        for call in self._back:
            call()
