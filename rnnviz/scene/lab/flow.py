"""Where the gradient goes: its norm at every state of every layer, and each step's share of W."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.plot import (
    FOOT,
    GUTTER,
    Line,
    cursor_shape,
    exponents,
    frame_shapes,
    line_shapes,
    numbers,
    step_labels,
    steps_frame,
)
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import from_log10, layer_words, step_name
from rnnviz.scene.shapes import Bars, Box, Floats, Picture, Rect
from rnnviz.scene.theme import Theme
from rnnviz.trace.many import many


@dataclass(frozen=True, slots=True, eq=False)
class StateNorms:
    """log₁₀ of ‖∂L/∂h_t‖ or ‖∂L/∂c_t‖ (n,) of one layer, total, for one sequence."""

    layer: str
    part: str
    log10: Floats


@dataclass(frozen=True, slots=True, eq=False)
class GradientFlow:
    """All layers' norms, and the share of ∂L/∂W_hh of the chosen layer by step (n,).

    ``share`` is signed and sums to 1; ``share_norm`` is ‖dz_t h_{t−1}ᵀ‖_F over the whole batch.
    ``cuts`` are the steps before which truncated backpropagation cut the gradient.
    """

    norms: tuple[StateNorms, ...]
    layer: str
    share: Floats
    share_log10: Floats
    weight: str
    words: tuple[str, ...]
    cuts: tuple[int, ...]
    batch: int


def flow_picture(flow: GradientFlow, theme: Theme, width: float, cursor: int | None) -> Picture:
    """Norms over steps on a log scale, and under them the shares of the weight gradient."""
    sheet = Sheet(theme, width)
    sheet.heading("‖∂L/∂h‖ at every step")
    sheet.words("total derivative of the whole loss, one sequence, log scale")
    lines = flow_lines(flow, theme)
    sheet.legend(line.entry for line in lines)
    steps = max(len(each.log10) for each in flow.norms)
    span = exponents(*(each.log10 for each in flow.norms))
    rect = sheet.area(sheet.plot_height, GUTTER)
    frame = steps_frame(rect, steps, span)
    sheet.add_all(frame_shapes(frame, theme))
    for cut in flow.cuts:
        x = float(frame.px(np.array(cut - 0.5)))
        sheet.add(Box(Rect(x - 0.75, rect.y, 1.5, rect.h), theme.bad))
    for line in lines:
        sheet.add_all(line_shapes(frame, line, theme))
    sheet.add_all(cursor_shape(frame, cursor, theme))
    sheet.add_all(step_labels(rect, steps, theme, flow.words))
    _step_hits(sheet, rect, flow, steps)
    sheet.space(FOOT + 4)
    if flow.cuts:
        cuts = many(len(flow.cuts), "cut")
        sheet.words(f"red: {cuts} of truncated BPTT, where the gradient stops", theme.bad)
    _shares(sheet, flow, cursor)
    return sheet.picture(flow_words(flow), None)


def flow_lines(flow: GradientFlow, theme: Theme) -> tuple[Line, ...]:
    """One line a layer and part; the chosen layer's are in full colour."""
    lines = []
    for each in flow.norms:
        color = theme.cell if each.part == "c" else theme.gradient
        if each.layer != flow.layer:
            color = theme.muted if each.part == "h" else theme.loss
        name = f"‖∂L/∂{each.part}‖ {layer_words(each.layer)}"
        steps = np.arange(len(each.log10), dtype=np.float64)
        lines.append(Line(name, steps, each.log10, color, dashed=each.layer != flow.layer))
    return tuple(lines)


def _shares(sheet: Sheet, flow: GradientFlow, cursor: int | None) -> None:
    theme, n = sheet.theme, len(flow.share)
    if not n:
        return
    sheet.heading(f"Each step's share of ∂L/∂{flow.weight}")
    sheet.words("signed, along the whole gradient: the shares add up to 1")
    rect = sheet.area(0.7 * sheet.plot_height, GUTTER)
    frame = steps_frame(rect, n, numbers(flow.share))
    sheet.add_all(frame_shapes(frame, theme))
    zero = float(frame.py(np.array(0.0)))
    tops = frame.py(flow.share)
    pitch = rect.w / n
    gap = min(max(0.15 * pitch, 0.0), 6.0)
    rects = np.stack(
        [rect.x + np.arange(n) * pitch + gap / 2, np.minimum(tops, zero),
         np.full(n, pitch - gap), np.maximum(np.abs(tops - zero), 0.6)], axis=1,
    )  # fmt: skip
    colors = np.where(flow.share >= 0, theme.weight, theme.bad).astype(np.uint32)
    seen = np.isfinite(flow.share)  # a share of what has diverged is no number
    sheet.add(Bars(rects[seen], colors[seen]))
    sheet.add_all(cursor_shape(frame, cursor, theme))
    sheet.add_all(step_labels(rect, n, theme, flow.words))

    def tip(t: int) -> str:
        norm = from_log10(float(flow.share_log10[t]))
        return (
            f"step {t + 1}: {flow.share[t]:+.3f} of the gradient of {flow.weight}\n"
            f"‖dz hᵀ‖ = {norm} over {many(flow.batch, 'sequence')}"
        )

    sheet.columns(rect, n, "step", tip)
    sheet.space(FOOT)


def _step_hits(sheet: Sheet, rect: Rect, flow: GradientFlow, steps: int) -> None:
    def tip(t: int) -> str:
        return "\n".join(
            f"‖∂L/∂{step_name(each.part, t)}‖ {layer_words(each.layer)} = "
            f"{from_log10(float(each.log10[t]), 3)}"
            for each in flow.norms
            if t < len(each.log10)
        )

    sheet.columns(rect, steps, "step", tip)


def flow_words(flow: GradientFlow) -> str:
    """The figure in one sentence."""
    for each in flow.norms:
        if each.layer == flow.layer and each.part == "h" and len(each.log10):
            first, last = float(each.log10[0]), float(each.log10[-1])
            return (
                f"Gradient norm of {layer_words(flow.layer)}, total: "
                f"{from_log10(first)} at step 1, {from_log10(last)} at step {len(each.log10)}."
            )
    return "Gradient norms by step."
