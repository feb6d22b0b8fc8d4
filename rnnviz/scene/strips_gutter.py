"""Left of the axis: each strip's title, what it shows, and the scale of its colours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.numbers import fixed, short
from rnnviz.scene.shapes import Box, Label, Raster, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_far import is_large
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_marks import swatch, swatch_width
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import TOP, shows_top_five
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_rows import row_marks
from rnnviz.scene.strips_values import color_scale
from rnnviz.scene.textwidth import shortened, text_width
from rnnviz.scene.totals import loss_figure, over_batch, own_total

LEFT = 14.0
_LEAST_TWO = 30.0
"""Height of a strip that has room for a second line."""
_BESIDE = 4.0
_RAMP = np.linspace(0.0, 1.0, 33)[None, :]


def gutter_shapes(
    state: ViewState, placed: Placed, layout: StripLayout, memo: StripsMemo
) -> tuple[Shape, ...]:
    """Title, subtitle and scale of one strip, never wider than the gutter."""
    if placed.beside or placed.collapsed:
        return ()
    strip, rect = placed.strip, placed.rect
    marks = row_marks(state, strip, rect, layout, memo)
    nearest = min((mark.rect.x for mark in marks), default=rect.x)
    width = nearest - LEFT - (2.0 if marks else 8.0)
    if width < 16:
        return marks
    legend = strip.family in ("heat", "outputs")
    shapes: list[Shape] = [*_words(state, placed, width, legend=legend), *marks]
    y = rect.y + 17 + 15 * (len(shapes) - len(marks) > 1)
    if legend and y + 11 <= rect.bottom:
        shapes += _legend(state, color_scale(state, strip, memo), y, width)
    return tuple(shapes)


def folded_title(state: ViewState, placed: Placed) -> tuple[Shape, ...]:
    """The title of a strip that is folded away, with the mark that it can be opened."""
    width = placed.rect.x - LEFT - 8.0
    if placed.beside or width < 16:
        return ()
    alone = placed.strip.caption.alone(shared=bool(placed.guest))
    words = tuple(f"▸ {form}" for form in alone)
    return tuple(_lines(((words, state.theme.ink, 12.0),), placed.rect, width))


def _words(state: ViewState, placed: Placed, width: float, *, legend: bool) -> list[Shape]:
    """Title and what is below it, no wider than `width`; one line where there is no more room.

    Without a `legend` below, what the strip shows may take two lines instead of being shortened.
    """
    caption, shared, rect, theme = (
        placed.strip.caption, bool(placed.guest), placed.rect, state.theme,
    )  # fmt: skip
    if rect.h < _LEAST_TWO:
        return [*_lines(((caption.alone(shared=shared), theme.ink, 12.0),), rect, width)]
    title = ((caption.title, caption.sign), theme.ink, 12.0)
    if placed.strip.family == "outputs" and shows_top_five(state, placed.strip):
        caption = replace(caption, about=(f"p, top {TOP}",))
    extra = own_sum(state) if placed.strip.family == "loss" else ""
    extra = f"sum {extra}" if extra else ""
    below = caption.below(shared=shared, extra=extra)
    apart = caption.lines(shared=shared, extra=extra)
    if not legend and rect.h >= _LEAST_TWO + 13 and text_width(below[0], 10.0) > width:
        return [*_lines((title, *((each, theme.muted, 10.0) for each in apart)), rect, width)]
    lines = (title, (below, theme.muted, 10.0))
    room = swatch_width(state) + _BESIDE
    has_rows = placed.strip.range == "unit" and not is_large(placed.strip)
    if placed.strip.family == "outputs" and has_rows and room > _BESIDE:
        told = _lines(lines, rect, width - room)
        if len(told) == len(lines):
            after = LEFT + text_width(told[1].text, told[1].size) + _BESIDE
            return [*told, *swatch(state, after, told[1].rect.y)]
    return [*_lines(lines, rect, width)]


def _lines(
    lines: tuple[tuple[tuple[str, ...], int, float], ...], rect: Rect, width: float
) -> list[Label]:
    """Forms of words under one another, each in a colour and at most of a size."""
    found, y = [], rect.y
    for forms, color, most in lines:
        high = 16.0 if most > 10.0 else 13.0
        fits = shortened(forms, width, most, 10.0 if most > 10.0 else 8.5)
        if fits is not None:
            found.append(Label(Rect(LEFT, y, width, high), fits[0], color, fits[1], "left"))
        y += high + (1.0 if not found[1:] else 0.0)
    return found


def own_sum(state: ViewState) -> str:
    """With a batch, what the losses of the shown sequence add up to: not the mean L. Nothing while
    passes stream by, where no number stands long enough to be read."""
    if state.live or not over_batch(state.trace):
        return ""
    own = own_total(state.trace, state.row)
    return "" if own is None else loss_figure(own)


def _legend(state: ViewState, scale: ColorScale, y: float, width: float) -> list[Shape]:
    """The map from its low to its high end, with the two numbers beside it."""
    low, high = (fixed(v, 0) if v == int(v) else short(v, 2) for v in (scale.low, scale.high))
    low_width, high_width = text_width(low, 9.0) + 3, text_width(high, 9.0) + 3
    ramp = min(48.0, width - low_width - high_width)
    if ramp < 8:
        return []
    theme = state.theme
    bar = Rect(LEFT + low_width, y + 1, ramp, 8)
    values = scale.low + (scale.high - scale.low) * _RAMP
    return [
        Label(Rect(LEFT, y - 1, low_width, 12), low, theme.muted, 9.0, "left"),
        Raster(bar, values, scale),
        Box(bar, 0, theme.line),
        Label(Rect(bar.right + 3, y - 1, high_width, 12), high, theme.muted, 9.0, "left"),
    ]
