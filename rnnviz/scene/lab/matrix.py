"""Matrices as colours: logarithmic norms with exact zeros apart, and the scale beside them."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.colors import ColorScale, ink_on
from rnnviz.scene.lab.plot import Span, exponents
from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.lab.words import from_log10
from rnnviz.scene.numbers import power_of_ten, short
from rnnviz.scene.shapes import Bars, Box, Floats, Label, Raster, Rect, Shape
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

_PALE = 0.25
"""Share of the range by which a logarithmic map begins below its least decade."""
_RAMP = np.linspace(0.0, 1.0, 65)[None, :]


def log_scale(values: Floats, theme: Theme) -> ColorScale:
    """The sequential map over the whole decades of these exponents.

    The map's palest fifth is left out: the smallest number must not look like an exact zero.
    """
    span: Span = exponents(values)
    return ColorScale(theme.sequential, span.low - _PALE * (span.high - span.low), span.high)


def log_matrix(rect: Rect, values: Floats, scale: ColorScale, theme: Theme) -> list[Shape]:
    """(R, C) exponents of ten as one raster; exact zeros (−∞) have the colour of nothing."""
    shapes: list[Shape] = [
        Raster(rect, np.ascontiguousarray(values, np.float64), scale),
    ]
    zeros = _zero_runs(np.isneginf(values), rect)
    if len(zeros):
        shapes.append(Bars(zeros, np.full(len(zeros), theme.box, np.uint32)))
    rows, columns = values.shape
    if rect.w / columns >= 34 and rect.h / rows >= 14:
        shapes += _numbers(rect, values, scale, theme)
    shapes.append(Box(rect, 0, theme.line))
    return shapes


def pooled(values: Floats, most: int = 720) -> Floats:
    """(R, C) with at most `most` rows and columns: of each block of entries the greatest."""
    for axis in (0, 1):
        size = values.shape[axis]
        if size > most:
            edges = np.linspace(0, size, most + 1).astype(np.intp)[:-1]
            values = np.maximum.reduceat(values, edges, axis=axis)
    return values


def value_matrix(rect: Rect, values: Floats, scale: ColorScale, theme: Theme) -> list[Shape]:
    """(R, C) plain numbers as one raster, the numbers written where they fit."""
    shapes: list[Shape] = [Raster(rect, np.ascontiguousarray(values, np.float64), scale)]
    rows, columns = values.shape
    if rect.w / columns >= 30 and rect.h / rows >= 14:
        w, h = rect.w / columns, rect.h / rows
        colors = scale.colors(values)
        shapes += [
            Label(Rect(rect.x + c * w, rect.y + r * h, w, h), text, ink_on(int(colors[r, c])), 9.5)
            for r in range(rows) for c in range(columns)
            if text_width(text := short(float(values[r, c]), 2), 9.5) <= w - 1
        ]  # fmt: skip
    shapes.append(Box(rect, 0, theme.line))
    return shapes


def log_legend(sheet: Sheet, scale: ColorScale, *, zero: bool) -> None:
    """The colour scale with its two ends in powers of ten, and what an exact zero looks like."""
    least = (scale.low + _PALE * scale.high) / (1.0 + _PALE)
    low, high = power_of_ten(round(least)), power_of_ten(round(scale.high))
    _legend(sheet, scale, low, high, start=least)
    if zero:
        x = MARGIN + _legend_width(low, high) + 14
        y = sheet.y - 14
        if x + 70 < sheet.width:
            sheet.add(
                Box(Rect(x, y, 12, 9), sheet.theme.box, sheet.theme.line),
                Label(Rect(x + 16, y - 2, 60, 13), "exact 0", sheet.theme.muted, 9.5, "left"),
            )


def value_legend(sheet: Sheet, scale: ColorScale, unit: str = "") -> None:
    """The colour scale with the numbers at its two ends."""
    low, high = short(scale.low, 2), short(scale.high, 2)
    _legend(sheet, scale, low, high, start=scale.low, unit=unit)


def _legend_width(low: str, high: str) -> float:
    return text_width(low, 9.5) + text_width(high, 9.5) + 10 + 80


def _legend(
    sheet: Sheet, scale: ColorScale, low: str, high: str, *, start: float, unit: str = ""
) -> None:
    theme = sheet.theme
    x, y = MARGIN, sheet.y + 2
    wide = text_width(low, 9.5)
    bar = Rect(x + wide + 5, y, 80, 9)
    values = start + (scale.high - start) * _RAMP
    end = bar.right + 5
    sheet.add(
        Label(Rect(x, y - 2, wide + 2, 13), low, theme.muted, 9.5, "left"),
        Raster(bar, values, scale),
        Box(bar, 0, theme.line),
        Label(Rect(end, y - 2, text_width(high, 9.5) + 3, 13), high, theme.muted, 9.5, "left"),
    )
    if unit:
        left = end + text_width(high, 9.5) + 8
        rect = Rect(left, y - 2, max(sheet.width - left - 4, 10), 13)
        sheet.add(Label(rect, unit, theme.muted, 9.5, "left"))
    sheet.y += 16


def _numbers(rect: Rect, values: Floats, scale: ColorScale, theme: Theme) -> list[Shape]:
    rows, columns = values.shape
    w, h = rect.w / columns, rect.h / rows
    colors = scale.colors(values)
    shapes: list[Shape] = []
    for r in range(rows):
        for c in range(columns):
            value = float(values[r, c])
            ground = theme.box if np.isneginf(value) else int(colors[r, c])
            text = from_log10(value)
            if text_width(text, 9.5) <= w - 2:
                place = Rect(rect.x + c * w, rect.y + r * h, w, h)
                shapes.append(Label(place, text, ink_on(ground), 9.5))
    return shapes


def _zero_runs(zero: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], rect: Rect) -> Floats:
    """One rectangle for every run of zeros in a row."""
    rows, columns = zero.shape
    w, h = rect.w / columns, rect.h / rows
    padded = np.zeros((rows, columns + 2), np.int8)
    padded[:, 1:-1] = zero
    change = np.diff(padded, axis=1)
    row, start = np.nonzero(change == 1)
    _, stop = np.nonzero(change == -1)
    return np.stack(
        [rect.x + start * w, rect.y + row * h, (stop - start) * w, np.full(len(row), h)], axis=1
    ).astype(np.float64)
