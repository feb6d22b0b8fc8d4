"""The backward pass: orange arrows against the stream, as wide as the gradient they carry."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.graph.layout import GraphLayout, Row
from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.graph.wires import CLEAR, links_up, path_along, path_up
from rnnviz.scene.shapes import Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.trace import Trace

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


def _arrow(
    points: tuple[tuple[float, float], ...], norm: float, state: ViewState, widest: float
) -> Wire:
    width = arrow_width(norm, largest(state.trace, state.row), widest)
    if width == 0.0:
        return Wire(points, state.theme.gradient, 1.0, dashed=True)
    return Wire(points, state.theme.gradient, width)


def gradient_shapes(
    state: ViewState, layout: GraphLayout, columns: range, stretch: Stretch
) -> list[Shape]:
    """The arrows of the backward pass that appear in a stretch of it."""
    if not state.trace.has_gradients or layout.detail != "boxes":
        return []
    shapes: list[Shape] = []
    for row in layout.rows:
        if row.kind in ("output", "state"):
            shapes += _into(state, layout, row, columns, stretch)
    return shapes


def widest_in(row: Row) -> float:
    """Width of the thickest arrow that suits the boxes of a row."""
    most = min(WIDEST, row.height * 0.36, row.box_width * 0.26)
    return max(min(most, abs(row.shift) * 0.7) if row.shift else most, 2.0)


def _into(
    state: ViewState, layout: GraphLayout, row: Row, columns: range, stretch: Stretch
) -> list[Shape]:
    """Arrows that end at the nodes of one row."""
    shapes: list[Shape] = []
    widest = widest_in(row)
    for part in layout.parts:
        for column in stretch.of_row("backward", row, part.prefix, columns):
            if not row.has(column):
                continue
            for source, target in links_up(layout, column):
                if source is row:
                    norm = gradient_norm(state, layout, row, column, False)
                    shapes.append(_arrow(down(layout, row, target, column), norm, state, widest))
            after = column - 1 if row.reverse else column + 1
            if row.kind != "state" or not row.has(after) or _is_cut(state.trace, column, after):
                continue
            norm = gradient_norm(state, layout, row, column, True)
            shapes.append(_arrow(backward_path(layout, row, column), norm, state, widest))
    return shapes


def gradient_norm(
    state: ViewState, layout: GraphLayout, row: Row, column: int, along: bool
) -> float:
    """Norm that one arrow into a node carries: from its successor in time, or from above."""
    part = layout.part_of(column)
    start = part.start
    if row.kind == "output":
        norms, start = norms_of(state.trace, "dL_dlogits", state.row), row.first
    elif row.kind != "state":
        return 0.0
    elif along:
        after = column - 1 if row.reverse else column + 1
        if _is_cut(state.trace, column, after) or not row.has(after):
            return 0.0
        norms = carried_norms(state.trace, row.layer, part.prefix, state.row)
    else:
        norms = norms_of(state.trace, f"dL_d{part.prefix}h_direct_{row.layer}", state.row)
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


def _is_cut(trace: Trace, column: int, after: int) -> bool:
    cuts = trace.get("cuts")
    return cuts is not None and max(column, after) in cuts.tolist()
