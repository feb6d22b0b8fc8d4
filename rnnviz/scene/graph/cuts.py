"""Truncated backpropagation: where the state goes on but the gradient is cut."""

from __future__ import annotations

from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.shapes import Label, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width


def cut_shapes(state: ViewState, layout: GraphLayout, columns: range) -> list[Shape]:
    """Two slashes through the way back between two steps, and the word where there is room."""
    cuts = state.trace.get("cuts")
    if cuts is None or not len(cuts) or not layout.states:
        return []
    shapes: list[Shape] = []
    color = state.theme.bad
    for cut in cuts.tolist():
        if cut not in columns:
            continue
        x = layout.axis.left_of(cut)
        if layout.detail != "boxes":
            top, bottom = layout.states[-1].top, layout.states[0].bottom
            shapes.append(Wire(((x, top), (x, bottom)), color, 1.0, head=False, dashed=True))
            continue
        for row in layout.states:
            y = row.top + row.height * 0.72
            reach = min(row.height * 0.28, 8.0)
            for dx in (-2.0, 3.0):
                points = ((x + dx - 2.5, y + reach), (x + dx + 2.5, y - reach))
                shapes.append(Wire(points, color, 1.6, head=False))
        width = text_width("cut", 10.0) + 4.0
        row = layout.states[0]
        if layout.axis.pitch - row.box_width >= width + 6.0 and layout.gap >= 16.0:
            rect = Rect(x - width / 2, row.bottom + 1.0, width, 12.0)
            shapes.append(Label(rect, "cut", color, 10.0))
    return shapes
