"""Bars on the time axis: losses on a linear scale, gradient norms on a logarithmic one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from rnnviz.scene.colors import ink_on, veiled
from rnnviz.scene.numbers import power_of_ten, short, tick_text, ticks
from rnnviz.scene.shapes import Bars, Box, Floats, Label, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_heat import column_gap
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_reduce import Values, Window, highest, window
from rnnviz.scene.strips_steady import steady
from rnnviz.scene.strips_values import kindred_values, nice_bound, strip_values
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

_TINY = 1.5
"""Height of a bar too small to see: exact zero has none, so the two differ."""


@dataclass(frozen=True, slots=True)
class BarScale:
    """From a value to a share of the strip's height; `low` and `high` are exponents if `log`."""

    log: bool
    low: float
    high: float

    def share(self, values: Values) -> Floats:
        """0 (bottom) to 1 (top) for each value; what is not a number fills the height, so that it
        cannot be missed."""
        wide = np.asarray(values, np.float64)
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                wide = np.log10(wide)
        unit = (wide - self.low) / (self.high - self.low)
        shares: Floats = np.minimum(np.maximum(unit, 0.0), 1.0)
        shares[np.isnan(shares)] = 1.0
        return shares

    def ticks(self, height: float) -> tuple[tuple[float, str], ...]:
        """Share and text of each tick that finds room in `height` pixels."""
        most = max(1, int(height / 16))
        span = self.high - self.low
        if not self.log:
            found = ticks(self.low, self.high, most)
            step = found[1] - found[0] if len(found) > 1 else self.high
            return tuple(((v - self.low) / span, tick_text(v, step)) for v in found)
        step = max(1, math.ceil(span / most))
        first = math.ceil(self.low)
        exponents = range(first, math.floor(self.high) + 1, step)
        return tuple(((e - self.low) / span, power_of_ten(e)) for e in exponents)


def bar_scale(state: ViewState, strip: Strip, memo: StripsMemo) -> BarScale:
    """The scale of a strip over the whole pass, so that scrolling never rescales it; encoder and
    decoder have one scale, so that their bars can be compared."""

    def make() -> BarScale:
        values = kindred_values(state, strip) if strip.twin else _bar_values(state, strip, memo)
        own = _own_scale(values, strip)
        if not state.live:
            return own
        low, high = steady(memo, ("bars", strip.kindred), (own.low, own.high))
        return replace(own, low=low, high=high)

    return memo.get(("scale", strip.kindred, state.row, state.live), make)


def _own_scale(values: Values, strip: Strip) -> BarScale:
    finite = values[np.isfinite(values)]
    if strip.family == "loss":
        return BarScale(False, 0.0, nice_bound(float(finite.max(initial=0.0))))
    positive = finite[finite > 0]
    if not len(positive):
        return BarScale(True, -1.0, 0.0)
    high = math.ceil(math.log10(float(positive.max())) + 0.02)
    low = math.floor(math.log10(float(positive.min())) - 0.15)
    return BarScale(True, float(min(low, high - 1)), float(high))


@dataclass(frozen=True, slots=True, eq=False)
class BarRow:
    """The bars in sight: values (N,), rects (N, 4), colours (N,), and whether each counts."""

    seen: Window
    values: Values
    rects: Floats
    colors: Values
    counted: Values


def _bar_values(state: ViewState, strip: Strip, memo: StripsMemo) -> Values:
    """(T,) what the bars of a strip are as high as."""
    return memo.get(("bars", strip.name, state.row), lambda: strip_values(state, strip))


def bar_row(state: ViewState, strip: Strip, rect: Rect, memo: StripsMemo) -> BarRow | None:
    """Bars of the steps in sight, or their maximum per pixel column."""
    key = ("bar row", strip.name, state.row, state.axis, rect, state.theme.key, state.live)
    return memo.get(key, lambda: _bar_row(state, strip, rect, memo))


def _bar_row(state: ViewState, strip: Strip, rect: Rect, memo: StripsMemo) -> BarRow | None:
    seen = window(state.axis, strip.part)
    if seen is None:
        return None
    every = _bar_values(state, strip, memo)
    counted = _counted(state, strip)
    if seen.reduced:
        filled = np.nan_to_num(every, nan=np.inf)
        values = highest(filled, seen.edges)
        mask = highest(counted.astype(np.float64), seen.edges) > 0
    else:
        values = every[seen.start : seen.stop]
        mask = counted[seen.start : seen.stop]
    scale = bar_scale(state, strip, memo)
    gap = column_gap(seen.pitch) if seen.pitch >= 3 else 0.0
    heights = scale.share(values) * rect.h
    heights = np.where((values != 0) & (heights < _TINY), _TINY, heights)
    heights = np.where(values == 0, 0.0, heights)
    xs = seen.x + gap / 2 + seen.pitch * np.arange(seen.count)
    rects = np.stack(
        [xs, rect.bottom - heights, np.full(seen.count, seen.pitch - gap), heights], axis=1
    )
    return BarRow(seen, values, rects, _colors(state.theme, strip, values, mask), mask)


def bar_shapes(state: ViewState, strip: Strip, rect: Rect, memo: StripsMemo) -> tuple[Shape, ...]:
    """The bars of a strip, and marks where they are exactly zero."""
    row = bar_row(state, strip, rect, memo)
    if row is None:
        return ()
    there = row.values != 0
    shapes: list[Shape] = [Bars(row.rects[there], row.colors[there])] if there.any() else []
    zeros = np.flatnonzero(row.values == 0)
    if strip.family == "norms" and len(zeros):
        shapes.append(_zero_marks(row.rects[zeros], rect, state.theme))
    return tuple(shapes)


def bar_numbers(
    state: ViewState, row: BarRow, rect: Rect, *, pale: bool = False
) -> tuple[Label | None, ...]:
    """The number of each bar in the ink that reads there, or None where it does not fit.

    `pale` is for bars under the veil, which have other colours.
    """
    width = float(row.rects[0, 2]) if len(row.rects) else 0.0
    if width < 26 or row.seen.reduced or not state.is_readable(row.seen.count):
        return ()
    theme, found = state.theme, []
    solid = np.where(row.colors >> np.uint32(24) == 0xFF, row.colors, np.uint32(theme.panel))
    shades = veiled(solid, theme.panel) if pale else solid
    for value, (x, y, w, h), shade, counts in zip(
        row.values.tolist(), row.rects.tolist(), shades.tolist(), row.counted.tolist(), strict=True
    ):
        text = short(value, 2)
        place: Label | None = None
        # A zero that does not count is no result, but what stands where nothing is asked.
        if text_width(text, 10.0) <= w and (counts or value != 0):
            if h >= 15:
                place = Label(Rect(x, y + 1, w, 13), text, ink_on(shade), 10.0)
            elif rect.h - h >= 14:
                place = Label(Rect(x, y - 14, w, 13), text, theme.muted, 10.0)
        found.append(place)
    return tuple(found)


def _counted(state: ViewState, strip: Strip) -> Values:
    mask = state.trace.get("loss_mask")
    if strip.family != "loss" or mask is None:
        return np.ones(strip.part.steps, bool)
    return np.asarray(mask[:, min(state.row, mask.shape[1] - 1)] > 0)


def _faint(color: int) -> int:
    return (color & 0x00FFFFFF) | 0x48000000


def _colors(
    theme: Theme, strip: Strip, values: Values, mask: Values
) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    base = theme.loss if strip.family == "loss" else theme.gradient
    if strip.name.startswith("step_norm"):
        base = theme.weight
    colors = np.where(mask, np.uint32(base), np.uint32(_faint(base)))
    return np.where(np.isfinite(values), colors, np.uint32(theme.bad)).astype(np.uint32)


def _zero_marks(rects: Floats, rect: Rect, theme: Theme) -> Bars:
    """An exact zero: a grey line on the ground, where the tiniest bar would be orange."""
    marks = rects.copy()
    marks[:, 1], marks[:, 3] = rect.bottom - 1.0, 1.0
    return Bars(marks, np.full(len(marks), theme.muted, np.uint32))


def grid_shapes(scale: BarScale, rect: Rect, theme: Theme) -> tuple[Shape, ...]:
    """Faint lines at the ticks, behind the bars."""
    lines: list[Shape] = [
        Wire(
            ((rect.x, rect.bottom - share * rect.h), (rect.right, rect.bottom - share * rect.h)),
            theme.line, 1.0, head=False,
        )
        for share, _ in scale.ticks(rect.h)
    ]  # fmt: skip
    return tuple(lines)


def tick_labels(scale: BarScale, rect: Rect, theme: Theme) -> tuple[Label, ...]:
    """The ticks' numbers, right-aligned in the gutter."""
    found = []
    for share, text in scale.ticks(rect.h):
        wide = text_width(text, 9.0) + 1.0
        place = Rect(rect.x - 6 - wide, rect.bottom - share * rect.h - 6, wide, 12)
        found.append(Label(place, text, theme.muted, 9.0, "right"))
    return tuple(found)


def cut_marks(state: ViewState, strip: Strip, rect: Rect) -> tuple[Shape, ...]:
    """Truncated backpropagation: a scissor line before each step where the gradient is cut."""
    cuts = state.trace.get("cuts")
    if cuts is None or strip.family != "norms":
        return ()
    seen = state.axis.visible
    lines = []
    for cut in cuts.tolist():
        column = cut + strip.part.start
        if seen.start <= column < seen.stop:
            x = state.axis.left_of(column)
            lines.append(Box(Rect(x - 0.75, rect.y, 1.5, rect.h), state.theme.bad))
    return tuple(lines)
