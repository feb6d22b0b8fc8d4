"""Gates as they stand in every gated cell: vector, function, matrix, one above the other."""

from __future__ import annotations

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_marks import open_matrix, symbols_of
from rnnviz.scene.cell_vanilla import free_scale
from rnnviz.scene.shapes import Box, Wire
from rnnviz.trace import Trace

TOP, BOTTOM = 190.0, 310.0
"""Upper and lower edge of the gates' vectors, board units."""
BUS = 436.0
"""y of the line that brings h and x to all matrices."""

WORDS = {
    "f": "forget", "i": "input", "g": "candidate", "o": "output",
    "r": "reset", "z": "update", "n": "candidate",
}  # fmt: skip


def gate(
    canvas: Canvas, trace: Trace, data: CellData, name: str, x: float, color: int, function: str
) -> None:
    """The vector of a gate with its function below; the name stands right of it."""
    scale = canvas.theme.states if function == "tanh" else canvas.theme.probabilities
    place = (x - 19.0, TOP, 38.0, BOTTOM - TOP)
    canvas.vector(name, place, data.get(name), scale, color, vertical=True)
    tex = symbols_of(trace, data).at(name, data.step)
    canvas.equation(x + 25.0, 236.0, tex, color, 15.0, most=70.0)
    canvas.label(x + 25.0, 256.0, WORDS[name], canvas.theme.muted, 10.0)
    canvas.function(x, 342.0, function)
    canvas.wire((x, 329), (x, BOTTOM + 3), color=canvas.theme.muted, width=1.4)


def weight(
    canvas: Canvas, trace: Trace, data: CellData, names: tuple[str, ...], x: float, y: float = 394.0
) -> None:
    """The matrices of a gate side by side, fed from the line below; each opens as a product."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    half = 23.0 * len(names)
    whole = canvas.rect(x - half, y - 15.0, 2 * half, 30.0)
    canvas.over.append(
        Box(whole, theme.selection, theme.weight, max(1.4 * canvas.scale, 1.0), 5.0 * canvas.scale)
    )
    for number, name in enumerate(names):
        left = x - half + 46.0 * number
        tex = symbols.weight("W", name)
        canvas.equation(left + 23.0, y, tex, theme.weight, 14.0, align="center", most=42.0)
        open_matrix(canvas, data, name, canvas.rect(left, y - 15.0, 46.0, 30.0))
        if number:
            ends = (canvas.at(left, y - 15.0), canvas.at(left, y + 15.0))
            canvas.over.append(Wire(ends, theme.weight, 1.0, head=False))
    canvas.wire((x, BUS), (x, y + 18), color=canvas.theme.muted, width=1.4)


def inputs(canvas: Canvas, trace: Trace, data: CellData, h_top: float | None) -> None:
    """h of the step before and x at the left, joined into one vector for the matrices."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    if h_top is not None:
        tex = symbols.at("h", data.before)
        canvas.equation(100.0, h_top - 16.0, tex, theme.hidden, 15.0, align="center")
        place = (20.0, h_top, 160.0, 28.0)
        canvas.vector("h_before", place, data.get("h_before"), theme.states, theme.hidden)
        canvas.wire((182, h_top + 14), (223, h_top + 14), color=theme.hidden)
        canvas.wire((-12, 270), (8, 270), (8, h_top + 14), (17, h_top + 14), color=theme.hidden)
    x = data.get("x")
    plain = trace.spec.input_kind == "one-hot" or data.depth > 0
    scale = theme.states if plain else free_scale(canvas, x)
    canvas.vector("x", (20, 372, 160, 28), x, scale, theme.input)
    canvas.equation(100.0, 416.0, symbols.source(data.step), theme.input, 15.0, align="center")
    canvas.wire((182, 386), (223, 386), color=theme.input)
    place_of_join = canvas.rect(226, 306, 30, 100)
    canvas.over.append(Box(place_of_join, theme.panel, theme.ink, 1.4, 5.0 * canvas.scale))
    canvas.label(241.0, 356.0, "[ ; ]", theme.ink, 12.0, align="center")
