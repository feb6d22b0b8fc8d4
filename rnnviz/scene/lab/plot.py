"""Lines in a frame with ticks: the one way in which the laboratory draws curves.

Values on a logarithmic axis are given as decimal exponents, so that 1e-180 is a number like any
other and an exact zero is −∞, which is drawn as a grey mark on the ground.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rnnviz.scene.numbers import power_of_ten, tick_text, ticks
from rnnviz.scene.shapes import Bars, Box, Curve, Floats, Label, Rect, Shape, Wire
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

GUTTER = 38.0
"""Left of a frame: the numbers of its ticks."""
FOOT = 15.0
"""Below a frame: the numbers or tokens of its steps."""
_MOST_DOTS = 40


@dataclass(frozen=True, slots=True)
class Span:
    """An axis from `low` to `high`; exponents of ten if `log`."""

    low: float
    high: float
    log: bool = False

    def share(self, values: Floats) -> Floats:
        """0 at the low end, 1 at the high end."""
        return (np.asarray(values, np.float64) - self.low) / (self.high - self.low)


def exponents(*values: Floats, least: float = 1.0) -> Span:
    """A span of whole decades around all finite exponents, at least `least` of them."""
    parts = [np.ravel(np.asarray(each, np.float64)) for each in values]
    every = np.concatenate(parts) if parts else np.empty(0)
    every = every[np.isfinite(every)]
    if not len(every):
        return Span(-1.0, 0.0, log=True)
    low, high = math.floor(float(every.min()) + 1e-9), math.ceil(float(every.max()) - 1e-9)
    return Span(float(min(low, high - least)), float(high), log=True)


def numbers(*values: Floats, zero: bool = True) -> Span:
    """A linear span around all finite values, with a little air; `zero` includes 0."""
    every = np.concatenate([np.ravel(np.asarray(each, np.float64)) for each in values])
    every = every[np.isfinite(every)]
    low = float(every.min(initial=0.0 if zero else np.inf)) if len(every) else 0.0
    high = float(every.max(initial=0.0 if zero else -np.inf)) if len(every) else 1.0
    if high <= low:
        return Span(low - 0.5, low + 0.5) if low else Span(0.0, 1.0)
    air = 0.06 * (high - low)
    return Span(low - air if low < 0 or not zero else low, high + air)


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle with two axes."""

    rect: Rect
    x: Span
    y: Span

    def px(self, values: Floats) -> Floats:
        return self.rect.x + self.x.share(values) * self.rect.w

    def py(self, values: Floats) -> Floats:
        return self.rect.bottom - self.y.share(values) * self.rect.h


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One curve: x and y (N,); NaN is a gap, −∞ on a logarithmic axis an exact zero."""

    name: str
    x: Floats
    y: Floats
    color: int
    dashed: bool = False
    width: float = 1.8

    @property
    def entry(self) -> tuple[str, int, bool]:
        """What a legend says about it."""
        return self.name, self.color, self.dashed


def steps_frame(rect: Rect, steps: int, y: Span) -> Frame:
    """A frame whose x axis are steps 0 … steps − 1, each in the middle of its column."""
    return Frame(rect, Span(-0.5, max(steps, 1) - 0.5), y)


def frame_shapes(frame: Frame, theme: Theme, *, one: float | None = None) -> list[Shape]:
    """Grid lines and numbers of the y axis; a stronger line at `one` if it is in sight."""
    rect, span = frame.rect, frame.y
    shapes: list[Shape] = [Box(rect, 0, theme.line)]
    for value, text in _ticks(span, rect.h):
        y = float(frame.py(np.array(value)))
        if rect.y + 1 < y < rect.bottom - 1:
            shapes.append(Wire(((rect.x, y), (rect.right, y)), theme.line, 1.0, head=False))
        label = Rect(rect.x - GUTTER - 2, min(max(y - 6, rect.y - 4), rect.bottom - 8), GUTTER, 12)
        size = min(9.0, GUTTER / text_width(text, 1.0))
        shapes.append(Label(label, text, theme.muted, size, "right"))
    if one is not None and span.low < one < span.high:
        y = float(frame.py(np.array(one)))
        stroke = ((rect.x, y), (rect.right, y))
        shapes.append(Wire(stroke, theme.muted, 1.2, head=False, dashed=True))
    return shapes


def _ticks(span: Span, pixels: float) -> list[tuple[float, str]]:
    most = max(2, int(pixels / 22))
    if not span.log:
        found = ticks(span.low, span.high, most)
        step = found[1] - found[0] if len(found) > 1 else 1.0
        return [(value, tick_text(value, step)) for value in found]
    stride = 1
    for stride in (1, 2, 5, 10, 20, 50, 100, 200, 500):
        if (span.high - span.low) / stride <= most:
            break
    first = math.ceil(span.low / stride - 1e-9) * stride
    return [
        (float(e), power_of_ten(e)) for e in range(first, math.floor(span.high + 1e-9) + 1, stride)
    ]


def across_labels(frame: Frame, theme: Theme, most: int, size: float) -> list[Shape]:
    """Numbers of the x axis below the frame: at most `most` of them, those that have room there."""
    rect, shapes = frame.rect, list[Shape]()
    free = rect.x
    for value, text in _ticks(frame.x, 22.0 * most):
        half = text_width(text, size) / 2 + 1.0
        at = float(frame.px(np.array(value)))
        if at - half >= free and at + half <= rect.right:
            place = Rect(at - half, rect.bottom + 1, 2 * half, 1.3 * size)
            shapes.append(Label(place, text, theme.muted, size))
            free = at + half + 4.0
    return shapes


def step_labels(rect: Rect, steps: int, theme: Theme, words: Sequence[str] = ()) -> list[Shape]:
    """Below a frame or matrix: the tokens of the steps where they fit, else their numbers."""
    pitch = rect.w / max(steps, 1)
    shapes: list[Shape] = []
    shown = [visible_token(word) for word in words[:steps]]
    wide = max((text_width(word, 10.0) for word in shown), default=0.0)
    if shown and pitch >= wide + 2:
        for step, word in enumerate(shown):
            place = Rect(rect.x + step * pitch, rect.bottom + 1, pitch, 13)
            shapes.append(Label(place, word, theme.muted, 10.0))
        return shapes
    room = text_width(str(steps), 9.0) + 8
    stride = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if s * pitch >= room)
    first = [0] if stride > 1 and (stride - 1) * pitch >= room else []
    for step in (*first, *range(stride - 1, steps, stride)):
        place = Rect(rect.x + (step + 0.5) * pitch - 20, rect.bottom + 1, 40, 13)
        if place.x + 20 + room / 2 <= rect.right + 12:
            shapes.append(Label(place, str(step + 1), theme.muted, 9.0))
    return shapes


def line_shapes(frame: Frame, line: Line, theme: Theme) -> list[Shape]:
    """A line with its gaps, its dots where there are few, and its exact zeros on the ground."""
    x, y = np.asarray(line.x, np.float64), np.asarray(line.y, np.float64)
    shapes: list[Shape] = []
    finite = np.isfinite(y)
    for start, stop in _runs(finite):
        points = np.stack([frame.px(x[start:stop]), frame.py(y[start:stop])], axis=1)
        points[:, 1] = np.clip(points[:, 1], frame.rect.y - 1, frame.rect.bottom + 1)
        if stop - start > 1:
            points = _reduced(points, frame.rect.w)
            shapes.append(Curve(points, line.color, line.width, line.dashed))
    few = int(finite.sum()) <= _MOST_DOTS
    if few:
        for px, py in zip(frame.px(x[finite]), frame.py(y[finite]), strict=True):
            if frame.rect.y - 2 <= py <= frame.rect.bottom + 2:
                shapes.append(Box(Rect(px - 2.5, py - 2.5, 5, 5), line.color, radius=2.5))
    zeros = np.flatnonzero(np.isneginf(y)) if frame.y.log else np.empty(0, np.intp)
    if len(zeros):
        shapes.append(zero_marks(frame, x[zeros], theme))
    for px in frame.px(x[np.isposinf(y)]):
        shapes.append(Box(Rect(px - 2.5, frame.rect.y, 5, 5), theme.bad))
    return shapes


def zero_marks(frame: Frame, x: Floats, theme: Theme) -> Bars:
    """Exact zeros: grey marks on the ground, where even the tiniest number is a dot in colour."""
    pitch = frame.rect.w / max(frame.x.high - frame.x.low, 1e-9)
    wide = min(max(pitch * 0.6, 1.0), 7.0)
    px = frame.px(x)
    marks = np.stack(
        [px - wide / 2, np.full(len(px), frame.rect.bottom - 3), np.full(len(px), wide),
         np.full(len(px), 3.0)], axis=1,
    )  # fmt: skip
    return Bars(marks, np.full(len(px), theme.muted, np.uint32))


def cursor_shape(frame: Frame, step: int | None, theme: Theme) -> list[Shape]:
    """The cursor's step as a dashed line through the frame."""
    if step is None or not frame.x.low <= step <= frame.x.high:
        return []
    x = float(frame.px(np.array(float(step))))
    stroke = ((x, frame.rect.y), (x, frame.rect.bottom))
    return [Wire(stroke, theme.accent, 1.2, head=False, dashed=True)]


def _runs(there: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _reduced(points: Floats, width: float) -> Floats:
    """At most two points a pixel column, its lowest and its highest, in their order."""
    columns = max(int(width), 1)
    if len(points) <= 3 * columns:
        return points
    edges = np.linspace(0, len(points), columns + 1).astype(np.intp)[:-1]
    y = points[:, 1]
    kept: list[int] = []
    for start, stop in zip(edges, [*edges[1:], len(points)], strict=True):
        low, high = start + int(y[start:stop].argmin()), start + int(y[start:stop].argmax())
        kept += sorted({low, high})
    return points[kept]
