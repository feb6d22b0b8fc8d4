"""From node ids to places in the graph and back: what a click hits and what a hover lights."""

from __future__ import annotations

from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.losses import total_box
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.weights import weight_box
from rnnviz.scene.shapes import Rect

_OF_ROW = {"output": "logits", "loss": "loss"}


def node_id(layout: GraphLayout, row: Row, column: int) -> str:
    """The stable id of a step's node, as in `Operation.node`."""
    if row.kind in _OF_ROW:
        return f"{_OF_ROW[row.kind]}@{column}"
    prefix = layout.part_of(column).prefix
    name = f"h_{row.layer}" if row.kind == "state" else "x"
    return f"{prefix}{name}@{column}"


def place_of(layout: GraphLayout, node: str) -> Rect | None:
    """The box of a node that is in sight, or None."""
    if node == "W":
        return weight_box(layout, layout.states[0]) if layout.states else None
    if node == "L":
        return total_box(layout)
    name, _, number = node.rpartition("@")
    if not number.isdigit() or int(number) not in layout.columns:
        return None
    column = int(number)
    name = name.removeprefix("encoder_").removeprefix("decoder_")
    kind, layer = {"x": ("input", ""), "logits": ("output", ""), "loss": ("loss", "")}.get(
        name, ("state", name.partition("_")[2])
    )
    for row in layout.rows:
        if row.kind == kind and row.layer == layer and layout.shows(row, column):
            return layout.box(row, column)
    return None
