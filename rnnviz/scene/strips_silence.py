"""Padding in the strips: after the end of a sequence nothing is shown as if it took part."""

from __future__ import annotations

from rnnviz.scene.graph.silence import silence_of
from rnnviz.scene.shapes import Box, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip


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
