"""A product that adds as well, for one sequence: W v + x_t in one call of NumPy instead of two."""

from __future__ import annotations

from math import ceil

import numpy as np

from rnnviz.engine.arena import Arena
from rnnviz.trace.record import Array

_LONGEST = 16
"""Steps in a run: each makes every product longer by one column, each run costs one copy."""
_FEWEST_STEPS = 6
"""Below, looking whether the sums are right costs what the additions did."""
_MOST_UNITS = 256
"""Above, the longer product costs what the addition did."""

Run = tuple[Array, Array | None, range]
"""Where the addends of some steps are to stand, what is to be copied there, and the steps."""


class Adding:
    """Computes matrix v + x_t for vectors v that a cell writes one after the other.

    BLAS can add to what it multiplies; NumPy does not pass that on, and a call of its own for the
    addition takes as long as a fifth of the step. Here the matrix has a few columns more, in which
    the x_t of a run of steps stand, and every vector has a tail that is 1 at the place of its step
    and 0 elsewhere: the product picks the column. The sums are the same but for their order, as
    long as all addends of a run are finite.

    Attributes:
        length: steps in a run.
        matrix: (G, F), to be filled before a pass.
        operand: what ``vector.dot(operand, out)`` takes.
        vectors: (T+1, F), rows to write into; step t takes row t, or row t+1 on the way back.
        addends: (T, G) where x_t may be written at once, if one run holds all steps; else None.
    """

    def __init__(self, arena: Arena, steps: int, units: int, *, back: bool = False) -> None:
        self.length = length = ceil(steps / ceil(steps / _LONGEST))
        rows = arena.array(steps + 1, units + length)
        places = np.arange(-back, steps + 1 - back) % length
        rows[np.arange(steps + 1), units + places] = 1.0
        self._rows = rows
        self.vectors = rows[:, :units]
        self.operand = arena.array(units + length, units)
        self.matrix = self.operand[:units].T
        self._columns = self.operand[units:]
        self.addends = self._columns[:steps] if length == steps else None
        self._nothing = arena.array(length, units + length)
        self._nothing[:, units:] = np.eye(length)

    @staticmethod
    def pays(arena: Arena, steps: int, units: int) -> bool:
        """Whether filling a matrix costs less than the additions that are saved."""
        fits = steps >= _FEWEST_STEPS and units <= _MOST_UNITS
        return arena.batch == 1 and fits and 400 * steps >= units * units

    def row(self, index: int) -> Array:
        """The vector of that row, with its tail."""
        whole: Array = self._rows[index]
        return whole

    def nothing(self, step: int) -> Array:
        """A vector of zeros for that step, with its tail."""
        whole: Array = self._nothing[step % self.length]
        return whole

    def forget(self) -> None:
        """Drop the copies of addends that are not finite, before a pass whose first run is short
        multiplies them by 0."""
        if self.addends is None:
            self._columns.fill(0.0)

    def runs(self, addends: Array, start: int, stop: int) -> list[Run]:
        """The runs that the steps from ``start`` to ``stop`` fall into, first to last."""
        found: list[Run] = []
        while start < stop:
            place = start % self.length
            end = min(stop, start + self.length - place)
            columns = self._columns[place : place + end - start]
            copied = None if addends is self.addends else addends[start:end]
            found.append((columns, copied, range(start, end)))
            start = end
        return found
