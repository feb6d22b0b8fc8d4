"""Where the eye should be: the current step's frame, the node at work, and what was chosen."""

from __future__ import annotations

from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.motion import target_row
from rnnviz.scene.graph.nodes import role_color
from rnnviz.scene.graph.places import place_of
from rnnviz.scene.graph.rows import HEADER
from rnnviz.scene.shapes import Box, Rect, Shape, Wire
from rnnviz.scene.state import ViewState


def focus_shapes(state: ViewState, layout: GraphLayout) -> list[Shape]:
    """A dashed frame around the cursor's column, and an outline on what is at work."""
    cursor, theme = state.cursor, state.theme
    shapes: list[Shape] = []
    color = theme.gradient if cursor.phase != "forward" else theme.accent
    if cursor.phase != "update" and cursor.column in layout.columns:
        shapes += _frame(layout, cursor.column, color)
    row = target_row(layout, cursor.operation)
    if layout.detail == "boxes" and row is not None and layout.shows(row, cursor.column):
        hue = theme.gradient if cursor.phase == "backward" else role_color(row, theme)
        box = layout.box(row, cursor.column)
        shapes.append(Box(box.inset(-1.0), 0, hue, 3.0, min(7.0, box.w * 0.2)))
    return shapes


def chosen_shapes(state: ViewState, layout: GraphLayout) -> list[Shape]:
    """An outline on the node that was chosen: part of the figure, for somebody points it out."""
    place = None
    if state.selected and layout.detail == "boxes":
        place = place_of(layout, state.selected)
    return [] if place is None else [Box(place.inset(-3.0), 0, state.theme.accent, 2.5, 8.0)]


def _frame(layout: GraphLayout, column: int, color: int) -> list[Shape]:
    tint = (color & 0x00FFFFFF) | 0x12000000
    axis = layout.axis
    bottom = layout.height - 3.0
    if axis.pitch < 6.0:
        x = axis.center_of(column)
        return [Wire(((x, HEADER), (x, bottom)), color, 1.5, head=False, dashed=True)]
    inset = min(axis.pitch * 0.06, 6.0)
    left = axis.left_of(column) + inset
    rect = Rect(left, HEADER, axis.pitch - 2 * inset, bottom - HEADER)
    return [Box(rect, tint, color, 1.4, min(9.0, rect.w * 0.2), dashed=True)]
