"""Inside a jordan cell: what it remembers is its output, y_{t-1}; the way goes through W_hy."""

from __future__ import annotations

from rnnviz.scene.activations import slope_words
from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_lengths import back_of, factor
from rnnviz.scene.cell_marks import open_matrix, symbols_of
from rnnviz.scene.cell_vanilla import (
    Y,
    activation,
    equation_and_sums,
    free_scale,
    inputs,
    lengths_along,
    matrices,
    sizes,
    state_scale,
    to_input,
)
from rnnviz.scene.numbers import short
from rnnviz.trace import Trace


def draw(canvas: Canvas, trace: Trace, data: CellData, *, figures: bool) -> None:
    """stack(y_{t-1}, x_t) → W → φ → h_t → W_hy → y_t, which the next step reads."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    y_before, y = data.get("y_before"), data.get("y")
    wide = free_scale(canvas, y_before)
    inputs(canvas, trace, data, y_before, f"y_{{{data.before}}}", theme.output, wide)
    matrices(canvas, data, "yh", 330.0, 130.0)
    tex = rf"{symbols.weight('W', 'yh')}\,,\;{symbols.weight('W', 'xh')}"
    canvas.equation(395.0, 112.0, tex, theme.weight, 14.0, align="center", most=130.0)
    canvas.wire((292, Y), (327, Y), color=theme.ink, during=(0.25, 0.4), of="stack")
    canvas.wire((462, Y), (497, Y), color=theme.ink, during=(0.4, 0.55), of="a")
    activation(canvas, trace, data, 500.0, 44.0, 600.0)
    canvas.wire((628, Y), (651, Y), color=theme.hidden, during=(0.85, 1.0), of="h")
    place = (654.0, 110.0, 44.0, 200.0)
    scale = state_scale(canvas, trace, data)
    canvas.vector("h", place, data.get("h"), scale, theme.hidden, vertical=True, since=1.0)
    canvas.equation(676.0, 92.0, symbols.at("h", data.step), theme.hidden, 15.0, align="center")
    canvas.wire((700, Y), (733, Y), color=theme.hidden, of="h")
    box = (736.0, 130.0, 90.0, 160.0)
    canvas.matrix(box, data.w_hy, theme.weight)
    open_matrix(canvas, data, "hy", canvas.rect(*box))
    canvas.equation(781.0, 112.0, "W_{hy}", theme.weight, 14.0, align="center")
    canvas.wire((828, Y), (861, Y), color=theme.output, of="y")
    place = (864.0, 110.0, 44.0, 200.0)
    reach = free_scale(canvas, y)
    canvas.vector("y", place, y, reach, theme.output, vertical=True, since=1.0)
    canvas.equation(886.0, 92.0, f"y_{{{data.step}}}", theme.output, 15.0, align="center")
    canvas.wire((910, 180), (1003, 180), (1003, 248), (1011, 248), color=theme.output, of="y")
    canvas.label(990.0, 162.0, "next step", theme.muted, 11.0, align="right")
    canvas.wire((910, 140), (930, 140), (930, 44), color=theme.output, of="y")
    canvas.label(922.0, 56.0, "to the loss", theme.muted, 11.0, align="right")
    sizes(canvas, data, ((268.0, 352.0), (395.0, 306.0), (676.0, 322.0)))
    _backward(canvas, trace, data)
    if figures and canvas.moment.is_over:
        equation_and_sums(canvas, trace, data, "y")


def _backward(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """From ∂L/∂y through W_hyᵀ, the slope and W_yhᵀ to the output of the step before."""
    back = back_of(canvas, trace, data, "y", "h", "a", "back")
    if back is None:
        return
    theme, y = canvas.theme, 370.0
    color, cut = theme.gradient, back.cut
    at_y, at_h, at_a, leaves = (back.lengths[name] for name in ("y", "h", "a", "back"))
    back.arrow("next_y", (1001, 192), (912, 192), during=(0.0, 0.15))
    back.figure("next_y", 988.0, 207.0, 72.0, align="right")
    back.arrow("loss", (943, 48), (943, 140), (913, 140), during=(0.0, 0.15))
    back.figure("loss", 952.0, 92.0, 46.0)
    spans = (
        (988, 912, "y", (0.0, 0.2)),
        (735, 700, "h", (0.2, 0.4)),
        (652, 546, "a", (0.4, 0.6)),
        (498, 464, "a", (0.6, 0.7)),
        (326, 20, "back", (0.7, 1.0)),
    )
    lengths_along(back, y, spans)
    to_input(back)
    if canvas.moment.backward <= 0.0:
        return
    canvas.equation(820.0, y, r"W_{hy}^{\top}", color, 14.0, align="center")
    canvas.equation(395.0, y, r"W_{yh}^{\top}", color, 14.0, align="center")
    slope = f"⊙ {slope_words(trace.spec.activation)}"
    canvas.label(676.0, 346.0, slope, color, 12.0, align="center")
    if not canvas.moment.is_back:
        return
    canvas.label(986.0, 396.0, f"‖∂L/∂y‖ = {short(at_y)}", color, 11.5, align="right")
    canvas.label(745.0, 396.0, f"‖∂L/∂h‖ = {short(at_h)}", color, 11.5, align="center")
    canvas.label(545.0, 396.0, f"‖∂L/∂a‖ = {short(at_a)}", color, 11.5, align="center")
    canvas.label(20.0, 396.0, f"back to the step before: {short(leaves)}", color, 11.5)
    canvas.label(820.0, 420.0, factor(at_h, at_y), theme.muted, 11.0, align="center")
    canvas.label(610.0, 420.0, factor(at_a, at_h), theme.muted, 11.0, align="center")
    canvas.label(395.0, 420.0, factor(leaves, at_a), theme.muted, 11.0, align="center")
    whole = "cut here: nothing goes back" if cut else f"this step: {factor(leaves, at_y)}"
    canvas.label(20.0, 420.0, whole, theme.muted, 11.0)
