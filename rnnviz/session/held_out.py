"""What a run reached on held-out data, by iteration: a point for every time it was scored."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks.base import Score


class HeldOutPoint(NamedTuple):
    """``loss`` is L as in training (NaN where the data give none), ``value`` the task's metric."""

    iteration: int
    loss: float
    value: float


class HeldOut:
    """The points in order of iteration; read in any thread, as they are replaced whole.

    ``score`` is the one made last: beside its value it says how all of them are measured.
    """

    def __init__(self, points: tuple[HeldOutPoint, ...] = (), score: Score | None = None) -> None:
        self._points = points
        self._score = score

    @property
    def score(self) -> Score | None:
        return self._score

    @property
    def points(self) -> tuple[HeldOutPoint, ...]:
        return self._points

    @property
    def losses(self) -> tuple[tuple[float, float], ...]:
        """Pairs of iteration and loss, where there is one."""
        return tuple((p.iteration, p.loss) for p in self._points if math.isfinite(p.loss))

    def add(self, point: HeldOutPoint, score: Score) -> None:
        """Keep a point and the score that it is from; it replaces an earlier one of its
        iteration."""
        self._score = score
        others = [p for p in self._points if p.iteration != point.iteration]
        self._points = tuple(sorted([*others, point], key=lambda p: p.iteration))

    def copy(self) -> HeldOut:
        """The same points, to go on from apart."""
        return HeldOut(self._points, self._score)

    def forget_after(self, iteration: int) -> None:
        """Drop what belongs to a future that is not going to happen."""
        if self._points and self._points[-1].iteration > iteration:
            self._points = tuple(p for p in self._points if p.iteration <= iteration)

    def to_array(self, last: int) -> NDArray[np.float64]:
        """(N, 3) points up to iteration ``last``, for files."""
        rows = [p for p in self._points if p.iteration <= last]
        return np.array(rows, np.float64).reshape(len(rows), 3)

    @classmethod
    def from_array(cls, values: NDArray[np.float64], score: Score | None) -> HeldOut:
        """The points that ``to_array`` described, and how they were measured.

        Raises:
            ValueError: if they are not that.
        """
        if values.ndim != 2 or values.shape[1] != 3 or not np.isfinite(values[:, 0]).all():
            raise ValueError("held-out points have iteration, loss and value")
        return cls(
            tuple(HeldOutPoint(int(i), float(loss), float(v)) for i, loss, v in values), score
        )
