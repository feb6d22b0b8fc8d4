"""Gates as they stand in every gated cell: vector, function, matrix, one above the other."""

from __future__ import annotations

from rnnviz.scene.captions import subscript
from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.shapes import Box

TOP, BOTTOM = 190.0, 310.0
"""Upper and lower edge of the gates' vectors, board units."""
BUS = 436.0
"""y of the line that brings h and x to all matrices."""

WORDS = {
    "f": "forget", "i": "input", "g": "candidate", "o": "output",
    "r": "reset", "z": "update", "n": "candidate",
}  # fmt: skip


def gate(canvas: Canvas, data: CellData, name: str, x: float, color: int, function: str) -> None:
    """The vector of a gate with its function below; the name stands right of it."""
    scale = canvas.theme.states if function == "tanh" else canvas.theme.probabilities
    place = (x - 19.0, TOP, 38.0, BOTTOM - TOP)
    canvas.vector(name, place, data.get(name), scale, color, vertical=True)
    canvas.symbol(x + 25.0, 238.0, name, color)
    canvas.label(x + 25.0, 256.0, WORDS[name], canvas.theme.muted, 10.0)
    canvas.function(x, 342.0, function)
    canvas.wire((x, 329), (x, BOTTOM + 3), color=canvas.theme.muted, width=1.4)


def weight(canvas: Canvas, name: str, x: float, y: float = 394.0) -> None:
    """The matrix of a gate, fed from the line below."""
    canvas.weight(x, y, name)
    canvas.wire((x, BUS), (x, y + 18), color=canvas.theme.muted, width=1.4)


def inputs(canvas: Canvas, data: CellData, x_name: str, h_top: float | None) -> None:
    """h of the step before and x at the left, joined into one vector for the matrices."""
    theme = canvas.theme
    t, before = subscript(data.step), subscript(data.step - (-1 if data.reverse else 1))
    if h_top is not None:
        canvas.symbol(100.0, h_top - 14.0, f"h{before}", theme.hidden, "center")
        place = (20.0, h_top, 160.0, 28.0)
        canvas.vector("h_before", place, data.get("h_before"), theme.states, theme.hidden)
        canvas.wire((182, h_top + 14), (223, h_top + 14), color=theme.hidden)
    canvas.vector("x", (20, 372, 160, 28), data.get("x"), theme.states, theme.input)
    canvas.symbol(100.0, 414.0, f"{x_name}{t}", theme.input, "center")
    canvas.wire((182, 386), (223, 386), color=theme.input)
    place_of_join = canvas.rect(226, 306, 30, 100)
    canvas.over.append(Box(place_of_join, theme.panel, theme.ink, 1.4, 5.0 * canvas.scale))
    canvas.label(241.0, 356.0, "[ ; ]", theme.ink, 12.0, align="center")
