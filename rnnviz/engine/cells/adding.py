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
_FEWEST_UNITS, _MOST_UNITS = 3, 256
"""Below, runs are short; above, the longer product costs what the addition did."""

Run = tuple[Array, Array | None, range]
"""Where the addends of some steps are to stand, what is to be copied there, and the steps."""


class Adding:
    """Computes matrix v + x_t for vectors v that a cell writes one after the other.

    BLAS can add to what it multiplies; NumPy does not pass that on, and a call of its own for the
    addition takes as long as a fifth of the step. Here the matrix has a few columns more, in which
    the x_t of a run of steps stand, and every vector goes on in a tail that is 1 at the place of
    its step and 0 elsewhere: the product picks the column. The sums are the same but for their
    order, as long as all addends of a run are finite.

    The tail of a vector is the near end of the row that is written next, which the step
    overwrites with its result: ``mark`` has to set all tails before each pass.

    Args:
        vectors: (T+1, F), what the steps write; step t takes row t, or row t+1 on the way back.
        always: whether the matrix has one column more, which every step picks.

    Attributes:
        length: steps in a run.
        matrix: (F, F), to be filled before a pass.
        operand: what ``vector.dot(operand, out)`` takes.
        addends: (T, F) where x_t may be written at once, if one run holds all steps; else None.
        always: (1, F) what is added at every step, to be filled before a pass; (0, F) if nothing.
    """

    def __init__(
        self, arena: Arena, vectors: Array, *, back: bool = False, always: bool = False
    ) -> None:
        steps, units = len(vectors) - 1, vectors.shape[1]
        self.length = length = ceil(steps / ceil(steps / (min(_LONGEST, units) - always)))
        self._tail = tail = length + always
        self.operand = arena.array(units + tail, units)
        one = np.ones((length, tail), arena.dtype)
        one[:, :length] = np.eye(length)
        self._marks = arena.array(steps, tail)
        self._marks[...] = one[np.arange(steps) % length]
        self._nothing = arena.array(length, units + tail)
        self._flat, self._units = vectors.reshape(-1), units
        if back:
            self._tails, self._first = vectors[:-1, units - tail :], units - tail
            self.matrix, added = self.operand[tail:].T, self.operand[:tail]
            self._nothing[:, :tail] = one
        else:
            self._tails, self._first = vectors[1:, :tail], 0
            self.matrix, added = self.operand[:units].T, self.operand[units:]
            self._nothing[:, units:] = one
        self._columns, self.always = added[:length], added[length:]
        self.addends = self._columns[:steps] if length == steps else None

    @staticmethod
    def pays(arena: Arena, steps: int, units: int) -> bool:
        """Whether filling a matrix costs less than the additions that are saved."""
        fits = steps >= _FEWEST_STEPS and _FEWEST_UNITS <= units <= _MOST_UNITS
        return arena.batch == 1 and fits and 400 * steps >= units * units

    def mark(self) -> None:
        """Set the tails of all vectors, which the last pass has overwritten."""
        self._tails[...] = self._marks

    def row(self, step: int) -> Array:
        """The vector that this step takes, with its tail."""
        start = step * self._units + self._first
        whole: Array = self._flat[start : start + self._units + self._tail]
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
