"""Vanilla, LSTM and GRU side by side: the same data, the same seed, the same axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.plot import (
    FOOT,
    GUTTER,
    Line,
    exponents,
    frame_shapes,
    line_shapes,
    step_labels,
    steps_frame,
)
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import from_log10, step_name
from rnnviz.scene.numbers import grouped, short
from rnnviz.scene.shapes import Floats, Picture
from rnnviz.scene.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class CellCurve:
    """One network: ``log10`` (T,) = log₁₀ ‖∂ℓ/∂h_t‖ of the loss asked for, its loss and size."""

    cell: str
    log10: Floats
    loss: float
    parameters: int


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
    """Three curves in one frame."""
    sheet = Sheet(theme, width)
    last = f"‖∂{step_name('ℓ', len(found.curves[0].log10) - 1)}/∂hₜ‖, the last loss alone"
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
    rect = sheet.area(1.25 * sheet.plot_height, GUTTER)
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
    return sheet.picture(" ".join(map(curve_words, found.curves)))


def curve_words(curve: CellCurve) -> str:
    """One network in one sentence."""
    first, last = float(curve.log10[0]), float(curve.log10[-1])
    kept = "0" if np.isneginf(first) else from_log10(first - last)
    return (
        f"{NAMES[curve.cell]}: of the gradient at the last step, {kept} times as much is left at "
        f"the first. L = {short(curve.loss)}, {grouped(curve.parameters)} parameters."
    )
