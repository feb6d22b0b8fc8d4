"""Inside an LSTM cell: the highway of c above, the four gates below, and the way back along it."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_gates import BUS, TOP, gate, inputs, weight
from rnnviz.scene.cell_lengths import gate_lengths, times
from rnnviz.scene.cell_marks import joined, symbols_of
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations_forward import cell_formula, state_formulas
from rnnviz.scene.graph.norms import arrow_width
from rnnviz.scene.numbers import fixed, short, signed
from rnnviz.trace import Trace

HIGHWAY = 74.0
F, I, G, O = 340.0, 470.0, 590.0, 720.0  # noqa: E741  (the gates' names)


def draw(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """c_t = f ⊙ c_{t-1} + i ⊙ g; h_t = o ⊙ tanh c_t, with this step's numbers."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    middle, y = (I + G) / 2, HIGHWAY
    states = [data.get("c"), data.get("c_before")]
    most = max((float(np.abs(c).max()) for c in states if c is not None and c.size), default=1.0)
    wide = ColorScale(theme.diverging, -max(most, 1.0), max(most, 1.0))
    canvas.vector("c_before", (20, y - 15, 160, 30), data.get("c_before"), wide, theme.cell)
    canvas.wire((-12, 226), (8, 226), (8, y - 6), (17, y - 6), color=theme.cell, width=2.6)
    canvas.equation(100.0, y - 29.0, symbols.at("c", data.before), theme.cell, 15.0, align="center")
    canvas.wire((182, y - 6), (F - 14, y - 6), color=theme.cell, width=2.6)
    canvas.wire((F + 12, y - 6), (middle - 14, y - 6), color=theme.cell, width=2.6)
    canvas.wire((middle + 12, y - 6), (637, y - 6), color=theme.cell, width=2.6)
    canvas.vector("c", (640, y - 15, 160, 30), data.get("c"), wide, theme.cell)
    canvas.equation(720.0, y - 29.0, symbols.at("c", data.step), theme.cell, 15.0, align="center")
    ahead = ((802, y - 6), (1003, y - 6), (1003, 226), (1011, 226))
    canvas.wire(*ahead, color=theme.cell, width=2.6)
    canvas.operation(F, y - 6, "⊙")
    canvas.operation(middle, y - 6, "+")
    canvas.operation(middle, 140.0, "⊙")
    canvas.wire((F, TOP - 2), (F, y + 9), color=theme.gate)
    canvas.wire((I, TOP - 2), (I, 140), (middle - 15, 140), color=theme.hidden)
    canvas.wire((G, TOP - 2), (G, 140), (middle + 15, 140), color=theme.cell)
    canvas.wire((middle, 127), (middle, y + 9), color=theme.cell)
    tap = 860.0
    canvas.wire((tap, y - 6), (tap, 101), color=theme.cell)
    canvas.function(tap, 116.0, "LN, tanh" if trace.spec.layer_norm else "tanh")
    canvas.wire((tap, 129), (tap, 150), color=theme.cell)
    canvas.operation(tap, 165.0, "⊙")
    canvas.wire((O, TOP - 2), (O, 165), (tap - 15, 165), color=theme.input)
    canvas.wire((tap, 178), (tap, 297), color=theme.hidden, width=2.2)
    canvas.vector("h", (790, 300, 160, 28), data.get("h"), theme.states, theme.hidden)
    canvas.equation(802.0, 284.0, symbols.at("h", data.step), theme.hidden, 15.0)
    canvas.wire((952, 308), (990, 308), (990, 270), (1011, 270), color=theme.hidden, width=2.2)
    canvas.wire((920, 298), (920, 200), color=theme.output, dashed=True)
    canvas.label(926.0, 206.0, "up", theme.muted, 11.0)
    colors = {"f": theme.gate, "i": theme.hidden, "g": theme.cell, "o": theme.input}
    for name, x in (("f", F), ("i", I), ("g", G), ("o", O)):
        gate(canvas, trace, data, name, x, colors[name], "tanh" if name == "g" else "σ")
        canvas.wire((x, 378), (x, 357), color=theme.muted, width=1.4)
        weight(canvas, trace, data, (f"h{name}", f"x{name}"), x)
    if trace.spec.peepholes:
        _peepholes(canvas)
    inputs(canvas, trace, data, 306.0)
    canvas.wire((257, 356), (276, 356), (276, BUS), (O, BUS), color=theme.muted, head=False)
    _backward(canvas, trace, data)
    _figures(canvas, trace, data)


def _peepholes(canvas: Canvas) -> None:
    """The gates look at the cell state: i and f at the one before, o at the new one."""
    color = canvas.theme.cell
    for x in (F, I):
        path = ((252, HIGHWAY - 6), (252, 171), (x - 29, 171), (x - 29, 334))
        canvas.wire(*path, color=color, width=1.2, dashed=True, head=False)
    canvas.wire((830, HIGHWAY - 6), (830, 334), (O + 29, 334), color=color, width=1.2, dashed=True)


def _backward(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """Along the highway the gradient is only scaled by f: no matrix, no slope."""
    dc, f = data.get("dc"), data.get("f")
    if dc is None or f is None:
        return
    color, y = canvas.theme.gradient, HIGHWAY + 8.0
    here = float(np.linalg.norm(dc.astype(np.float64)))
    kept = float(np.linalg.norm((dc * f).astype(np.float64)))
    most = max(here, kept, data.norm("dh") or 0.0)
    thick, thin = (max(arrow_width(n, most, 7.0), 1.0) for n in (here, kept))
    middle = (I + G) / 2
    canvas.wire((634, y), (middle + 16, y), color=color, width=thick)
    canvas.wire((middle - 14, y), (F + 16, y), color=color, width=thick)
    canvas.wire((F - 16, y), (186, y), color=color, width=thin)
    canvas.label(20.0, y + 28.0, f"× f:  {short(kept)} {times(kept, here)}", color, 11.5)
    canvas.label(702.0, y + 24.0, f"‖∂L/∂c‖ = {short(here)}", color, 11.5, align="center")
    dh = data.norm("dh")
    if dh is not None:
        canvas.wire((988, 321), (954, 321), color=color, width=max(arrow_width(dh, most, 7.0), 1.0))
        canvas.label(870.0, 346.0, f"‖∂L/∂h‖ = {short(dh)}", color, 11.5, align="center")


def _figures(canvas: Canvas, trace: Trace, data: CellData) -> None:
    theme, symbols = canvas.theme, symbols_of(trace, data)
    canvas.equation(
        16.0, 458.0, joined(cell_formula(symbols, data.step)), theme.cell, 15.0, most=300.0
    )
    hidden = joined(state_formulas(symbols, data.step)[-1])
    canvas.equation(16.0, 490.0, hidden, theme.hidden, 15.0, most=300.0)
    got = {key: data.get(key) for key in ("f", "i", "g", "o", "c", "c_before", "h")}
    if any(v is None for v in got.values()):
        return
    f, i, g, o, c, old, h = (float(v[0]) for v in got.values() if v is not None)
    inside = "LN(c) + b" if trace.spec.layer_norm else signed(c, 2)
    lines = (
        f"[1] {fixed(f)} × {signed(old, 2)} + {fixed(i)} × {signed(g, 2)} = {signed(c)}",
        f"[1] {fixed(o)} × tanh({inside}) = {signed(h)}",
    )
    for number, line in enumerate(lines):
        canvas.label(326.0, 458.0 + 22.0 * number, line, theme.ink, 11.0, family="mono")
    means = [float(np.mean(v)) for v in (got["f"], got["i"], got["o"]) if v is not None]
    keeps, writes, shows = (f"{100 * mean:.0f} %" for mean in means)
    words = f"f keeps {keeps}, i writes {writes}, o shows {shows}"
    canvas.label(700.0, 458.0, words, theme.muted, 10.5)
    if data.get("dc") is not None:
        words = "along the highway: only f, no W, no slope"
        if trace.spec.peepholes:
            words = "along the highway: f and peepholes"
        canvas.label(700.0, 480.0, words, theme.gradient, 10.5)
        gate_lengths(canvas, trace, data, 326.0, 502.0)
