"""Step Jacobians: their singular values, the products with their loose bound, the exponents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.lab.plot import (
    FOOT,
    GUTTER,
    Frame,
    Line,
    Span,
    cursor_shape,
    exponents,
    frame_shapes,
    line_shapes,
    numbers,
    step_labels,
    steps_frame,
)
from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.lab.words import from_log10, step_name
from rnnviz.scene.numbers import fixed, short
from rnnviz.scene.shapes import Bars, Box, Floats, Label, Picture, Rect, Wire
from rnnviz.scene.theme import Theme
from rnnviz.trace.many import many

_MOST_BARS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Spectra:
    """Of one layer's own recurrence over one sequence, all in time order.

    ``singular`` (n, S) of J_t = ∂s_t/∂s_{t−1}; ``product_log10`` (n,) = log₁₀ σ₁ of
    ∂s_t/∂s_origin and ``bound_log10`` (n,) = log₁₀ Π σ₁(J), NaN up to the origin (0: the initial
    state; counted in the order of processing); ``lyapunov`` (n, S) running finite-time exponents
    in nats a step, largest first, in the order of processing. A reverse layer ends at step 0.
    """

    layer: str
    state: str
    singular: Floats
    product_log10: Floats
    bound_log10: Floats
    lyapunov: Floats
    words: tuple[str, ...]
    origin: int = 0
    reverse: bool = False

    @property
    def whole(self) -> tuple[float, float]:
        """log₁₀ of the product over all steps from the origin on, and of its bound."""
        end = 0 if self.reverse else -1
        return float(self.product_log10[end]), float(self.bound_log10[end])


def jacobians_picture(spectra: Spectra, theme: Theme, width: float, cursor: int | None) -> Picture:
    """Singular values at the cursor and over the steps, the products, the exponents."""
    sheet = Sheet(theme, width)
    n = len(spectra.singular)
    step = min(cursor if cursor is not None else n - 1, n - 1)
    _at_cursor(sheet, spectra, step)
    _over_steps(sheet, spectra, step)
    _products(sheet, spectra, step)
    _lyapunov(sheet, spectra)
    return sheet.picture(jacobians_words(spectra, step))


def _at_cursor(sheet: Sheet, spectra: Spectra, step: int) -> None:
    theme, s = sheet.theme, spectra.state
    before = _state_name(spectra, step + 1 if spectra.reverse else step - 1)
    sheet.heading(f"Singular values of ∂{step_name(s, step)}/∂{before}")
    values = spectra.singular[step]
    note = "one step of the layer's own recurrence; above 1 a direction grows, below it shrinks"
    sheet.words(note)
    shown = values[:_MOST_BARS]
    high = max(float(shown.max(initial=0.0)), 1.0) * 1.08
    rect = sheet.area(15.0 * len(shown), GUTTER - 8, 46)
    one = rect.x + rect.w / high
    for k, value in enumerate(shown.tolist()):
        y = rect.y + 15.0 * k
        wide = max(value / high * rect.w, 1.0 if value else 0.0)
        sheet.add(
            Label(Rect(MARGIN - 2, y, GUTTER - 12, 14), step_name("σ", k), theme.muted, 10.0,
                  "right"),
            Bars(np.array([[rect.x, y + 2, wide, 10.0]]),
                 np.array([theme.gradient if value >= 1 else theme.accent], np.uint32)),
            Label(Rect(rect.right + 6, y, 46, 14), short(value), theme.ink, 10.0, "left"),
        )  # fmt: skip
    sheet.add(Wire(((one, rect.y - 2), (one, rect.bottom)), theme.muted, 1.2, head=False,
                   dashed=True))  # fmt: skip
    rest = len(values) - len(shown)
    if rest:
        sheet.words(f"and {rest} smaller, down to {short(float(values[-1]), 2)}", size=9.5)
    sheet.space(6)


def _over_steps(sheet: Sheet, spectra: Spectra, step: int) -> None:
    theme = sheet.theme
    with np.errstate(divide="ignore"):
        logs = np.log10(spectra.singular)
    n, size = logs.shape
    x = np.arange(n, dtype=np.float64)
    lines = [Line("σ₁", x, logs[:, 0], theme.gradient)]
    if size > 2:
        lines.append(Line("median σ", x, np.median(logs, axis=1), theme.loss, dashed=True))
    if size > 1:
        lines.append(Line("smallest σ", x, logs[:, -1], theme.accent, dashed=True))
    sheet.heading("σ of every step's Jacobian")
    sheet.legend(line.entry for line in lines)
    low = max(float(np.min(logs[np.isfinite(logs)], initial=0.0)), -12.0)
    span = exponents(np.array([low, 0.0]), logs[:, 0])
    _plot(sheet, spectra, lines, span, step, one=0.0)


def _products(sheet: Sheet, spectra: Spectra, step: int) -> None:
    theme, s = sheet.theme, spectra.state
    n = len(spectra.product_log10)
    x = np.arange(n, dtype=np.float64)
    start = n - spectra.origin if spectra.reverse else spectra.origin - 1
    origin = _state_name(spectra, start)
    truth = Line(f"σ₁ of ∂{s}ₜ/∂{origin}", x, spectra.product_log10, theme.gradient)
    bound = Line("bound Π σ₁(J)", x, spectra.bound_log10, theme.muted, dashed=True)
    sheet.heading("Products of Jacobians, and the bound")
    product, limit = spectra.whole
    gap = limit - product
    if np.isfinite(gap):
        sheet.words(
            f"after {many(n - spectra.origin, 'step')}: truth {from_log10(product)}, "
            f"bound {from_log10(limit)}, {from_log10(max(gap, 0.0))} times too high"
        )
    sheet.legend((truth.entry, bound.entry))
    span = exponents(truth.y, bound.y, np.zeros(1))
    _plot(sheet, spectra, [bound, truth], span, step, one=0.0)


def _state_name(spectra: Spectra, step: int) -> str:
    """The state of a step as the screen calls it; outside of the sequence the initial one."""
    is_initial = not 0 <= step < len(spectra.singular)
    return f"{spectra.state}₀" if is_initial else step_name(spectra.state, step)


def _plot(
    sheet: Sheet, spectra: Spectra, lines: list[Line], span: Span, step: int, one: float
) -> None:
    theme, n = sheet.theme, len(spectra.singular)
    rect = sheet.area(0.85 * sheet.plot_height, GUTTER)
    frame = steps_frame(rect, n, span)
    sheet.add_all(frame_shapes(frame, theme, one=one))
    for line in lines:
        sheet.add_all(line_shapes(frame, line, theme))
    sheet.add_all(cursor_shape(frame, step, theme))
    sheet.add_all(step_labels(rect, n, theme, spectra.words))

    def tip(t: int) -> str:
        said = (f"{line.name}: {from_log10(float(line.y[t]), 3)}" for line in lines)
        return "\n".join((f"step {t + 1}", *said))

    sheet.columns(rect, n, "step", tip)
    sheet.space(FOOT + 4)


def _exponent_words(spectra: Spectra, largest: float) -> str:
    """The largest exponent, and what the product itself says of neighbouring states.

    Over few steps an exponent knows only the directions in which its frame was laid, and may be
    below 0 where another direction grows: only σ₁ of the product tells that they all close up.
    """
    n = len(spectra.lyapunov)
    said = f"after {many(n, 'step')}, nats a step; the largest is {fixed(largest, 3)}"
    whole = spectra.whole[0]
    if spectra.origin or not np.isfinite(whole):
        return f"{said}: neighbouring states part" if largest > 0 else said
    rate = whole * float(np.log(10.0)) / n
    word = "some neighbouring states part" if rate > 0 else "neighbouring states close up"
    return f"{said}; (1/t) ln σ₁ of the whole product is {fixed(rate, 3)}: {word}"


def _lyapunov(sheet: Sheet, spectra: Spectra) -> None:
    theme = sheet.theme
    last = spectra.lyapunov[-1]
    finite = last[np.isfinite(last)]
    sheet.heading("Finite-time Lyapunov exponents")
    if not len(finite):
        sheet.words("every direction was annihilated exactly")
        return
    sheet.words(_exponent_words(spectra, float(finite[0])))
    rect = sheet.area(0.7 * sheet.plot_height, GUTTER)
    frame = Frame(rect, Span(0.0, len(last) + 1.0), numbers(finite))
    sheet.add_all(frame_shapes(frame, theme, one=0.0))
    order = np.arange(1, len(last) + 1, dtype=np.float64)
    kept = np.isfinite(last)
    size = 5.0 if len(last) <= 60 else 3.0
    for px, py in zip(frame.px(order[kept]), frame.py(last[kept]), strict=True):
        sheet.add(
            Box(Rect(px - size / 2, py - size / 2, size, size), theme.gradient, radius=size / 2)
        )
    sheet.add(Label(Rect(rect.x, rect.bottom + 1, rect.w, 13), f"1 … {len(last)}, largest first",
                    theme.muted, 9.0))  # fmt: skip
    gone = int((~kept).sum())
    sheet.space(FOOT)
    if gone:
        sheet.words(f"{gone} more are −∞: annihilated exactly", size=9.5)


def jacobians_words(spectra: Spectra, step: int) -> str:
    """The figure in one sentence."""
    return (
        f"Largest singular value of step {step + 1}'s Jacobian: "
        f"{short(float(spectra.singular[step, 0]))}; of the whole product: "
        f"{from_log10(spectra.whole[0])}, bound {from_log10(spectra.whole[1])}."
    )
