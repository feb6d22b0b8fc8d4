"""Inside a GRU cell: h_t lies between h_{t-1} and the candidate n; z says where."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.cell_canvas import EQUATION, LINE, Canvas
from rnnviz.scene.cell_data import CellData, Vector
from rnnviz.scene.cell_gates import (
    COMPUTED,
    TOP,
    bus_back,
    dimension,
    gate,
    gate_back,
    inputs,
    stacked,
    weight,
)
from rnnviz.scene.cell_lengths import arriving, gate_lengths, leaving, length, times
from rnnviz.scene.cell_marks import goes_up, joined, symbols_of
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations_forward import gate_formula, state_formulas
from rnnviz.scene.numbers import fixed, short, signed
from rnnviz.scene.product_backward import is_cut
from rnnviz.trace import Trace

HIGHWAY = 68.0
Z, N, M, R = 340.0, 560.0, 680.0, 800.0
_LOW = 404.0
"""y of the two matrices of the candidate, below what joins them."""


def draw(canvas: Canvas, trace: Trace, data: CellData, *, figures: bool) -> None:
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}, the reset gate after the recurrent product."""
    _interpolation(canvas, trace, data)
    _candidate(canvas, trace, data)
    theme = canvas.theme
    for name, x, color in (("z", Z, theme.gate), ("r", R, theme.input)):
        gate(canvas, trace, data, name, x, color, "σ")
        canvas.wire((x, 375), (x, 357), color=theme.muted, width=1.4, during=(0.35, 0.4))
        weight(canvas, trace, data, (f"h{name}", f"x{name}"), x)
    inputs(canvas, trace, data, None)
    stacked(canvas, data, R)
    path = ((100, HIGHWAY + 26), (100, 326), (223, 326))
    canvas.wire(*path, color=theme.hidden, during=(0.0, 0.15), carries="h_before")
    _backward(canvas, trace, data)
    if figures and canvas.moment.is_over:
        _figures(canvas, trace, data)


def _interpolation(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """h from step to step: z keeps of the old one, 1 − z takes of the candidate."""
    theme, symbols, y = canvas.theme, symbols_of(trace, data), HIGHWAY
    before, after, green = data.get("h_before"), data.get("h"), theme.hidden
    place = (20.0, HIGHWAY - 9.0, 160.0, 30.0)
    canvas.vector("h_before", place, before, theme.states, green)
    tex = symbols.at("h", data.before)
    canvas.equation(100.0, HIGHWAY - 23.0, tex, green, 15.0, align="center")
    dimension(canvas, 180.0, HIGHWAY - 19.0, before)
    canvas.wire((-12, 248), (8, 248), (8, y), (17, y), color=green, width=2.6)
    way = ((182, y), (Z - 14, y))
    canvas.wire(*way, color=green, width=2.6, during=(0.6, 0.75), carries="h_before")
    canvas.wire((Z + 12, y), (N - 14, y), color=green, width=2.6, during=(0.75, 0.9))
    canvas.wire((N + 12, y), (697, y), color=green, width=2.6, during=(0.9, 1.0), carries="h")
    words = "between the old state and the candidate"
    canvas.note(450.0, y - 20.0, words, theme.muted, 10.0, 200.0, align="center")
    place = (700.0, HIGHWAY - 9.0, 160.0, 30.0)
    canvas.vector("h", place, after, theme.states, green, since=1.0)
    tex = symbols.at("h", data.step)
    canvas.equation(780.0, HIGHWAY - 23.0, tex, green, 15.0, align="center")
    canvas.wire((862, y), (1003, y), (1003, 248), (1011, 248), color=green, width=2.6)
    if words := goes_up(trace, data):
        canvas.wire((930, y), (930, 118), color=theme.output, dashed=True)
    canvas.note(930.0, 130.0, words, theme.muted, 10.5, 120.0, align="center")
    canvas.operation(Z, y, "⊙")
    canvas.operation(N, y, "+")
    canvas.wire((Z, TOP - 2), (Z, y + 14), color=theme.gate, during=(0.6, 0.75), carries="z")
    canvas.function(450.0, 150.0, "1 − z")
    canvas.wire((Z, 150), (421, 150), color=theme.gate, during=(0.6, 0.68))
    canvas.wire((478, 150), (N - 15, 150), color=theme.gate, during=(0.68, 0.75))
    canvas.operation(N, 150.0, "⊙")
    canvas.wire((N, TOP - 2), (N, 165), color=theme.cell, during=(0.6, 0.75), carries="n")
    canvas.wire((N, 137), (N, y + 14), color=green, during=(0.75, 0.9))


def _candidate(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """n = tanh(W x + b + r ⊙ m), m = W h + b: the reset comes after the recurrent product."""
    theme, symbols, grey = canvas.theme, symbols_of(trace, data), canvas.theme.muted
    gate(canvas, trace, data, "n", N, theme.cell, "tanh")
    canvas.wire((N, 359), (N, 357), color=grey, width=1.4, head=False)
    canvas.operation(N, 372.0, "+")
    weight(canvas, trace, data, ("xn",), N, _LOW)
    canvas.wire((N, _LOW - 18), (N, 386), color=grey, width=1.4)
    m = data.get("m")
    bound = max(float(np.abs(m).max()), 1.0) if m is not None and m.size else 1.0
    wide = ColorScale(theme.diverging, -bound, bound)
    canvas.wire((M, _LOW - 18), (M, 386), color=grey, width=1.4)
    canvas.operation(M, 372.0, "⊙")
    canvas.wire((M - 13, 372), (N + 15, 372), color=grey, width=1.4, during=(0.4, COMPUTED))
    weight(canvas, trace, data, ("hn",), M, _LOW)
    # The product's name where it is used: its numbers stand at the right.
    used = symbols.at("m", data.step)
    canvas.equation(M + 24.0, 377.0, used, theme.ink, 13.0, most=30.0)
    canvas.wire((R - 20, 320), (M, 320), (M, 358), color=theme.input)
    place = (900.0, TOP, 38.0, 120.0)
    canvas.vector("m", place, m, wide, theme.ink, vertical=True, since=0.35)
    canvas.equation(944.0, 236.0, symbols.at("m", data.step), theme.ink, 15.0, most=50.0)
    product = rf"{symbols.weight('W', 'hn')}\,{symbols.at('h', data.before)}"
    if trace.spec.layer_norm:
        product = rf"\mathrm{{LN}}({product})"
    tex = rf"{product} + {symbols.weight('b', 'hn')}"
    canvas.equation(919.0, 328.0, tex, grey, 11.0, align="center", most=140.0)


def gate_gradients(data: CellData) -> dict[str, Vector]:
    """(H,) ∂L/∂z = ∂L/∂h ⊙ (h_{t-1} − n), ∂L/∂n = ∂L/∂h ⊙ (1 − z), ∂L/∂r = ∂L/∂a_n ⊙ m."""
    needed = [data.get(key) for key in ("dh", "z", "n", "m", "h_before", "da")]
    if any(v is None for v in needed):
        return {}
    dh, z, n, m, before, da = (v.astype(np.float64) for v in needed if v is not None)
    return {"z": dh * (before - n), "n": dh * (1.0 - z), "r": da[2 * len(z) :] * m}


def _backward(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """Straight along the interpolation the gradient is scaled by z; the rest goes through W."""
    dh, z, da = data.get("dh"), data.get("z"), data.get("da")
    if dh is None or z is None or da is None:
        return
    color, y = canvas.theme.gradient, HIGHWAY + 14.0
    here, kept = length(dh) or 0.0, length(dh * z) or 0.0
    at = {name: length(values) for name, values in gate_gradients(data).items()}
    size, back, cut = z.size, leaving(trace, data), is_cut(trace, data)
    inner = {name: length(da[k * size : (k + 1) * size]) for k, name in enumerate("rzn")}
    along, above = arriving(data)
    canvas.back((1001, y), (864, y), norm=along, most=here, during=(0.0, 0.1))
    canvas.back((943, 118), (943, y + 8), norm=above, most=here, during=(0.0, 0.1))
    canvas.back((694, y), (N + 16, y), norm=here, most=here, during=(0.1, 0.2))
    canvas.back((N - 14, y), (Z + 16, y), norm=here, most=here, during=(0.2, 0.3))
    canvas.back((Z - 16, y), (186, y), norm=kept, most=here, during=(0.3, 0.5), stopped=cut)
    canvas.back((Z + 10, y + 8), (Z + 10, TOP - 3), norm=at.get("z"), most=here, during=(0.3, 0.4))
    canvas.back((N + 10, y + 8), (N + 10, 137), norm=here, most=here, during=(0.2, 0.25))
    canvas.back((N + 10, 164), (N + 10, TOP - 3), norm=at.get("n"), most=here, during=(0.25, 0.4))
    for name, x in (("z", Z), ("n", N), ("r", R)):
        top = 388.0 if name == "n" else 394.0
        gate_back(canvas, name, x, (at.get(name), inner[name]), here, top)
    canvas.back((M + 10, 330), (R - 22, 330), norm=at.get("r"), most=here, during=(0.5, 0.55))
    bus_back(canvas, R + 10.0, back, here)
    path = ((223, 338), (88, 338), (88, HIGHWAY + 26))
    canvas.back(*path, norm=back, most=here, during=(0.85, 1.0), widest=5.0, stopped=cut)
    if not canvas.moment.is_back:
        return
    words = f"‖z ⊙ ∂L/∂h‖ = {short(kept)} {times(kept, here)}"
    canvas.note(112.0, y + 26.0, words, color, 10.5, 215.0)
    canvas.note(780.0, y + 24.0, f"‖∂L/∂h‖ = {short(here)}", color, 11.0, 180.0, align="center")
    if back is not None:
        words = "cut here" if cut else f"‖Wᵀδ‖ = {short(back)} {times(back, here)}"
        canvas.note(112.0, 268.0, words, color, 10.5, 190.0)


def _figures(canvas: Canvas, trace: Trace, data: CellData) -> None:
    theme, symbols = canvas.theme, symbols_of(trace, data)
    hidden = joined(state_formulas(symbols, data.step)[-1])
    canvas.equation(16.0, 464.0, hidden, theme.hidden, EQUATION, most=360.0, tall=LINE)
    candidate = joined(gate_formula(symbols, "n", data.step))
    canvas.equation(16.0, 494.0, candidate, theme.cell, EQUATION, most=375.0, tall=LINE)
    got = {key: data.get(key) for key in ("z", "n", "h_before", "h")}
    if any(v is None for v in got.values()):
        return
    z, n, old, h = (float(v[0]) for v in got.values() if v is not None)
    line = f"[1]  {fixed(1 - z)} × {signed(n, 2)} + {fixed(z)} × {signed(old, 2)} = {signed(h)}"
    canvas.label(400.0, 462.0, line, theme.ink, 11.5, family="mono")
    mean = float(np.mean(got["z"])) if got["z"] is not None else 0.0
    words = f"on average z keeps {100 * mean:.0f} % of the old state; reset after the product"
    canvas.label(400.0, 482.0, words, theme.muted, 10.5)
    if canvas.moment.is_back:
        gate_lengths(canvas, trace, data, 400.0, 502.0)
