"""The output-recurrent network (Jordan 1986): the previous *output* is what is remembered.

h_t = φ(W_yh y_{t-1} + W_xh x_t + b_h), y_t = W_hy h_t + b_y, φ = tanh, relu or none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, multiply
from numpy.typing import NDArray

from rnnviz.engine import products
from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Cell, Dims, Views
from rnnviz.engine.cells.functions import FUNCTIONS
from rnnviz.engine.products import Call
from rnnviz.trace.record import Array
from rnnviz.trace.spec import Activation


class Jordan(Cell):
    """The cell computes its outputs itself; ``y`` (T+1, V[, B]) is its state.

    Back: ``dy`` (T, V[, B]) holds dL_t/dy_t before and the total dL/dy_t after ``backward``:
    dy_t += W_yhᵀ dz_{t+1}, dh_t = W_hyᵀ dy_t, dz_t = φ′ dh_t.

    Args:
        weights: also ``W_hy`` and ``b_y``, which belong to the output layer.
    """

    def __init__(
        self, dims: Dims, weights: Mapping[str, Array], arena: Arena, activation: Activation
    ) -> None:
        super().__init__(dims, weights, arena)
        steps, n = dims.steps, dims.hidden
        width = weights["W_hy"].shape[0]
        self._function = FUNCTIONS[activation]
        self.learns_state = "y_init" in weights
        self.xp = self.h[1:]
        self.quiet_input = self._function.quiet
        self.y = arena.steps(steps + 1, width)
        self.dy = arena.steps(steps, width)
        self.dz = self.dr = arena.steps(steps, n)
        self._back = arena.steps(1, width)[0]
        self._zero = arena.steps(1, n)[0]
        self._a = self.scratch(n)
        self._slope = arena.steps(steps, n)
        self._bias = arena.column(weights["b_y"])
        inward = self.recurrent(weights["W_yh"], self.y[:-1])
        outward = self.recurrent(weights["W_hy"], self.h[1:])
        rows = zip(inward, outward, self.h[1:], self.y[1:], strict=True)
        self._ahead: Views = [(*first, *second, *rest) for first, second, *rest in rows]

    def state_rows(self) -> dict[str, Array]:
        return {"y": self.y}

    @property
    def before(self) -> Array:
        return self.y[:-1]

    def forward(self) -> None:
        a, bias, function = self._a, self._bias, self._function.apply
        for inward, before, outward, state, h, y in self._ahead:
            inward(before, a)
            add(a, h, a)  # xp stands in h
            function(a, h)
            outward(state, y)
            add(y, bias, y)

    def silence(self, padding: NDArray[np.bool_]) -> None:
        np.copyto(self.h[1:], 0.0, where=padding)
        # The output layer reads the silent state, as it does beside every other cell.
        np.copyto(self.y[1:], self._bias, where=padding)

    def backward(self, cuts: tuple[int, ...]) -> None:
        self._function.slope(self.h[1:], self._slope)
        back = self._back
        for inward, later, dy, outward, output, dh, slope, dz in self.views_back(cuts):
            inward(later, back)
            add(dy, back, dy)
            outward(output, dh)
            multiply(dh, slope, dz)

    def weight_gradients(self, dz: Array, grads: Mapping[str, Array]) -> list[Call]:
        previous = self.arena.columns(self.y[:-1], "input")
        return [*previous.fill, products.weight_gradient(dz, previous.matrix, grads["W_yh"])]

    def initial_gradient(self) -> dict[str, Array]:
        product, operand = self.recurrent(self.weights["W_yh"].T, self.dz[:1])[0]
        return {"y": product(operand)}

    def record(self) -> dict[str, Array]:
        return {"h": self.h[1:]}

    def sums(self, xp: Array) -> Array:
        return self.preactivations(self.weights["W_yh"], xp)

    def record_gradients(self) -> dict[str, Array]:
        return {"a": self.dz, "h": self.above}

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        handed = self.later(self.dz, self._zero, cuts, self._zero)
        inward = self.recurrent(self.weights["W_yh"].T, handed)
        outward = self.recurrent(self.weights["W_hy"].T, self.dy)
        rows = zip(inward, self.dy, outward, self.above, self._slope, self.dz, strict=True)
        views = [(*first, dy, *second, *rest) for first, dy, second, *rest in rows]
        return views[::-1]
