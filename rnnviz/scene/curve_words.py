"""The words of the training curve, in a row over it: no line ever runs through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rnnviz.scene.numbers import grouped
from rnnviz.scene.shapes import Box, Label, Rect, Shape, Wire
from rnnviz.scene.textwidth import shortened, text_width
from rnnviz.scene.theme import Theme

HEIGHT = 22.0
"""Pixels over the plot: a line of words, and the knob of the marker under it."""
_LINE = 14.0
_SIZE, _MARKER_SIZE = 10.0, 11.0
_SAMPLE, _GAP = 14.0, 12.0
_SHARE = 0.68
"""Of the row that the legend may take in any case; the marker's words have the rest."""
_MARKER_ROOM = 250.0
"""Pixels that the marker's words need at most: what is more is the legend's. Where there is less,
they become shorter."""
_SMALLEST = 8.5
"""Font size of the first entry in a narrow panel; the others give way."""

Mark = Literal["dashes", "line", "thin", "square"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the plot and what it is called."""

    mark: Mark
    text: str
    color: int


def legend(entries: Sequence[Entry], plot: Rect, theme: Theme) -> tuple[list[Shape], float]:
    """Entries from the left, those that find room, and where the row is free again."""
    shapes: list[Shape] = []
    x, end = plot.x, plot.x + max(plot.w * _SHARE, plot.w - _MARKER_ROOM)
    for entry in entries:
        room = end - x - _SAMPLE - 4
        fits = shortened((entry.text,), room - 2, _SIZE, _SIZE if shapes else _SMALLEST)
        if fits is None:
            continue
        text, size = fits
        wide = text_width(text, size) + 2
        shapes.append(_sample(entry, x))
        place = Rect(x + _SAMPLE + 4, 0, wide, _LINE)
        shapes.append(Label(place, text, theme.muted, size, "left"))
        x += _SAMPLE + 4 + wide + _GAP
    return shapes, x


def marker_words(
    iteration: int, x: float, free: float, right: float, *, training: bool, can_resume: bool
) -> tuple[Rect, str]:
    """What goes on at the marker at `x`, and where it is said: between `free` and `right`."""
    named, room = f"iteration {grouped(iteration)}", right - free - 2
    ways = [f"{named} (paused; T trains on from here)"] if can_resume and not training else []
    ways += [] if training else [f"{named} (paused)"]
    ways += [named, grouped(iteration)]
    text = next((way for way in ways if text_width(way, _MARKER_SIZE) <= room), "")
    wide = text_width(text, _MARKER_SIZE) + 2
    left = x + 10 if x + 10 + wide <= right else x - 10 - wide
    left = min(max(left, free), right - wide)
    return Rect(left, 0, wide, _LINE), text


def marker(
    iteration: int, x: float, free: float, plot: Rect, right: float, theme: Theme,
    *, training: bool, can_resume: bool,
) -> tuple[Shape, ...]:  # fmt: skip
    """Where in training time the picture on the stage is; it can be dragged."""
    place, text = marker_words(iteration, x, free, right, training=training, can_resume=can_resume)
    return (
        Wire(((x, plot.y - 4), (x, plot.bottom)), theme.ink, 1.5, head=False),
        Box(Rect(x - 5, plot.y - 8, 10, 10), theme.ink, radius=5.0),
        Label(place, text, theme.ink, _MARKER_SIZE, "left"),
    )


def _sample(entry: Entry, x: float) -> Shape:
    """A little of the line that an entry names."""
    middle = _LINE / 2
    if entry.mark == "square":
        return Box(Rect(x + _SAMPLE / 2 - 3, middle - 3, 6, 6), entry.color)
    ends = ((x, middle), (x + _SAMPLE, middle))
    width = 2.0 if entry.mark == "line" else 1.0
    return Wire(ends, entry.color, width, head=False, dashed=entry.mark == "dashes")
