"""What the mouse does beside the strips: a click folds one, a drag moves it or its lower edge."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.strips import StripsPicture
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_place import Placed

_EDGE = 4.0
_FROM = 6.0
"""Pixels from which a press is a drag and no click."""


def is_edge(placed: Placed, y: float) -> bool:
    """Whether a point in the gutter is on the edge that resizes a strip."""
    return not placed.collapsed and y >= placed.rect.bottom - _EDGE


@dataclass(slots=True)
class Grip:
    """A strip held by its title or lower edge, from the press to the release."""

    name: str
    row: tuple[str, ...]
    start: float
    height: float
    resizes: bool
    dragged: bool = False

    @classmethod
    def on(cls, placed: Placed, y: float) -> Grip:
        return cls(placed.strip.name, placed.names, y, placed.rect.h, is_edge(placed, y))

    def moved(self, layout: StripLayout, picture: StripsPicture, y: float) -> StripLayout:
        """How the strips stand while the mouse is at `y`."""
        if self.resizes:
            return layout.resized(self.name, self.height + y - self.start)
        self.dragged = self.dragged or abs(y - self.start) >= _FROM
        rows = picture.rows
        at = next((n for n, each in enumerate(rows) if each.strip.name == self.name), None)
        if not self.dragged or at is None:
            return layout
        above, below = rows[at - 1 : at], rows[at + 1 : at + 2]
        # Past the middle of a neighbour the two change places: no flicker between tall and low.
        if below and y > below[0].rect.center[1]:
            return picture.moved(layout, self.name, 1)
        if above and y < above[0].rect.center[1]:
            return picture.moved(layout, self.name, -1)
        return layout

    def released(self, layout: StripLayout) -> StripLayout:
        """A press that was no drag folds the strip, or opens it."""
        return layout if self.resizes or self.dragged else layout.toggled(*self.row)
