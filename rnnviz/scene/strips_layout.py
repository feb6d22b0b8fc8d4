"""How the strips are arranged: a value that the view remembers and the user changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

T = TypeVar("T")
Sorting = Literal["index", "activity", "similarity", "hand"]

LEAST_HEIGHT = 18.0
MOST_HEIGHT = 640.0


@dataclass(frozen=True, slots=True)
class StripLayout:
    """Order, heights (logical pixels) and unit orders of the strips, by strip name.

    `collapsed` names the strips that were folded, or opened where they start folded; `families`
    the only ones there are (all, if it is empty), as a figure of one kind of strips wants it;
    `open_only` leaves out what is folded; `scroll` is the distance scrolled, in logical pixels.
    Strips that are not named keep the order of the catalogue, after those that are; a strip
    without a height of its own takes its share of the room. All operations return a new value.
    """

    order: tuple[str, ...] = ()
    collapsed: frozenset[str] = frozenset()
    heights: tuple[tuple[str, float], ...] = ()
    sortings: tuple[tuple[str, Sorting], ...] = ()
    hands: tuple[tuple[str, tuple[int, ...]], ...] = ()
    pins: tuple[tuple[str, tuple[int, ...]], ...] = ()
    scroll: float = 0.0
    families: frozenset[str] = frozenset()
    open_only: bool = False

    def toggled(self, *names: str) -> StripLayout:
        """Each folded if it was open, open if it was folded."""
        return replace(self, collapsed=self.collapsed ^ set(names))

    def moved(self, name: str, to: int, names: tuple[str, ...]) -> StripLayout:
        """The strip at position `to` among `names`, the strips as they stand now."""
        rest = [each for each in names if each != name]
        rest.insert(min(max(to, 0), len(rest)), name)
        return replace(self, order=tuple(rest))

    def resized(self, name: str, height: float) -> StripLayout:
        """The strip as high as asked for, within reason."""
        kept = min(max(height, LEAST_HEIGHT), MOST_HEIGHT)
        return replace(self, heights=_with(self.heights, name, kept))

    def fitted(self, name: str) -> StripLayout:
        """The strip without a height of its own again."""
        return replace(self, heights=tuple(pair for pair in self.heights if pair[0] != name))

    def sorted_by(self, name: str, sorting: Sorting) -> StripLayout:
        """The units of a strip in another order; pinned units stay on top."""
        return replace(self, sortings=_with(self.sortings, name, sorting))

    def with_units(self, name: str, units: tuple[int, ...]) -> StripLayout:
        """The units of a strip in an order made by hand."""
        return replace(
            self,
            hands=_with(self.hands, name, units),
            sortings=_with(self.sortings, name, "hand"),
        )

    def with_unit_at(self, name: str, units: tuple[int, ...], place: int, to: int) -> StripLayout:
        """The unit in row `place` of `units`, the order shown now, in row `to`: sorted by hand."""
        rest = list(units)
        rest.insert(min(max(to, 0), len(rest) - 1), rest.pop(place))
        return self.with_units(name, tuple(rest))

    def pinned(self, name: str, unit: int) -> StripLayout:
        """The unit on top of its strip, or back in its place if it was pinned."""
        now = self.pins_of(name)
        then = tuple(u for u in now if u != unit) if unit in now else (*now, unit)
        return replace(self, pins=_with(self.pins, name, then))

    def height_of(self, name: str) -> float | None:
        return dict(self.heights).get(name)

    def sorting_of(self, name: str) -> Sorting:
        return dict(self.sortings).get(name, "index")

    def hand_of(self, name: str) -> tuple[int, ...]:
        return dict(self.hands).get(name, ())

    def pins_of(self, name: str) -> tuple[int, ...]:
        return dict(self.pins).get(name, ())

    def arranged(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Strip names in the order in which they are shown."""
        first = tuple(name for name in self.order if name in names)
        return (*first, *(name for name in names if name not in first))


def _with(pairs: tuple[tuple[str, T], ...], name: str, value: T) -> tuple[tuple[str, T], ...]:
    return (*(pair for pair in pairs if pair[0] != name), (name, value))
