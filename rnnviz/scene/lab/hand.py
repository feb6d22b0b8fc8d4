"""Vanish and explode by hand: a pass with its recurrent weights scaled, beside the real one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.cells import NAMES
from rnnviz.scene.lab.clip_bars import clip_bars
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
from rnnviz.scene.lab.words import from_log10, layer_words, step_name
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Floats, Picture
from rnnviz.scene.theme import Theme


@dataclass(frozen=True, slots=True, eq=False)
class Strength:
    """How strong the recurrence of one copy is, and what gradient it gets.

    ``log10`` (T,) = log₁₀ ‖∂L/∂h_t‖, or of the last loss alone; ``radius`` = max |λ|, ``sigma``
    = σ₁, each the largest over the blocks of W_hh; ``grad_norm`` of all parameters together;
    ``slope`` the mean of φ′ over all steps and units, None for cells with gates or a norm;
    ``is_product`` where the way back is one and the same matrix at every step.
    """

    log10: Floats
    sigma: float
    radius: float
    loss: float
    grad_norm: float
    activation: str
    slope: float | None = None
    is_product: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ByHand:
    """The pass as trained and the pass as set, same input, same length."""

    layer: str
    real: Strength
    made: Strength
    last_loss_only: bool
    repeated: bool
    clip: float | None


def hand_picture(hand: ByHand, theme: Theme, width: float) -> Picture:
    """Both curves on the same axes, what they amount to, and what clipping does."""
    sheet = Sheet(theme, width)
    last = f"‖∂{step_name('L', len(hand.made.log10) - 1)}/∂hₜ‖, the last loss alone"
    which = last if hand.last_loss_only else "‖∂L/∂hₜ‖, total"
    sheet.heading(f"{which}, {layer_words(hand.layer)}")
    steps = len(hand.made.log10)
    x = np.arange(steps, dtype=np.float64)
    real = Line("as trained", x, hand.real.log10, theme.muted, dashed=True)
    made = Line("as set here", x, hand.made.log10, theme.gradient)
    sheet.words(_strength_words("as trained", hand.real))
    sheet.words(_strength_words("as set here", hand.made), theme.gradient)
    sheet.legend((real.entry, made.entry))
    rect = sheet.area(1.15 * sheet.plot_height, GUTTER)
    span = exponents(hand.real.log10, hand.made.log10, np.zeros(1))
    frame = steps_frame(rect, steps, span)
    sheet.add_all(frame_shapes(frame, theme, one=0.0))
    for line in (real, made):
        sheet.add_all(line_shapes(frame, line, theme))
    sheet.add_all(step_labels(rect, steps, theme))

    def tip(t: int) -> str:
        return (
            f"step {t + 1}\nas trained: {from_log10(float(hand.real.log10[t]), 3)}\n"
            f"as set here: {from_log10(float(hand.made.log10[t]), 3)}"
        )

    sheet.columns(rect, steps, "", tip)
    sheet.space(FOOT + 2)
    sheet.words(verdict(hand), theme.ink)
    if hand.repeated:
        sheet.words("the input is repeated to fill the steps", size=9.5)
    clip_bars(sheet, hand.made.grad_norm, hand.clip)
    return sheet.picture(f"{verdict(hand)} {_strength_words('as set here', hand.made)}")


def _strength_words(name: str, each: Strength) -> str:
    how = NAMES.get(each.activation, each.activation)
    return (
        f"{name}: σ₁ {short(each.sigma)}, max |λ| {short(each.radius)}, {how}, "
        f"L = {short(each.loss)}"
    )


def verdict(hand: ByHand) -> str:
    """What happens to the gradient on its way back, in one sentence."""
    if len(hand.made.log10) == 1:
        return "One step only: there is no way back on which a gradient could change."
    values = hand.made.log10
    lost = np.flatnonzero(~np.isfinite(values))
    if len(lost):
        return _lost(hand.made, int(lost[-1]))
    change = float(values[0] - values[-1])
    word = "It keeps its size"
    if abs(change) > 1.0:
        word = "It vanishes" if change < 0 else "It explodes"
    sentence = f"{word}: a factor of {from_log10(change)} from the last step to the first."
    more = _slope_words(hand.made) if change < -1.0 else ""
    more = _linear_words(hand.made) if hand.made.is_product else more
    return f"{sentence} {more}".rstrip()


def _lost(made: Strength, step: int) -> str:
    """Why the gradient has no size from a step back."""
    if made.log10[step] == -np.inf and step == len(made.log10) - 1:
        return (
            "There is no gradient to send back: at the last step the outputs are as sure of the "
            "target as numbers can be (states that grow make them so)."
        )
    if made.log10[step] == -np.inf:
        why = {
            "relu": "every relu unit on its way is off there",
            "tanh": "every unit on its way is at ±1, where tanh is flat",
            "linear": "the matrix lets nothing of it through",
        }.get(made.activation, "no gate lets any of it through")
        return f"From step {step + 1} back the gradient is exactly 0: {why}."
    return (
        f"It explodes: from step {step + 1} back its numbers are beyond what a computer holds "
        "(10³⁰⁸). Take fewer steps or a smaller strength."
    )


def _linear_words(made: Strength) -> str:
    """Without a function the way back is a power of one matrix."""
    return (
        "With no function the way back is the same matrix at every step: none stretches by more "
        f"than σ₁ = {short(made.sigma)}, and in the long run each multiplies by "
        f"max |λ| = {short(made.radius)}."
    )


def _slope_words(made: Strength) -> str:
    """Why a gradient can vanish although σ₁ is above 1: tanh is flat where units are saturated."""
    if made.slope is None or made.activation != "tanh" or made.sigma <= 1.0:
        return ""
    return (
        "σ₁ above 1 is needed to explode, but not enough: the slope of tanh, 1 − h², "
        f"is {short(made.slope, 2)} on average."
    )
