"""The numbers in the boxes: which array belongs to a row, on which scale, and how it is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.symbols import cell_body, cell_width
from rnnviz.scene.number_room import numbers_fit
from rnnviz.scene.shapes import Cells, Raster, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import largest_finite
from rnnviz.scene.strips_values import nice_bound
from rnnviz.trace import Part, Trace

Floats = NDArray[np.floating]
FIGURES = 9.0
"""Font size of the numbers on cells in a small view, pixels."""


def figure_size(layout: GraphLayout, cell: float) -> float:
    """Font size of the numbers on cells of that width: larger in a large view, where there is
    still room for two decimals."""
    return max(min(FIGURES * layout.lettering, (cell - 3.0) / 2.7), FIGURES)


def array_name(row: Row, part: Part, trace: Trace) -> str:
    """Name of the array whose steps the row shows in that part."""
    if row.kind == "state":
        return f"{part.prefix}h_{row.layer}"
    if row.kind == "output":
        return "probs" if "probs" in trace else "logits"
    return f"{part.prefix}x" if row.kind == "input" else "loss"


def first_step(row: Row, part: Part) -> int:
    """Column of the array's step 0: an answer for the whole sequence has one step, at the end."""
    return row.first if row.kind in ("output", "loss") else part.start


def vectors(state: ViewState, row: Row, part: Part, columns: range, name: str = "") -> Floats:
    """(len(columns), n) values of the shown sequence; the columns lie in that part."""
    trace = state.trace
    array = trace.get(name or array_name(row, part, trace))
    if array is None:
        return np.empty((0, 0))
    start = columns.start - first_step(row, part)
    values: Floats = array[start : start + len(columns), state.row]
    return values


@of_trace
def free_range(trace: Trace, names: tuple[str, ...]) -> float:
    """A round bound for arrays without a natural range: 1, 2 or 5 times a power of ten."""
    arrays = [array for name in names if (array := trace.get(name)) is not None]
    return nice_bound(max((largest_finite(array) for array in arrays), default=0.0), least=1.0)


def scale_of(state: ViewState, row: Row) -> ColorScale:
    """The row's colour scale: fixed for states, probabilities and one-hot vectors."""
    theme, trace, spec = state.theme, state.trace, state.trace.spec
    if row.kind == "output" and "probs" in trace:
        return theme.probabilities
    if row.kind == "input" and spec.input_kind == "one-hot":
        return theme.states
    if row.kind == "state" and spec.bounded_states:
        return theme.states
    bound = free_range(trace, _on_one_scale(row, trace))
    return ColorScale(theme.diverging, -bound, bound)


def _on_one_scale(row: Row, trace: Trace) -> tuple[str, ...]:
    """Arrays that share the row's colours: a row of both parts has one scale, and all states have
    the one that stands in the header."""
    names = (
        [f"{p.prefix}h_{layer}" for p in trace.parts for layer in trace.spec.layer_names(p.prefix)]
        if row.kind == "state"
        else [array_name(row, part, trace) for part in trace.parts]
    )
    return tuple(dict.fromkeys(names))


def value_shapes(state: ViewState, layout: GraphLayout, row: Row, columns: range) -> list[Shape]:
    """The values of some columns of a row; empty where the row shows none."""
    columns = range(max(columns.start, row.first), min(columns.stop, row.last))
    shapes: list[Shape] = []
    if row.fill in ("token", "none"):
        return shapes
    for part in layout.parts:
        run = range(max(columns.start, part.start), min(columns.stop, part.stop))
        if not run:
            continue
        if row.kind == "state" and state.trace.spec.has_cell_state:
            upper, lower = _halves(row)
            cell = vectors(state, row, part, run, f"{part.prefix}c_{row.layer}")
            shapes += _drawn(state, layout, upper, run, np.tanh(cell))
            shapes += _drawn(state, layout, lower, run, vectors(state, row, part, run))
        else:
            shapes += _drawn(state, layout, row, run, vectors(state, row, part, run))
    return shapes


def _halves(row: Row) -> tuple[Row, Row]:
    """The LSTM's box: c (drawn as tanh c, which is what the output gate lets out) above h."""
    half = row.height / 2
    return replace(row, height=half), replace(row, top=row.top + half, height=half)


def _drawn(
    state: ViewState, layout: GraphLayout, row: Row, run: range, values: Floats
) -> list[Shape]:
    if not values.size:
        return []
    scale = scale_of(state, row)
    if layout.detail == "band":
        return [_band(layout, row, run, values, scale)]
    lefts = layout.lefts(row, run)
    if layout.detail == "columns":
        tops = np.full(len(run), row.top)
        length = row.height / values.shape[1]
        return [Cells(lefts, tops, values, row.box_width, length, scale, gap=0.0, vertical=True)]
    body = cell_body(state, layout, row, Rect(0.0, row.top, row.box_width, row.height))
    xs, ys = lefts + body.x, np.full(len(run), body.y)
    count = values.shape[1]
    if row.fill in ("numbers", "cells"):
        cell, gap = cell_width(row, body)
        size = figure_size(layout, cell)
        numbers = row.fill == "numbers" and body.h >= 10.0
        numbers = numbers and numbers_fit(values, cell, size, signed=scale.low < 0)
        return [Cells(xs, ys, values, cell, body.h, scale, gap, numbers=numbers, size=size)]
    if body.w >= 1.2 * body.h:
        return [Cells(xs, ys, values, body.w / count, body.h, scale, gap=0.0)]
    return [Cells(xs, ys, values, body.w, body.h / count, scale, gap=0.0, vertical=True)]


def _band(layout: GraphLayout, row: Row, run: range, values: Floats, scale: ColorScale) -> Raster:
    """The row as one heatmap, no more columns and units than there are pixels (at twice)."""
    left, right = layout.axis.left_of(run.start), layout.axis.left_of(run.stop)
    wide, tall = int(2 * (right - left)) + 1, int(2 * row.height) + 1
    if values.shape[0] > wide:
        values = values[(np.arange(wide) * values.shape[0]) // wide]
    if values.shape[1] > tall:
        values = values[:, (np.arange(tall) * values.shape[1]) // tall]
    return Raster(Rect(left, row.top, right - left, row.height), values.T, scale)
