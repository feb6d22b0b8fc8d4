"""The vanilla RNN for one sequence: a product that adds, and φ. See ``vanilla`` for the rest."""

from __future__ import annotations

from itertools import pairwise
from math import nan

import numpy as np
from numpy import add, multiply

from rnnviz.engine.cells.adding import Adding
from rnnviz.engine.cells.base import Views
from rnnviz.engine.cells.vanilla import Vanilla

_REFUSED = (RuntimeWarning, FloatingPointError)
"""What 0 · ∞ raises for those who want an exception instead of a warning."""


class SingleVanilla(Vanilla):
    """The same steps with two calls of NumPy instead of three, each way.

    0 · x_t is 0 for finite x_t only: an infinite or undefined addend of one step makes NaN of the
    others of its run. Such a pass is made once more, each step with its own addend alone. One
    number of a pass's last step tells: a product hands NaN on to every unit.
    """

    def _lay_out(self) -> None:
        steps, hidden = self.dims.steps, self.dims.hidden
        self._forth = Adding(self.arena, steps, hidden)
        self._back = Adding(self.arena, steps, hidden, back=True)
        self._recurrent = self._forth.matrix
        self._states = self._forth.vectors
        self._last = self._states[-1]
        self.dz = self.dr = self._back.vectors[:-1]
        self._zero = self.arena.steps(1, hidden)[0]
        self.xp = self.h[1:]
        if self._forth.addends is not None and self._back.addends is not None:
            self.xp, self.above = self._forth.addends, self._back.addends
        self._ahead = self._views_of_runs()

    def load(self) -> None:
        given = self.weights["W_hh"]
        self._recurrent[...] = given
        self._back.operand[: len(given)] = given

    def forward(self) -> None:
        a, operand, function = self._a, self._forth.operand, self._function.apply
        self._states[0], last = self.h[0], self._last
        try:
            for columns, xp, steps in self._ahead:
                if xp is not None:
                    columns[...] = xp
                for product, h in steps:
                    product(operand, a)
                    function(a, h)
            told = last.item(0)
        except _REFUSED:
            told = nan
        if told == told:
            self.h[1:] = self._states[1:]
        else:
            self._forward_alone()

    def backward(self, cuts: tuple[int, ...]) -> None:
        differentiate, operand = self._function.slope, self._back.operand
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
            told = edge.item(0)
            if cuts:  # which NaN does not pass
                told = told + np.add.reduce(self.dz, None).item()
        except _REFUSED:
            told = nan
        if told != told:
            self._backward_alone(cuts)

    def _forward_alone(self) -> None:
        h, a, matrix, function = self.h, self._a, self.weights["W_hh"], self._function.apply
        h[1:] = self.xp
        for before, state in pairwise(h):
            matrix.dot(before, a)
            add(a, state, a)
            function(a, state)

    def _backward_alone(self, cuts: tuple[int, ...]) -> None:
        self._back.forget()
        dz, matrix, slope = self._back.vectors, self.weights["W_hh"], self._slope[0]
        for t in reversed(range(self.dims.steps)):
            later = self._zero if t + 1 in cuts else dz[t + 1]
            dh = self._dh[t]
            later.dot(matrix, dh)
            add(dh, self.above[t], dh)
            self._function.slope(self.h[t + 1], slope)
            multiply(dh, slope, dz[t])

    def _views_of_runs(self) -> Views:
        states, forth = list(self._states), self._forth
        return [
            (columns, xp, [(forth.row(t).dot, states[t + 1]) for t in run])
            for columns, xp, run in forth.runs(self.xp, 0, self.dims.steps)
        ]

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        back, dh, own = self._back, self.rows_of(self._dh), list(self.dz)
        handed = [back.nothing(t) if t + 1 in cuts else back.row(t + 1) for t in range(len(own))]
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
