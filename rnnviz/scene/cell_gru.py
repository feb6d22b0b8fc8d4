"""Inside a GRU cell: h_t lies between h_{t-1} and the candidate n; z says where."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_gates import BUS, TOP, gate, inputs, weight
from rnnviz.scene.cell_lengths import gate_lengths, times
from rnnviz.scene.cell_marks import joined, symbols_of
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations_forward import gate_formula, state_formulas
from rnnviz.scene.graph.norms import arrow_width
from rnnviz.scene.numbers import fixed, short, signed
from rnnviz.trace import Trace

HIGHWAY = 74.0
Z, N, M, R = 340.0, 560.0, 680.0, 800.0


def draw(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}, the reset gate after the recurrent product."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    y = HIGHWAY - 6.0
    place = (20.0, HIGHWAY - 15.0, 160.0, 30.0)
    canvas.vector("h_before", place, data.get("h_before"), theme.states, theme.hidden)
    tex = symbols.at("h", data.before)
    canvas.equation(100.0, HIGHWAY - 29.0, tex, theme.hidden, 15.0, align="center")
    canvas.wire((-12, 248), (8, 248), (8, y), (17, y), color=theme.hidden, width=2.6)
    canvas.wire((182, y), (Z - 14, y), color=theme.hidden, width=2.6)
    canvas.wire((Z + 12, y), (N - 14, y), color=theme.hidden, width=2.6)
    canvas.wire((N + 12, y), (697, y), color=theme.hidden, width=2.6)
    canvas.vector("h", (700, HIGHWAY - 15, 160, 30), data.get("h"), theme.states, theme.hidden)
    tex = symbols.at("h", data.step)
    canvas.equation(780.0, HIGHWAY - 29.0, tex, theme.hidden, 15.0, align="center")
    ahead = ((862, y), (1003, y), (1003, 248), (1011, 248))
    canvas.wire(*ahead, color=theme.hidden, width=2.6)
    canvas.operation(Z, y, "⊙")
    canvas.operation(N, y, "+")
    canvas.wire((Z, TOP - 2), (Z, y + 15), color=theme.gate)
    canvas.function(450.0, 150.0, "1 − z")
    canvas.wire((Z, 150), (421, 150), color=theme.gate)
    canvas.wire((478, 150), (N - 15, 150), color=theme.gate)
    canvas.operation(N, 150.0, "⊙")
    canvas.wire((N, TOP - 2), (N, 165), color=theme.cell)
    canvas.wire((N, 137), (N, y + 15), color=theme.hidden)
    gate(canvas, trace, data, "z", Z, theme.gate, "σ")
    canvas.wire((Z, 378), (Z, 357), color=theme.muted, width=1.4)
    weight(canvas, trace, data, ("hz", "xz"), Z)
    gate(canvas, trace, data, "n", N, theme.cell, "tanh")
    canvas.wire((N, 364), (N, 357), color=theme.muted, width=1.4, head=False)
    canvas.operation(N, 374.0, "+")
    weight(canvas, trace, data, ("xn",), N, 412.0)
    canvas.wire((N, 397), (N, 388), color=theme.muted, width=1.4)
    m = data.get("m")
    bound = max(float(np.abs(m).max()), 1.0) if m is not None and m.size else 1.0
    wide = ColorScale(theme.diverging, -bound, bound)
    canvas.wire((M, 397), (M, 388), color=theme.muted, width=1.4)
    canvas.operation(M, 374.0, "⊙")
    canvas.wire((M - 13, 374), (N + 15, 374), color=theme.muted, width=1.4)
    weight(canvas, trace, data, ("hn",), M, 412.0)
    gate(canvas, trace, data, "r", R, theme.input, "σ")
    canvas.wire((R, 378), (R, 357), color=theme.muted, width=1.4)
    weight(canvas, trace, data, ("hr", "xr"), R)
    canvas.wire((R - 20, 300), (M, 300), (M, 360), color=theme.input)
    canvas.vector("m", (900, TOP, 38, 120), m, wide, theme.ink, vertical=True)
    canvas.equation(944.0, 236.0, symbols.at("m", data.step), theme.ink, 15.0, most=50.0)
    product = rf"{symbols.weight('W', 'hn')}\,{symbols.at('h', data.before)}"
    if trace.spec.layer_norm:
        product = rf"\mathrm{{LN}}({product})"
    tex = rf"{product} + {symbols.weight('b', 'hn')}"
    canvas.equation(919.0, 328.0, tex, theme.muted, 11.0, align="center", most=140.0)
    inputs(canvas, trace, data, None)
    canvas.wire((100, 91), (100, 326), (223, 326), color=theme.hidden)
    canvas.wire((257, 356), (276, 356), (276, BUS), (R, BUS), color=theme.muted, head=False)
    _backward(canvas, data)
    _figures(canvas, trace, data)


def _backward(canvas: Canvas, data: CellData) -> None:
    """Straight along the interpolation the gradient is scaled by z."""
    dh, z = data.get("dh"), data.get("z")
    if dh is None or z is None:
        return
    color, y = canvas.theme.gradient, HIGHWAY + 8.0
    here = float(np.linalg.norm(dh.astype(np.float64)))
    kept = float(np.linalg.norm((dh * z).astype(np.float64)))
    thick, thin = (max(arrow_width(n, here, 7.0), 1.0) for n in (here, kept))
    canvas.wire((694, y), (N + 16, y), color=color, width=thick)
    canvas.wire((N - 14, y), (Z + 16, y), color=color, width=thick)
    canvas.wire((Z - 16, y), (186, y), color=color, width=thin)
    canvas.label(118.0, y + 26.0, f"× z:  {short(kept)} {times(kept, here)}", color, 11.5)
    canvas.label(780.0, y + 24.0, f"‖∂L/∂h‖ = {short(here)}", color, 11.5, align="center")


def _figures(canvas: Canvas, trace: Trace, data: CellData) -> None:
    theme, symbols = canvas.theme, symbols_of(trace, data)
    hidden = joined(state_formulas(symbols, data.step)[-1])
    canvas.equation(16.0, 458.0, hidden, theme.hidden, 15.0, most=330.0)
    candidate = joined(gate_formula(symbols, "n", data.step))
    canvas.equation(16.0, 490.0, candidate, theme.cell, 15.0, most=360.0)
    got = {key: data.get(key) for key in ("z", "n", "h_before", "h")}
    if any(v is None for v in got.values()):
        return
    z, n, old, h = (float(v[0]) for v in got.values() if v is not None)
    line = f"[1]  {fixed(1 - z)} × {signed(n, 2)} + {fixed(z)} × {signed(old, 2)} = {signed(h)}"
    canvas.label(400.0, 458.0, line, theme.ink, 11.5, family="mono")
    mean = float(np.mean(got["z"])) if got["z"] is not None else 0.0
    words = f"on average z keeps {100 * mean:.0f} % of the old state; reset after the product"
    canvas.label(400.0, 478.0, words, theme.muted, 10.5)
    gate_lengths(canvas, trace, data, 400.0, 496.0)
