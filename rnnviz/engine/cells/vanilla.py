"""The vanilla RNN of the lecture: h_t = φ(W_hh h_{t-1} + W_xh x_t + b_h), φ = tanh or relu."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from numpy import add, greater, maximum, multiply, square, subtract, tanh

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Cell, Dims, Views
from rnnviz.trace.record import Array


class Vanilla(Cell):
    """Elman's network with tanh.

    Forward: a_t = W_hh h_{t-1} + xp_t, h_t = tanh(a_t).
    Back: dh_t = above_t + W_hhᵀ dz_{t+1}, dz_t = (1 − h_t²) dh_t.
    """

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> None:
        super().__init__(dims, weights, arena, gates=1)
        steps, hidden = dims.steps, dims.hidden
        # Recording keeps a and dh of every step; else a is overwritten by h, and dh by the next.
        self.a = arena.steps(steps, hidden) if dims.record else self.h[1:]
        self.dh = arena.steps(steps if dims.record else 1, hidden)
        self.slope = arena.steps(steps, hidden)
        recurrent = self.recurrent(weights["W_hh"], self.h[:-1])
        self._ahead: Views = [
            (product, operand, xp, a, h)
            for (product, operand), xp, a, h in zip(
                recurrent, self.xp, self.a, self.h[1:], strict=True
            )
        ]
        self._back = lru_cache(maxsize=4)(self._views_back)

    def forward(self) -> None:
        for product, operand, xp, a, h in self._ahead:
            product(operand, a)
            add(a, xp, a)
            tanh(a, h)

    def backward(self, cuts: tuple[int, ...]) -> None:
        self.differentiate()
        for product, operand, above, dh, slope, dz in self._back(cuts):
            product(operand, dh)
            add(dh, above, dh)
            multiply(dh, slope, dz)

    def differentiate(self) -> None:
        """``slope`` = φ′ at every step, which needs nothing from later steps."""
        square(self.h[1:], self.slope)
        subtract(1.0, self.slope, self.slope)

    def initial_gradient(self) -> dict[str, Array]:
        product, operand = self.recurrent(self.weights["W_hh"].T, self.dz[:1])[0]
        return {"h": product(operand)}

    def record(self) -> dict[str, Array]:
        return {"a": self.a, "h": self.h[1:]}

    def record_gradients(self) -> dict[str, Array]:
        return {"a": self.dz, "h": self.dh}

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        """The arrays of each step, last to first. A cut is a zero handed to the step before."""
        steps = self.dims.steps
        later = [*self.dz[1:], self.zero]
        for cut in cuts:
            if cut > 0:
                later[cut - 1] = self.zero
        matrix = self.weights["W_hh"].T
        products = [self.recurrent(matrix, dz[None])[0] for dz in later]
        dh = list(self.dh) if self.dims.record else [self.dh[0]] * steps
        rows = zip(products, self.above, dh, self.slope, self.dz, strict=True)
        views = [(product, operand, *rest) for (product, operand), *rest in rows]
        return views[::-1]


class Rectified(Vanilla):
    """The same with φ = relu, whose slope is 1 where the unit is on and 0 elsewhere."""

    def forward(self) -> None:
        for product, operand, xp, a, h in self._ahead:
            product(operand, a)
            add(a, xp, a)
            maximum(a, 0.0, out=h)

    def differentiate(self) -> None:
        greater(self.h[1:], 0.0, self.slope, casting="unsafe")
