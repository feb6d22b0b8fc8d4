"""Where each strip stands: heights from the layout and from what its family needs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.shapes import Rect
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_layout import StripLayout

TOP = 8.0
GAP = 14.0
"""Between two strips where there is room; room for half a tick on either side must stay."""
LEAST_GAP = 8.0
COLLAPSED = 18.0
OUTPUT_ROWS = 12
"""Classes up to which the output strip has a row for each; beyond, it shows the top five."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A strip and the place of its data; the gutter left of it belongs to its title.

    Encoder and decoder stand at other steps of the axis: what both have shares a row. `beside` is
    the strip whose row and title it shares, `guest` the one that shares this row.
    """

    strip: Strip
    rect: Rect
    collapsed: bool
    beside: str = ""
    guest: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The strips of the row, which are folded and opened together."""
        return tuple(name for name in (self.strip.name, self.beside, self.guest) if name)


def folded(strip: Strip, layout: StripLayout) -> bool:
    """Whether only the title of a strip is shown."""
    return (strip.name in layout.collapsed) != strip.starts_folded


def hidden(strip: Strip, layout: StripLayout) -> bool:
    """Whether a strip that is seldom needed has not been asked for, or only others are wanted."""
    if layout.families and strip.family not in layout.families:
        return True
    if layout.open_only and folded(strip, layout):
        return True
    return strip.starts_hidden and strip.name not in layout.collapsed


def _wanted(strip: Strip) -> tuple[float, float, float]:
    """Least, natural and most useful height of a strip's data."""
    if strip.family == "tokens":
        high = 34.0 + 20.0 * (strip.rows - 1)
        return high - 4.0, high, high
    if strip.family == "heat":
        natural = min(max(strip.rows * 17.0, 46.0), 96.0)
        return 43.0, natural, max(natural, min(strip.rows * 24.0, 220.0))
    if strip.family == "outputs":
        rows = strip.rows if strip.rows <= OUTPUT_ROWS else 6
        natural = min(max(rows * 15.0, 46.0), 110.0)
        # A row for each class is high enough for its name beside it.
        least = min(rows * 13.0, 78.0) if strip.rows <= OUTPUT_ROWS else rows * 10.0
        return max(least, rows * 8.5, 44.0), max(natural, rows * 8.5), rows * 20.0
    return 34.0, 48.0, 90.0


def place(
    strips: tuple[Strip, ...], layout: StripLayout, axis: TimeAxis, height: float
) -> tuple[tuple[Placed, ...], float]:
    """Every strip in order with its rect, scrolled as the layout says, and the height of all.

    Strips share the room: grown to what is useful if there is more, shrunk to what is legible and
    moved together if there is less; if even that is too high, `layout.scroll` chooses what is in
    sight.
    """
    by_name = {strip.name: strip for strip in strips if not hidden(strip, layout)}
    every = [by_name[name] for name in layout.arranged(tuple(by_name))]
    hosts = _hosts(every, layout)
    shown = [strip for strip in every if strip.name not in hosts]
    heights: list[float] = []
    elastic: list[tuple[int, float, float]] = []
    for number, strip in enumerate(shown):
        own = layout.height_of(strip.name)
        least, natural, most = _wanted(strip)
        if folded(strip, layout):
            heights.append(COLLAPSED)
        elif own is not None:
            heights.append(own)
        else:
            heights.append(natural)
            elastic.append((number, natural - least, max(most - natural, 0.0)))
    spare = height - TOP - GAP * len(shown) - sum(heights)
    give = sum(shrink if spare < 0 else grow for _, shrink, grow in elastic)
    give += (GAP - LEAST_GAP) * len(shown) if spare < 0 else 0.0
    share = min(abs(spare) / give, 1.0) if give > 0 else 0.0
    for number, shrink, grow in elastic:
        heights[number] += share * (-shrink if spare < 0 else grow)
    gap = GAP - share * (GAP - LEAST_GAP) if spare < 0 else GAP
    heights = [math.floor(each) * 1.0 for each in heights]
    needed = TOP + sum(heights) + gap * len(shown)
    scroll = min(max(layout.scroll, 0.0), max(needed - height, 0.0))
    placed: dict[str, Placed] = {}
    guests = {host: guest for guest, host in hosts.items()}
    y = TOP - scroll
    for strip, own_height in zip(shown, heights, strict=True):
        rect, guest = Rect(axis.left, y, axis.width, own_height), guests.get(strip.name, "")
        placed[strip.name] = Placed(strip, rect, folded(strip, layout), guest=guest)
        if guest:
            shut = folded(strip, layout)
            placed[guest] = Placed(by_name[guest], rect, shut, beside=strip.name)
        y += own_height + gap
    return tuple(placed.values()), needed


def _hosts(strips: list[Strip], layout: StripLayout) -> dict[str, str]:
    """Which strip stands in the row of which: the same quantity of the other part, where both are
    open or both folded. They have one scale, and never the same columns."""
    hosts: dict[str, str] = {}
    first: dict[str, Strip] = {}
    for strip in strips:
        host = first.get(strip.twin)
        if host is not None and folded(host, layout) == folded(strip, layout):
            hosts[strip.name] = host.name
        first[strip.name] = strip
    return hosts


def in_sight(placed: tuple[Placed, ...], height: float) -> tuple[Placed, ...]:
    """The strips of which at least a line can be seen."""
    return tuple(each for each in placed if each.rect.bottom > 0 and each.rect.y < height)
