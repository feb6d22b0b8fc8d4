"""The wires on which a matrix works: where they run, and that they answer to the mouse."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rnnviz.scene.captions import local_step
from rnnviz.scene.graph.gutter import start_path
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.nodes import symbol
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.values import vectors
from rnnviz.scene.graph.weight_sums import recurrent_name
from rnnviz.scene.graph.wires import fed_back_path, links_up, path_along, path_up
from rnnviz.scene.numbers import vector
from rnnviz.scene.shapes import Hit, Rect
from rnnviz.scene.state import ViewState

Way = tuple[tuple[float, float], ...]
_BESIDE = 4.0
"""How far beside a wire the pointer may be, logical pixels."""


def ways_along(layout: GraphLayout, row: Row, column: int) -> list[Way]:
    """The wire by which a state reads what the step before it has left; at its first step that
    from the initial state."""
    before = layout.before(row, column)
    if layout.spec.cell == "jordan":
        output = layout.row("output")
        if before is None or output is None or not output.has(before):
            return []
        return [fed_back_path(layout, before)]
    if before is None:
        way = start_path(layout, row)
        return [] if way is None else [way]
    return [path_along(layout, row, before)]


def ways_up(layout: GraphLayout, row: Row, column: int) -> list[Way]:
    """The wires from below into a box."""
    pairs = [pair for pair in links_up(layout, column) if pair[1] == row]
    return [path_up(layout, source, target, column) for source, target in pairs]


def wire_hits(state: ViewState, layout: GraphLayout) -> Iterator[Hit]:
    """Along every wire into a state or an output: the matrix that works on what comes there."""
    recurrent = recurrent_name(state.trace)
    for column in layout.columns:
        prefix = layout.part_of(column).prefix
        for row in layout.rows:
            if row.kind not in ("state", "output") or not layout.shows(row, column):
                continue
            if row.kind == "output":
                yield from _along(ways_up(layout, row, column), f"W_hy@{column}", "W_hy")
                continue
            up = f"{prefix}W_xh_{row.layer}@{column}"
            yield from _along(ways_up(layout, row, column), up, _matrices(layout, "W_xh"))
            words = f"{_carried(state, layout, row, column)}{_matrices(layout, recurrent)}"
            node = f"{prefix}{recurrent}_{row.layer}@{column}"
            yield from _along(ways_along(layout, row, column), node, words)


def _along(ways: list[Way], node: str, words: str) -> Iterator[Hit]:
    for way in ways:
        for rect in beside(way):
            yield Hit(rect, node, f"{words}: double click for the product")


def beside(way: Way) -> Iterator[Rect]:
    """Where the pointer is near enough to a wire."""
    for (x0, y0), (x1, y1) in pairwise(way):
        left, top = min(x0, x1) - _BESIDE, min(y0, y1) - _BESIDE
        if abs(x1 - x0) > abs(y1 - y0):
            yield Rect(min(x0, x1), top, abs(x1 - x0), abs(y1 - y0) + 2 * _BESIDE)
        else:
            yield Rect(left, min(y0, y1), abs(x1 - x0) + 2 * _BESIDE, abs(y1 - y0))


def _matrices(layout: GraphLayout, name: str) -> str:
    """Their names on screen: of gates each has its own."""
    gates = layout.spec.gates
    side = name[2]
    return ", ".join(f"W_{side}{gate}" for gate in gates) if gates else name


def _carried(state: ViewState, layout: GraphLayout, row: Row, column: int) -> str:
    """What comes along the wire, with its numbers where they are known."""
    before = layout.before(row, column)
    if before is None or state.trace.spec.cell == "jordan":
        return ""
    part = layout.part_of(before)
    values = vectors(state, row, part, range(before, before + 1))
    if not values.size:
        return ""
    name = symbol(layout, row, local_step(state.trace, before), part)
    whose = f", layer {row.depth + 1}" if layout.spec.layers > 1 else ""
    return f"{name}{whose}: {vector(values[0].tolist())}\nthrough "
