"""Inside a GRU cell: h_t lies between h_{t-1} and the candidate n; z says where."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.as_written import mixed, put_in
from rnnviz.scene.cell_canvas import EQUATION, Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_gates import (
    BOTTOM,
    COMPUTED,
    PILL,
    TOP,
    dimension,
    gate,
    inputs,
    normed,
    stacked,
    weight,
)
from rnnviz.scene.cell_gru_backward import draw_backward
from rnnviz.scene.cell_gru_places import HIGHWAY, LOW, MIX, RESET, SHORT, SUM, UP, M, N, R, Z
from rnnviz.scene.cell_lengths import gate_lengths
from rnnviz.scene.cell_marks import goes_up, joined, symbols_of
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations_forward import gate_formula, reset_formula, state_formulas
from rnnviz.scene.numbers import fixed, percent, signed
from rnnviz.trace import Trace

_FIGURES = 466.0
"""x of the numbers beside the equations under the cell."""


def draw(canvas: Canvas, trace: Trace, data: CellData, *, figures: bool) -> None:
    """h_t = (1 − z) ⊙ n + z ⊙ h_{t-1}, the reset gate after the recurrent product."""
    _interpolation(canvas, trace, data)
    _candidate(canvas, trace, data)
    theme = canvas.theme
    for name, x, color in (("z", Z, theme.gate), ("r", R, theme.input)):
        gate(canvas, trace, data, name, x, color, normed(trace, "σ"))
        canvas.wire((x, 375), (x, 357), color=theme.muted, width=1.4, during=(0.35, 0.4), of=name)
        weight(canvas, trace, data, (f"h{name}", f"x{name}"), x)
    inputs(canvas, trace, data, None)
    stacked(canvas, data, R)
    path = ((100, HIGHWAY + 26), (100, 326), (215, 326))
    canvas.wire(*path, color=theme.hidden, during=(0.0, 0.15), carries="h_before")
    draw_backward(canvas, trace, data)
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
    canvas.wire((-12, 248), (8, 248), (8, y), (17, y), color=green, width=2.6, of="h_before")
    way = ((182, y), (Z - 14, y))
    canvas.wire(*way, color=green, width=2.6, during=(0.6, 0.75), carries="h_before")
    canvas.wire((Z + 12, y), (N - 14, y), color=green, width=2.6, during=(0.75, 0.9), of="h")
    canvas.wire((N + 12, y), (697, y), color=green, width=2.6, during=(0.9, 1.0), carries="h")
    words = "between the old state and the candidate"
    canvas.note((Z + N) / 2, y - 20.0, words, theme.muted, 10.0, 200.0, align="center")
    place = (700.0, HIGHWAY - 9.0, 160.0, 30.0)
    canvas.vector("h", place, after, theme.states, green, since=1.0)
    tex = symbols.at("h", data.step)
    canvas.equation(780.0, HIGHWAY - 23.0, tex, green, 15.0, align="center")
    canvas.wire((862, y), (1003, y), (1003, 248), (1011, 248), color=green, width=2.6, of="h")
    if words := goes_up(trace, data):
        canvas.wire((UP, y), (UP, 118), color=theme.output, dashed=True, of="h")
    canvas.note(UP, 130.0, words, theme.muted, 10.5, 150.0, align="center")
    canvas.operation(Z, y, "⊙")
    canvas.operation(N, y, "+")
    canvas.wire((Z, TOP - 2), (Z, y + 14), color=theme.gate, during=(0.6, 0.75), carries="z")
    canvas.function((Z + N) / 2, MIX, "1 − z")
    ways = ((Z, MIX), ((Z + N) / 2 - 29, MIX)), (((Z + N) / 2 + 28, MIX), (N - 15, MIX))
    canvas.wire(*ways[0], color=theme.gate, during=(0.6, 0.68), of="z")
    canvas.wire(*ways[1], color=theme.gate, during=(0.68, 0.75), of="z")
    canvas.operation(N, MIX, "⊙")
    canvas.wire((N, TOP - 2), (N, MIX + 15), color=theme.cell, during=(0.6, 0.75), carries="n")
    canvas.wire((N, MIX - 13), (N, y + 14), color=green, during=(0.75, 0.9), of="h")


def _candidate(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """n = tanh(W x + b + r ⊙ m), m = W h + b: the reset comes after the recurrent product."""
    theme, symbols, grey = canvas.theme, symbols_of(trace, data), canvas.theme.muted
    gate(canvas, trace, data, "n", N, theme.cell, "tanh", bottom=SHORT)
    up = ((N, SUM - 14), (N, SHORT + PILL + 13))
    canvas.wire(*up, color=grey, width=1.4, during=(0.4, 0.42), of="n")
    canvas.operation(N, SUM, "+")
    weight(canvas, trace, data, ("xn",), N, LOW)
    canvas.wire((N, LOW - 18), (N, SUM + 14), color=grey, width=1.4, during=(0.35, 0.4), of="n")
    if trace.spec.layer_norm:
        canvas.label(N - 7.0, (LOW - 17 + SUM + 12) / 2, "LN", theme.ink, 9.5, align="right")
    m = data.get("m")
    bound = max(float(np.abs(m).max()), 1.0) if m is not None and m.size else 1.0
    wide = ColorScale(theme.diverging, -bound, bound)
    weight(canvas, trace, data, ("hn",), M)
    canvas.wire((M, 375), (M, 357), color=grey, width=1.4, during=(0.3, 0.33), of="m")
    canvas.function(M, BOTTOM + PILL, normed(trace, "+ b"))
    canvas.wire((M, 329), (M, BOTTOM + 3), color=grey, width=1.4, during=(0.33, 0.35), of="m")
    place = (M - 19.0, TOP, 38.0, BOTTOM - TOP)
    canvas.vector("m", place, m, wide, theme.ink, vertical=True, since=0.35)
    canvas.equation(M + 25.0, 220.0, symbols.at("m", data.step), theme.ink, 15.0, most=70.0)
    canvas.label(M + 25.0, 240.0, "from h", grey, 10.0)
    canvas.wire((M, TOP - 2), (M, MIX + 15), color=theme.ink, during=(0.35, 0.4), carries="m")
    canvas.operation(M, MIX, "⊙")
    meets = ((R, TOP - 2), (R, MIX), (M + 15, MIX))
    canvas.wire(*meets, color=theme.input, during=(0.35, 0.4), carries="r")
    joins = ((M - 15, MIX), (RESET, MIX), (RESET, SUM), (N + 15, SUM))
    canvas.wire(*joins, color=theme.ink, during=(0.4, COMPUTED), of="n")


def _figures(canvas: Canvas, trace: Trace, data: CellData) -> None:
    theme, symbols = canvas.theme, symbols_of(trace, data)
    step = data.step
    canvas.formulas(
        (16.0, 459.0, 435.0, joined(state_formulas(symbols, step)[-1]), theme.hidden),
        (16.0, 480.0, 435.0, joined(gate_formula(symbols, "n", step)), theme.cell),
        (16.0, 501.0, 435.0, joined(reset_formula(symbols, step)), theme.ink),
        size=EQUATION, tall=20.0,
    )  # fmt: skip
    got = {key: data.get(key) for key in ("z", "n", "h_before", "h")}
    if any(v is None for v in got.values()):
        return
    z, n, old, h = (float(v[0]) for v in got.values() if v is not None)
    factors = (fixed(1 - z, 3), signed(n), fixed(z, 3), signed(old))
    text = mixed(*factors, signed(h))
    if 0 in data.by_hand(trace, "h"):
        text = put_in(signed(h))
    line = f"[1]  {text}"
    canvas.label(_FIGURES, 462.0, line, theme.ink, 11.5, family="mono")
    mean = float(np.mean(got["z"])) if got["z"] is not None else 0.0
    words = f"on average z keeps {percent(mean)} of the old state; reset after the product"
    canvas.label(_FIGURES, 482.0, words, theme.muted, 10.5)
    if canvas.moment.is_back:
        gate_lengths(canvas, trace, data, _FIGURES, 502.0)
