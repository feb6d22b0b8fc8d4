"""The way from the whole sequence down to what is shown, each stop a place to click."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from rnnviz.scene.shapes import Hit, Label, Layer, Rect, Shape
from rnnviz.scene.textwidth import elided, text_width
from rnnviz.scene.theme import Theme

HEADER = 30.0
"""Height of the line at the top of a picture, logical pixels."""
GRAPH, CELL = "go:graph", "go:cell"
"""Ids of hits that leave a level; ``go:<column>`` goes to another step."""
FOLD = "go:fold"
"""Id of the hit that rolls the graph up, or unrolls it."""
_SIZE, _USUAL = 12.0, 720.0
"""Font size of a stop in a picture no higher than this, logical pixels."""
_LEAST = 8.0
"""Of a stop in a narrow picture, logical pixels."""
_ARROW = " › "


@dataclass(frozen=True, slots=True)
class Crumb:
    """One stop; `node` is where a click leads, empty for the place where we are."""

    text: str
    node: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Trail:
    """The stops in a line: what stays as it is, the `links`, in the colour of what can be clicked
    and as mere words for paper, the words `beside` them, and where a click leads."""

    shapes: tuple[Shape, ...]
    links: tuple[Label, ...]
    plain: tuple[Label, ...]
    beside: tuple[Shape, ...]
    hits: tuple[Hit, ...]

    def layer(self, key: Hashable) -> Layer:
        """The links as a layer of their own, which on paper are none."""
        return Layer(self.links, key and (key, "links"), role="control", paper=self.plain)


def grown(height: float) -> float:
    """How much larger the line at the top is in a high picture (a projector, a slide)."""
    return round(min(max(height / _USUAL, 1.0), 2.4), 2)


def trail_of(
    theme: Theme, crumbs: Sequence[Crumb], width: float, beside: str = "", whose: str = "",
    scale: float = 1.0,
) -> Trail:  # fmt: skip
    """The stops side by side in the header of a picture `width` pixels wide; `beside` are
    words at the right, where there is room left for them: shapes of their own, for they may be
    a hint that belongs on the screen only. Behind the last stop `whose` pass this is. Everything
    is `scale` times as large as usual."""
    shapes: list[Shape] = []
    links: list[Label] = []
    hits: list[Hit] = []
    x, small = 10.0, (_SIZE - 1.0) * scale
    crumbs, size = _fitting(crumbs, width - x, _SIZE * scale)

    def place_of(left: float, room: float) -> Rect:
        return Rect(left, 6.0 * scale, room, 18.0 * scale)

    for number, crumb in enumerate(crumbs):
        here = number == len(crumbs) - 1
        text = elided(crumb.text, size, max(width - x, 0.0), bold=here)
        if not text:
            break
        room = text_width(text, size, bold=here) + 2.0
        color = theme.ink if here else theme.muted
        label = Label(place_of(x, room), text, color, size, "left", bold=here)
        (links if crumb.node and not here else shapes).append(label)
        if crumb.node:
            place = Rect(x - 2.0, 2.0, room + 4.0, HEADER * scale - 4.0)
            hits.append(Hit(place, crumb.node, crumb.tip))
        x += room
        if not here and x + text_width(_ARROW, size) < width:
            place = place_of(x, text_width(_ARROW, size) + 1.0)
            shapes.append(Label(place, _ARROW, theme.muted, size, "left"))
            x = place.right
    room = text_width(whose, small) + 2.0
    if whose and x + 12.0 + room <= width:
        place = place_of(x + 12.0, room)
        shapes.append(Label(place, whose, theme.muted, small, "left"))
        x = place.right
    room = text_width(beside, small) + 2.0
    words: list[Shape] = []
    if beside and x + 16.0 + room <= width:
        words.append(Label(place_of(width - room, room), beside, theme.muted, small, "right"))
    colored = tuple(replace(link, color=theme.accent) for link in links)
    return Trail(tuple(shapes), colored, tuple(links), tuple(words), tuple(hits))


def _fitting(crumbs: Sequence[Crumb], room: float, most: float) -> tuple[Sequence[Crumb], float]:
    """The stops at the size at which they all have room, but for those behind the first one that
    find none at the least size: where we are is told in any case."""
    for gone in range(max(len(crumbs) - 1, 1)):
        shown = [*crumbs[:1], *crumbs[1 + gone :]]
        widths = (text_width(each.text, 1.0, bold=each is shown[-1]) for each in shown)
        arrows = text_width(_ARROW, 1.0) * (len(shown) - 1)
        size = (room - 3.0 * len(shown)) / max(sum(widths) + arrows, 0.1)
        if size >= min(_LEAST, most):
            break
    return shown, min(max(size, _LEAST), most)


def trail_text(crumbs: Sequence[Crumb]) -> str:
    """The stops in one line of words."""
    return _ARROW.join(crumb.text for crumb in crumbs)
