"""The arrays of a pass by name: those that are there, and those that are made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace.errors import MissingArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Later:
    """An array of that ``shape`` which follows from others: ``make()`` computes it.

    ``make_one(b)``, where there is one, computes the part of sequence b alone, ``[:, b]``.
    """

    shape: tuple[int, ...]
    make: Callable[[], Array]
    make_one: Callable[[int], Array] | None = None


Tape = dict[str, Array | Later]


class Arrays(Mapping[str, Array]):
    """Read-only arrays by name; one that is `Later` is computed when somebody first asks for it.

    It may be asked from several threads: what is to be made is made once.

    Args:
        given: arrays, which become read-only here, and recipes.
        making: held while something is made; shared by all whose recipes use the same memory.
    """

    def __init__(self, given: Mapping[str, Array | Later], making: Lock | None = None) -> None:
        self._there: dict[str, Array] = {}
        self._later: dict[str, Later] = {}
        self._one: dict[tuple[str, int], Array] = {}
        self._names = dict.fromkeys(given)
        self._making = Lock() if making is None else making
        for name, value in given.items():
            if isinstance(value, Later):
                self._later[name] = value
            else:
                self._there[name] = _frozen(value)

    def __getitem__(self, name: str) -> Array:
        found = self._there.get(name)
        return self._made(name) if found is None else found

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __reduce__(self) -> tuple[type[Arrays], tuple[dict[str, Array]]]:
        """Copied in depth and pickled as plain arrays: neither lock nor recipe can travel."""
        return Arrays, (dict(self),)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an array, which is not made for it; KeyError where there is none."""
        later = self._later.get(name)
        return self._there[name].shape if later is None else later.shape

    def given(self, name: str) -> Array | Later:
        """An array, or how it is to be made if nobody has asked for it; KeyError if neither."""
        later = self._later.get(name)
        return self._there[name] if later is None else later

    def sequence(self, name: str, b: int) -> Array:
        """What an array (T, B, …) says of sequence ``b``, (T, …); KeyError where there is none.

        Where one sequence can be had without the others, the others are not made.
        """
        later = self._later.get(name)
        if later is None or later.make_one is None:
            return self[name][:, b]
        with self._making:
            found = self._one.get((name, b))
            if found is None:
                found = self._one[name, b] = _frozen(later.make_one(b))
            return found

    def joined(self, more: Mapping[str, Array | Later]) -> Arrays:
        """These and ``more``; what is to be made later still is."""
        with self._making:
            return Arrays({**self._there, **self._later, **more}, self._making)

    def _made(self, name: str) -> Array:
        if name not in self._names:
            raise MissingArray(name)
        with self._making:
            if name not in self._there:
                self._there[name] = _frozen(self._later[name].make())
                # What it was made from is needed no longer.
                del self._later[name]
            return self._there[name]


def _frozen(array: Array) -> Array:
    kept = np.asarray(array)
    if kept.flags.writeable:
        kept = kept.view()
        kept.flags.writeable = False
    return kept
