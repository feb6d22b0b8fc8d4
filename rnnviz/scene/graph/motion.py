"""What moves: values on their way along the wires, gradients growing against the stream."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from rnnviz.scene.graph.gradients import (
    backward_path,
    cut_columns,
    down,
    norms_along,
    norms_from_above,
    widest_in,
    widest_on,
)
from rnnviz.scene.graph.lanes import Lane, lanes
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.norms import arrow_width, largest
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.values import scale_of, vectors
from rnnviz.scene.graph.wires import fed_back_path, links_up, path_along, path_up
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
    shapes = rising_shapes(state, layout, row, column)
    before = layout.before(row, column)
    if row.kind != "state" or before is None or not layout.shows(row, column):
        return shapes
    if layout.spec.cell == "jordan":
        output = layout.row("output")
        if output is not None and output.has(before):
            path = fed_back_path(layout, before)
            shapes += travelling(state, layout, output, before, path)
        return shapes
    for lane in lanes(layout, row):
        path_there = path_along(layout, row, before, lane)
        shapes += travelling(state, layout, row, before, path_there, lane)
    return shapes


def rising_shapes(state: ViewState, layout: GraphLayout, row: Row, column: int) -> list[Shape]:
    """What travels up into a row's node inside its step."""
    shapes: list[Shape] = []
    for source, target in links_up(layout, column):
        if target is row:
            path = path_up(layout, source, row, column)
            shapes += travelling(state, layout, source, column, path)
    return shapes


def travelling(
    state: ViewState,
    layout: GraphLayout,
    row: Row,
    column: int,
    path: Sequence[Point],
    lane: Lane | None = None,
) -> list[Shape]:
    """The values of a step of a row as a small vector somewhere on the path."""
    trail = stretch_of(path, eased(state.cursor.progress))
    x, y = trail[-1]
    color = {"input": state.theme.input, "output": state.theme.output}.get(
        row.kind, state.theme.hidden
    )
    part, name = layout.part_of(column), ""
    if lane is not None and lane.letter == "c":
        color, name = state.theme.cell, f"{part.prefix}c_{row.layer}"
    wire = Wire(trail, color, 3.0, head=False)
    values = vectors(state, row, part, range(column, column + 1), name)
    if name:
        values = np.tanh(values)
    count = values.shape[1] if values.size else 0
    if 0 < count <= 8:
        w = count * 7.0 + 3.0
        rect = Rect(x - w / 2, y - 6.0, w, 12.0)
        spot = (np.array([rect.x + 2.0]), np.array([rect.y + 2.0]))
        cells = Cells(*spot, values, 6.0, 8.0, scale_of(state, row), 1.0)
        return [wire, Box(rect, state.theme.panel, color, 1.2, 3.0), cells]
    return [wire, Box(Rect(x - 5.0, y - 5.0, 10.0, 10.0), color, 0, 0.0, 5.0)]


def _backward(state: ViewState, layout: GraphLayout, row: Row, column: int) -> list[Shape]:
    shapes = sinking_shapes(state, layout, row, column)
    after = layout.after(row, column)
    if after is None or not layout.shows(row, column):
        return shapes
    if max(column, after) not in cut_columns(state.trace):
        part = layout.part_of(column)
        for lane, norms in norms_along(state, layout, row, part):
            norm = float(norms[column - part.start]) if norms.size else 0.0
            path: Sequence[Point] = (
                fed_back_path(layout, column, backward=True)
                if row.kind == "output"
                else backward_path(layout, row, column, lane)
            )
            shapes += _growing(state, path, norm, widest_on(row, lane))
    return shapes


def sinking_shapes(state: ViewState, layout: GraphLayout, row: Row, column: int) -> list[Shape]:
    """The gradient on its way down into a row's node inside its step."""
    if row.kind not in ("output", "state"):
        return []
    norms, start = norms_from_above(state, row, layout.part_of(column))
    norm = float(norms[column - start]) if norms.size else 0.0
    shapes: list[Shape] = []
    for source, target in links_up(layout, column):
        if source is row:
            shapes += _growing(state, down(layout, row, target, column), norm, widest_in(row))
    return shapes


def _growing(state: ViewState, path: Sequence[Point], norm: float, widest: float) -> list[Wire]:
    width = arrow_width(norm, largest(state.trace, state.row), widest)
    if width <= 0.0:
        return []
    return [Wire(stretch_of(path, eased(state.cursor.progress)), state.theme.gradient, width)]


def stretch_of(path: Sequence[Point], share: float) -> tuple[Point, ...]:
    """The beginning of a polyline up to a share of its length."""
    lengths = [math.hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(path)]
    left = share * sum(lengths)
    points = [path[0]]
    for (a, b), length in zip(pairwise(path), lengths, strict=True):
        if length >= left:
            p = left / length if length > 0.0 else 0.0
            points.append((a[0] + (b[0] - a[0]) * p, a[1] + (b[1] - a[1]) * p))
            break
        left -= length
        points.append(b)
    return tuple(points)


def eased(p: float) -> float:
    """Slow at both ends."""
    return p * p * (3.0 - 2.0 * p)
