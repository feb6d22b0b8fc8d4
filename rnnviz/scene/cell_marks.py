"""What the parts of a cell's picture stand for: node ids, so that pointing at one lights others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_symbols import LayerSymbols
from rnnviz.scene.equations_typeset import SEPARATOR
from rnnviz.scene.graph.wire_places import beside
from rnnviz.scene.initial_state import initial_node
from rnnviz.scene.lighting import lights
from rnnviz.scene.numbers import vector
from rnnviz.scene.product_data import is_padding
from rnnviz.scene.shapes import Box, Hit, Layer, Rect, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import elided
from rnnviz.trace import Trace

_SAME = {"a": "h", "y": "logits"}


def symbols_of(trace: Trace, data: CellData) -> LayerSymbols:
    """The letters of the cell's layer."""
    return LayerSymbols(trace.spec, data.prefix, data.layer)


def node_of(trace: Trace, data: CellData, name: str) -> str:
    """The id of a vector in the picture (``h_before``, ``f``, …), of the matrix ``W_hf`` at this
    step; empty for what has none."""
    base, _, before = name.partition("_before")
    del before
    if name.startswith("W_"):
        return weight_node(data, name.removeprefix("W_"))
    column: int | None = data.column
    if name.endswith("_before"):
        column = data.neighbours[0]
        if column is None:
            return initial_node(trace, base, data.prefix, data.layer, data.row)
    if base == "stack":
        return ""
    base = _SAME.get(base, base)
    if base == "logits":
        return f"logits@{column}"
    if base == "x":
        if data.depth == 0:
            return f"{data.prefix}x@{column}"
        way = "_reverse" if data.reverse else ""
        return f"{data.prefix}h_l{data.depth - 1}{way}@{column}"
    return f"{data.prefix}{base}_{data.layer}@{column}"


def weight_node(data: CellData, name: str) -> str:
    """The id of a matrix at this step: ``W_hf_l0@3``."""
    if name == "hy":
        return f"W_hy@{data.column}"
    return f"{data.prefix}W_{name}_{data.layer}@{data.column}"


def open_matrix(canvas: Canvas, data: CellData, name: str, place: Rect) -> None:
    """Make a matrix answer to the mouse."""
    tip = f"W_{name}: double click for the product, row by column"
    canvas.hits.append(Hit(place, weight_node(data, name), tip))


def read_token(canvas: Canvas, data: CellData, x: float, y: float) -> None:
    """The word that is read, left of its symbol: right-aligned at x, cut where it is too long."""
    if data.token:
        room = (x - 14.0) * canvas.sx - 2.0
        words = elided(f"“{data.token}”", canvas.font(12.0), room)
        canvas.label(x, y, words, canvas.theme.input, 12.0, align="right")


def goes_up(trace: Trace, data: CellData) -> str:
    """Where the new state goes besides the next step, in words; empty where it goes nowhere."""
    spec = trace.spec
    if is_padding(trace, data.prefix, data.step - 1, data.row):
        return ""
    if data.depth + 1 < spec.layers:
        return f"to layer {data.depth + 2}"
    if data.prefix == "encoder_":
        if spec.attention != "none":
            return "to the attention"
        return "to the decoder" if data.neighbours[1] is None else ""
    if spec.head in ("mean", "max"):
        return f"to the {'mean' if spec.head == 'mean' else 'maximum'}"
    direct, asked = data.get("dh_direct"), spec.head == "step" or data.neighbours[1] is None
    if direct is not None and spec.head == "last":
        # A padded sequence ends before the last column.
        asked = bool(direct.any())
    return "to the output" if asked else ""


def joined(formula: Formula) -> str:
    """A formula on one line."""
    return SEPARATOR.join(formula)


def told_of(data: CellData, name: str) -> str:
    """A vector of the picture in words: which quantity at which step, and its numbers."""
    if name.startswith("W_"):
        return f"to {name}"
    if name == "stack":
        return f"{'y' if 'y_before' in data.vectors else 'h'}_{data.before} over x_{data.step}"
    base, _, _ = name.partition("_before")
    step = data.before if name.endswith("_before") else data.step
    values = data.get(name)
    said = "" if values is None else f" = {vector(values.tolist())}"
    return f"{base}_{step}{said}"


def wires_of(trace: Trace, canvas: Canvas, data: CellData) -> list[tuple[Wire, str, str]]:
    """Every wire with the id and the words of what it stands for."""
    ways = canvas.ways()
    found = {name: (node_of(trace, data, name), told_of(data, name)) for _, name in ways}
    return [(wire, *found[name]) for wire, name in ways]


def wire_hits(trace: Trace, canvas: Canvas, data: CellData) -> list[Hit]:
    """Along every wire the pointer finds what it stands for."""
    wires = wires_of(trace, canvas, data)
    return [Hit(at, node, words) for wire, node, words in wires for at in beside(wire.points)]


def lit_layer(
    state: ViewState, wires: list[tuple[Wire, str, str]], *hits: Sequence[Hit]
) -> tuple[Layer, ...]:
    """Outlines around what is pointed at, here or elsewhere, and its wires."""
    ways = [
        replace(wire, color=state.theme.accent, width=wire.width + 2.0, dashed=False)
        for wire, node, _ in wires
        if lights(state.hovered, node)
    ]
    boxes = [
        Box(hit.rect.inset(-3.0), 0, state.theme.accent, 2.0, 6.0)
        for group in hits
        for hit in group
        if lights(state.hovered, hit.node)
    ]
    if not boxes and not ways:
        return ()
    key = ("lit", *(box.rect for box in boxes), *(way.points for way in ways), state.theme.key)
    return (Layer((*ways, *boxes), key, role="control"),)
