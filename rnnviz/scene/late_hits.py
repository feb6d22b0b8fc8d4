"""Places that answer to the mouse, made only when the mouse asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import overload

from rnnviz.scene.shapes import Hit

Make = Callable[[], Iterable[Hit]]


class LateHits(Sequence[Hit]):
    """The hits of one picture; groups of them are computed at the first question.

    A picture is drawn many times a second while a network trains, and the mouse rarely asks.
    """

    def __init__(self, groups: Iterable[Make]) -> None:
        self._groups = tuple(groups)
        self._hits: tuple[Hit, ...] | None = None

    def _all(self) -> tuple[Hit, ...]:
        if self._hits is None:
            self._hits = tuple(hit for make in self._groups for hit in make())
        return self._hits

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self._all()[index]
