"""Units × steps as colours: states, gates, attention, and outputs with a row for each class."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.numbers import decimals_for
from rnnviz.scene.shapes import Cells, Floats, Raster, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_order import Order, unit_order
from rnnviz.scene.strips_reduce import How, Values, halved, pooled, unit_rows, window
from rnnviz.scene.strips_values import color_scale, strip_values

_LEAST_ROW = 1.0
MOST_CELLS = 800


def column_gap(pitch: float) -> float:
    """Space between two columns that are drawn as blocks of their own."""
    return min(max(pitch * 0.06, 1.0), 8.0)


def order_of(state: ViewState, strip: Strip, layout: StripLayout, memo: StripsMemo) -> Order:
    """Unit numbers of a strip from top to bottom."""
    if strip.family != "heat" or strip.name == "attention":
        return np.arange(strip.rows)
    key = (
        "order", strip.name, state.row,
        layout.sorting_of(strip.name), layout.hand_of(strip.name), layout.pins_of(strip.name),
    )  # fmt: skip
    return memo.get(key, lambda: unit_order(layout, strip.name, strip_values(state, strip)))


def heat_shapes(
    state: ViewState, strip: Strip, rect: Rect, layout: StripLayout, memo: StripsMemo
) -> tuple[Shape, ...]:
    """The strip inside its rect: cells with numbers when near, one raster when far."""
    seen = window(state.axis, strip.part)
    if seen is None:
        return ()
    scale = color_scale(state, strip, memo)
    order = order_of(state, strip, layout, memo)
    rows = min(len(order), max(1, int(rect.h / _LEAST_ROW)))
    how: How = "strongest" if scale.low < 0 else "max"
    level = 0
    if seen.reduced:
        per_column = (seen.stop - seen.start) / seen.count
        level = max(0, int(np.log(per_column / 2) / np.log(4))) if per_column > 8 else 0
    key = ("rows", strip.name, state.row, order.tobytes(), rows, level)

    def make() -> Values:
        values = strip_values(state, strip)
        return halved(unit_rows(values, order, rows, how), level)

    table = memo.get(key, make)
    if seen.reduced:
        edges = seen.edges if level == 0 else np.minimum(seen.edges >> (2 * level), len(table))
        if level:
            edges[-1] = min(-(-seen.stop // 4**level), len(table))
        values = pooled(table, edges, "mean" if scale.low < 0 else "max")
    else:
        values = table[seen.start : seen.stop]
    if seen.pitch >= 9 and rect.h / rows >= 4 and values.size <= MOST_CELLS:
        return (_cells(values, seen.x, seen.pitch, rect, scale),)
    place = Rect(seen.x, rect.y, seen.count * seen.pitch, rect.h)
    return (Raster(place, np.ascontiguousarray(values.T), scale),)


def _cells(values: Values, x: float, pitch: float, rect: Rect, scale: ColorScale) -> Cells:
    gap = column_gap(pitch)
    count, rows = values.shape
    height = rect.h / rows
    xs: Floats = x + gap / 2 + pitch * np.arange(count, dtype=np.float64)
    ys: Floats = rect.y + height * np.arange(rows, dtype=np.float64)
    size = min(11.0, height - 4.0)
    numbers = height >= 13 and decimals_for(pitch - gap, size) >= 1
    # One vector a cell: every cell is rounded to pixels on its own, so none drifts.
    return Cells(
        np.repeat(xs, rows), np.tile(ys, count), values.reshape(-1, 1), pitch - gap, height - 1.0,
        scale, gap=1.0, vertical=True, numbers=numbers, size=max(size, 6.0),
    )  # fmt: skip
