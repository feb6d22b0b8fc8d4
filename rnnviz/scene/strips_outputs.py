"""Outputs: a row for each class, or the five likeliest; the target is always marked."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.colors import ink_on
from rnnviz.scene.shapes import Box, Cells, Floats, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_far import is_far, is_large, target_classes
from rnnviz.scene.strips_heat import column_gap, heat_shapes
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_reduce import Values, window
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.strips_values import color_scale, strip_values
from rnnviz.scene.textwidth import elided

TOP = 5
_MOST_MARKS = 400


def class_word(state: ViewState, index: int) -> str:
    """The name of an output class, or its number; components of a regression count from 1, as all
    units do."""
    classes = state.trace.labels.classes
    if 0 <= index < len(classes):
        return visible_token(classes[index])
    return str(index if state.trace.spec.loss == "cross-entropy" else index + 1)


def shows_top_five(state: ViewState, strip: Strip) -> bool:
    """Whether the strip shows the likeliest classes instead of a row for each class."""
    return is_large(strip) and not is_far(state, strip)


def top_classes(probs: Values, count: int) -> Values:
    """(T, count) class indices of each row of (T, V), likeliest first."""
    part = np.argpartition(-probs, min(count, probs.shape[1] - 1), axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(probs, part, axis=1), axis=1, kind="stable")
    return np.take_along_axis(part, order, axis=1)


def output_shapes(
    state: ViewState, strip: Strip, rect: Rect, layout: StripLayout, memo: StripsMemo
) -> tuple[Shape, ...]:
    """The output strip inside its rect."""
    if shows_top_five(state, strip):
        return _top_five(state, strip, rect, memo)
    shapes = heat_shapes(state, strip, rect, layout, memo)
    if is_far(state, strip):
        return shapes
    return (*shapes, *target_marks(state, strip, rect))


def target_marks(
    state: ViewState, strip: Strip, rect: Rect, columns: range | None = None
) -> list[Shape]:
    """A mark on the target of each step in sight, or of those among `columns` of the axis."""
    seen = window(state.axis, strip.part)
    if seen is None or seen.reduced or seen.count > _MOST_MARKS or seen.pitch < 6:
        return []
    targets = target_classes(state, strip.part.steps)
    height, gap = rect.h / strip.rows, column_gap(seen.pitch)
    if height < 3:
        return []
    marks: list[Shape] = []
    for column, target in enumerate(targets[seen.start : seen.stop].tolist()):
        if target < 0:
            continue
        if columns is not None and seen.start + strip.part.start + column not in columns:
            continue
        x = seen.x + column * seen.pitch + gap / 2
        place = Rect(x, rect.y + target * height, seen.pitch - gap, height - 1)
        marks.append(_target_mark(place, state.theme.gradient))
    return marks


def _target_mark(place: Rect, color: int) -> Box:
    """A frame where there is room for one, else a tick at the left edge."""
    if place.h >= 12 and place.w >= 12:
        return Box(place.inset(0.75), 0, color, 1.5, 1.5)
    return Box(Rect(place.x, place.y, min(3.0, place.w), place.h), color)


def _top_five(state: ViewState, strip: Strip, rect: Rect, memo: StripsMemo) -> tuple[Shape, ...]:
    seen = window(state.axis, strip.part)
    if seen is None:
        return ()
    probs = strip_values(state, strip)[seen.start : seen.stop]
    targets = target_classes(state, strip.part.steps)[seen.start : seen.stop]
    best = top_classes(probs, TOP)
    scale, gap = color_scale(state, strip, memo), column_gap(seen.pitch)
    height, width = rect.h / (TOP + 1), seen.pitch - gap
    xs: Floats = seen.x + gap / 2 + seen.pitch * np.arange(seen.count, dtype=np.float64)
    values = np.take_along_axis(probs, best, axis=1)
    tops = np.full(seen.count, rect.y)
    shapes: list[Shape] = [Cells(xs, tops, values, width, height - 1, scale, vertical=True)]
    said = np.take_along_axis(probs, np.maximum(targets, 0)[:, None], axis=1)
    has = np.flatnonzero(targets >= 0)
    if len(has):
        ground = np.full(len(has), rect.y + TOP * height + 1)
        shapes.append(Cells(xs[has], ground, said[has], width, height - 2, scale, vertical=True))
    size = min(11.0, height - 1.0)
    if size >= 7 and state.is_readable(seen.count):
        shades = scale.colors(np.column_stack([values, said]))
        for column, x in enumerate(xs.tolist()):
            words = [*best[column].tolist(), int(targets[column])]
            for slot, word in enumerate(words):
                if word < 0:
                    continue
                place = Rect(x, rect.y + slot * height, width, height - 1)
                text = elided(class_word(state, word), size, width - 2)
                if text:
                    ink = ink_on(int(shades[column, slot]))
                    shapes.append(Label(place, text, ink, size))
    if seen.count <= _MOST_MARKS:
        for column, slot in np.argwhere(best == targets[:, None]).tolist():
            place = Rect(float(xs[column]), rect.y + slot * height, width, height - 1)
            shapes.append(Box(Rect(place.x, place.y, 3.0, place.h), state.theme.gradient))
    return tuple(shapes)
