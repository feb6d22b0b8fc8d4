"""Padding in the strips: after the end of a sequence nothing is shown as if it took part."""

from __future__ import annotations

from rnnviz.scene.colors import VEIL
from rnnviz.scene.graph.silence import silence_of
from rnnviz.scene.shapes import Box, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip

_UNASKED = round(VEIL * 0xFF) << 24
"""Opacity of the veil over outputs that count for nothing."""


def padded_columns(state: ViewState, strip: Strip) -> range:
    """The columns in sight, of the whole axis, that are padding of the shown sequence.

    Shares of weight gradients are of the whole batch: they have none.
    """
    part, seen = strip.part, state.axis.visible
    inside = range(max(seen.start, part.start), min(seen.stop, part.stop))
    if strip.name.startswith("step_norm") or not len(inside):
        return range(0)
    found = silence_of(state.trace, state.row, inside).padding
    return range(min(found), inside.stop) if found else range(0)


def is_padded(state: ViewState, strip: Strip, column: int) -> bool:
    """The same of one column, wherever it is."""
    if strip.name.startswith("step_norm"):
        return False
    return column in silence_of(state.trace, state.row, range(column, column + 1)).padding


def padding_shapes(state: ViewState, strip: Strip, rect: Rect) -> tuple[Shape, ...]:
    """The ground over the padding, and a line where the sequence ends."""
    columns = padded_columns(state, strip)
    if not len(columns):
        return ()
    left, right = state.axis.left_of(columns.start), state.axis.left_of(columns.stop)
    cover = Rect(left, rect.y - 1.0, right - left + 1.0, rect.h + 2.0)
    return (
        Box(cover, state.theme.panel),
        Box(Rect(left, rect.y, 1.0, rect.h), state.theme.line),
    )


def is_unasked(state: ViewState, column: int) -> bool:
    """Whether nobody asks for the output of a step, which the graph does not show then."""
    found = silence_of(state.trace, state.row, range(column, column + 1))
    return column in found.unasked and column not in found.padding


def unasked_shapes(state: ViewState, strip: Strip, rect: Rect) -> tuple[Shape, ...]:
    """A veil over the outputs that are not asked for: what the model would say there."""
    part, seen = strip.part, state.axis.visible
    inside = range(max(seen.start, part.start), min(seen.stop, part.stop))
    found = silence_of(state.trace, state.row, inside)
    if not found.unasked:
        return ()
    ground = state.theme.panel & 0x00FFFFFF | _UNASKED
    shapes: list[Shape] = []
    start: int | None = None
    for column in range(inside.start, inside.stop + 1):
        pale = column < inside.stop and column in found.unasked and column not in found.padding
        if pale and start is None:
            start = column
        elif not pale and start is not None:
            left, right = state.axis.left_of(start), state.axis.left_of(column)
            shapes.append(Box(Rect(left, rect.y - 1.0, right - left, rect.h + 2.0), ground))
            start = None
    return tuple(shapes)
