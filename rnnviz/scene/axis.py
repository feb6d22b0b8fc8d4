"""The one time axis: which column stands where, shared by the graph and every strip."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

GUTTER, MARGIN = 118.0, 76.0
"""Pixels left of the first step (row titles, the initial state, the shared W) and right of the last
one (the total loss) where a pass is shown."""
_WIDEST, _WIDEST_SHARE = 420.0, 0.24
"""Widest a column may become, in logical pixels and of a large screen's width; beyond it the
cell's inside opens instead."""


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Columns 0 … columns-1, each `pitch` pixels wide, between `left` and `left + width`.

    `first` is the column (a real number) at the left edge. The gutter left of the axis belongs to
    row titles and to the initial state. All views of a trace share one axis, so that zooming and
    scrolling move everything together.
    """

    columns: int
    left: float
    width: float
    first: float
    pitch: float

    @classmethod
    def fitted(cls, columns: int, left: float, width: float) -> TimeAxis:
        """All columns in sight, as wide as they may be; fewer columns stand left-aligned."""
        count = max(columns, 1)
        room = max(width, 1.0)
        return cls(columns, left, room, 0.0, min(room / count, widest(room)))

    def left_of(self, column: float) -> float:
        """x of the left edge of a column."""
        return self.left + (column - self.first) * self.pitch

    def center_of(self, column: float) -> float:
        """x of the middle of a column."""
        return self.left_of(column + 0.5)

    def column_at(self, x: float) -> int:
        """The column under x, clamped to the first and last."""
        column = math.floor(self.first + (x - self.left) / self.pitch)
        return min(max(column, 0), max(self.columns - 1, 0))

    @property
    def visible(self) -> range:
        """Columns that are at least partly in sight."""
        first = max(math.floor(self.first), 0)
        last = min(math.ceil(self.first + self.width / self.pitch), self.columns)
        return range(first, max(last, first))

    @property
    def fits(self) -> bool:
        """Whether every column is in sight."""
        return self.columns * self.pitch <= self.width + 0.5

    def scrolled(self, columns: float) -> TimeAxis:
        """Moved by a number of columns, no further than the ends."""
        return self._clamped(first=self.first + columns)

    def zoomed(self, factor: float, x: float) -> TimeAxis:
        """Columns `factor` times as wide, the point under x staying where it is."""
        most = widest(self.width)
        least = min(self.width / max(self.columns, 1), most)
        pitch = min(max(self.pitch * factor, least), most)
        under = self.first + (x - self.left) / self.pitch
        return replace(self, pitch=pitch)._clamped(first=under - (x - self.left) / pitch)

    def showing(self, column: int) -> TimeAxis:
        """Scrolled just far enough that the column is wholly in sight."""
        shown = self.width / self.pitch
        if column < self.first:
            return self._clamped(first=float(column))
        if column + 1 > self.first + shown:
            return self._clamped(first=column + 1 - shown)
        return self

    def resized(self, left: float, width: float) -> TimeAxis:
        """The same stretch of time in another place; a fitted axis stays fitted."""
        if self.fits:
            return TimeAxis.fitted(self.columns, left, width)
        return replace(self, left=left, width=max(width, 1.0))._clamped(first=self.first)

    def _clamped(self, first: float) -> TimeAxis:
        most = max(self.columns - self.width / self.pitch, 0.0)
        return replace(self, first=min(max(first, 0.0), most))


def widest(width: float) -> float:
    """The widest column of an axis of that width."""
    return max(_WIDEST, _WIDEST_SHARE * width)
