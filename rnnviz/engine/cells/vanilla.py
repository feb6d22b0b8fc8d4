"""The vanilla RNN of the lecture: h_t = φ(W_hh h_{t-1} + W_xh x_t + b_h); φ: tanh, relu or none."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, multiply
from numpy.typing import NDArray

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Cell, Dims, Views
from rnnviz.engine.cells.functions import FUNCTIONS
from rnnviz.trace.record import Array
from rnnviz.trace.spec import Activation


class Vanilla(Cell):
    """Elman's network.

    Forward: a_t = W_hh h_{t-1} + xp_t, h_t = φ(a_t).
    Back: dh_t = above_t + W_hhᵀ dz_{t+1}, dz_t = φ′(a_t) dh_t.
    """

    def __init__(
        self,
        dims: Dims,
        weights: Mapping[str, Array],
        arena: Arena,
        activation: Activation = "tanh",
    ) -> None:
        super().__init__(dims, weights, arena)
        self._function = FUNCTIONS[activation]
        self.quiet_input = self._function.quiet
        first = self.blocks(1)[0]
        self._a = self.scratch(dims.hidden)
        self._dh = self.each_step()
        self._slope = arena.steps(first[1] - first[0], dims.hidden)
        self._lay_out()

    def _lay_out(self) -> None:
        """The buffers that the steps write into, and the views of every step forward."""
        steps, hidden, arena = self.dims.steps, self.dims.hidden, self.arena
        self.xp = self.h[1:]
        self._rows = arena.steps(steps + 1, hidden)  # one row more for what comes after the end
        self.dz = self.dr = self._rows[:-1]
        self._zero = arena.steps(1, hidden)[0]
        self._recurrent = self.private(hidden, hidden)
        self._copied = not self._recurrent.flags.c_contiguous
        if not self._copied:  # as the parameters are stored
            self._recurrent = self.weights["W_hh"]
        states = list(self.h)
        recurrent = self.recurrent(self._recurrent, states[:-1])
        rows = zip(recurrent, states[1:], strict=True)
        self._ahead: Views = [(product, operand, *rest) for (product, operand), *rest in rows]

    def load(self) -> None:
        if self._copied:
            self._recurrent[...] = self.weights["W_hh"]

    def forward(self) -> None:
        a, function = self._a, self._function.apply
        for product, operand, h in self._ahead:
            product(operand, a)
            add(a, h, a)  # xp stands in h
            function(a, h)

    def backward(self, cuts: tuple[int, ...]) -> None:
        differentiate = self._function.slope
        for h, slope, steps, edge in self.views_back(cuts):
            differentiate(h, slope)  # φ′, which needs nothing from later steps
            for product, operand, dh, above, slope_t, dz in steps:
                product(operand, dh)
                add(dh, above, dh)
                multiply(dh, slope_t, dz)
            self.fade(edge)

    def silence(self, padding: NDArray[np.bool_]) -> None:
        np.copyto(self.h[1:], 0.0, where=padding)

    def initial_gradient(self) -> dict[str, Array]:
        product, operand = self.recurrent(self.weights["W_hh"].T, self.dz[:1])[0]
        return {"h": product(operand)}

    def record(self) -> dict[str, Array]:
        return {"h": self.h[1:]}

    def sums(self, xp: Array) -> Array:
        return self.preactivations(self._recurrent, xp)

    def record_gradients(self) -> dict[str, Array]:
        return {"a": self.dz, "h": self._dh}

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        own = list(self._rows)
        handed = self.later(own, own[-1], cuts, self._zero)
        products, dh = self.recurrent(self.weights["W_hh"].T, handed), self.rows_of(self._dh)
        views = []
        for start, stop in self.blocks(1):
            slope = self._slope[: stop - start]
            run = slice(start, stop)
            rows = zip(products[run], dh[run], self.above[run], slope, own[run])  # noqa: B905  # equal by construction
            steps = [(product, operand, *rest) for (product, operand), *rest in rows]
            views.append((self.h[start + 1 : stop + 1], slope, steps[::-1], self.dz[start]))
        return views
