"""The vanilla RNN for one sequence: a product that adds, and φ. See ``vanilla`` for the rest."""

from __future__ import annotations

from numpy import multiply

from rnnviz.engine.cells.adding import Adding
from rnnviz.engine.cells.base import Views
from rnnviz.engine.cells.vanilla import Vanilla


class SingleVanilla(Vanilla):
    """The same steps with two calls of NumPy instead of three, each way."""

    def _lay_out(self) -> None:
        steps, hidden = self.dims.steps, self.dims.hidden
        self._forth = Adding(self.arena, steps, hidden)
        self._back = Adding(self.arena, steps, hidden, back=True)
        self._recurrent = self._forth.matrix
        self._states = self._forth.vectors
        self.dz = self.dr = self._back.vectors[:-1]
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
        self._states[0] = self.h[0]
        for columns, xp, steps in self._ahead:
            if xp is not None:
                columns[...] = xp
            for product, h in steps:
                product(operand, a)
                function(a, h)
        self.h[1:] = self._states[1:]

    def backward(self, cuts: tuple[int, ...]) -> None:
        differentiate, operand = self._function.slope, self._back.operand
        for h, slope, runs, edge in self.views_back(cuts):
            differentiate(h, slope)  # φ′, which needs nothing from later steps
            for columns, above, steps in runs:
                if above is not None:
                    columns[...] = above
                for product, dh, slope_t, dz in steps:
                    product(operand, dh)
                    multiply(dh, slope_t, dz)
            self.fade(edge)

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
