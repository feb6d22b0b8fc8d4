"""What moves: values on their way along the wires, gradients growing against the stream."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.graph.gradients import (
    arrow_width,
    backward_path,
    down,
    gradient_norm,
    largest,
    widest_in,
)
from rnnviz.scene.graph.layout import GraphLayout, Row
from rnnviz.scene.graph.values import scale_of, vectors
from rnnviz.scene.graph.wires import links_up, path_along, path_up
from rnnviz.scene.shapes import Box, Cells, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.timeline import Operation

Point = tuple[float, float]


def target_row(layout: GraphLayout, operation: Operation) -> Row | None:
    """The row whose node the operation computes."""
    kind = operation.kind
    if kind == "update":
        return None
    return layout.row(kind, operation.layer if kind == "state" else "")


def motion_shapes(state: ViewState, layout: GraphLayout) -> list[Shape]:
    """Travelling values of the operation under way; nothing when it is done or in still mode."""
    cursor = state.cursor
    row = target_row(layout, cursor.operation)
    busy = 0.0 < cursor.progress < 1.0
    if state.still or not busy or row is None or layout.detail != "boxes":
        return []
    if not row.has(cursor.column):
        return []
    if cursor.phase == "forward":
        return _forward(state, layout, row, cursor.column)
    return _backward(state, layout, row, cursor.column)


def _forward(state: ViewState, layout: GraphLayout, row: Row, column: int) -> list[Shape]:
    shapes: list[Shape] = []
    for source, target in links_up(layout, column):
        if target is row:
            shapes += _travel(state, layout, source, column, path_up(layout, source, row, column))
    if row.kind == "state":
        before = column + 1 if row.reverse else column - 1
        if row.has(before):
            path = path_along(layout, row, before)
            shapes += _travel(state, layout, row, before, path)
    return shapes


def _travel(
    state: ViewState, layout: GraphLayout, row: Row, column: int, path: tuple[Point, Point]
) -> list[Shape]:
    """The source's values as a small vector somewhere on the path."""
    (x0, y0), (x1, y1) = path
    p = _eased(state.cursor.progress)
    x, y = x0 + (x1 - x0) * p, y0 + (y1 - y0) * p
    color = {"input": state.theme.input, "output": state.theme.output}.get(
        row.kind, state.theme.hidden
    )
    trail = Wire(((x0, y0), (x, y)), color, 3.0, head=False)
    values = vectors(state, row, layout.part_of(column), range(column, column + 1))
    count = values.shape[1] if values.size else 0
    if 0 < count <= 8:
        w = count * 7.0 + 3.0
        rect = Rect(x - w / 2, y - 6.0, w, 12.0)
        spot = (np.array([rect.x + 2.0]), np.array([rect.y + 2.0]))
        cells = Cells(*spot, values, 6.0, 8.0, scale_of(state, row), 1.0)
        return [trail, Box(rect, state.theme.panel, color, 1.2, 3.0), cells]
    return [trail, Box(Rect(x - 5.0, y - 5.0, 10.0, 10.0), color, 0, 0.0, 5.0)]


def _backward(state: ViewState, layout: GraphLayout, row: Row, column: int) -> list[Shape]:
    shapes: list[Shape] = []
    p = _eased(state.cursor.progress)
    most = largest(state.trace, state.row)
    widest = widest_in(row)
    ways = [
        (down(layout, source, target, column), False)
        for source, target in links_up(layout, column)
        if source is row
    ]
    after = column - 1 if row.reverse else column + 1
    if row.kind == "state" and row.has(after):
        ways.append((backward_path(layout, row, column), True))
    for ((x0, y0), (x1, y1)), along in ways:
        norm = gradient_norm(state, layout, row, column, along)
        width = arrow_width(norm, most, widest)
        if width > 0.0:
            end = (x0 + (x1 - x0) * p, y0 + (y1 - y0) * p)
            shapes.append(Wire(((x0, y0), end), state.theme.gradient, width))
    return shapes


def _eased(p: float) -> float:
    """Slow at both ends."""
    return p * p * (3.0 - 2.0 * p)
