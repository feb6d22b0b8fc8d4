"""Gates as they stand in every gated cell: vector, function, matrix, one above the other."""

from __future__ import annotations

from collections.abc import Sequence

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData, Vector
from rnnviz.scene.cell_lengths import Back
from rnnviz.scene.cell_marks import open_matrix, read_token, symbols_of
from rnnviz.scene.cell_vanilla import free_scale
from rnnviz.scene.numbers import grouped
from rnnviz.scene.shapes import Box, Wire
from rnnviz.scene.textwidth import text_width
from rnnviz.trace import Trace

TOP, BOTTOM = 190.0, 310.0
"""Upper and lower edge of the gates' vectors, board units."""
PILL = 32.0
"""How far below its vector a gate's function stands."""
BUS = 432.0
"""y of the line that brings h and x to all matrices."""
_WEIGHTS = 394.0
_ASIDE = 10.0
"""How far the gradient's way back runs beside the wire."""
COMPUTED = 0.45
"""Share of the step after which the gates are known."""

WORDS = {
    "f": "forget", "i": "input", "g": "candidate", "o": "output",
    "r": "reset", "z": "update", "n": "candidate",
}  # fmt: skip


def gate(
    canvas: Canvas, trace: Trace, data: CellData, name: str, x: float, color: int, function: str,
    *, bottom: float = BOTTOM,
) -> None:  # fmt: skip
    """The vector of a gate with its function below; the name stands right of it."""
    scale = canvas.theme.states if name in "gn" else canvas.theme.probabilities
    place = (x - 19.0, TOP, 38.0, bottom - TOP)
    canvas.vector(name, place, data.get(name), scale, color, vertical=True, since=COMPUTED)
    tex = symbols_of(trace, data).at(name, data.step)
    canvas.equation(x + 25.0, 220.0, tex, color, 15.0, most=70.0)
    canvas.label(x + 25.0, 240.0, WORDS[name], canvas.theme.muted, 10.0)
    pill = bottom + PILL
    canvas.function(x, pill, function)
    path = ((x, pill - 13), (x, bottom + 3))
    canvas.wire(*path, color=canvas.theme.muted, width=1.4, during=(0.4, COMPUTED), of=name)


def normed(trace: Trace, function: str) -> str:
    """A function with the normalisation of the products before it, where the model has one."""
    return f"LN, {function}" if trace.spec.layer_norm else function


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
    fed, matrix = ((x, BUS), (x, y + 19)), f"W_{names[0]}"
    canvas.wire(*fed, color=canvas.theme.muted, width=1.4, during=(0.25, 0.35), of=matrix)


def _size_of(trace: Trace, data: CellData, name: str) -> str:
    """Rows × columns of a gate's matrix."""
    whole = data.w_xh if name.startswith("x") else data.w_hh
    return "" if whole is None else f"{trace.spec.hidden_size}×{whole.shape[1]}"


def gates_back(back: Back, places: Sequence[tuple[str, float]], *, apart: bool) -> None:
    """The gradient's way from each gate at its x through its function to its matrices."""
    for name, x in places:
        right = x + _ASIDE
        back.arrow(name, (right, BOTTOM + 3), (right, 328), during=(0.4, 0.5))
        to_matrix(back, name, x, (356.0, _WEIGHTS - 19.0), apart=apart)


def to_matrix(
    back: Back, name: str, x: float, span: tuple[float, float], *, apart: bool = False
) -> None:
    """From a gate's function to its matrices, between two y: one length for both products, unless
    these have it `apart`, for each has a normalisation of its own."""
    (top, bottom), during = span, (0.5, 0.6)
    middle = (top + bottom) / 2.0
    right, left = x + _ASIDE, x - _ASIDE
    if not apart:
        back.arrow(f"a_{name}", (right, top), (right, bottom), during=during)
        back.figure(f"a_{name}", right + 10.0, middle, 82.0, "∂L/∂a")
        return
    back.arrow(f"h_{name}", (left, top), (left, bottom), during=during)
    back.figure(f"h_{name}", left - 12.0, middle, 43.0, align="right")
    back.arrow(f"x_{name}", (right, top), (right, bottom), during=during)
    back.figure(f"x_{name}", right + 12.0, middle, 43.0)


def stack_back(back: Back, last: float) -> None:
    """From all matrices together back to [h; x], and on to x; `last` is the last gate's x."""
    y = BUS + 7.0
    path = ((last + _ASIDE, y), (256.0, y), (256.0, 366.0), (246.0, 366.0))
    back.arrow("stack", *path, during=(0.6, 0.85), widest=5.0)
    back.figure("stack", 269.0, BUS - 10.0, 56.0)
    back.arrow("down", (215, 395), (184, 395), during=(0.85, 1.0), widest=5.0)
    back.figure("down", 184.0, 416.0, 68.0)


def stacked(canvas: Canvas, data: CellData, last: float) -> None:
    """[h; x] as one vector and the line from it to the matrix of the last gate at `last`."""
    theme = canvas.theme
    place = canvas.rect(218, 306, 26, 100)
    canvas.over.append(Box(place, theme.panel, theme.ink, 1.4, 5.0 * canvas.scale))
    canvas.label(231.0, 346.0, "[;]", theme.ink, 12.0, align="center")
    canvas.note(231.0, 294.0, "concatenate", theme.muted, 10.0, 84.0, align="center")
    found = [v.size for v in (data.get("h_before"), data.get("x")) if v is not None]
    if len(found) == 2:
        canvas.note(231.0, 380.0, grouped(sum(found)), theme.muted, 9.5, 25.0, align="center")
    path = ((245, 356), (264, 356), (264, BUS), (last, BUS))
    canvas.wire(*path, color=theme.muted, head=False, during=(0.15, 0.3), of="stack")


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
        canvas.wire((182, y), (215, y), color=theme.hidden, during=(0.0, 0.15), carries="h_before")
        canvas.wire((-12, 270), (8, 270), (8, y), (17, y), color=theme.hidden, of="h_before")
    x = data.get("x")
    canvas.vector("x", (20, 372, 160, 28), x, free_scale(canvas, x), theme.input)
    canvas.equation(100.0, 416.0, symbols.source(data.step), theme.input, 15.0, align="center")
    read_token(canvas, data, 82.0, 414.0)
    dimension(canvas, 180.0, 413.0, x)
    canvas.wire((182, 386), (215, 386), color=theme.input, during=(0.0, 0.15), carries="x")
