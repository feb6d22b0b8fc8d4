"""What is marked among the classes of an output: the target, or in a sample what was drawn."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.sampled import drawn_classes, mark_word
from rnnviz.scene.shapes import Bars, Box, Floats, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_far import target_classes
from rnnviz.scene.strips_heat import column_gap
from rnnviz.scene.strips_reduce import Values, window
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

_MOST_MARKS = 400
_TICK = 3.0
_SWATCH = 9.0


def frame(place: Rect, theme: Theme, *, drawn: bool) -> Box:
    """A frame where there is room for one, else a tick at the left edge, in the one colour that
    stands out from those of probabilities. What was drawn has a dashed one: it is where the dice
    fell, not what is wanted."""
    color = theme.gradient
    if place.h >= 12 and place.w >= 12:
        # It runs along the edges above and below: the figures of a low cell come close to them.
        around = Rect(place.x + 0.75, place.y, place.w - 1.5, place.h)
        return Box(around, 0, color, 2.0 if drawn else 1.5, 1.5, dashed=drawn)
    return Box(Rect(place.x, place.y, min(_TICK, place.w), place.h), color)


def target_marks(
    state: ViewState, strip: Strip, rect: Rect, columns: range | None = None
) -> list[Shape]:
    """A mark on the target of each step in sight, or of those among `columns` of the axis."""
    classes = target_classes(state, strip.part.steps)
    return _row_marks(state, strip, rect, classes, columns, drawn=False)


def drawn_marks(state: ViewState, strip: Strip, rect: Rect) -> list[Shape]:
    """In a sample a mark on what was drawn so far, of each step in sight."""
    return _row_marks(state, strip, rect, drawn_classes(state, strip.part), None, drawn=True)


def _row_marks(
    state: ViewState, strip: Strip, rect: Rect, classes: Values, columns: range | None,
    *, drawn: bool,
) -> list[Shape]:  # fmt: skip
    seen = window(state.axis, strip.part)
    if seen is None or seen.reduced or seen.count > _MOST_MARKS or seen.pitch < 6:
        return []
    height, gap = rect.h / strip.rows, column_gap(seen.pitch)
    if height < 3:
        return []
    marks: list[Shape] = []
    for column, marked in enumerate(classes[seen.start : seen.stop].tolist()):
        if marked < 0:
            continue
        if columns is not None and seen.start + strip.part.start + column not in columns:
            continue
        x = seen.x + column * seen.pitch + gap / 2
        place = Rect(x, rect.y + marked * height, seen.pitch - gap, height - 1)
        marks.append(frame(place, state.theme, drawn=drawn))
    return marks


def slot_marks(
    best: Values, classes: Values, xs: Floats, y: float, height: float, theme: Theme
) -> list[Shape]:
    """A tick beside what is marked among the likeliest: `best` (N, k) and `classes` (N,), with
    the left edge of each step's slots, the first of which begins at `y`."""
    if len(best) > _MOST_MARKS:
        return []
    columns, slots = (best == classes[:, None]).nonzero()
    if not len(columns):
        return []
    ticks = np.full((len(columns), 4), (0.0, y, _TICK, height - 1))
    ticks[:, 0] = xs[columns]
    ticks[:, 1] += slots * height
    return [Bars(ticks, np.full(len(columns), theme.gradient, np.uint32))]


def swatch_width(state: ViewState) -> float:
    """Room for the legend of the marks; 0 where a pass has none."""
    if state.trace.mode != "sample" and "targets" not in state.trace:
        return 0.0
    return text_width(mark_word(state), _SWATCH) + 9.0


def swatch(state: ViewState, x: float, y: float) -> list[Shape]:
    """Legend: the word in the frame that stands for it."""
    drawn = state.trace.mode == "sample"
    place = Rect(x, y, swatch_width(state), 13.0)
    return [
        frame(place, state.theme, drawn=drawn),
        Label(place, mark_word(state), state.theme.muted, _SWATCH),
    ]
