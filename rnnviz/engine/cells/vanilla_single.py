"""The vanilla RNN for one sequence: a product that adds, and φ. See ``vanilla`` for the rest."""

from __future__ import annotations

from itertools import pairwise
from math import nan

import numpy as np
from numpy import add, multiply

from rnnviz.engine.cells.adding import Adding
from rnnviz.engine.cells.base import Views
from rnnviz.engine.cells.vanilla import Vanilla
from rnnviz.trace.record import Array

_REFUSED = (RuntimeWarning, FloatingPointError)
"""What 0 · ∞ raises for those who want an exception instead of a warning."""


class SingleVanilla(Vanilla):
    """The same steps with two calls of NumPy instead of three, each way.

    0 · x_t is 0 for finite x_t only: an infinite or undefined addend of one step makes NaN of the
    others of its run. Such a pass is made once more, each step with its own addend alone. The last
    step of a pass tells: a product hands NaN on to every unit, so that one number is enough if it
    is the third of its run at least.
    """

    def _lay_out(self) -> None:
        steps, hidden = self.dims.steps, self.dims.hidden
        self._rows = self.arena.steps(steps + 1, hidden)  # one row more: nothing comes after T
        self.dz = self.dr = self._rows[:-1]
        self._forth, self._back = (
            Adding(self.arena, self.h, always=True),
            Adding(self.arena, self._rows, back=True),
        )
        self._recurrent = self._forth.matrix
        self.input_bias = None  # the product adds it, too
        self._last, self._zero = self.h[-1], self._rows[-1]
        if self._forth.addends is not None and self._back.addends is not None:
            self.xp, self.above = self._forth.addends, self._back.addends
        else:
            self.xp = self.arena.steps(steps, hidden)
        self._ahead = self._views_of_runs()

    def load(self) -> None:
        given = self.weights["W_hh"]
        self._recurrent[...] = given
        self._back.matrix[...] = given.T
        self._forth.always[...] = self.weights["b_h"]

    def forward(self) -> None:
        a, operand, function = self._a, self._forth.operand, self._function.apply
        self._forth.mark()
        try:
            for columns, xp, steps in self._ahead:
                if xp is not None:
                    columns[...] = xp
                for product, h in steps:
                    product(operand, a)
                    function(a, h)
            told = self._told(self._last, steps)
        except _REFUSED:
            told = nan
        if told != told:
            self._forward_alone()

    def backward(self, cuts: tuple[int, ...]) -> None:
        differentiate, operand = self._function.slope, self._back.operand
        self._back.mark()
        try:
            for h, slope, runs, edge in self.views_back(cuts):
                differentiate(h, slope)  # φ′, which needs nothing from later steps
                for columns, above, steps in runs:
                    if above is not None:
                        columns[...] = above
                    for product, dh, slope_t, dz in steps:
                        product(operand, dh)
                        multiply(dh, slope_t, dz)
                self.fade(edge)
            told = self._told(edge, steps)
            if cuts:  # which NaN does not pass
                told = told + np.add.reduce(self.dz, None).item()
        except _REFUSED:
            told = nan
        if told != told:
            self._backward_alone(cuts)

    def sums(self, xp: Array) -> Array:
        a = super().sums(xp)
        return add(a, self._forth.always, a)

    def _told(self, last: Array, run: Views) -> float:
        """NaN if any number of the ``last`` step is; ``run``: the one that it stands in."""
        told: float = last.item(0) if len(run) > 2 else last.dot(self._zero).item()
        return told

    def _forward_alone(self) -> None:
        a, matrix, bias = self._a, self.weights["W_hh"], self.weights["b_h"]
        for (before, state), xp in zip(pairwise(self.h), self.xp, strict=True):
            matrix.dot(before, a)
            add(a, xp, a)
            add(a, bias, a)
            self._function.apply(a, state)

    def _backward_alone(self, cuts: tuple[int, ...]) -> None:
        self._back.forget()
        dz, matrix, slope = self._rows, self.weights["W_hh"], self._slope[0]
        for t in reversed(range(self.dims.steps)):
            later = self._zero if t + 1 in cuts else dz[t + 1]
            dh = self._dh[t]
            later.dot(matrix, dh)
            add(dh, self.above[t], dh)
            self._function.slope(self.h[t + 1], slope)
            multiply(dh, slope, dz[t])

    def _views_of_runs(self) -> Views:
        states, forth = list(self.h), self._forth
        return [
            (columns, xp, [(forth.row(t).dot, states[t + 1]) for t in run])
            for columns, xp, run in forth.runs(self.xp, 0, self.dims.steps)
        ]

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        back, dh, own = self._back, self.rows_of(self._dh), list(self.dz)
        handed = [back.nothing(t) if t + 1 in cuts else back.row(t) for t in range(len(own))]
        views = []
        for start, stop in self.blocks(1):
            slope = self._slope[: stop - start]
            runs = [
                (
                    columns,
                    above,
                    [(handed[t].dot, dh[t], slope[t - start], own[t]) for t in reversed(run)],
                )
                for columns, above, run in reversed(back.runs(self.above, start, stop))
            ]
            views.append((self.h[start + 1 : stop + 1], slope, runs, own[start]))
        return views
