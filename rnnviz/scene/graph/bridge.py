"""From an encoder that reads both ways its reverse states, too, go over to the decoder: the ways
of what they hand on through W_bridge, and of the gradient that comes back.

The forward direction's state is handed on as from step to step; the reverse direction ends at the
first step, at the other end of the sequence, so that its way runs over its whole row.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.norms import arrow_width, carried_cell_norms, carried_norms, largest
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.wire_places import beside
from rnnviz.scene.graph.wires import CLEAR, thickness
from rnnviz.scene.initial_state import initial_node
from rnnviz.scene.numbers import vector
from rnnviz.scene.shapes import Hit, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import Theme

Way = tuple[tuple[float, float], ...]
_ROOM = 5.0
"""Least gap between rows in which two more lines, however thin, are told from one another."""


def bridge_rows(layout: GraphLayout) -> tuple[Row, ...]:
    """The reverse rows of an encoder, where there is room to draw where they lead."""
    if len(layout.parts) < 2 or layout.detail != "boxes" or layout.gap < _ROOM:
        return ()
    return tuple(row for row in layout.states if row.reverse)


def bridge_path(layout: GraphLayout, row: Row, *, backward: bool = False) -> Way:
    """Over the boxes of a reverse row from its last state to the decoder's first one, or back:
    above the line of W, and under what comes from the row above."""
    forward = next(r for r in layout.states if r.depth == row.depth and not r.reverse)
    here = layout.box(row, layout.parts[0].start)
    there = layout.box(forward, layout.parts[1].start)
    aside = min(0.16 * here.w, 8.0) if backward else 0.0
    y = row.top - (0.64 if backward else 0.84) * layout.gap
    begins, ends = here.x + 0.34 * here.w + aside, there.x + 0.8 * there.w - aside
    if backward:
        return (ends, forward.top - 1.0), (ends, y), (begins, y), (begins, row.top - CLEAR + 1.0)
    return (begins, row.top - 1.0), (begins, y), (ends, y), (ends, forward.top - CLEAR)


def widest_over(layout: GraphLayout) -> float:
    """Width of the thickest arrow for which there is room above a row: between close rows the two
    lines are thinner than anything else, so that they stay two."""
    return max(min(0.1 * layout.gap, 5.0), min(0.15 * layout.gap, 2.0))


def bridge_wires(layout: GraphLayout, theme: Theme) -> list[Wire]:
    """What the reverse rows hand on to the decoder."""
    width = min(thickness(layout), widest_over(layout))
    return [Wire(bridge_path(layout, row), theme.hidden, width) for row in bridge_rows(layout)]


def bridge_hits(state: ViewState, layout: GraphLayout) -> Iterator[Hit]:
    """Along these ways: what the decoder starts from."""
    for row in bridge_rows(layout):
        layer = row.layer.removesuffix("_reverse")
        node = initial_node(state.trace, "h", "decoder_", layer, state.row)
        values = state.trace.get(node)
        if values is None:
            continue
        whose = f", layer {row.depth + 1}" if layout.spec.layers > 1 else ""
        said = f"h₀ of the decoder{whose}: W_bridge makes it of the last states of both directions"
        tip = f"{said}\nh = {vector(values[state.row].tolist())}"
        yield from (Hit(rect, node, tip) for rect in beside(bridge_path(layout, row)))


def bridge_gradients(state: ViewState, layout: GraphLayout, stretch: Stretch) -> list[Wire]:
    """The arrows back, as wide as what returns to h (in an LSTM to h and c together)."""
    found, encoder = [], layout.parts[0]
    first = range(encoder.start, encoder.start + 1)
    for row in bridge_rows(layout):
        if not stretch.of_row("backward", row, encoder.prefix, first):
            continue
        given = (state.trace, row.layer, encoder.prefix, state.row)
        h, c = carried_norms(*given), carried_cell_norms(*given)
        norm = math.hypot(float(h[0]) if h.size else 0.0, float(c[0]) if c.size else 0.0)
        width = arrow_width(norm, largest(state.trace, state.row), widest_over(layout))
        found.append(_arrow(layout, layout.rows.index(row), width, state.theme.gradient))
    return found


@lru_cache(maxsize=256)
def _arrow(layout: GraphLayout, number: int, width: float, color: int) -> Wire:
    """The arrow back to a row of that number; dashed where nothing comes back."""
    way = bridge_path(layout, layout.rows[number], backward=True)
    return Wire(way, color, width) if width else Wire(way, color, 1.0, dashed=True)
