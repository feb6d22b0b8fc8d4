"""Inside a vanilla cell: stack(h_{t-1}, x_t) → W → tanh → h_t, and the gradient's way back."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.captions import subscript
from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.graph.gradients import arrow_width
from rnnviz.scene.numbers import short, signed


def draw(canvas: Canvas, data: CellData, activation: str, x_name: str) -> None:
    """The functional form of the lecture with this step's numbers."""
    theme = canvas.theme
    t, before = subscript(data.step), subscript(data.step - (-1 if data.reverse else 1))
    canvas.symbol(110.0, 96.0, f"h{before}", theme.hidden, "center")
    canvas.vector("h_before", (30, 110, 160, 30), data.get("h_before"), theme.states, theme.hidden)
    canvas.vector("x", (30, 280, 160, 30), data.get("x"), theme.states, theme.input)
    canvas.symbol(110.0, 326.0, f"{x_name}{t}", theme.input, "center")
    h_before, x = data.get("h_before"), data.get("x")
    stacked = np.concatenate([v for v in (h_before, x) if v is not None])
    canvas.vector("stack", (246, 100, 44, 220), stacked, theme.states, theme.ink, vertical=True)
    canvas.label(268.0, 336.0, "stack", theme.muted, 11.0, align="center")
    canvas.wire((192, 125), (243, 125), color=theme.hidden)
    canvas.wire((192, 295), (243, 295), color=theme.input)
    matrices = [w for w in (data.w_hh, data.w_xh) if w is not None]
    whole = np.concatenate(matrices, axis=1) if len(matrices) == 2 else None
    canvas.matrix((356, 130, 150, 160), whole, theme.weight)
    canvas.symbol(431.0, 116.0, "W = [W_hh  W_xh]", theme.weight, "center")
    canvas.wire((292, 210), (353, 210), color=theme.ink)
    canvas.wire((508, 210), (569, 210), color=theme.ink)
    a = data.get("a")
    bound = max(float(np.abs(a).max()), 1.0) if a is not None and a.size else 1.0
    wide = ColorScale(theme.diverging, -bound, bound)
    canvas.vector("a", (572, 110, 44, 200), a, wide, theme.ink, vertical=True)
    canvas.symbol(594.0, 96.0, f"a{t}", theme.ink, "center")
    canvas.wire((618, 210), (661, 210), color=theme.ink)
    canvas.function(690.0, 210.0, activation)
    canvas.wire((718, 210), (769, 210), color=theme.hidden)
    place = (772.0, 110.0, 44.0, 200.0)
    canvas.vector("h", place, data.get("h"), theme.states, theme.hidden, vertical=True)
    canvas.symbol(794.0, 96.0, f"h{t}", theme.hidden, "center")
    canvas.wire((818, 180), (960, 180), color=theme.hidden)
    canvas.label(962.0, 162.0, "next step", theme.muted, 11.0, align="right")
    canvas.wire((818, 140), (900, 140), (900, 66), color=theme.output)
    canvas.label(908.0, 74.0, "up", theme.muted, 11.0)
    _backward(canvas, data, activation)
    _figures(canvas, data, activation, t, before)


def _backward(canvas: Canvas, data: CellData, activation: str) -> None:
    """Three lengths of the gradient and the two factors between them."""
    arriving, inner = data.norm("dh"), data.norm("da")
    da, w_hh = data.get("da"), data.w_hh
    if arriving is None or inner is None or da is None or w_hh is None:
        return
    theme = canvas.theme
    leaving = float(np.linalg.norm(w_hh.T.astype(np.float64) @ da))
    most = max(arriving, inner, leaving)
    color = theme.gradient
    y = 372.0
    for right, left, norm in ((960, 822, arriving), (764, 624, inner), (350, 200, leaving)):
        width = arrow_width(norm, most, 9.0)
        canvas.wire((right, y), (left, y), color=color, width=max(width, 1.0), dashed=norm == 0.0)
    canvas.wire((560, y), (516, y), color=color, width=max(arrow_width(inner, most, 9.0), 1.0))
    canvas.label(891.0, 396.0, f"‖∂L/∂h‖ = {short(arriving)}", color, 11.5, align="center")
    canvas.label(694.0, 396.0, f"‖∂L/∂a‖ = {short(inner)}", color, 11.5, align="center")
    words = f"back to the step before: {short(leaving)}"
    canvas.label(275.0, 396.0, words, color, 11.5, align="center")
    slope = "(1 − h²)" if activation == "tanh" else "[a > 0]"
    canvas.label(794.0, 346.0, f"⊙ {slope}", color, 12.0, align="center")
    canvas.label(794.0, 418.0, _factor(inner, arriving), theme.muted, 11.0, align="center")
    canvas.label(431.0, 372.0, "W_hhᵀ", color, 13.0, align="center", family="serif", italic=True)
    canvas.label(431.0, 418.0, _factor(leaving, inner), theme.muted, 11.0, align="center")


def _factor(after: float, before: float) -> str:
    return f"length × {short(after / before)}" if before > 0 else "length stays 0"


def _figures(canvas: Canvas, data: CellData, activation: str, t: str, before: str) -> None:
    """The equation and, for the first units, its sum in numbers."""
    theme = canvas.theme
    text = f"h{t} = {activation}(W_hh h{before} + W_xh x{t} + b_h)"
    canvas.label(30.0, 456.0, text, theme.hidden, 15.0, family="serif", italic=True)
    a, h, h_before, x = (data.get(key) for key in ("a", "h", "h_before", "x"))
    if a is None or h is None or h_before is None or x is None:
        return
    if data.w_hh is None or data.w_xh is None:
        return
    from_h, from_x = data.w_hh @ h_before, data.w_xh @ x
    for unit in range(min(3, h.size)):
        rest = float(a[unit] - from_h[unit] - from_x[unit])
        terms = " ".join(signed(float(v)) for v in (from_h[unit], from_x[unit], rest))
        line = f"unit {unit + 1}:  {activation}({terms}) = {signed(float(h[unit]))}"
        canvas.label(420.0, 450.0 + 20.0 * unit, line, theme.ink, 11.5, family="mono")
