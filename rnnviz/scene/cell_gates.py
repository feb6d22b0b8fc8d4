"""Gates as they stand in every gated cell: vector, function, matrix, one above the other."""

from __future__ import annotations

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData, Vector
from rnnviz.scene.cell_marks import open_matrix, read_token, symbols_of
from rnnviz.scene.cell_vanilla import free_scale
from rnnviz.scene.numbers import grouped, short
from rnnviz.scene.shapes import Box, Wire
from rnnviz.scene.textwidth import text_width
from rnnviz.trace import Trace

TOP, BOTTOM = 190.0, 310.0
"""Upper and lower edge of the gates' vectors, board units."""
BUS = 432.0
"""y of the line that brings h and x to all matrices."""
_WEIGHTS = 394.0
_ASIDE = 10.0
"""How far the gradient's way back runs beside the wire."""
_SMALLEST = 0.62
"""Scale of the board below which lengths are not written beside every gate."""
COMPUTED = 0.45
"""Share of the step after which the gates are known."""

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
    canvas.vector(name, place, data.get(name), scale, color, vertical=True, since=COMPUTED)
    tex = symbols_of(trace, data).at(name, data.step)
    canvas.equation(x + 25.0, 220.0, tex, color, 15.0, most=70.0)
    canvas.label(x + 25.0, 240.0, WORDS[name], canvas.theme.muted, 10.0)
    canvas.function(x, 342.0, function)
    canvas.wire(
        (x, 329), (x, BOTTOM + 3), color=canvas.theme.muted, width=1.4, during=(0.4, COMPUTED)
    )


def weight(
    canvas: Canvas,
    trace: Trace,
    data: CellData,
    names: tuple[str, ...],
    x: float,
    y: float = _WEIGHTS,
) -> None:
    """The matrices of a gate side by side, fed from the line below; each opens as a product."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    half = 23.0 * len(names)
    whole = canvas.rect(x - half, y - 17.0, 2 * half, 34.0)
    canvas.over.append(
        Box(whole, theme.selection, theme.weight, max(1.4 * canvas.scale, 1.0), 5.0 * canvas.scale)
    )
    for number, name in enumerate(names):
        left = x - half + 46.0 * number
        size = _size_of(trace, data, name)
        told = bool(size) and text_width(size, canvas.font(8.5)) + 1.0 <= 44.0 * canvas.sx
        told = told and 34.0 * canvas.sy >= 13.0 * canvas.scale + 1.2 * canvas.font(8.5) + 8.0
        tex = symbols.weight("W", name)
        middle = y - 6.0 if told else y
        canvas.equation(left + 23.0, middle, tex, theme.weight, 13.0, align="center", most=42.0)
        if told:
            canvas.label(left + 23.0, y + 10.0, size, theme.muted, 8.5, align="center")
        open_matrix(canvas, data, name, canvas.rect(left, y - 17.0, 46.0, 34.0))
        if number:
            ends = (canvas.at(left, y - 17.0), canvas.at(left, y + 17.0))
            canvas.over.append(Wire(ends, theme.weight, 1.0, head=False))
    canvas.wire((x, BUS), (x, y + 19), color=canvas.theme.muted, width=1.4, during=(0.25, 0.35))


def _size_of(trace: Trace, data: CellData, name: str) -> str:
    """Rows × columns of a gate's matrix."""
    whole = data.w_xh if name.startswith("x") else data.w_hh
    return "" if whole is None else f"{trace.spec.hidden_size}×{whole.shape[1]}"


def gate_back(
    canvas: Canvas, name: str, x: float, lengths: tuple[float | None, float | None], most: float,
    top: float = _WEIGHTS,
) -> None:  # fmt: skip
    """The gradient's way from a gate through its function to its matrices: ‖∂L/∂gate‖ before
    and ‖∂L/∂a‖ after the slope; `top` is the y of the matrices."""
    at_gate, at_a = lengths
    color = canvas.theme.gradient
    x_back = x + _ASIDE
    canvas.back((x_back, BOTTOM + 3), (x_back, 328), norm=at_gate, most=most, during=(0.4, 0.5))
    canvas.back((x_back, 356), (x_back, top - 19.0), norm=at_a, most=most, during=(0.5, 0.6))
    if canvas.scale < _SMALLEST or not canvas.moment.is_back:
        return
    if at_gate is None or at_a is None:
        return
    y = 262.0
    for words, value in ((f"‖∂L/∂{name}‖", at_gate), ("‖∂L/∂a‖", at_a)):
        canvas.note(x + 25.0, y, words, color, 9.5, 80.0)
        canvas.note(x + 25.0, y + 13.0, short(value), color, 9.5, 80.0)
        y += 30.0


def bus_back(canvas: Canvas, x: float, norm: float | None, most: float) -> None:
    """The gradient's way from all matrices together back to [h; x]; `x` is the last gate's."""
    path = ((x, BUS + 7.0), (267.0, BUS + 7.0), (267.0, 366.0), (258.0, 366.0))
    canvas.back(*path, norm=norm, most=most, during=(0.6, 0.85), widest=5.0)


def stacked(canvas: Canvas, data: CellData, last: float) -> None:
    """[h; x] as one vector and the line from it to the matrix of the last gate at `last`."""
    theme = canvas.theme
    place = canvas.rect(226, 306, 30, 100)
    canvas.over.append(Box(place, theme.panel, theme.ink, 1.4, 5.0 * canvas.scale))
    canvas.label(241.0, 346.0, "[ ; ]", theme.ink, 12.0, align="center")
    canvas.note(241.0, 294.0, "concatenate", theme.muted, 10.0, 84.0, align="center")
    found = [v.size for v in (data.get("h_before"), data.get("x")) if v is not None]
    if len(found) == 2:
        canvas.note(241.0, 380.0, grouped(sum(found)), theme.muted, 9.5, 28.0, align="center")
    path = ((257, 356), (276, 356), (276, BUS), (last, BUS))
    canvas.wire(*path, color=theme.muted, head=False, during=(0.15, 0.3))


def dimension(canvas: Canvas, x: float, y: float, values: Vector | None) -> None:
    """How many numbers a vector has, right-aligned at x."""
    if values is not None:
        words = f"{grouped(values.size)} × 1"
        canvas.note(x, y, words, canvas.theme.muted, 9.5, 52.0, align="right")


def inputs(canvas: Canvas, trace: Trace, data: CellData, h_top: float | None) -> None:
    """h of the step before and x at the left, joined into one vector for the matrices."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    if h_top is not None:
        tex, h = symbols.at("h", data.before), data.get("h_before")
        canvas.equation(100.0, h_top - 16.0, tex, theme.hidden, 15.0, align="center")
        dimension(canvas, 180.0, h_top - 12.0, h)
        canvas.vector("h_before", (20.0, h_top, 160.0, 28.0), h, theme.states, theme.hidden)
        y = h_top + 14.0
        canvas.wire((182, y), (223, y), color=theme.hidden, during=(0.0, 0.15), carries="h_before")
        canvas.wire((-12, 270), (8, 270), (8, y), (17, y), color=theme.hidden)
    x = data.get("x")
    plain = trace.spec.input_kind == "one-hot" or data.depth > 0
    scale = theme.states if plain else free_scale(canvas, x)
    canvas.vector("x", (20, 372, 160, 28), x, scale, theme.input)
    canvas.equation(100.0, 416.0, symbols.source(data.step), theme.input, 15.0, align="center")
    read_token(canvas, data, 82.0, 414.0)
    dimension(canvas, 180.0, 413.0, x)
    canvas.wire((182, 386), (223, 386), color=theme.input, during=(0.0, 0.15), carries="x")
