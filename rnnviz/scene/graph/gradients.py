"""The backward pass: orange arrows against the stream, as wide as the gradient they carry."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from rnnviz.scene.graph.lanes import Lane, lanes
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.graph.norms import (
    WIDEST,
    Norms,
    arrow_widths,
    attended_norms,
    carried_cell_norms,
    carried_norms,
    fed_back_norms,
    largest,
    norms_of,
)
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.wires import CLEAR, fed_back_path, links_up, path_along, path_up
from rnnviz.scene.shapes import Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.trace import Part, Trace

Point = tuple[float, float]


def gradient_shapes(
    state: ViewState, layout: GraphLayout, columns: range, stretch: Stretch
) -> list[Shape]:
    """The arrows of the backward pass that appear in a stretch of it."""
    if not state.trace.has_gradients or layout.detail != "boxes":
        return []
    shapes: list[Shape] = []
    for number, part, run in _passed(layout, columns, stretch):
        shapes += _from_above(state, layout, number, part, run)
        shapes += _along(state, layout, number, part, run)
        shapes += _through_attention(state, layout, layout.rows[number], part, run)
    return shapes


def _through_attention(
    state: ViewState, layout: GraphLayout, row: Row, part: Part, run: range
) -> Iterator[Wire]:
    """Arrows into the encoder's states at the feet of the arcs along which they are looked at."""
    if part.prefix != "encoder_" or "attention" not in state.trace or row.kind != "state":
        return
    if row.depth != layout.spec.layers - 1:
        return
    most, widest = largest(state.trace, state.row), widest_in(row)
    norms = attended_norms(state.trace, row.layer, state.row)
    for column, width in zip(run, arrow_widths(_of(norms, run, 0), most, widest), strict=True):
        if width and layout.shows(row, column):
            box = layout.box(row, column)
            x, y = box.x + 0.7 * box.w, box.y - CLEAR + 1.0
            yield Wire(((x, y - min(0.6 * layout.gap, 26.0)), (x, y)), state.theme.gradient, width)


def descending_shapes(
    state: ViewState, layout: GraphLayout, columns: range, stretch: Stretch
) -> list[Shape]:
    """Only those of them that go down inside a step."""
    shapes: list[Shape] = []
    for number, part, run in _passed(layout, columns, stretch):
        shapes += _from_above(state, layout, number, part, run)
    return shapes


def _passed(
    layout: GraphLayout, columns: range, stretch: Stretch
) -> Iterator[tuple[int, Part, range]]:
    """The rows, by number, that the gradient passes in a stretch, with the columns in sight."""
    for number, row in enumerate(layout.rows):
        for part in layout.parts if row.kind in ("output", "state") else ():
            run = _shown(row, stretch.of_row("backward", row, part.prefix, columns))
            if run:
                yield number, part, run


def _shown(row: Row, run: range) -> range:
    return range(max(run.start, row.first), min(run.stop, row.last))


def widest_in(row: Row) -> float:
    """Width of the thickest arrow that suits the boxes of a row."""
    # In narrow columns the arrow and the wire beside it share half a box.
    most = min(WIDEST, row.height * 0.36, max(row.box_width * 0.26 - 1.6, 2.0))
    return max(min(most, abs(row.shift) * 0.7) if row.shift else most, 2.0)


def widest_on(row: Row, lane: Lane) -> float:
    """The same for the arrows along the row, on one of its lanes."""
    return max(min(widest_in(row), row.height * lane.thickest), 2.0)


def _from_above(
    state: ViewState, layout: GraphLayout, number: int, part: Part, run: range
) -> Iterator[Wire]:
    """Arrows from the rows above that end at the nodes of one row in these columns."""
    row, color = layout.rows[number], state.theme.gradient
    most, widest = largest(state.trace, state.row), widest_in(row)
    norms, start = norms_from_above(state, row, part)
    for column, width in zip(run, arrow_widths(_of(norms, run, start), most, widest), strict=True):
        yield from _arrows_down(layout, number, column, width, color)


def _along(
    state: ViewState, layout: GraphLayout, number: int, part: Part, run: range
) -> Iterator[Wire]:
    """Arrows from the next step in time, one for each lane."""
    row, color = layout.rows[number], state.theme.gradient
    most, cuts = largest(state.trace, state.row), cut_columns(state.trace)
    for lane_number, (lane, norms) in enumerate(norms_along(state, layout, row, part)):
        found = _of(norms, run, part.start)
        widths = arrow_widths(found, most, widest_on(row, lane))
        for column, width in zip(run, widths, strict=True):
            later = _later(layout, number, column)
            if later is not None and later not in cuts:
                yield _arrow_along(layout, number, lane_number, column, width, color)


def _of(norms: Norms, run: range, start: int) -> Norms:
    """The norms of some columns; what was not recorded counts as zero."""
    return norms[run.start - start : run.stop - start] if norms.size else np.zeros(len(run))


def norms_from_above(state: ViewState, row: Row, part: Part) -> tuple[Norms, int]:
    """Norms of what arrives at a row's nodes from above, and their first column."""
    if row.kind == "output":
        return norms_of(state.trace, "dL_dlogits", state.row), row.first
    name = f"dL_d{part.prefix}h_direct_{row.layer}"
    return norms_of(state.trace, name, state.row), part.start


def norms_along(
    state: ViewState, layout: GraphLayout, row: Row, part: Part
) -> list[tuple[Lane, Norms]]:
    """Norms of what arrives at a row's nodes from the next step in time, lane by lane."""
    trace = state.trace
    if layout.spec.cell == "jordan":
        # Its outputs are what is remembered: the way back in time ends at them.
        if row.kind != "output":
            return []
        return [(FED_BACK, fed_back_norms(trace, layout.spec.layer_names()[0], state.row))]
    if row.kind != "state":
        return []
    found = {
        "c": lambda: carried_cell_norms(trace, row.layer, part.prefix, state.row),
        "h": lambda: carried_norms(trace, row.layer, part.prefix, state.row),
    }
    return [(lane, found[lane.letter]()) for lane in lanes(layout, row)]


FED_BACK = Lane("y", 0.8, 0.8, 0.3)
"""What a jordan network's output hands to the next step."""


@lru_cache(maxsize=8192)
def _arrows_down(
    layout: GraphLayout, row: int, column: int, width: float, color: int
) -> tuple[Wire, ...]:
    """The arrows into a row's node from the rows above."""
    below = layout.rows[row]
    ways = [down(layout, below, above, column) for above in _above(layout, below, column)]
    if not width:
        return tuple(Wire(way, color, 1.0, dashed=True) for way in ways)
    return tuple(Wire(way, color, width) for way in ways)


@lru_cache(maxsize=2048)
def _later(layout: GraphLayout, row: int, column: int) -> int | None:
    """Of a node and its successor the column that is further right, before which the gradient may
    be cut; None where nothing comes along the row."""
    here = layout.rows[row]
    after = layout.after(here, column) if layout.shows(here, column) else None
    return None if after is None else max(column, after)


@lru_cache(maxsize=8192)
def _arrow_along(
    layout: GraphLayout, row: int, lane: int, column: int, width: float, color: int
) -> Wire:
    """The arrow into a row's node from the next step in time, on the lane of that number."""
    here = layout.rows[row]
    points: tuple[Point, ...]
    if here.kind == "output":
        points = fed_back_path(layout, column, backward=True)
    else:
        points = backward_path(layout, here, column, lanes(layout, here)[lane])
    return Wire(points, color, width) if width else Wire(points, color, 1.0, dashed=True)


def _above(layout: GraphLayout, below: Row, column: int) -> list[Row]:
    """Rows that a row feeds in a column: its gradient comes from them."""
    return [target for source, target in links_up(layout, column) if source is below]


def down(layout: GraphLayout, below: Row, above: Row, column: int) -> tuple[Point, Point]:
    """The way of a gradient from the upper box to the lower, left of the forward wire."""
    (x, low), (_, high) = path_up(layout, below, above, column)
    aside = min(11.0, max(below.box_width * 0.22, min(below.box_width * 0.36, 5.2)))
    if below.shift:
        # Between the two directions' edges there is just room for the wire and its gradient.
        aside = abs(below.shift) * (-0.62 if below.reverse else 0.62)
    x -= aside
    return (x, high - CLEAR + 1.0), (x, low - CLEAR + 1.0)


def backward_path(
    layout: GraphLayout, row: Row, column: int, lane: Lane | None = None
) -> tuple[Point, Point]:
    """From the successor's box back to this one, under the forward wire (of h, or of the lane)."""
    lane = lane or lanes(layout, row)[-1]
    (x0, _), (x1, _) = path_along(layout, row, column)
    y = row.top + row.height * lane.backward
    into = 1.0 if x1 > x0 else -1.0
    return (x1 + into * (CLEAR - 1.0), y), (x0 + into * (CLEAR - 1.0), y)


@of_trace
def cut_columns(trace: Trace) -> frozenset[int]:
    """Columns before which the gradient is cut."""
    cuts = trace.get("cuts")
    return frozenset(cuts.tolist()) if cuts is not None else frozenset()
