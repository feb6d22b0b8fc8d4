"""What a network carries from one step to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace.record import Array


class State(Mapping[str, Array]):
    """Named states, all (B, …): ``h_l0``, ``c_l0``, …; a jordan cell carries its output ``y``.

    The state of an encoder–decoder also holds what the decoder looks at: ``memory``
    (B, T_in, E) and ``memory_mask`` (B, T_in).
    """

    __slots__ = ("_arrays",)

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = dict(arrays)

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name} {array.shape}" for name, array in self._arrays.items())
        return f"State({inside})"

    @property
    def batch_size(self) -> int:
        """B: how many sequences this is the state of (0 for an empty state)."""
        return next((int(array.shape[0]) for array in self._arrays.values()), 0)

    def select(self, rows: NDArray[np.intp]) -> State:
        """The state of the sequences ``rows``, in that order, as often as named (beam search)."""
        return State({name: array[rows] for name, array in self._arrays.items()})
