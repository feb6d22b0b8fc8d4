"""Inside a vanilla cell: stack(h_{t-1}, x_t) → W → tanh → h_t, and the gradient's way back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rnnviz.scene.activations import applied, function_name, function_value, slope_words
from rnnviz.scene.as_written import equals, put_in, read
from rnnviz.scene.cell_canvas import EQUATION, Canvas
from rnnviz.scene.cell_data import CellData, Vector
from rnnviz.scene.cell_lengths import Back, back_of, factor
from rnnviz.scene.cell_marks import goes_up, joined, open_matrix, read_token, symbols_of
from rnnviz.scene.cell_moment import Span
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations_forward import state_formulas
from rnnviz.scene.numbers import grouped, short, signed
from rnnviz.scene.product_forward import contribution
from rnnviz.scene.shapes import Rect, Wire
from rnnviz.scene.strips_values import nice_bound
from rnnviz.scene.textwidth import text_width
from rnnviz.trace import Trace

Y = 210.0
"""The line on which the vectors stand."""


def draw(canvas: Canvas, trace: Trace, data: CellData, *, figures: bool) -> None:
    """The functional form of the lecture with this step's numbers."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    states = state_scale(canvas, trace, data)
    h_before = data.get("h_before")
    inputs(canvas, trace, data, h_before, symbols.at("h", data.before), theme.hidden, states)
    matrices(canvas, data, "hh", 356.0, 150.0)
    tex = rf"{symbols.weight('W', 'hh')}\,,\;{symbols.weight('W', 'xh')}"
    canvas.equation(431.0, 112.0, tex, theme.weight, 14.0, align="center", most=150.0)
    canvas.wire((292, Y), (353, Y), color=theme.ink, during=(0.25, 0.4), of="stack")
    if trace.spec.layer_norm:
        canvas.wire((508, Y), (514, Y), color=theme.ink, head=False, of="a")
        canvas.function(541.0, Y, "LN, +b")
    else:
        canvas.wire((508, Y), (569, Y), color=theme.ink, during=(0.4, 0.55), of="a")
        bias = rf"{{}}+ {symbols.weight('b', 'h')}"
        canvas.equation(538.0, Y - 20.0, bias, theme.ink, 14.0, align="center", most=54.0)
    activation(canvas, trace, data, 572.0, 44.0, 690.0)
    canvas.wire((718, Y), (769, Y), color=theme.hidden, during=(0.85, 1.0), carries="h")
    place, h = (772.0, 110.0, 44.0, 200.0), data.get("h")
    canvas.vector("h", place, h, states, theme.hidden, vertical=True, since=1.0)
    canvas.equation(794.0, 92.0, symbols.at("h", data.step), theme.hidden, 15.0, align="center")
    canvas.wire((818, 180), (1003, 180), (1003, 248), (1011, 248), color=theme.hidden, of="h")
    canvas.label(990.0, 162.0, "to the next step", theme.muted, 11.0, align="right")
    if words := goes_up(trace, data):
        canvas.wire((818, 140), (860, 140), (860, 44), color=theme.output, of="h")
        canvas.note(868.0, 56.0, words, theme.muted, 11.0, 124.0)
    sizes(canvas, data, ((268.0, 352.0), (431.0, 306.0), (794.0, 322.0)))
    _backward(canvas, trace, data)
    if figures and canvas.moment.is_over:
        equation_and_sums(canvas, trace, data, "h")


def sizes(canvas: Canvas, data: CellData, places: tuple[tuple[float, float], ...]) -> None:
    """Rows × columns of the stacked vector, of W and of what comes out, under each."""
    if data.w_hh is None or data.w_xh is None:
        return
    rows, columns = data.w_hh.shape[0], data.w_hh.shape[1] + data.w_xh.shape[1]
    counts = ((columns, 1), (rows, columns), (rows, 1))
    for (x, y), (high, wide) in zip(places, counts, strict=True):
        words = f"{grouped(high)} × {grouped(wide)}"
        canvas.note(x, y, words, canvas.theme.muted, 10.0, 84.0, align="center")


def state_scale(canvas: Canvas, trace: Trace, data: CellData) -> ColorScale:
    """Fixed ±1 for tanh; for states without a bound the range of this step."""
    theme = canvas.theme
    if trace.spec.bounded_states:
        return theme.states
    found = [data.get(key) for key in ("h", "h_before", "x")]
    most = max((float(np.abs(v).max(initial=0.0)) for v in found if v is not None), default=1.0)
    bound = nice_bound(most)
    return ColorScale(theme.diverging, -bound, bound)


def inputs(
    canvas: Canvas, trace: Trace, data: CellData, carried: Vector | None, tex: str, color: int,
    scale: ColorScale,
) -> None:  # fmt: skip
    """What is carried on and what is read at the left, stacked into one vector."""
    theme, x, symbols = canvas.theme, data.get("x"), symbols_of(trace, data)
    name = "y_before" if trace.spec.cell == "jordan" else "h_before"
    canvas.wire((-12, 248), (16, 248), (16, 125), (28, 125), color=color, of=name)
    canvas.equation(110.0, 92.0, tex, color, 15.0, align="center")
    canvas.vector(name, (30, 110, 160, 30), carried, scale, color)
    # States without a bound have one range with those that they are read from.
    shared = data.depth > 0 and not trace.spec.bounded_states
    read = scale if shared else free_scale(canvas, x)
    canvas.vector("x", (30, 280, 160, 30), x, read, theme.input)
    canvas.equation(110.0, 330.0, symbols.source(data.step), theme.input, 15.0, align="center")
    read_token(canvas, data, 90.0, 328.0)
    found = [v for v in (carried, x) if v is not None]
    stacked = np.concatenate(found) if found else None
    place = (246.0, 100.0, 44.0, 220.0)
    canvas.vector("stack", place, stacked, scale, theme.ink, vertical=True, since=0.25)
    words = f"stack of {name[0]} and x"
    if text_width(words, canvas.font(11.0)) > 100.0 * canvas.sx:
        words = "stack"
    canvas.label(268.0, 334.0, words, theme.muted, 11.0, align="center")
    canvas.wire((192, 125), (243, 125), color=color, during=(0.0, 0.25), carries=name)
    canvas.wire((192, 295), (243, 295), color=theme.input, during=(0.0, 0.25), carries="x")


def free_scale(canvas: Canvas, values: Vector | None) -> ColorScale:
    """A symmetric range over what the values need, at least ±1."""
    most = float(np.abs(values).max(initial=0.0)) if values is not None else 1.0
    bound = nice_bound(most, least=1.0)
    return ColorScale(canvas.theme.diverging, -bound, bound)


def matrices(canvas: Canvas, data: CellData, name: str, left: float, width: float) -> None:
    """W = [W_hh W_xh] as one heatmap; each half opens as a product."""
    parts = [w for w in (data.w_hh, data.w_xh) if w is not None]
    whole = np.concatenate(parts, axis=1) if len(parts) == 2 else None
    canvas.matrix((left, 130, width, 160), whole, canvas.theme.weight)
    if whole is None:
        return
    share = parts[0].shape[1] / whole.shape[1]
    inner = canvas.rect(left, 130, width, 160).inset(4.0 * canvas.scale)
    cut = inner.w * share
    open_matrix(canvas, data, name, Rect(inner.x, inner.y, cut, inner.h))
    open_matrix(canvas, data, "xh", Rect(inner.x + cut, inner.y, inner.w - cut, inner.h))
    x = left + 4.0 + (width - 8.0) * share
    canvas.over.append(_divider(canvas, x))


def _divider(canvas: Canvas, x: float) -> Wire:
    points = (canvas.at(x, 126.0), canvas.at(x, 294.0))
    return Wire(points, canvas.theme.weight, max(2.0 * canvas.scale, 1.2), head=False)


def activation(
    canvas: Canvas, trace: Trace, data: CellData, left: float, width: float, pill: float
) -> None:
    """The pre-activations and the function that makes the state of them."""
    theme, a = canvas.theme, data.get("a")
    wide = free_scale(canvas, a)
    place = (left, 110.0, width, 200.0)
    canvas.vector("a", place, a, wide, theme.ink, vertical=True, since=0.55)
    middle = left + width / 2
    canvas.equation(middle, 92.0, f"a_{{{data.step}}}", theme.ink, 15.0, align="center")
    canvas.wire(
        (left + width + 2, Y), (pill - 29, Y), color=theme.ink, during=(0.6, 0.85), carries="a"
    )
    canvas.function(pill, Y, function_name(trace.spec.activation))


def lengths_along(back: Back, y: float, spans: Sequence[tuple[float, float, str, Span]]) -> None:
    """Arrows of the way back on one line: from x to x, along which path, and when."""
    for right, left, path, during in spans:
        leaves = path == "back"
        back.arrow(path, (right, y), (left, y), during=during, widest=9.0, leaves=leaves)


def to_input(back: Back) -> None:
    """From the stack back to x, above the wire that brings it."""
    back.arrow("down", (243, 284), (194, 284), during=(0.75, 1.0))
    back.figure("down", 217.0, 268.0, 52.0, align="center")


def _backward(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """The lengths of the gradient and the factors between them."""
    back = back_of(canvas, trace, data, "h", "a", "h_a", "back")
    if back is None:
        return
    theme, symbols = canvas.theme, symbols_of(trace, data)
    color, y = theme.gradient, 370.0
    spans = (
        (988, 822, "h", (0.0, 0.25)),
        (764, 624, "a", (0.25, 0.5)),
        (560, 516, "h_a", (0.5, 0.65)),
        (350, 20, "back", (0.65, 1.0)),
    )
    back.arrow("next_h", (1001, 192), (822, 192), during=(0.0, 0.15))
    back.figure("next_h", 988.0, 207.0, 100.0, align="right")
    back.arrow("above", (849, 48), (849, 137), during=(0.0, 0.15))
    back.figure("above", 838.0, 66.0, 100.0, align="right")
    lengths_along(back, y, spans)
    to_input(back)
    if canvas.moment.backward <= 0.0:
        return
    slope = f"⊙ {slope_words(trace.spec.activation)}"
    canvas.label(794.0, 346.0, slope, color, 12.0, align="center")
    tex = symbols.transposed("W", "hh")
    canvas.equation(431.0, y, tex, color, 14.0, align="center")
    if not canvas.moment.is_back:
        return
    total, inner, product, leaves = (back.lengths[name] for name in ("h", "a", "h_a", "back"))
    canvas.label(905.0, 396.0, f"‖∂L/∂h‖ = {short(total)}", color, 11.5, align="center")
    canvas.label(694.0, 396.0, f"‖∂L/∂a‖ = {short(inner)}", color, 11.5, align="center")
    canvas.label(20.0, 396.0, f"back to the step before: {short(leaves)}", color, 11.5)
    canvas.label(794.0, 420.0, factor(inner, total), theme.muted, 11.0, align="center")
    if trace.spec.layer_norm:
        words = f"{short(product)} before LN"
        canvas.note(548.0, 396.0, words, color, 11.5, 130.0, align="center")
        canvas.note(604.0, 420.0, factor(product, inner), theme.muted, 11.0, 160.0, align="center")
    words = factor(leaves, product)
    canvas.label(431.0, 420.0, words, theme.muted, 11.0, align="center")
    whole = f"this step: {factor(leaves, total)}"
    words = "cut here: nothing goes back" if back.cut else whole
    canvas.label(20.0, 420.0, words, theme.muted, 11.0)


def equation_and_sums(canvas: Canvas, trace: Trace, data: CellData, carried: str) -> None:
    """The equation and, for the first units, its sum in numbers."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    tex = joined(state_formulas(symbols, data.step)[-1])
    canvas.equation(16.0, 482.0, tex, theme.ink, EQUATION, most=430.0)
    a, h = data.get("a"), data.get("h")
    from_h, from_x = (contribution(trace, data, side) for side in (carried, "x"))
    if a is None or h is None or from_h is None or from_x is None:
        return
    by_hand, given = data.by_hand(trace, "h"), data.by_hand(trace, "a")
    for unit in range(min(3, h.size)):
        rest = float(a[unit] - from_h[unit] - from_x[unit])
        terms = [signed(float(v)) for v in (from_h[unit], from_x[unit], rest)]
        inside = " ".join(terms)
        if unit in given:
            terms = [signed(float(a[unit]))]
            inside = put_in(terms[0])
        made, right = applied(trace.spec.activation, inside), signed(float(h[unit]))
        name = function_name(trace.spec.activation)
        sign = equals(function_value(name, sum(map(read, terms))), right)
        text = put_in(right) if unit in by_hand else f"{made} {sign} {right}"
        line = f"[{unit + 1}]  {text}"
        canvas.label(500.0, 461.0 + 20.0 * unit, line, theme.ink, 11.5, family="mono")
