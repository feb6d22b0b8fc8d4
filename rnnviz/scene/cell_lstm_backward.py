"""The gradient's way back through an LSTM cell: along the highway only f, else gates and Wᵀ."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData, Vector
from rnnviz.scene.cell_gates import TOP, bus_back, gate_back
from rnnviz.scene.cell_lengths import arriving, leaving, length, times
from rnnviz.scene.cell_places import HIGHWAY, JOIN, TAP, F, G, I, O
from rnnviz.scene.numbers import short
from rnnviz.scene.product_backward import is_cut
from rnnviz.trace import Trace


def gate_gradients(data: CellData) -> dict[str, Vector]:
    """(H,) ∂L/∂f = ∂L/∂c ⊙ c_{t-1}, ∂L/∂i = ∂L/∂c ⊙ g, ∂L/∂g = ∂L/∂c ⊙ i, and
    ∂L/∂o = ∂L/∂h ⊙ tanh c, where tanh c = h / o."""
    dc, dh = data.get("dc"), data.get("dh")
    needed = [data.get(key) for key in ("c_before", "g", "i", "o", "h")]
    if dc is None or dh is None or any(v is None for v in needed):
        return {}
    before, g, i, o, h = (v.astype(np.float64) for v in needed if v is not None)
    shown = np.divide(h, o, out=np.zeros_like(h), where=o != 0.0)
    return {"f": dc * before, "i": dc * g, "g": dc * i, "o": dh * shown}


def draw_backward(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """Every arrow as wide as its gradient is long, with the lengths that matter in figures."""
    dc, f, dh, da = data.get("dc"), data.get("f"), data.norm("dh"), data.get("da")
    if dc is None or f is None or dh is None or da is None:
        return
    here, kept = length(dc) or 0.0, length(dc * f) or 0.0
    at = {name: length(values) for name, values in gate_gradients(data).items()}
    size = f.size
    inner = {name: length(da[n * size : (n + 1) * size]) for n, name in enumerate("ifgo")}
    back, cut = leaving(trace, data), is_cut(trace, data)
    most, through = max(here, dh), _through_tanh(trace, data)
    carried = None if through is None else length(dc - through)
    canvas.back((1001, HIGHWAY + 14), (814, HIGHWAY + 14), norm=carried, most=most, during=(0, 0.1))
    _highway(canvas, here, kept, most, cut=cut)
    _output(canvas, data, dh, length(through), at.get("o"), most)
    y = HIGHWAY + 14.0
    canvas.back((F + 10, y + 8), (F + 10, TOP - 3), norm=at.get("f"), most=most, during=(0.3, 0.4))
    canvas.back((JOIN + 10, y + 8), (JOIN + 10, 126), norm=here, most=most, during=(0.2, 0.3))
    for name, x in (("i", I + 10), ("g", G - 10)):
        start = JOIN - 15 if name == "i" else JOIN + 15
        path = ((start, 149), (x, 149), (x, TOP - 3))
        canvas.back(*path, norm=at.get(name), most=most, during=(0.3, 0.4))
    for name, x in (("f", F), ("i", I), ("g", G), ("o", O)):
        gate_back(canvas, name, x, (at.get(name), inner[name]), most)
    bus_back(canvas, O + 10.0, back, most)
    canvas.back((223, 330), (184, 330), norm=back, most=most, during=(0.85, 1.0), stopped=cut)
    if canvas.moment.is_back and back is not None:
        words = "cut here: nothing goes back"
        if not cut:
            words = f"‖Wᵀδ‖ = {short(back)} {times(back, dh)}"
        canvas.note(20.0, 350.0, words, canvas.theme.gradient, 10.5, 200.0)


def _highway(canvas: Canvas, here: float, kept: float, most: float, *, cut: bool) -> None:
    color, y = canvas.theme.gradient, HIGHWAY + 14.0
    canvas.back((646, y), (JOIN + 16, y), norm=here, most=most, during=(0.1, 0.2))
    canvas.back((JOIN - 14, y), (F + 16, y), norm=here, most=most, during=(0.2, 0.3))
    canvas.back((F - 16, y), (186, y), norm=kept, most=most, during=(0.3, 0.5), stopped=cut)
    if not canvas.moment.is_back:
        return
    words = f"‖f ⊙ ∂L/∂c‖ = {short(kept)} {times(kept, here)}"
    canvas.note(20.0, y + 28.0, words, color, 10.5, 228.0)
    canvas.note(730.0, y + 24.0, f"‖∂L/∂c‖ = {short(here)}", color, 11.0, 180.0, align="center")


def _through_tanh(trace: Trace, data: CellData) -> Vector | None:
    """(H,) what h hands to c in this step: ∂L/∂h ⊙ o ⊙ (1 − tanh² c); not known behind LN."""
    dh, o, h = data.get("dh"), data.get("o"), data.get("h")
    if dh is None or o is None or h is None or trace.spec.layer_norm:
        return None
    dh, o, h = (v.astype(np.float64) for v in (dh, o, h))
    shown = np.divide(h, o, out=np.zeros_like(h), where=o != 0.0)
    found: Vector = dh * o * (1.0 - shown * shown)
    return found


def _output(
    canvas: Canvas, data: CellData, dh: float, dc: float | None, at_o: float | None, most: float
) -> None:
    """From h to the output gate and through tanh into c."""
    color = canvas.theme.gradient
    along, above = arriving(data)
    canvas.back((1009, 321), (971, 321), norm=along, most=most, during=(0.0, 0.1))
    canvas.back((953, 216), (953, 296), norm=above, most=most, during=(0.0, 0.1))
    canvas.back((TAP + 10, 296), (TAP + 10, 180), norm=dh, most=most, during=(0.05, 0.1))
    canvas.back((TAP + 10, 152), (TAP + 10, 131), norm=dc, most=most, during=(0.1, 0.15))
    canvas.back((TAP + 10, 102), (TAP + 10, HIGHWAY + 4), norm=dc, most=most, during=(0.15, 0.2))
    path = ((TAP - 15, 174), (O + 10, 174), (O + 10, TOP - 3))
    canvas.back(*path, norm=at_o, most=most, during=(0.1, 0.4))
    if canvas.moment.is_back:
        words = f"‖∂L/∂h‖ = {short(dh)}"
        canvas.note(910.0, 348.0, words, color, 11.0, 160.0, align="center")
