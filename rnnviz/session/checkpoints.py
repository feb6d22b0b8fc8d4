"""Snapshots along a training run: bounded in number and bytes, thinned as they grow."""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FIRST_INTERVAL = 32
"""Iterations between two snapshots at the start; doubled whenever the store is full."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that decides how training goes on after ``iteration``.

    ``arrays`` holds numbers (parameters, the optimiser's moments, the carried state), ``facts``
    JSON values (where the data stream and the random generator stand, the step count, …).
    """

    iteration: int
    arrays: dict[str, Array]
    facts: dict[str, Any]

    @property
    def size(self) -> int:
        """Bytes, with an allowance for the facts."""
        return sum(array.nbytes for array in self.arrays.values()) + 1024


@dataclass(slots=True)
class Checkpoints:
    """Snapshots at multiples of an interval that grows with the run.

    The first one is never dropped: any iteration can be reached by replaying from the nearest
    snapshot before it. When more than ``most`` snapshots or ``most_bytes`` bytes are kept, the
    interval doubles and those between are dropped.
    """

    most: int = 512
    most_bytes: int = 128 << 20
    interval: int = FIRST_INTERVAL
    _snapshots: dict[int, Snapshot] = field(default_factory=dict)
    _order: list[int] = field(default_factory=list)
    _bytes: int = 0

    @classmethod
    def for_parameters(cls, count: int) -> Checkpoints:
        """A store for a model of that many numbers: a big model's iteration is slow beside a
        copy of its numbers, so it gets snapshots more often, at the same share of the time."""
        return cls(interval=FIRST_INTERVAL if count < 100_000 else FIRST_INTERVAL // 4)

    def __len__(self) -> int:
        return len(self._order)

    @property
    def iterations(self) -> list[int]:
        """Where there are snapshots, in order."""
        return list(self._order)

    @property
    def nbytes(self) -> int:
        """What all snapshots together take, in bytes."""
        return self._bytes

    def is_due(self, iteration: int) -> bool:
        """Whether a snapshot belongs after that iteration."""
        return iteration % self.interval == 0 and iteration not in self._snapshots

    def add(self, snapshot: Snapshot) -> None:
        """Keep one more, and thin the store if it grew too big."""
        if snapshot.iteration in self._snapshots:
            self._drop(snapshot.iteration)
        self._snapshots[snapshot.iteration] = snapshot
        insort(self._order, snapshot.iteration)
        self._bytes += snapshot.size
        while len(self._order) > 2 and self._is_too_big():
            self.interval *= 2
            for iteration in self._order[1:]:
                if iteration % self.interval:
                    self._drop(iteration)

    @property
    def earliest(self) -> int:
        """The first iteration there is a snapshot of."""
        return self._order[0]

    def before(self, iteration: int) -> Snapshot:
        """The last snapshot at or before that iteration.

        Raises:
            LookupError: if there is none.
        """
        place = bisect_right(self._order, iteration)
        if place == 0:
            raise LookupError(f"no snapshot at or before iteration {iteration}")
        return self._snapshots[self._order[place - 1]]

    def forget_after(self, iteration: int) -> None:
        """Drop every snapshot of a future that no longer follows."""
        for later in [kept for kept in self._order if kept > iteration]:
            self._drop(later)

    def _is_too_big(self) -> bool:
        return len(self._order) > self.most or self._bytes > self.most_bytes

    def _drop(self, iteration: int) -> None:
        self._bytes -= self._snapshots.pop(iteration).size
        del self._order[bisect_right(self._order, iteration) - 1]


def copied(arrays: dict[str, Array]) -> dict[str, Array]:
    """The same numbers in memory of their own."""
    return {name: np.array(array) for name, array in arrays.items()}
