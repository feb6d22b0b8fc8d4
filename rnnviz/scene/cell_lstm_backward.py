"""The gradient's way back through an LSTM cell: along the highway only f, else gates and Wᵀ."""

from __future__ import annotations

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_gates import TOP, gates_back, stack_back
from rnnviz.scene.cell_lengths import Back, back_of, through_matrices, times
from rnnviz.scene.cell_places import HIGHWAY, JOIN, PEEP, PEEP_O, TAP, F, G, I, O
from rnnviz.scene.numbers import short
from rnnviz.trace import Trace

_Y = HIGHWAY + 14.0
"""y of the way back beside the highway."""


def draw_backward(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """Every arrow as wide as its gradient is long, with its length in figures."""
    back = back_of(canvas, trace, data, "h", "c", "kept", "back")
    if back is None:
        return
    _highway(back)
    _output(back)
    _into_gates(back)
    if trace.spec.peepholes:
        _peepholes(back)
    gates_back(back, (("f", F), ("i", I), ("g", G), ("o", O)), apart=trace.spec.layer_norm)
    stack_back(back, O)
    back.arrow("back", (215, 330), (184, 330), during=(0.85, 1.0), leaves=True)
    if canvas.moment.is_back:
        words = through_matrices(back.lengths["back"], back.lengths["h"])
        words = ("cut here: nothing goes back", "cut here") if back.cut else words
        canvas.note(20.0, 350.0, words, canvas.theme.gradient, 10.5, 200.0)


def _highway(back: Back) -> None:
    canvas, y, color = back.canvas, _Y, back.canvas.theme.gradient
    here, kept = back.lengths["c"], back.lengths["kept"]
    back.arrow("next_c", (1001, y), (814, y), during=(0, 0.1))
    back.figure("next_c", 994.0, y + 19.0, 54.0, align="right")
    back.arrow("c", (646, y), (JOIN + 16, y), during=(0.1, 0.2))
    back.arrow("c", (JOIN - 14, y), (F + 16, y), during=(0.2, 0.3))
    back.arrow("kept", (F - 16, y), (186, y), during=(0.3, 0.5), leaves=True)
    if not canvas.moment.is_back:
        return
    words = f"‖f ⊙ ∂L/∂c‖ = {short(kept)} {times(kept, here)}"
    canvas.note(20.0, y + 28.0, words, color, 10.5, 228.0)
    canvas.note(730.0, y + 24.0, f"‖∂L/∂c‖ = {short(here)}", color, 11.0, 180.0, align="center")


def _output(back: Back) -> None:
    """From h to the output gate and through tanh into c."""
    canvas, x = back.canvas, TAP + 10
    back.arrow("next_h", (1009, 321), (971, 321), during=(0.0, 0.1))
    back.figure("next_h", 994.0, 340.0, 54.0, align="right")
    back.arrow("above", (953, 216), (953, 296), during=(0.0, 0.1))
    back.figure("above", 932.0, 250.0, 46.0, align="right")
    back.arrow("h", (x, 296), (x, 180), during=(0.05, 0.1))
    back.arrow("shown", (x, 152), (x, 131), during=(0.1, 0.15))
    back.figure("shown", x + 14.0, 143.0, 100.0)
    back.arrow("through", (x, 102), (x, HIGHWAY + 4), during=(0.15, 0.2))
    back.figure("through", x + 12.0, _Y + 19.0, 48.0)
    back.arrow("o", (TAP - 15, 174), (O + 10, 174), (O + 10, TOP - 3), during=(0.1, 0.4))
    room = (PEEP_O if "peep_o" in back.lengths else TAP) - O - 29.0
    back.figure("o", O + 25.0, TOP - 1.0, room, "∂L/∂o")
    if canvas.moment.is_back:
        words = f"‖∂L/∂h‖ = {short(back.lengths['h'])}"
        color = canvas.theme.gradient
        canvas.note(904.0, 360.0, words, color, 11.0, 160.0, align="center")


def _into_gates(back: Back) -> None:
    """From the products on the highway down into f, i and g."""
    back.arrow("f", (F + 10, _Y + 8), (F + 10, TOP - 3), during=(0.3, 0.4))
    back.figure("f", F + 22.0, 128.0, 88.0, "∂L/∂f")
    back.arrow("c", (JOIN + 10, _Y + 8), (JOIN + 10, 126), during=(0.2, 0.3))
    for name, x, side in (("i", I + 10, -15), ("g", G - 10, 15)):
        bent = ((JOIN + side, 149), (x, 149), (x, TOP - 3))
        back.arrow(name, *bent, during=(0.3, 0.4))
    back.figure("i", I - 10.0, 155.0, 88.0, "∂L/∂i", align="right")
    back.figure("g", G + 10.0, 155.0, 88.0, "∂L/∂g")


def _peepholes(back: Back) -> None:
    """From the gates that look at a cell state to that state: i and f to the old, o to the new."""
    during = (0.55, 0.7)
    joint = PEEP + 8.0
    back.arrow("peep_i", (I - 36, 334), (I - 36, 179), (joint, 179), during=during, widest=4.0)
    back.arrow("peep_f", (F - 36, 334), (F - 36, 183), during=during, widest=4.0)
    for name, x in (("i", I), ("f", F)):
        back.figure(f"peep_{name}", x - 42.0, 198.0, 64.0, align="right")
    up = (joint, _Y + 6)
    back.arrow("peeped", (joint, 176), up, during=(0.7, 0.8), widest=4.0, leaves=True)
    back.figure("peeped", joint + 8.0, 128.0, 60.0)
    x = PEEP_O + 8
    path = ((O + 30, 350), (x, 350), (x, _Y + 6))
    back.arrow("peep_o", *path, during=during, widest=4.0)
    back.figure("peep_o", PEEP_O - 4.0, 326.0, 62.0, align="right")
