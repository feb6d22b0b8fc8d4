"""Where each strip stands: heights from the layout and from what its family needs."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.shapes import Rect
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_room import LEAST_GAP, TOP, Height, Rows, share_room

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


def _wanted(strip: Strip) -> Height:
    """What the data of a strip need."""
    if strip.family == "tokens":
        high = 34.0 + 20.0 * (strip.rows - 1)
        return Height(high - 4.0, high, high)
    if strip.family == "heat":
        natural = min(max(strip.rows * 17.0, 46.0), 96.0)
        return Height(43.0, natural, max(natural, min(strip.rows * 24.0, 220.0)))
    if strip.family == "outputs":
        rows = strip.rows if strip.rows <= OUTPUT_ROWS else 6
        natural = min(max(rows * 15.0, 46.0), 110.0)
        # A row for each class is high enough for its name beside it.
        least = min(rows * 13.0, 78.0) if strip.rows <= OUTPUT_ROWS else rows * 10.0
        natural = max(natural, rows * 8.5)
        return Height(max(least, rows * 8.5, 44.0), natural, max(natural, rows * 20.0))
    return Height(34.0, 48.0, 90.0)


def place(
    strips: tuple[Strip, ...], layout: StripLayout, axis: TimeAxis, height: float
) -> tuple[tuple[Placed, ...], Rows]:
    """Every strip in order with its rect, scrolled to the stop nearest to `layout.scroll`, and how
    the rows share the `height` (`strips_room.share_room`)."""
    by_name = {strip.name: strip for strip in strips if not hidden(strip, layout)}
    every = [by_name[name] for name in layout.arranged(tuple(by_name))]
    hosts = _hosts(every, layout)
    shown = [strip for strip in every if strip.name not in hosts]
    rows = share_room([_height(strip, layout, height) for strip in shown], height)
    scroll = rows.scrolled(layout.scroll)
    placed: dict[str, Placed] = {}
    guests = {host: guest for guest, host in hosts.items()}
    for strip, top, own_height in zip(shown, rows.tops, rows.heights, strict=True):
        rect = Rect(axis.left, top - scroll, axis.width, own_height)
        guest = guests.get(strip.name, "")
        placed[strip.name] = Placed(strip, rect, folded(strip, layout), guest=guest)
        if guest:
            shut = folded(strip, layout)
            placed[guest] = Placed(by_name[guest], rect, shut, beside=strip.name)
    return tuple(placed.values()), rows


def _height(strip: Strip, layout: StripLayout, room: float) -> Height:
    if folded(strip, layout):
        return Height.fixed(COLLAPSED)
    own = layout.height_of(strip.name)
    if own is None:
        return _wanted(strip)
    # Nobody can scroll a figure through a strip that is higher than the figure.
    return Height.fixed(min(own, room - TOP - LEAST_GAP) if layout.open_only else own)


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


def in_sight(placed: tuple[Placed, ...], layout: StripLayout, height: float) -> tuple[Placed, ...]:
    """The strips that are shown: whole ones, in a figure no others.

    On screen the beginning is shown of what is higher than the room, and of a strip that somebody
    has made so high himself that it does not end in sight: its lower edge may be in the hand.
    """

    def is_shown(each: Placed) -> bool:
        begins, ends = each.rect.y >= TOP, each.rect.bottom + LEAST_GAP / 2 <= height
        if layout.open_only or (begins and ends):
            return begins and ends
        own = layout.height_of(each.beside or each.strip.name)
        return each.rect.y <= TOP or (each.rect.y < height and own is not None)

    return tuple(each for each in placed if each.rect.bottom > 0 and is_shown(each))
