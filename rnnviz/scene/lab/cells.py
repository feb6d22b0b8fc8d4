"""Vanilla, LSTM and GRU side by side: the same data, the same seed, the same axes.

The lecture's closing argument in one picture: how far the last loss reaches back, the whole
matrix of losses and states of each cell on one scale, and what the three have learned meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnnviz.scene.lab.matrix import log_legend, log_matrix, log_scale
from rnnviz.scene.lab.plot import (
    FOOT,
    GUTTER,
    Frame,
    Line,
    Span,
    exponents,
    frame_shapes,
    line_shapes,
    numbers,
    step_labels,
    steps_frame,
)
from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.lab.words import from_log10, step_name
from rnnviz.scene.numbers import grouped, short
from rnnviz.scene.shapes import Floats, Label, Picture, Rect
from rnnviz.scene.theme import Theme

_GAP = 12.0
_LARGEST_MATRIX = 260.0
_WIDE = 880.0
"""From this width on the losses stand beside lower matrices, so that one screen shows all of it."""
_LOW_MATRIX = 175.0


@dataclass(frozen=True, slots=True, eq=False)
class CellCurve:
    """One network: ``log10`` (T,) = log₁₀ ‖∂L/∂h_t‖ of the loss asked for, its loss and size.

    ``matrix`` (K, T) = log₁₀ ‖∂L_k/∂h_t‖ of all losses, empty where that takes too long;
    ``iterations`` and ``losses`` (n,): the smoothed loss while it was trained.
    """

    cell: str
    log10: Floats
    loss: float
    parameters: int
    matrix: Floats = field(default_factory=lambda: np.empty((0, 0)))
    iterations: Floats = field(default_factory=lambda: np.empty(0))
    losses: Floats = field(default_factory=lambda: np.empty(0))


@dataclass(frozen=True, slots=True, eq=False)
class CellComparison:
    """Three networks after ``iteration`` iterations each; ``again`` while they still train."""

    curves: tuple[CellCurve, ...]
    iteration: int
    wanted: int
    last_loss_only: bool
    seed: int
    hidden_size: int
    again: bool


NAMES = {"rnn": "vanilla", "lstm": "LSTM", "gru": "GRU"}


def cells_picture(found: CellComparison, theme: Theme, width: float) -> Picture:
    """Three curves in one frame, three matrices side by side, three losses in one frame."""
    sheet = Sheet(theme, width)
    last = f"‖∂{step_name('L', len(found.curves[0].log10) - 1)}/∂hₜ‖, the last loss alone"
    which = last if found.last_loss_only else "‖∂L/∂hₜ‖, total"
    sheet.heading(f"{which}: three cells")
    trained = f"after {grouped(found.iteration)} iterations each"
    if found.again:
        trained += f" of {grouped(found.wanted)}"
    sheet.words(f"same data, seed {found.seed}, H = {found.hidden_size}, {trained}; log scale")
    colors = {"rnn": theme.hidden, "lstm": theme.cell, "gru": theme.gate}
    lines = [
        Line(
            NAMES[each.cell], np.arange(len(each.log10), dtype=np.float64), each.log10,
            colors[each.cell], dashed=each.cell == "gru", width=2.0,
        )
        for each in found.curves
    ]  # fmt: skip
    sheet.legend(line.entry for line in lines)
    steps = max(len(each.log10) for each in found.curves)
    is_wide = sheet.inner >= _WIDE
    rect = sheet.area((1.0 if is_wide else 1.25) * sheet.plot_height, GUTTER)
    frame = steps_frame(rect, steps, exponents(*(line.y for line in lines)))
    sheet.add_all(frame_shapes(frame, theme))
    for line in lines:
        sheet.add_all(line_shapes(frame, line, theme))
    sheet.add_all(step_labels(rect, steps, theme))

    def tip(t: int) -> str:
        said = (
            f"{NAMES[each.cell]}: {from_log10(float(each.log10[t]), 3)}"
            for each in found.curves
            if t < len(each.log10)
        )
        return "\n".join((f"step {t + 1}", *said))

    sheet.columns(rect, steps, "", tip)
    sheet.space(FOOT + 4)
    for each in found.curves:
        sheet.words(curve_words(each), colors[each.cell])
    has_losses = all(len(each.losses) > 1 for each in found.curves)
    row = None
    if all(each.matrix.size for each in found.curves):
        row = _matrices(sheet, found, colors, _LOW_MATRIX if is_wide else _LARGEST_MATRIX)
    if has_losses and row is not None and is_wide:
        beside = Rect(row.right + 2 * _GAP + GUTTER, row.y, 0.0, row.h - FOOT)
        wide = sheet.width - MARGIN - beside.x
        name = Rect(beside.x - GUTTER, beside.y - 15, wide + GUTTER, 14)
        sheet.add(
            Label(name, "L while they were trained, smoothed", theme.ink, 10.5, "left", bold=True)
        )
        _losses(sheet, found, colors, Rect(beside.x, beside.y, wide, beside.h))
    elif has_losses:
        _learning(sheet, found, colors)
    return sheet.picture(" ".join(map(curve_words, found.curves)))


def _matrices(
    sheet: Sheet, found: CellComparison, colors: Mapping[str, int], largest: float
) -> Rect:
    """Who caused it, once for every cell, on one scale: how far back the colour reaches.

    Returns the room that the three have taken.
    """
    theme = sheet.theme
    sheet.heading("‖∂Lₖ/∂hₜ‖ of every loss at every state")
    sheet.words("row: loss k; column: state t; the same colours for all three, log scale")
    every = np.concatenate([each.matrix.ravel() for each in found.curves])
    scale = log_scale(every, theme)
    log_legend(sheet, scale, zero=bool(np.isneginf(every).any()))
    side = min((sheet.inner - 2 * _GAP) / 3, largest)
    sheet.space(14)
    row = sheet.area(side)
    for place, each in enumerate(found.curves):
        rect = Rect(row.x + place * (side + _GAP), row.y, side, row.h)
        name = Rect(rect.x, rect.y - 15, rect.w, 14)
        color = colors[each.cell]
        sheet.add(Label(name, NAMES[each.cell], color, 10.5, "left", bold=True))
        sheet.add_all(log_matrix(rect, each.matrix, scale, theme))
        sheet.hit(rect, "", f"{NAMES[each.cell]}: {curve_words(each)}")
    sheet.space(10)
    return Rect(row.x, row.y, 3 * side + 2 * _GAP, side)


def _learning(sheet: Sheet, found: CellComparison, colors: Mapping[str, int]) -> None:
    """What the three have learned from these gradients."""
    sheet.heading("L while they were trained")
    sheet.words("smoothed, by iteration; the same batches for all three")
    _losses(sheet, found, colors, sheet.area(0.8 * sheet.plot_height, GUTTER))
    sheet.space(FOOT)


def _losses(sheet: Sheet, found: CellComparison, colors: Mapping[str, int], rect: Rect) -> None:
    theme = sheet.theme
    lines = [
        Line(
            NAMES[each.cell], each.iterations, each.losses, colors[each.cell],
            dashed=each.cell == "gru", width=2.0,
        )
        for each in found.curves
    ]  # fmt: skip
    last = max(float(line.x[-1]) for line in lines)
    frame = Frame(rect, Span(1.0, max(last, 2.0)), numbers(*(line.y for line in lines)))
    sheet.add_all(frame_shapes(frame, theme))
    for line in lines:
        sheet.add_all(line_shapes(frame, line, theme))
    begin, end = (Rect(x, rect.bottom + 1, 60, 13) for x in (rect.x, rect.right - 60))
    sheet.add(
        Label(begin, "1", theme.muted, 9.0, "left"),
        Label(end, grouped(round(last)), theme.muted, 9.0, "right"),
    )


def curve_words(curve: CellCurve) -> str:
    """One network in one sentence."""
    first, last = float(curve.log10[0]), float(curve.log10[-1])
    kept = "0" if np.isneginf(first) else from_log10(first - last)
    return (
        f"{NAMES[curve.cell]}: of the gradient at the last step, {kept} times as much is left at "
        f"the first. L = {short(curve.loss)}, {grouped(curve.parameters)} parameters."
    )
