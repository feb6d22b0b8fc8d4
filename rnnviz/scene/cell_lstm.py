"""Inside an LSTM cell: the highway of c above, the four gates below."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.as_written import let_out, mixed, put_in
from rnnviz.scene.cell_canvas import EQUATION, LINE, Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_gates import TOP, gate, inputs, normed, stacked, weight
from rnnviz.scene.cell_lengths import gate_lengths
from rnnviz.scene.cell_lstm_backward import draw_backward
from rnnviz.scene.cell_marks import goes_up, joined, symbols_of
from rnnviz.scene.cell_places import HIGHWAY, JOIN, PEEP, PEEP_O, TAP, F, G, I, O
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations_forward import cell_formula, state_formulas
from rnnviz.scene.numbers import fixed, percent, signed
from rnnviz.scene.textwidth import text_width
from rnnviz.trace import Trace


def draw(canvas: Canvas, trace: Trace, data: CellData, *, figures: bool) -> None:
    """c_t = f ⊙ c_{t-1} + i ⊙ g; h_t = o ⊙ tanh c_t, with this step's numbers."""
    _highway(canvas, trace, data)
    _output(canvas, trace, data)
    theme = canvas.theme
    colors = {"f": theme.gate, "i": theme.hidden, "g": theme.cell, "o": theme.input}
    for name, x in (("f", F), ("i", I), ("g", G), ("o", O)):
        function = normed(trace, "tanh" if name == "g" else "σ")
        gate(canvas, trace, data, name, x, colors[name], function)
        canvas.wire((x, 375), (x, 357), color=theme.muted, width=1.4, during=(0.35, 0.4), of=name)
        weight(canvas, trace, data, (f"h{name}", f"x{name}"), x)
    if trace.spec.peepholes:
        _peepholes(canvas)
    inputs(canvas, trace, data, 306.0)
    stacked(canvas, data, O)
    draw_backward(canvas, trace, data)
    if figures and canvas.moment.is_over:
        _figures(canvas, trace, data)


def _highway(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """c from step to step: forgetting, then adding; no matrix in the way."""
    theme, symbols, y = canvas.theme, symbols_of(trace, data), HIGHWAY
    states = [data.get("c"), data.get("c_before")]
    most = max((float(np.abs(c).max()) for c in states if c is not None and c.size), default=1.0)
    wide = ColorScale(theme.diverging, -max(most, 1.0), max(most, 1.0))
    blue, to_product = theme.cell, (0.45, 0.58)
    canvas.vector("c_before", (20, y - 9, 160, 30), data.get("c_before"), wide, theme.cell)
    canvas.wire((-12, 226), (8, 226), (8, y), (17, y), color=blue, width=2.6, of="c_before")
    canvas.equation(100.0, y - 23.0, symbols.at("c", data.before), theme.cell, 15.0, align="center")
    path = ((182, y), (F - 14, y))
    canvas.wire(*path, color=blue, width=2.6, during=to_product, carries="c_before")
    canvas.wire((F + 12, y), (JOIN - 14, y), color=blue, width=2.6, during=(0.58, 0.68), of="c")
    canvas.wire((JOIN + 12, y), (647, y), color=blue, width=2.6, during=(0.68, 0.76), of="c")
    words = "cell state: no matrix in its way"
    canvas.note(429.0, y - 20.0, words, theme.muted, 10.5, 160.0, align="center")
    place = (650.0, y - 9, 160.0, 30.0)
    canvas.vector("c", place, data.get("c"), wide, theme.cell, since=0.76)
    canvas.equation(730.0, y - 23.0, symbols.at("c", data.step), theme.cell, 15.0, align="center")
    canvas.wire((812, y), (1003, y), (1003, 226), (1011, 226), color=blue, width=2.6, of="c")
    canvas.operation(F, y, "⊙")
    canvas.operation(JOIN, y, "+")
    canvas.operation(JOIN, 140.0, "⊙")
    canvas.wire((F, TOP - 2), (F, y + 14), color=theme.gate, during=to_product, carries="f")
    for x, side, name, color in ((I, -15, "i", theme.hidden), (G, 15, "g", theme.cell)):
        bent = ((x, TOP - 2), (x, 140), (JOIN + side, 140))
        canvas.wire(*bent, color=color, during=to_product, carries=name)
    canvas.wire((JOIN, 127), (JOIN, y + 14), color=theme.cell, during=(0.58, 0.68), of="c")


def _output(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """h = o ⊙ tanh c, to the next step and up."""
    theme, symbols, y = canvas.theme, symbols_of(trace, data), HIGHWAY
    canvas.wire((TAP, y), (TAP, 101), color=theme.cell, during=(0.76, 0.82), carries="c")
    canvas.function(TAP, 116.0, "LN, tanh" if trace.spec.layer_norm else "tanh")
    canvas.wire((TAP, 129), (TAP, 150), color=theme.cell, during=(0.82, 0.88), of="c")
    canvas.operation(TAP, 165.0, "⊙")
    canvas.wire(
        (O, TOP - 2), (O, 165), (TAP - 15, 165), color=theme.input, during=(0.76, 0.88), carries="o"
    )
    canvas.wire(
        (TAP, 178), (TAP, 297), color=theme.hidden, width=2.2, during=(0.88, 1.0), carries="h"
    )
    h = data.get("h")
    canvas.vector("h", (842, 300, 124, 28), h, theme.states, theme.hidden, since=1.0)
    canvas.equation(930.0, 286.0, symbols.at("h", data.step), theme.hidden, 15.0, align="right")
    ahead = ((968, 308), (990, 308), (990, 270), (1011, 270))
    canvas.wire(*ahead, color=theme.hidden, width=2.2, of="h")
    if words := goes_up(trace, data):
        canvas.wire((940, 298), (940, 214), color=theme.output, dashed=True, of="h")
    canvas.note(940.0, 202.0, words, theme.muted, 10.5, 110.0, align="center")


def _peepholes(canvas: Canvas) -> None:
    """The gates look at the cell state: i and f at the one before, o at the new one."""
    color = canvas.theme.cell
    for x in (F, I):
        path = ((PEEP, HIGHWAY), (PEEP, 171), (x - 29, 171), (x - 29, 334))
        canvas.wire(*path, color=color, width=1.2, dashed=True, head=False, of="c_before")
    bent = ((PEEP_O, HIGHWAY), (PEEP_O, 342), (O + 29, 342))
    canvas.wire(*bent, color=color, width=1.2, dashed=True, of="c")


def _figures(canvas: Canvas, trace: Trace, data: CellData) -> None:
    theme, symbols = canvas.theme, symbols_of(trace, data)
    cell = joined(cell_formula(symbols, data.step))
    hidden = joined(state_formulas(symbols, data.step)[-1])
    canvas.formulas(
        (16.0, 464.0, 290.0, cell, theme.cell), (16.0, 494.0, 290.0, hidden, theme.hidden),
        size=EQUATION, tall=LINE,
    )  # fmt: skip
    got = {key: data.get(key) for key in ("f", "i", "g", "o", "c", "c_before", "h")}
    if any(v is None for v in got.values()):
        return
    f, i, g, o, c, old, h = (float(v[0]) for v in got.values() if v is not None)
    for digits in (3, 2):
        factors = (fixed(f, digits), signed(old, digits), fixed(i, digits), signed(g, digits))
        inside = "LN(c) + b" if trace.spec.layer_norm else signed(c, digits)
        shown = let_out(fixed(o, digits), inside, signed(h))
        kept = mixed(*factors, signed(c))
        if 0 in data.by_hand(trace, "c"):
            kept = put_in(signed(c))
        if 0 in data.by_hand(trace, "h"):
            shown = put_in(signed(h))
        lines = (f"[1] {kept}", f"[1] {shown}")
        widest = max(text_width(line, canvas.font(11.0), "mono") for line in lines)
        if widest <= 366.0 * canvas.sx:
            break
    for number, line in enumerate(lines):
        canvas.label(326.0, 462.0 + 21.0 * number, line, theme.ink, 11.0, family="mono")
    means = [float(np.mean(v)) for v in (got["f"], got["i"], got["o"]) if v is not None]
    keeps, writes, shows = map(percent, means)
    words = f"f keeps {keeps}, i writes {writes}, o shows {shows}"
    canvas.label(700.0, 462.0, words, theme.muted, 10.5)
    if data.get("dc") is not None and canvas.moment.is_back:
        words = "along the highway: only f, no W, no slope"
        if trace.spec.peepholes:
            words = "along the highway: f and peepholes"
        canvas.label(700.0, 483.0, words, theme.gradient, 10.5)
        gate_lengths(canvas, trace, data, 326.0, 504.0)
