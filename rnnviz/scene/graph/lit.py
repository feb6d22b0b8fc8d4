"""What lights up in the graph when something is pointed at, here or in another view."""

from __future__ import annotations

from rnnviz.scene.graph.bridge import bridge_path, bridge_rows
from rnnviz.scene.graph.gutter import initial_places
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.places import place_of
from rnnviz.scene.graph.wire_places import ways_along, ways_up
from rnnviz.scene.graph.wires import thickness
from rnnviz.scene.initial_state import initial_parts
from rnnviz.scene.lighting import product_of_node, quantity
from rnnviz.scene.shapes import Box, Shape, Wire
from rnnviz.scene.theme import Theme


def lit_shapes(layout: GraphLayout, pointed: str, theme: Theme) -> list[Shape]:
    """An outline around the node that is pointed at; for a matrix, the wire that it works on."""
    if not pointed or pointed.startswith("strip:"):
        return []
    if product_of_node(pointed) and "@" in pointed:
        return [*_wires(layout, pointed, theme)]
    if (start := initial_parts(quantity(pointed))) is not None:
        return _initial(layout, *start, theme)
    place = place_of(layout, _drawn(layout, pointed))
    return [] if place is None else [Box(place.inset(-3.0), 0, theme.accent, 1.5, 8.0)]


def _initial(
    layout: GraphLayout, prefix: str, letter: str, layer: str, theme: Theme
) -> list[Shape]:
    """Around h_0 or c_0 an outline, and the wire from there into the first step."""
    if prefix == "decoder_":
        # What an encoder of two directions hands over has no box, but its ways.
        row = next((r for r in layout.states if r.layer == layer), None)
        start = layout.parts[-1].start
        ways = [] if row is None or start not in layout.columns else ways_along(layout, row, start)
        if ways and row is not None:
            ways += [bridge_path(layout, r) for r in bridge_rows(layout) if r.depth == row.depth]
        return [Wire(way, theme.accent, thickness(layout) + 2.5) for way in ways]
    for row in layout.states:
        found = initial_places(layout, row)
        if row.layer == layer and found:
            # Where a row is too low for two lanes, both stand in one.
            place, way = found.get(letter, found["h"])
            wire = Wire(way, theme.accent, thickness(layout) + 2.5)
            return [Box(place.inset(-3.0), 0, theme.accent, 1.5, 8.0), wire]
    return []


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
        rows = layout.of_kind("output")
        return [Wire(way, theme.accent, width) for r in rows for way in ways_up(layout, r, column)]
    layer = "l" + pointed.partition("@")[0].partition("_l")[2]
    row = next((r for r in layout.states if r.layer == layer and r.has(column)), None)
    if row is None:
        return []
    ways = ways_up if side.startswith("x") else ways_along
    return [Wire(way, theme.accent, width) for way in ways(layout, row, column)]
