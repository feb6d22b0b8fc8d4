"""The vanilla RNN of the lecture: h_t = φ(W_hh h_{t-1} + W_xh x_t + b_h), φ = tanh or relu."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, greater, maximum, multiply, square, subtract, tanh
from numpy.typing import NDArray

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Cell, Dims, Views
from rnnviz.trace.record import Array


class Vanilla(Cell):
    """Elman's network with tanh.

    Forward: a_t = W_hh h_{t-1} + xp_t, h_t = tanh(a_t).
    Back: dh_t = above_t + W_hhᵀ dz_{t+1}, dz_t = (1 − h_t²) dh_t.
    """

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> None:
        super().__init__(dims, weights, arena)
        steps, hidden = dims.steps, dims.hidden
        self.xp = self.h[1:]
        self._rows = arena.steps(steps + 1, hidden)  # one row more for what comes after the end
        self.dz = self.dr = self._rows[:-1]
        self._zero = arena.steps(1, hidden)[0]
        self._a = self.scratch(hidden)
        self._dh = self.scratch(hidden)
        self._slope = arena.steps(self.blocks(1)[0][1] - self.blocks(1)[0][0], hidden)
        self._recurrent = self.private(hidden, hidden)
        self._copied = not self._recurrent.flags.c_contiguous
        if not self._copied:  # as the parameters are stored
            self._recurrent = weights["W_hh"]
        states = list(self.h)
        recurrent = self.recurrent(self._recurrent, states[:-1])
        rows = zip(recurrent, states[1:], strict=True)
        self._ahead: Views = [(product, operand, *rest) for (product, operand), *rest in rows]

    def load(self) -> None:
        if self._copied:
            np.copyto(self._recurrent, self.weights["W_hh"])

    def forward(self) -> None:
        a = self._a
        for product, operand, h in self._ahead:
            product(operand, a)
            add(a, h, a)  # xp stands in h
            tanh(a, h)

    def backward(self, cuts: tuple[int, ...]) -> None:
        dh = self._dh
        for h, slope, steps, edge in self.views_back(cuts):
            self._differentiate(h, slope)
            for product, operand, above, slope_t, dz in steps:
                product(operand, dh)
                add(dh, above, dh)
                multiply(dh, slope_t, dz)
            self.fade(edge)

    def _differentiate(self, h: Array, slope: Array) -> None:
        """``slope`` = φ′, which needs nothing from later steps."""
        square(h, slope)
        subtract(self._one, slope, slope)

    def silence(self, padding: NDArray[np.bool_]) -> None:
        np.copyto(self.h[1:], 0.0, where=padding)

    def initial_gradient(self) -> dict[str, Array]:
        product, operand = self.recurrent(self.weights["W_hh"].T, self.dz[:1])[0]
        return {"h": product(operand)}

    def record(self, xp: Array) -> dict[str, Array]:
        return {"a": self.preactivations(self._recurrent, xp), "h": self.h[1:]}

    def record_gradients(self) -> dict[str, Array]:
        dh = self.state_gradients(self.weights["W_hh"].T, self.handed(self._rows))
        return {"a": self.dz, "h": dh}

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        own = list(self._rows)
        handed = self.later(own, own[-1], cuts, self._zero)
        products = self.recurrent(self.weights["W_hh"].T, handed)
        views = []
        for start, stop in self.blocks(1):
            slope = self._slope[: stop - start]
            run = slice(start, stop)
            rows = zip(products[run], self.above[run], slope, own[run])  # noqa: B905  # equal by construction
            steps = [(product, operand, *rest) for (product, operand), *rest in rows]
            views.append((self.h[start + 1 : stop + 1], slope, steps[::-1], self.dz[start]))
        return views


class Rectified(Vanilla):
    """The same with φ = relu, whose slope is 1 where the unit is on and 0 elsewhere."""

    quiet_input = -1e30  # switches every unit off: a state that grows would overflow in padding

    def forward(self) -> None:
        a = self._a
        for product, operand, h in self._ahead:
            product(operand, a)
            add(a, h, a)  # xp stands in h
            maximum(a, 0.0, out=h)

    def _differentiate(self, h: Array, slope: Array) -> None:
        greater(h, 0.0, slope, casting="unsafe")
