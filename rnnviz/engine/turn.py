"""Turning sequences round in time, each within its own true length; padding stays at the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace.record import Array


class Turn:
    """Its own inverse. Arrays are (T, …) for one sequence and (T, …, B) for more."""

    def __init__(self, steps: int, batch: int) -> None:
        self._steps = steps
        self._batch = batch
        self._places: NDArray[np.intp] | None = None  # (T, B): where step t comes from

    def load(self, lengths: NDArray[np.intp] | None) -> None:
        """Take the true lengths (B,) of the next pass; None: all are T."""
        self._places = None
        if lengths is not None and lengths.min() < self._steps:
            steps = np.arange(self._steps)[:, None]
            self._places = np.where(steps < lengths, lengths - 1 - steps, steps)

    def copy(self, array: Array, out: Array) -> None:
        """``out`` = ``array`` turned round, both (T, …[, B])."""
        out[...] = self.view(array)

    def view(self, array: Array) -> Array:
        """``array`` (T, …[, B]) turned round; a copy only where lengths differ."""
        if self._places is None:
            turned: Array = array[::-1]
        elif self._batch == 1:
            turned = array[self._places[:, 0]]
        else:
            shape = (self._steps, *[1] * (array.ndim - 2), self._batch)
            turned = np.take_along_axis(array, self._places.reshape(shape), axis=0)
        return turned
