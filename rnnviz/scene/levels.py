"""How deep we look: the sequence, the inside of one cell, or one matrix product in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rnnviz.scene.cell_picture import cell_picture, has_inside
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.lighting import product_of_node
from rnnviz.scene.product_data import product_names
from rnnviz.scene.product_picture import goes_back, has_product, product_at, product_picture
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState


@dataclass(frozen=True, slots=True)
class Level:
    """`cell` is a state or output without its column (``h_l0``), empty for the whole sequence;
    `product` names a product of it (``hh``), empty for the cell. `unit` is the chosen row and
    `way` (forward or backward) what is shown of a product; empty follows the cursor."""

    cell: str = ""
    product: str = ""
    unit: int = 0
    way: str = ""

    @property
    def depth(self) -> int:
        """0 the sequence, 1 a cell, 2 a product."""
        return 2 if self.product else 1 if self.cell else 0

    @property
    def is_output(self) -> bool:
        """Whether the product is that of the output, which stands in no cell."""
        return self.cell == "logits"

    @property
    def layer(self) -> str:
        """Whose cell it is: ``l0_reverse``; empty for the sequence and the output."""
        return "" if self.is_output else self.cell.partition("h_")[2]

    def node(self, column: int) -> str:
        return f"{self.cell}@{column}"


def level_name(level: Level, *, rolled: bool) -> str:
    """What the view is, for those who listen: it changes with the level."""
    graph = "Rolled graph" if rolled else "Unrolled graph"
    return (graph, "Inside of a cell", "Matrix product")[level.depth]


def level_picture(
    state: ViewState, width: float, height: float, level: Level, unrolled: float = 1.0
) -> Picture:
    """The level at the cursor's step; a higher one where this pass or step has no such cell.

    `unrolled` is the share of the way from the rolled graph (0) to the whole sequence (1).
    """
    node = level.node(state.cursor.column)
    if level.product and has_node(state, node):
        return product_picture(
            state, width, height, node, level.product, level.unit, level.way
        )  # fmt: skip
    if level.cell and has_inside(state, node):
        return cell_picture(state, width, height, node)
    if unrolled < 1.0:
        return rolled_picture(state, width, height, unrolled)
    return graph_picture(state, width, height)


def has_node(state: ViewState, node: str) -> bool:
    """Whether a product can stand at this node at all: a state, or an output of this pass."""
    if node.startswith("logits@"):
        part = state.trace.output_part
        return part.start <= int(node.rpartition("@")[2]) < part.stop
    return has_inside(state, node)


def fitting(state: ViewState, level: Level) -> Level:
    """The level, or as much of it as the trace has: another model may have other matrices."""
    if not level.cell:
        return level
    column = state.cursor.column
    if level.is_output:
        known = "W_hy" in state.trace and level.product == "hy"
        return level if known else Level()
    names = {
        f"{prefix}h_{layer}"
        for prefix in state.trace.spec.prefixes
        for layer in state.trace.spec.layer_names(prefix)
    }
    if level.cell not in names:
        return Level()
    if level.product and level.product not in product_names(state.trace.spec):
        return Level(level.cell)
    rows = row_count(state, level, column)
    return replace(level, unit=min(level.unit, max(rows - 1, 0)))


def row_count(state: ViewState, level: Level, column: int) -> int:
    """Rows of the product that is shown, 0 where there is none."""
    node = level.node(column)
    if not level.product or not has_node(state, node):
        return 0
    product, _ = product_at(state, node, level.product, backward=goes_back(state, level.way))
    return 0 if product is None else product.rows


def deeper(state: ViewState, level: Level, node: str) -> Level:
    """One level further in at a node, or the same level where there is nothing inside."""
    if level.depth == 0:
        if node.startswith("logits@") and has_product(state, node, "hy"):
            return Level("logits", "hy")
        return Level(node.partition("@")[0]) if has_inside(state, node) else level
    if level.depth == 1:
        first = product_names(state.trace.spec)[0]
        here = level.node(state.cursor.column)
        return replace(level, product=first) if has_inside(state, here) else level
    return level


def product_level(state: ViewState, node: str) -> Level | None:
    """The product in which a matrix works at a step (``W_xh_l0@3``); of stacked gates the first."""
    name, spec = product_of_node(node), state.trace.spec
    if name == "hy" and has_product(state, node.replace("W_hy@", "logits@"), "hy"):
        return Level("logits", "hy")
    prefix, _, layer = node.partition("@")[0].partition(f"W_{name}_")
    names = [known for known in product_names(spec) if known[0] == name[:1]]
    if not names or not layer or not has_inside(state, f"{prefix}h_{layer}@{_column(node)}"):
        return None
    return Level(f"{prefix}h_{layer}", name if name in names else names[0])


def _column(node: str) -> str:
    return node.rpartition("@")[2]


def weights_at(state: ViewState) -> Level:
    """The first product of the lowest cell at the cursor: what the one W does at this step."""
    column = state.cursor.column
    part = next(p for p in state.trace.parts if p.start <= column < p.stop)
    layer = state.trace.spec.layer_names(part.prefix)[0]
    return Level(f"{part.prefix}h_{layer}", product_names(state.trace.spec)[0])


def outer(level: Level) -> Level:
    """One level out."""
    return Level(level.cell) if level.depth == 2 and not level.is_output else Level()
