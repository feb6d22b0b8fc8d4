"""The terms of one row as steps: each bar begins where the last one ended, up to the sum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.colors import lut
from rnnviz.scene.numbers import short
from rnnviz.scene.product_data import Product
from rnnviz.scene.shapes import Bars, Box, Rect
from rnnviz.scene.theme import Theme

Floats = NDArray[np.float64]
_STEP = 22.0
"""Width of the bars after the terms, board units."""


def term_colors(theme: Theme) -> tuple[int, int]:
    """Colours of terms that lower and raise the sum: the ends of the diverging map."""
    table = lut(theme.diverging)
    return int(table[24]), int(table[232])


def bar_shapes(canvas: Canvas, product: Product, row: int, room: Rect) -> None:
    """Bars under the matrix, term under column; then what else is added, and the total."""
    theme, left, width = canvas.theme, room.x, room.w
    terms = product.terms(row)
    down, up = term_colors(theme)
    ends = np.cumsum(terms)
    starts = np.concatenate([[0.0], ends[:-1]])
    colors = np.where(terms < 0, down, up).astype(np.uint32)
    begin = float(product.result[row] if product.normed is None else product.normed[row])
    more: list[tuple[float, float, int]] = []
    if product.normed is not None:
        more.append((0.0, begin, theme.weight))
    at = begin
    for summand in product.summands:
        value = float(summand.values[row])
        more.append((at, at + value, theme.muted))
        at += value
    if product.total is not None or product.summands:
        more.append((0.0, at, theme.gradient if product.backward else theme.ink))
    heights = np.array([0.0, *ends, *(v for a, b, _ in more for v in (a, b))])
    low, high = float(heights.min()), float(heights.max())
    if not np.isfinite(heights).all() or low == high:
        low, high = min(low, 0.0) if np.isfinite(low) else -1.0, 1.0
        starts, ends, terms = (_bounded(each, low, high) for each in (starts, ends, terms))
        more = [(*_bounded(np.array(pair), low, high).tolist(), color) for *pair, color in more]
    span = high - low

    def y_of(value: float) -> float:
        return room.y + (high - value) / span * room.h

    pitch = width / product.columns
    gap = 0.12 * pitch if pitch * canvas.scale > 3.0 else 0.0
    xs: Floats = left + pitch * np.arange(product.columns, dtype=np.float64)
    tops = room.y + (high - np.maximum(starts, ends)) / span * room.h
    sizes = np.abs(terms) / span * room.h
    rects, kept = _rects(canvas, xs + gap, tops, float(pitch - 2 * gap), sizes)
    canvas.over.append(Bars(rects, colors[kept]))
    x = left + width + 16.0
    for a, b, color in more:
        place = canvas.rect(x, y_of(max(a, b)), _STEP * 0.7, abs(a - b) / span * room.h)
        box = place.x, place.y, place.w, max(place.h, 1.0)
        canvas.over.append(Bars(np.array([box]), np.array([color], np.uint32)))
        x += _STEP
    zero = canvas.rect(left - 4.0, y_of(0.0), x - left + 4.0, 0.0)
    canvas.under.append(Box(zero.inset(0.0, -0.5), theme.line))
    apart = 1.2 * canvas.font(9.5) / canvas.scale
    for value in dict.fromkeys((high, 0.0, low)):
        if value == 0.0 or abs(y_of(value) - y_of(0.0)) > apart:
            text = short(value, 2)
            canvas.label(left - 8.0, y_of(value), text, theme.muted, 9.5, align="right")


def _bounded(values: NDArray[Any], low: float, high: float) -> NDArray[Any]:
    """The numbers of a diverged pass as far as the picture reaches; none is drawn as nothing."""
    numbers = np.nan_to_num(values, nan=0.0, posinf=high, neginf=low)
    return np.asarray(np.clip(numbers, low, high))


def _rects(
    canvas: Canvas, xs: Floats, tops: Floats, width: float, heights: Floats
) -> tuple[Floats, NDArray[np.intp]]:
    """Pixel rectangles of the bars that can be seen, at least a pixel high, and which they are."""
    kept = np.flatnonzero(heights > 0.0)
    dx, dy = canvas.at(0.0, 0.0)
    s = canvas.scale
    rects = np.stack(
        [
            dx + xs[kept] * s,
            dy + tops[kept] * s,
            np.full(len(kept), max(width * s, 1.0)),
            np.maximum(heights[kept] * s, 1.0),
        ],
        axis=1,
    )
    return rects, kept
