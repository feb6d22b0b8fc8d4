"""The step at the cursor as a line through all strips, which strikes out no word."""

from __future__ import annotations

from collections.abc import Iterator

from rnnviz.scene.shapes import Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_outputs import shows_top_five
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_tokens import NUMBERS, input_tokens, is_a_bar

_NUMBERED = 26.0
"""Pixels from which a column has room for numbers."""


def cursor_lines(state: ViewState, shown: tuple[Placed, ...], height: float) -> list[Wire]:
    """A line through the middle of the step that stops at words; a wide column, which has numbers
    in the middle, stands between two lines, as in the graph."""
    axis, cursor = state.axis, state.cursor
    color = state.theme.gradient if cursor.phase == "backward" else state.theme.accent
    if axis.pitch >= _NUMBERED:
        edges = axis.left_of(cursor.column), axis.left_of(cursor.column + 1)
        lines = [((x, 0.0), (x, height)) for x in edges]
    else:
        x, top, lines = axis.center_of(cursor.column), 0.0, []
        for begin, end in _words(state, shown):
            lines.append(((x, top), (x, max(begin, top))))
            top = max(end, top)
        lines.append(((x, top), (x, height)))
    return [Wire(line, color, 1.5, head=False, dashed=True) for line in lines]


def _words(state: ViewState, shown: tuple[Placed, ...]) -> Iterator[tuple[float, float]]:
    """From where to where words stand in narrow columns, from top to bottom."""
    for placed in shown:
        strip, rect = placed.strip, placed.rect
        if placed.collapsed:
            continue
        if strip.family == "tokens":
            # From afar the input is a bar: then there are only the numbers of the steps below it.
            bar = is_a_bar(state.axis, input_tokens(state, strip.part.prefix))
            yield rect.bottom - NUMBERS if bar else rect.y, rect.bottom
        elif strip.family == "outputs" and shows_top_five(state, strip):
            yield rect.y, rect.bottom
