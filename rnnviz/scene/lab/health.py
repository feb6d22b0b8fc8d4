"""Training health: the loss against guessing, the size of the updates, what is stuck."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.plot import FOOT, GUTTER, Frame, Line, Span, exponents, frame_shapes
from rnnviz.scene.lab.plot import line_shapes as shapes_of
from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.lab.words import from_log10
from rnnviz.scene.numbers import grouped, percent, short
from rnnviz.scene.shapes import Bars, Floats, Label, Picture, Rect, Wire
from rnnviz.scene.textwidth import elided
from rnnviz.scene.theme import Theme

_USUAL = -3.0
"""log₁₀ ‖Δθ‖/‖θ‖ that a healthy run has, more or less."""
_ROW = 15.0
_NAMES = 92.0
_NUMBERS = 52.0


@dataclass(frozen=True, slots=True, eq=False)
class TrainingHealth:
    """Figures of one pass and of the run's updates; None where there are none.

    ``mean_loss`` nats a step against ``baseline`` = ln V (cross-entropy only), ``update_log10`` =
    log₁₀ ‖Δθ‖/‖θ‖ of the last update, over the ``iterations`` (n,) as ``ratio_log10`` (n,).
    ``dead`` and ``saturated`` are shares of units, ``gradients`` log₁₀ ‖∂L/∂W‖_F by parameter.
    """

    mean_loss: float | None
    perplexity: float | None
    baseline: float | None
    classes: int
    update_log10: float | None
    iterations: Floats
    ratio_log10: Floats
    dead: float | None
    saturated: float | None
    gradients: tuple[tuple[str, float], ...]


def health_picture(found: TrainingHealth, theme: Theme, width: float) -> Picture:
    """Words with a bar where there is something to compare with, and two plots."""
    sheet = Sheet(theme, width)
    sheet.heading("The loss against guessing")
    _loss(sheet, found)
    sheet.heading("The size of an update, ‖Δθ‖/‖θ‖")
    _updates(sheet, found)
    sheet.heading("Units that are stuck")
    for text in stuck_words(found):
        sheet.words(text)
    if found.gradients:
        sheet.heading("‖∂L/∂W‖ of every parameter")
        sheet.words("Frobenius norms of this pass, log scale")
        _bars(sheet, found.gradients)
    return sheet.picture(health_words(found))


def _loss(sheet: Sheet, found: TrainingHealth) -> None:
    theme = sheet.theme
    if found.mean_loss is None:
        sheet.words("this pass has no loss")
        return
    if found.baseline is None or found.perplexity is None:
        sheet.words(f"{short(found.mean_loss, 4)} a step: half the squared error")
        return
    # A loss that is no number is worse than any, and its bar the whole width.
    is_number = math.isfinite(found.mean_loss)
    is_worse = not (is_number and found.mean_loss < found.baseline)
    sheet.words(
        f"{short(found.mean_loss, 3)} nats a step; guessing evenly costs ln {found.classes} = "
        f"{short(found.baseline, 3)}. Perplexity {short(found.perplexity, 3)} of "
        f"{grouped(found.classes)} choices.",
        theme.bad if is_worse else None,
    )
    high = max(found.mean_loss if is_number else 0.0, found.baseline, 1e-9) * 1.08
    rect = sheet.area(14.0, 0, 0)
    wide = max(found.mean_loss / high * rect.w, 1.0) if is_number else rect.w
    color = theme.bad if is_worse else theme.good
    mark = rect.x + found.baseline / high * rect.w
    sheet.add(
        Bars(np.array([[rect.x, rect.y + 1, wide, 11.0]]), np.array([color], np.uint32)),
        Wire(((mark, rect.y - 2), (mark, rect.bottom + 1)), theme.loss, 1.5, head=False,
             dashed=True),
    )  # fmt: skip
    sheet.space(6)


def _updates(sheet: Sheet, found: TrainingHealth) -> None:
    theme = sheet.theme
    if found.update_log10 is None:
        sheet.words("no update so far: train an iteration")
        return
    sheet.words(
        f"{from_log10(found.update_log10)} at the last; about 10⁻³ is usual. {_verdict(found)}"
    )
    if len(found.iterations) < 2:
        return
    rect = sheet.area(0.7 * sheet.plot_height, GUTTER)
    x = Span(float(found.iterations[0]), float(found.iterations[-1]))
    frame = Frame(rect, x, exponents(found.ratio_log10, np.array([_USUAL])))
    sheet.add_all(frame_shapes(frame, theme, one=_USUAL))
    line = Line("", found.iterations, found.ratio_log10, theme.weight, width=1.3)
    sheet.add_all(shapes_of(frame, line, theme))
    begin, end = (Rect(at, rect.bottom + 1, 60, 13) for at in (rect.x, rect.right - 60))
    sheet.add(
        Label(begin, grouped(round(x.low)), theme.muted, 9.0, "left"),
        Label(end, grouped(round(x.high)), theme.muted, 9.0, "right"),
    )
    sheet.space(FOOT)


def _verdict(found: TrainingHealth) -> str:
    value = found.update_log10
    if value is None or not np.isfinite(value):
        return "Nothing moves." if value == -np.inf else "The numbers are not finite."
    if value > -1.5:
        return "Far above: the learning rate is likely too high."
    return "Far below: it learns slowly or not at all." if value < -5.0 else ""


def stuck_words(found: TrainingHealth) -> Sequence[str]:
    """What sits at the end of its range, in sentences."""
    if found.saturated is None:
        return ["Linear units have no end of their range at which they could be stuck."]
    where = "sit at the end of their range in at least 95 % of steps"
    text = [f"{percent(found.saturated)} of all gates and states {where}."]
    if found.dead is not None:
        text.append(f"{percent(found.dead)} of the relu units are never on (dead).")
    return text


def _bars(sheet: Sheet, gradients: Sequence[tuple[str, float]]) -> None:
    theme = sheet.theme
    span = exponents(np.array([value for _, value in gradients]))
    left, right = MARGIN + _NAMES, sheet.width - MARGIN - _NUMBERS
    for name, value in gradients:
        y = sheet.y
        sheet.add(
            Label(Rect(MARGIN, y, _NAMES - 6, _ROW), elided(name, 10.0, _NAMES - 6), theme.ink,
                  10.0, "right"),
            Label(Rect(right + 4, y, _NUMBERS - 4, _ROW), from_log10(value), theme.muted, 9.5,
                  "left"),
        )  # fmt: skip
        if np.isfinite(value):
            wide = max(float(span.share(np.array(value))) * (right - left), 1.0)
            sheet.add(
                Bars(np.array([[left, y + 3, wide, 9.0]]), np.array([theme.gradient], np.uint32))
            )
        sheet.hit(Rect(MARGIN, y, sheet.inner, _ROW), "", f"‖∂L/∂{name}‖ = {from_log10(value, 3)}")
        sheet.y += _ROW


def health_words(found: TrainingHealth) -> str:
    """The figure in one or two sentences."""
    text = "No loss."
    if found.mean_loss is not None:
        text = f"Loss {short(found.mean_loss)} a step"
        text += "." if found.baseline is None else f", guessing {short(found.baseline)}."
    if found.update_log10 is not None:
        text += f" Updates of {from_log10(found.update_log10)} of the weights."
    return text
