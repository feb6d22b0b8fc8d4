"""Units × steps as colours: states, gates, attention, and outputs with a row for each class."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.number_room import numbers_fit
from rnnviz.scene.numbers import figures_for
from rnnviz.scene.shapes import Cells, Floats, Raster, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_far import FAR_ROWS, far_values, is_far
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_order import Order, unit_order
from rnnviz.scene.strips_reduce import How, Values, Window, halved, row_starts, unit_rows, window
from rnnviz.scene.strips_values import color_scale, strip_values

_LEAST_ROW = 2.0
MOST_CELLS = 800


def column_gap(pitch: float) -> float:
    """Space between two columns that are drawn as blocks of their own."""
    return min(max(pitch * 0.06, 1.0), 8.0)


def order_of(state: ViewState, strip: Strip, layout: StripLayout, memo: StripsMemo) -> Order:
    """Unit numbers of a strip from top to bottom."""
    if is_far(state, strip):
        return np.arange(FAR_ROWS)
    if strip.family != "heat" or strip.name == "attention":
        return np.arange(strip.rows)
    key = (
        "order", strip.name, state.row,
        layout.sorting_of(strip.name), layout.hand_of(strip.name), layout.pins_of(strip.name),
    )  # fmt: skip

    def make() -> Order:
        return unit_order(layout, strip.name, strip_values(state, strip))

    if state.live and layout.sorting_of(strip.name) in ("activity", "similarity"):
        # While pass after pass streams by, rows that changed places could not be followed.
        return memo.keep((*key, "live", strip.rows), make)
    return memo.get(key, make)


@dataclass(frozen=True, slots=True, eq=False)
class HeatTable:
    """What a strip shows in its place: values (columns, rows), each of one unit and step or of
    several: of `2 ** level` steps, and of the units between two `starts` of their order."""

    seen: Window
    values: Values
    scale: ColorScale
    order: Order
    how: How
    level: int

    @property
    def starts(self) -> Order:
        """Where in the order each row begins; one more for the end."""
        return row_starts(len(self.order), self.values.shape[1])


def last_steps(seen: Window) -> Order:
    """(count,) the last step, from 0, of each column in sight."""
    return np.maximum(seen.edges[1:] - 1, seen.start)


def heat_table(
    state: ViewState, strip: Strip, rect: Rect, layout: StripLayout, memo: StripsMemo
) -> HeatTable | None:
    """The values of a strip as they are pooled for `rect`; None where nothing is in sight."""
    seen = window(state.axis, strip.part)
    if seen is None:
        return None
    scale = color_scale(state, strip, memo)
    order = order_of(state, strip, layout, memo)
    rows = min(len(order), max(1, int(rect.h / _LEAST_ROW)))
    far = is_far(state, strip)
    # Over time the mean: the best of many steps would hide those that went wrong.
    how: How = "strongest" if scale.low < 0 or far else "max"
    arranged = order.tobytes()

    def table(level: int) -> Values:
        """Units as rows, steps in blocks of 2**level: half as many as the level before."""

        def make() -> Values:
            if level == 0:
                values = far_values(state, strip) if far else strip_values(state, strip)
                return unit_rows(values, order, rows, how)
            blocks = halved(table(level - 1), how)
            if how == "strongest":
                # The last block may be shorter: each of its steps counts as much as the others.
                blocks[-1] = table(0)[(len(blocks) - 1) << level :].mean(axis=0)
            return blocks

        return memo.get(("rows", strip.name, state.row, arranged, rows, level), make)

    if not seen.reduced:
        return HeatTable(seen, table(0)[seen.start : seen.stop], scale, order, how, 0)
    # Blocks at least as long as a pixel: none of the steps is left out between two pixels, and the
    # one in which a pixel ends is shown there, so that none is at the end of the sequence.
    level = math.ceil(np.log2((seen.stop - seen.start) / seen.count) - 1e-9)
    coarse = table(level)
    return HeatTable(seen, coarse[last_steps(seen) >> level], scale, order, how, level)


def heat_shapes(
    state: ViewState, strip: Strip, rect: Rect, layout: StripLayout, memo: StripsMemo
) -> tuple[Shape, ...]:
    """The strip inside its rect: cells with numbers when near, one raster when far."""
    table = heat_table(state, strip, rect, layout, memo)
    if table is None:
        return ()
    seen, values = table.seen, table.values
    if seen.pitch >= 9 and rect.h / values.shape[1] >= 4 and values.size <= MOST_CELLS:
        return (_cells(values, seen.x, seen.pitch, rect, table.scale),)
    place = Rect(seen.x, rect.y, seen.count * seen.pitch, rect.h)
    return (Raster(place, np.ascontiguousarray(values.T), table.scale),)


def _cells(values: Values, x: float, pitch: float, rect: Rect, scale: ColorScale) -> Cells:
    gap = column_gap(pitch)
    count, rows = values.shape
    height = rect.h / rows
    xs: Floats = x + gap / 2 + pitch * np.arange(count, dtype=np.float64)
    size = min(11.0, height - 4.0)
    wide = pitch - gap
    numbers = height >= 13 and figures_for(wide, size).decimals >= 1
    numbers = numbers and numbers_fit(values, wide, max(size, 6.0), signed=scale.low < 0)
    return Cells(
        xs, np.full(count, rect.y), values, wide, height - 1.0, scale, gap=1.0,
        vertical=True, numbers=numbers, size=max(size, 6.0),
    )  # fmt: skip
