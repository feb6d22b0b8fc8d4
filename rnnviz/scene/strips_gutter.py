"""Left of the axis: each strip's title, what it shows, and the scale of its colours."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.numbers import fixed, short
from rnnviz.scene.shapes import Box, Label, Raster, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import TOP, shows_top_five
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_rows import row_marks
from rnnviz.scene.strips_values import color_scale
from rnnviz.scene.textwidth import elided, text_width
from rnnviz.scene.totals import loss_figure, over_batch, own_total

LEFT = 14.0
_RAMP = np.linspace(0.0, 1.0, 33)[None, :]


def gutter_shapes(
    state: ViewState, placed: Placed, layout: StripLayout, memo: StripsMemo
) -> tuple[Shape, ...]:
    """Title, subtitle and scale of one strip, never wider than the gutter."""
    if placed.beside or placed.collapsed:
        return ()
    theme, strip, rect = state.theme, placed.strip, placed.rect
    marks = row_marks(state, strip, rect, layout, memo)
    nearest = min((mark.rect.x for mark in marks), default=rect.x)
    width = nearest - LEFT - (2.0 if marks else 8.0)
    if width < 16:
        return marks
    shapes: list[Shape] = [_title(state, placed, strip.title, width)]
    subtitle = _subtitle(state, placed)
    y = rect.y + 17
    if rect.h >= 30 and subtitle:
        size = min(10.0, max(8.5, 10.0 * width / text_width(subtitle, 10.0)))
        text = elided(subtitle, size, width)
        shapes.append(Label(Rect(LEFT, y, width, 13), text, theme.muted, size, "left"))
        y += 15
    if strip.family in ("heat", "outputs") and y + 11 <= rect.bottom:
        shapes += _legend(state, color_scale(state, strip, memo), y, width)
    return (*shapes, *marks)


def folded_title(state: ViewState, placed: Placed) -> tuple[Shape, ...]:
    """The title of a strip that is folded away, with the mark that it can be opened."""
    width = placed.rect.x - LEFT - 8.0
    if placed.beside or width < 16:
        return ()
    return (_title(state, placed, f"▸ {placed.strip.title}", width),)


def _title(state: ViewState, placed: Placed, words: str, width: float) -> Label:
    size = min(12.0, max(10.0, 12.0 * width / text_width(words, 12.0)))
    place = Rect(LEFT, placed.rect.y, width, 16)
    return Label(place, elided(words, size, width), state.theme.ink, size, "left")


def _subtitle(state: ViewState, placed: Placed) -> str:
    strip = placed.strip
    if placed.guest:
        return f"{strip.subtitle.removeprefix('encoder ').removeprefix('decoder ')}, both parts"
    if strip.family == "outputs" and shows_top_five(state, strip):
        return f"p, top {TOP}"
    own = own_sum(state) if strip.family == "loss" else ""
    return f"{strip.subtitle}, sum {own}" if own else strip.subtitle


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
