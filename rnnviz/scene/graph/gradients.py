"""The backward pass: orange arrows against the stream, as wide as the gradient they carry."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.graph.layout import GraphLayout, Row
from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.graph.wires import CLEAR, links_up, path_along, path_up
from rnnviz.scene.shapes import Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.trace import Part, Trace

DECADES = 4.0
"""Norms this many powers of ten below the largest still have some width of their own."""
NARROWEST, WIDEST = 1.2, 11.0

Norms = NDArray[np.float64]


@of_trace
def norms_of(trace: Trace, name: str, row: int) -> Norms:
    """(T,) Euclidean norms of a (T, B, n) array for one sequence of the batch."""
    array = trace.get(name)
    if array is None:
        return np.zeros(0)
    # In float64 a norm below float32's range stays apart from an exact zero.
    values = array[:, row]
    norms: Norms = np.sqrt(np.einsum("th,th->t", values, values, dtype=np.float64))
    return norms


@of_trace
def carried_norms(trace: Trace, layer: str, prefix: str, row: int) -> Norms:
    """(T,) norms of what reaches each state from its successor in time: total minus direct."""
    total = trace.get(f"dL_d{prefix}h_{layer}")
    direct = trace.get(f"dL_d{prefix}h_direct_{layer}")
    if total is None:
        return np.zeros(0)
    if direct is None:
        return norms_of(trace, f"dL_d{prefix}h_{layer}", row)
    rest = np.subtract(total[:, row], direct[:, row], dtype=np.float64)
    norms: Norms = np.sqrt(np.square(rest).sum(axis=1))
    return norms


@of_trace
def largest(trace: Trace, row: int) -> float:
    """The largest gradient norm at any state or output: the widest arrow."""
    found = [0.0]
    for part in trace.parts:
        for layer in trace.spec.layer_names(part.prefix):
            norms = norms_of(trace, f"dL_d{part.prefix}h_{layer}", row)
            if norms.size:
                found.append(float(np.nanmax(norms)))
    return max(found)


def arrow_width(norm: float, most: float, widest: float = WIDEST) -> float:
    """Width in pixels on a log scale, 0 for an exact zero (drawn as a thin dashed line)."""
    if norm <= 0.0 or most <= 0.0 or not math.isfinite(norm):
        return 0.0
    share = 1.0 + math.log10(min(norm / most, 1.0)) / DECADES
    width = NARROWEST + (widest - NARROWEST) * max(share, 0.0)
    # Half pixels: arrows of one width are painted together.
    return max(round(2.0 * width) / 2.0, NARROWEST)


def arrow_widths(norms: Norms, most: float, widest: float = WIDEST) -> list[float]:
    """`arrow_width` of many norms at once."""
    if most <= 0.0:
        return [0.0] * len(norms)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = 1.0 + np.log10(np.minimum(norms / most, 1.0)) / DECADES
        widths = NARROWEST + (widest - NARROWEST) * np.maximum(shares, 0.0)
        widths = np.maximum(np.round(2.0 * widths) / 2.0, NARROWEST)
    widths[~((norms > 0.0) & np.isfinite(norms))] = 0.0
    found: list[float] = widths.tolist()
    return found


@lru_cache(maxsize=8192)
def _arrow(
    layout: GraphLayout, row: int, above: int, column: int, width: float, color: int
) -> Wire:
    """The arrow into a row's node from a row above, or along the row where both are the same."""
    here = layout.rows[row]
    if above == row:
        points = backward_path(layout, here, column)
    else:
        points = down(layout, here, layout.rows[above], column)
    return Wire(points, color, width) if width else Wire(points, color, 1.0, dashed=True)


@lru_cache(maxsize=2048)
def _above(layout: GraphLayout, row: int, column: int) -> tuple[int, ...]:
    """Rows that a row feeds in a column: its gradient comes from them."""
    below = layout.rows[row]
    rows = layout.rows
    return tuple(
        rows.index(target) for source, target in links_up(layout, column) if source is below
    )


def gradient_shapes(
    state: ViewState, layout: GraphLayout, columns: range, stretch: Stretch
) -> list[Shape]:
    """The arrows of the backward pass that appear in a stretch of it."""
    if not state.trace.has_gradients or layout.detail != "boxes":
        return []
    shapes: list[Shape] = []
    for number, row in enumerate(layout.rows):
        if row.kind in ("output", "state"):
            for part in layout.parts:
                run = stretch.of_row("backward", row, part.prefix, columns)
                run = range(max(run.start, row.first), min(run.stop, row.last))
                if run:
                    shapes += _into(state, layout, number, part, run)
    return shapes


def widest_in(row: Row) -> float:
    """Width of the thickest arrow that suits the boxes of a row."""
    most = min(WIDEST, row.height * 0.36, row.box_width * 0.26)
    return max(min(most, abs(row.shift) * 0.7) if row.shift else most, 2.0)


def _into(
    state: ViewState, layout: GraphLayout, number: int, part: Part, run: range
) -> Iterator[Wire]:
    """Arrows that end at the nodes of one row in these columns."""
    row, color = layout.rows[number], state.theme.gradient
    most, widest = largest(state.trace, state.row), widest_in(row)
    norms, start = _norms_into(state, row, part, False)
    # What was not recorded counts as zero.
    found = norms[run.start - start : run.stop - start] if norms.size else np.zeros(len(run))
    for column, width in zip(run, arrow_widths(found, most, widest), strict=True):
        for above in _above(layout, number, column):
            yield _arrow(layout, number, above, column, width, color)
    if row.kind != "state":
        return
    norms, start = _norms_into(state, row, part, True)
    found = norms[run.start - start : run.stop - start] if norms.size else np.zeros(len(run))
    cuts = _cuts(state.trace)
    for column, width in zip(run, arrow_widths(found, most, widest), strict=True):
        after = column - 1 if row.reverse else column + 1
        if row.has(after) and max(column, after) not in cuts:
            yield _arrow(layout, number, number, column, width, color)


def _norms_into(state: ViewState, row: Row, part: Part, along: bool) -> tuple[Norms, int]:
    """Norms of what arrives at a row's nodes from above, or along it, and their first column."""
    if row.kind == "output":
        return norms_of(state.trace, "dL_dlogits", state.row), row.first
    if along:
        return carried_norms(state.trace, row.layer, part.prefix, state.row), part.start
    name = f"dL_d{part.prefix}h_direct_{row.layer}"
    return norms_of(state.trace, name, state.row), part.start


def gradient_norm(
    state: ViewState, layout: GraphLayout, row: Row, column: int, along: bool
) -> float:
    """Norm that one arrow into a node carries: from its successor in time, or from above."""
    if row.kind not in ("output", "state"):
        return 0.0
    if along and row.kind == "state":
        after = column - 1 if row.reverse else column + 1
        if max(column, after) in _cuts(state.trace) or not row.has(after):
            return 0.0
    norms, start = _norms_into(state, row, layout.part_of(column), along)
    return float(norms[column - start]) if norms.size else 0.0


def down(
    layout: GraphLayout, below: Row, above: Row, column: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The way of a gradient from the upper box to the lower, left of the forward wire."""
    (x, low), (_, high) = path_up(layout, below, above, column)
    aside = min(11.0, max(below.box_width * 0.22, 3.0))
    if below.shift:
        # Between the two directions' edges there is just room for the wire and its gradient.
        aside = abs(below.shift) * (-0.62 if below.reverse else 0.62)
    x -= aside
    return (x, high - CLEAR + 1.0), (x, low - CLEAR + 1.0)


def backward_path(
    layout: GraphLayout, row: Row, column: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """From the successor's box back to this one, under the forward wire."""
    (x0, _), (x1, _) = path_along(layout, row, column)
    y = row.top + row.height * (0.72 if not layout.spec.has_cell_state else 0.86)
    into = 1.0 if x1 > x0 else -1.0
    return (x1 + into * (CLEAR - 1.0), y), (x0 + into * (CLEAR - 1.0), y)


@of_trace
def _cuts(trace: Trace) -> frozenset[int]:
    """Columns before which the gradient is cut."""
    cuts = trace.get("cuts")
    return frozenset(cuts.tolist()) if cuts is not None else frozenset()
