"""Where each symbol of a typeset equation stands, and which quantity of the pass it is."""

from __future__ import annotations

from rnnviz.scene.equations_symbols import LayerSymbols, bare, gradient
from rnnviz.scene.equations_typeset import part_spans
from rnnviz.scene.handover import handover_index
from rnnviz.scene.initial_state import initial_node
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.shapes import Equation, Rect
from rnnviz.trace import Trace

Nodes = dict[str, str]
"""Symbol as LaTeX → node id."""


def symbol_places(equation: Equation) -> tuple[tuple[Rect, str], ...]:
    """The parts of an equation that are typeset for themselves, each with its box in pixels."""
    rect, em = equation.rect, equation.size
    return tuple(
        (Rect(rect.x + left * em, rect.y, (right - left) * em, rect.h), part)
        for left, right, part in part_spans(equation.tex)
    )


def symbol_nodes(trace: Trace, node: Node, row: int) -> Nodes:
    """What the symbols around a node stand for: this step's quantities, the one before, after.

    Before the first step stands the initial state; `row` is the sequence of the batch.
    """
    spec = trace.spec
    found: Nodes = {}
    prefix = node.prefix or (node.part.prefix if node.column >= 0 else "")

    def put(symbol: str, name: str, column: int) -> None:
        if node.part.start <= column < node.part.stop:
            found.setdefault(bare(symbol), f"{name}@{column}")

    def put_initial(symbols: LayerSymbols, name: str) -> None:
        ends = handover_index(trace, "l0", row) + 1
        first, before = (ends, 1) if symbols.reverse else (1, -1)
        if node.column < 0 or node.step != first:
            return
        for letter in ("h", "c"):
            symbol = symbols.at(letter, first + before)
            start = initial_node(trace, letter, prefix, name, row)
            found.setdefault(bare(symbol), start)
            found.setdefault(bare(gradient(symbol)), f"dL_d{start}")

    reset = ("m",) if spec.cell == "gru" else ()
    steps = range(node.step - 1, node.step + 2) if node.column >= 0 else range(0)
    for name in spec.layer_names(prefix) if prefix in spec.prefixes else ():
        symbols = LayerSymbols(spec, prefix, name)
        put_initial(symbols, name)
        for step in steps:
            column = node.part.start + step - 1
            for letter in ("h", "c", *spec.gates, *reset):
                put(symbols.at(letter, step), f"{prefix}{letter}_{name}", column)
            for letter in ("h", "c", *reset):
                tex = gradient(symbols.at(letter, step))
                put(tex, f"dL_d{prefix}{letter}_{name}", column)
            put(symbols.handed_up(step), f"{prefix}h_{name}", column)
            if symbols.number == 0:
                put(symbols.source(step), f"{prefix}x", column)
            elif not symbols.reverse:
                below = f"{prefix}h_l{symbols.number - 1}"
                put(symbols.source(step), below, column)
        for below in ("hh", "xh", "yh", *(f"{s}{g}" for g in spec.gates for s in "hx")):
            weight = f"{prefix}W_{below}_{name}"
            for tex in (symbols.weight("W", below), symbols.transposed("W", below)):
                put(tex, weight, node.column)
    if node.part == trace.output_part:
        for step in steps:
            column = node.part.start + step - 1
            put(f"y_{{{step}}}", "logits", column)
            put(rf"\hat{{y}}_{{{step}}}", "logits", column)
            put(gradient(f"y_{{{step}}}"), "logits", column)
            put(f"L_{{{step}}}", "loss", column)
        put("W_{hy}", "W_hy", node.column)
        put(r"W_{hy}^{\top}", "W_hy", node.column)
    return found
