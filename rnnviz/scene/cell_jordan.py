"""Inside a jordan cell: what it remembers is its output, y_{t-1}; the way goes through W_hy."""

from __future__ import annotations

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_lengths import factor, leaving
from rnnviz.scene.cell_marks import open_matrix, symbols_of
from rnnviz.scene.cell_vanilla import (
    Y,
    activation,
    figures,
    free_scale,
    inputs,
    matrices,
    state_scale,
)
from rnnviz.scene.graph.norms import arrow_width
from rnnviz.scene.numbers import short
from rnnviz.scene.product_backward import is_cut
from rnnviz.trace import Trace


def draw(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """stack(y_{t-1}, x_t) → W → φ → h_t → W_hy → y_t, which the next step reads."""
    theme, symbols = canvas.theme, symbols_of(trace, data)
    y_before, y = data.get("y_before"), data.get("y")
    wide = free_scale(canvas, y_before)
    inputs(canvas, trace, data, y_before, f"y_{{{data.before}}}", theme.output, wide)
    matrices(canvas, data, "yh", 330.0, 130.0)
    tex = rf"{symbols.weight('W', 'yh')}\,,\;{symbols.weight('W', 'xh')}"
    canvas.equation(395.0, 112.0, tex, theme.weight, 14.0, align="center", most=130.0)
    canvas.wire((292, Y), (327, Y), color=theme.ink)
    canvas.wire((462, Y), (497, Y), color=theme.ink)
    activation(canvas, trace, data, 500.0, 44.0, 600.0)
    canvas.wire((628, Y), (651, Y), color=theme.hidden)
    place = (654.0, 110.0, 44.0, 200.0)
    scale = state_scale(canvas, trace, data)
    canvas.vector("h", place, data.get("h"), scale, theme.hidden, vertical=True)
    canvas.equation(676.0, 92.0, symbols.at("h", data.step), theme.hidden, 15.0, align="center")
    canvas.wire((700, Y), (733, Y), color=theme.hidden)
    box = (736.0, 130.0, 90.0, 160.0)
    canvas.matrix(box, data.w_hy, theme.weight)
    open_matrix(canvas, data, "hy", canvas.rect(*box))
    canvas.equation(781.0, 112.0, "W_{hy}", theme.weight, 14.0, align="center")
    canvas.wire((828, Y), (861, Y), color=theme.output)
    place = (864.0, 110.0, 44.0, 200.0)
    canvas.vector("y", place, y, free_scale(canvas, y), theme.output, vertical=True)
    canvas.equation(886.0, 92.0, f"y_{{{data.step}}}", theme.output, 15.0, align="center")
    canvas.wire((910, 180), (1003, 180), (1003, 248), (1011, 248), color=theme.output)
    canvas.label(990.0, 162.0, "next step", theme.muted, 11.0, align="right")
    canvas.wire((910, 140), (950, 140), (950, 40), color=theme.output)
    canvas.label(958.0, 52.0, "loss", theme.muted, 11.0)
    _backward(canvas, trace, data)
    figures(canvas, trace, data, "y")


def _backward(canvas: Canvas, trace: Trace, data: CellData) -> None:
    """From ∂L/∂y through W_hyᵀ, the slope and W_yhᵀ to the output of the step before."""
    lengths = (data.norm("dy"), data.norm("dh"), data.norm("da"), leaving(trace, data))
    at_y, at_h, at_a, back = lengths
    if at_y is None or at_h is None or at_a is None or back is None:
        return
    theme, y = canvas.theme, 366.0
    color, most, cut = theme.gradient, max(at_y, at_h, at_a, back), is_cut(trace, data)
    spans = (
        (988, 912, at_y),
        (735, 700, at_h),
        (652, 546, at_a),
        (498, 464, at_a),
        (326, 20, back),
    )
    for right, left, norm in spans:
        width = max(arrow_width(norm, most, 9.0), 1.0)
        stopped = norm == 0.0 or (cut and left == 20)
        canvas.wire((right, y), (left, y), color=color, width=width, dashed=stopped)
    canvas.equation(820.0, y, r"W_{hy}^{\top}", color, 14.0, align="center")
    canvas.equation(395.0, y, r"W_{yh}^{\top}", color, 14.0, align="center")
    slope = "(1 − h²)" if trace.spec.activation == "tanh" else "[a > 0]"
    canvas.label(676.0, 340.0, f"⊙ {slope}", color, 12.0, align="center")
    canvas.label(986.0, 392.0, f"‖∂L/∂y‖ = {short(at_y)}", color, 11.5, align="right")
    canvas.label(745.0, 392.0, f"‖∂L/∂h‖ = {short(at_h)}", color, 11.5, align="center")
    canvas.label(545.0, 392.0, f"‖∂L/∂a‖ = {short(at_a)}", color, 11.5, align="center")
    canvas.label(20.0, 392.0, f"back to the step before: {short(back)}", color, 11.5)
    canvas.label(820.0, 414.0, factor(at_h, at_y), theme.muted, 11.0, align="center")
    canvas.label(610.0, 414.0, factor(at_a, at_h), theme.muted, 11.0, align="center")
    canvas.label(395.0, 414.0, factor(back, at_a), theme.muted, 11.0, align="center")
    whole = "cut here: nothing goes back" if cut else f"this step: {factor(back, at_y)}"
    canvas.label(20.0, 414.0, whole, theme.muted, 11.0)
