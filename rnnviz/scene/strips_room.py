"""How rows one under another share a room: grown, moved together, or page by page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

TOP = 8.0
GAP = 14.0
"""Between two rows where there is room; room for half a tick on either side must stay."""
LEAST_GAP = 8.0
_TALL_STEP = 48.0
"""Pixels between two views of a row that is higher than the room."""


@dataclass(frozen=True, slots=True)
class Height:
    """Least, natural and most useful height of a row, in logical pixels."""

    least: float
    natural: float
    most: float

    @classmethod
    def fixed(cls, height: float) -> Height:
        return cls(height, height, height)


@dataclass(frozen=True, slots=True)
class Rows:
    """Where rows stand below the top of all of them, unscrolled.

    `needed` is the height that all of them take, `stops` how far they may be scrolled: at each of
    these distances a row begins at the top of the room. One stop where everything has room.
    """

    tops: tuple[float, ...]
    heights: tuple[float, ...]
    needed: float
    stops: tuple[float, ...] = (0.0,)

    def scrolled(self, wanted: float) -> float:
        """The stop nearest to a distance."""
        return min(self.stops, key=lambda stop: abs(stop - wanted))


def share_room(rows: Sequence[Height], room: float) -> Rows:
    """The rows in a room of that height.

    They grow to what is useful if there is more than they naturally take, and shrink to what is
    legible and move together if there is less. Where even that is too high, as many as have room
    make a page that fills it, and so do those behind them: no row is cut at the end of a page.
    """
    heights, gap = _shared(rows, room)
    needed = TOP + sum(heights) + gap * len(rows)
    if needed <= room:
        return Rows(_tops(heights, [gap] * len(rows)), tuple(heights), needed)
    heights, gaps = list[float](), list[float]()
    while len(heights) < len(rows):
        rest = rows[len(heights) :]
        page = rest[: _whole(rest, room)]
        shared, gap = _shared(page, room)
        if len(page) == len(rest):
            # The last page need not be full.
            shared = [min(each, row.natural) for each, row in zip(shared, page, strict=True)]
        heights += shared
        gaps += [gap] * len(page)
    tops = _tops(heights, gaps)
    ends = [top + height + gap for top, height, gap in zip(tops, heights, gaps, strict=True)]
    return Rows(tops, tuple(heights), needed, _stops(tops, ends, room))


def _shared(rows: Sequence[Height], room: float) -> tuple[list[float], float]:
    """The height of each row and the gap below each; they may need more than the room."""
    spare = room - TOP - GAP * len(rows) - sum(row.natural for row in rows)
    give = [row.natural - row.least if spare < 0 else row.most - row.natural for row in rows]
    closing = (GAP - LEAST_GAP) * len(rows) if spare < 0 else 0.0
    all_of_it = sum(give) + closing
    share = min(abs(spare) / all_of_it, 1.0) if all_of_it > 0 else 0.0
    sign = -share if spare < 0 else share
    heights = [
        math.floor(row.natural + sign * each) * 1.0 for row, each in zip(rows, give, strict=True)
    ]
    return heights, GAP - share * (GAP - LEAST_GAP) if spare < 0 else GAP


def _whole(rows: Sequence[Height], room: float) -> int:
    """How many of the first rows have room at their least; at least one."""
    end, count = TOP, 0
    for row in rows:
        end += math.floor(row.least) + LEAST_GAP
        if end > room:
            break
        count += 1
    return max(count, 1)


def _tops(heights: Sequence[float], gaps: Sequence[float]) -> tuple[float, ...]:
    tops, y = [], TOP
    for height, gap in zip(heights, gaps, strict=True):
        tops.append(y)
        y += height + gap
    return tuple(tops)


def _stops(tops: Sequence[float], ends: Sequence[float], room: float) -> tuple[float, ...]:
    """A stop at each row, up to the first one from which everything below is in sight; a row that
    is higher than the room is looked through in steps."""
    stops: list[float] = []
    for top, end in zip(tops, ends, strict=True):
        start = top - TOP
        stops.append(start)
        if ends[-1] - start <= room:
            break
        last = end - room
        if last > start:
            between = int((last - start) / _TALL_STEP)
            stops += [start + _TALL_STEP * n for n in range(1, between + 1)]
            stops.append(last)
    return tuple(dict.fromkeys(stops))
