"""The gradient's way back through a GRU cell: straight back only z, else gates and Wᵀ."""

from __future__ import annotations

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_gates import BOTTOM, PILL, TOP, gates_back, stack_back, to_matrix
from rnnviz.scene.cell_gru_places import HIGHWAY, LOW, MIX, RESET, SHORT, SUM, UP, M, N, R, Z
from rnnviz.scene.cell_lengths import Back, back_of, through_matrices, times
from rnnviz.scene.numbers import short
from rnnviz.trace import Trace

_Y = HIGHWAY + 14.0
"""y of the way back beside the wire from state to state."""


def draw_backward(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """Every arrow as wide as its gradient is long, with its length in figures."""
    back = back_of(canvas, trace, data, "h", "kept", "back")
    if back is None:
        return
    _interpolation(back)
    _candidate(back)
    gates_back(back, (("z", Z), ("r", R)), apart=trace.spec.layer_norm)
    stack_back(back, R)
    path = ((215, 338), (88, 338), (88, HIGHWAY + 26))
    back.arrow("back", *path, during=(0.85, 1.0), widest=5.0, leaves=True)
    if not canvas.moment.is_back:
        return
    color, here, kept = canvas.theme.gradient, back.lengths["h"], back.lengths["kept"]
    words = f"‖z ⊙ ∂L/∂h‖ = {short(kept)} {times(kept, here)}"
    canvas.note(112.0, _Y + 26.0, words, color, 10.5, 213.0)
    canvas.note(776.0, _Y + 24.0, f"‖∂L/∂h‖ = {short(here)}", color, 11.0, 150.0, align="center")
    leaves = back.lengths["back"]
    told = ("cut here",) if back.cut else through_matrices(leaves, here)
    canvas.note(112.0, 268.0, told, color, 10.5, 190.0)


def _interpolation(back: Back) -> None:
    """From the new state to the old one, to z on both its ways, and to the candidate."""
    y, pill = _Y, (Z + N) / 2
    back.arrow("next_h", (1001, y), (864, y), during=(0.0, 0.1))
    back.figure("next_h", UP - 8.0, y + 19.0, 48.0, align="right")
    back.arrow("above", (UP + 13, 118), (UP + 13, y + 8), during=(0.0, 0.1))
    back.figure("above", UP + 22.0, y + 24.0, 62.0)
    back.arrow("h", (694, y), (N + 16, y), during=(0.1, 0.2))
    back.arrow("h", (N - 14, y), (Z + 16, y), during=(0.2, 0.3))
    back.arrow("kept", (Z - 16, y), (186, y), during=(0.3, 0.5), leaves=True)
    back.arrow("h", (N + 10, y + 8), (N + 10, MIX - 13), during=(0.2, 0.25))
    back.arrow("z_old", (Z + 10, y + 8), (Z + 10, MIX - 6), during=(0.3, 0.35), widest=5.0)
    back.figure("z_old", Z + 20.0, 114.0, 120.0)
    low = MIX + 10.0
    back.arrow("z_new", (N - 15, low), (pill + 29, low), during=(0.25, 0.3), widest=5.0)
    back.figure("z_new", pill, low + 16.0, 80.0, align="center")
    back.arrow("z_new", (pill - 29, low), (Z + 15, low), during=(0.3, 0.35), widest=5.0)
    back.arrow("z", (Z + 10, low + 2), (Z + 10, TOP - 3), during=(0.35, 0.4), widest=5.0)
    back.figure("z", Z + 25.0, TOP + 2.0, 80.0, "∂L/∂z")
    back.arrow("n", (N + 10, MIX + 14), (N + 10, TOP - 3), during=(0.25, 0.4))
    back.figure("n", N + 22.0, 172.0, 100.0, "∂L/∂n")


def _candidate(back: Back) -> None:
    """From the candidate to x, and through the reset product to r, m and h."""
    bottom, x = SHORT + PILL, N + 10
    back.arrow("n", (x, SHORT + 3), (x, bottom - 14), during=(0.4, 0.42))
    to_matrix(back, "n", N, (bottom + 14.0, SUM - 14.0))
    back.arrow("x_n", (x, SUM + 13), (x, LOW - 18), during=(0.5, 0.55))
    path = ((N + 15, SUM + 10), (RESET + 9, SUM + 10), (RESET + 9, MIX + 10), (M - 15, MIX + 10))
    back.arrow("a_n", *path, during=(0.45, 0.5))
    back.arrow("r", (M + 15, MIX + 10), (R - 10, MIX + 10), (R - 10, TOP - 3), during=(0.5, 0.55))
    back.figure("r", R - 20.0, 177.0, 86.0, "∂L/∂r", align="right")
    back.arrow("m", (M + 10, MIX + 14), (M + 10, TOP - 3), during=(0.5, 0.52))
    back.figure("m", M + 25.0, TOP + 8.0, 86.0, "∂L/∂m")
    back.arrow("m", (M + 10, BOTTOM + 3), (M + 10, 328), during=(0.52, 0.54))
    back.arrow("h_n", (M + 10, 356), (M + 10, 375), during=(0.54, 0.56))
    back.figure("h_n", M + 20.0, 366.0, 82.0)
