"""What lights up in the graph when something is pointed at, here or in another view."""

from __future__ import annotations

from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.places import place_of
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.wires import fed_back_path, links_up, path_along, path_up, thickness
from rnnviz.scene.lighting import product_of_node, quantity
from rnnviz.scene.shapes import Box, Shape, Wire
from rnnviz.scene.theme import Theme


def lit_shapes(layout: GraphLayout, pointed: str, theme: Theme) -> list[Shape]:
    """An outline around the node that is pointed at; for a matrix, the wire that it works on."""
    if not pointed or pointed.startswith("strip:"):
        return []
    if product_of_node(pointed) and "@" in pointed:
        return [*_wires(layout, pointed, theme)]
    place = place_of(layout, _drawn(layout, pointed))
    return [] if place is None else [Box(place.inset(-3.0), 0, theme.accent, 1.5, 8.0)]


def _drawn(layout: GraphLayout, pointed: str) -> str:
    """The id of the box in which a quantity lives: gates, c and gradients live in their state."""
    node = quantity(pointed)
    name, _, column = node.partition("@")
    prefix = next((p for p in layout.spec.prefixes if p and name.startswith(p)), "")
    letter, _, layer = name.removeprefix(prefix).partition("_")
    if letter in ("c", *layout.spec.gates) and layer:
        return f"{prefix}h_{layer}@{column}"
    return node


def _wires(layout: GraphLayout, pointed: str, theme: Theme) -> list[Wire]:
    """The wires into the state (or output) of a step on which a matrix works."""
    number = pointed.rpartition("@")[2]
    if not number.isdigit() or int(number) not in layout.columns:
        return []
    column, side = int(number), product_of_node(pointed)
    width = thickness(layout) + 2.5
    if side == "hy":
        found = [p for p in links_up(layout, column) if p[1].kind == "output"]
        return [Wire(path_up(layout, a, b, column), theme.accent, width) for a, b in found]
    layer = "l" + pointed.partition("@")[0].partition("_l")[2]
    row = next((r for r in layout.states if r.layer == layer and r.has(column)), None)
    if row is None:
        return []
    if side.startswith("x"):
        found = [p for p in links_up(layout, column) if p[1] is row or p[1] == row]
        return [Wire(path_up(layout, a, b, column), theme.accent, width) for a, b in found]
    return _along(layout, row, column, theme, width)


def _along(layout: GraphLayout, row: Row, column: int, theme: Theme, width: float) -> list[Wire]:
    before = layout.before(row, column)
    if before is None:
        return []
    if layout.spec.cell == "jordan":
        output = layout.row("output")
        if output is None or not output.has(before):
            return []
        return [Wire(fed_back_path(layout, before), theme.accent, width)]
    return [Wire(path_along(layout, row, before), theme.accent, width)]
