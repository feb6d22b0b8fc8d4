"""Outputs: a row for each class, or the five likeliest; the target is always marked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.colors import ColorScale, ink_on
from rnnviz.scene.sampled import drawn_classes
from rnnviz.scene.shapes import Cells, Floats, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_far import is_far, is_large, target_classes
from rnnviz.scene.strips_heat import column_gap, heat_shapes
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_marks import drawn_marks, slot_marks, target_marks
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_reduce import Values, window
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.strips_values import color_scale, strip_values
from rnnviz.scene.textwidth import elided

TOP = 5
_CAPITAL, _FEET = 0.73, 0.24
"""How far letters reach above their line and below it, as shares of their size (DejaVu Sans)."""


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


@dataclass(frozen=True, slots=True, eq=False)
class _Slots:
    """The likeliest classes of the steps in sight: probs (N, V), best (N, TOP), where each column
    begins, and the size of a slot; the last slot is that of the marked class."""

    probs: Values
    best: Values
    xs: Floats
    width: float
    height: float
    scale: ColorScale


def _slots(
    state: ViewState, strip: Strip, rect: Rect, memo: StripsMemo
) -> tuple[slice, _Slots] | None:
    """The same for a place, and which steps those are; None where none is in sight."""
    seen = window(state.axis, strip.part)
    if seen is None:
        return None
    steps, gap = slice(seen.start, seen.stop), column_gap(seen.pitch)
    probs = strip_values(state, strip)[steps]
    key = ("top", strip.name, state.row, seen.start, seen.stop)
    xs: Floats = seen.x + gap / 2 + seen.pitch * np.arange(seen.count, dtype=np.float64)
    best = memo.get(key, lambda: top_classes(probs, TOP))
    size = seen.pitch - gap, rect.h / (TOP + 1)
    return steps, _Slots(probs, best, xs, *size, color_scale(state, strip, memo))


def _top_five(state: ViewState, strip: Strip, rect: Rect, memo: StripsMemo) -> tuple[Shape, ...]:
    found = _slots(state, strip, rect, memo)
    if found is None:
        return ()
    steps, slots = found
    height, width, best = slots.height, slots.width, slots.best
    values = np.take_along_axis(slots.probs, best, axis=1)
    tops = np.full(len(best), rect.y)
    shapes: list[Shape] = [
        Cells(slots.xs, tops, values, width, height - 1, slots.scale, vertical=True)
    ]
    size = min(11.0, height - 1.0)
    if size >= 7 and state.is_readable(len(best)):
        shades = slots.scale.colors(values)
        for column, x in enumerate(slots.xs.tolist()):
            for slot, word in enumerate(best[column].tolist()):
                place = Rect(x, rect.y + slot * height, width, height - 1)
                shapes += _word(state, word, place, size, int(shades[column, slot]))
    shapes += _marked(state, rect, slots, target_classes(state, strip.part.steps)[steps])
    return tuple(shapes)


def drawn_shapes(state: ViewState, strip: Strip, rect: Rect, memo: StripsMemo) -> list[Shape]:
    """In a sample what was drawn so far, marked as a target is: nothing of it is known before."""
    if not shows_top_five(state, strip):
        return [] if is_far(state, strip) else drawn_marks(state, strip, rect)
    found = _slots(state, strip, rect, memo)
    if found is None:
        return []
    steps, slots = found
    return _marked(state, rect, slots, drawn_classes(state, strip.part)[steps])


def _marked(state: ViewState, rect: Rect, slots: _Slots, classes: Values) -> list[Shape]:
    """Under the likeliest the class that is marked at each step, -1 for none, and a tick where it
    is one of them."""
    has = np.flatnonzero(classes >= 0)
    if not len(has):
        return []
    height, width, marked = slots.height, slots.width, classes[has]
    xs, said = slots.xs[has], np.take_along_axis(slots.probs[has], marked[:, None], axis=1)
    ground = np.full(len(has), rect.y + TOP * height + 1)
    shapes: list[Shape] = [Cells(xs, ground, said, width, height - 2, slots.scale, vertical=True)]
    size = min(11.0, height - 1.0)
    if size >= 7 and state.is_readable(len(classes)):
        shades = slots.scale.colors(said)[:, 0].tolist()
        size = min(size, (height - 2) / (_CAPITAL + _FEET))
        for x, word, shade in zip(xs.tolist(), marked.tolist(), shades, strict=True):
            place = Rect(x, rect.y + TOP * height + 1, width, height - 2)
            shapes += _word(state, word, place, size, shade)
    return shapes + slot_marks(slots.best[has], marked, xs, rect.y, height, state.theme)


def _word(state: ViewState, word: int, place: Rect, size: float, shade: int) -> list[Shape]:
    text = elided(class_word(state, word), size, place.w - 2)
    # In a low cell the feet of white letters would stand on the white below it.
    below = max((_CAPITAL / 2 + _FEET) * size - place.h / 2, 0.0)
    inside = Rect(place.x, place.y - below, place.w, place.h)
    return [Label(inside, text, ink_on(shade), size)] if text else []
