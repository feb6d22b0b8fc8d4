"""The input as words on the axis, with the step numbers under it."""

from __future__ import annotations

import math
from functools import lru_cache

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.numbers import grouped, nice_step
from rnnviz.scene.shapes import Box, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.textwidth import elided, text_width

_VISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍", "": "∅"}
_LEAST_PITCH = 8.0


def visible_token(token: str) -> str:
    """A token as it can be read: white space gets a sign of its own."""
    if token in _VISIBLE:
        return _VISIBLE[token]
    return "".join(_VISIBLE.get(char, char) for char in token)


def input_tokens(state: ViewState, prefix: str) -> tuple[str, ...]:
    """What the steps of a part read, as text; shorter than T where the labels are."""
    labels = state.trace.labels
    rows = labels.decoder_inputs if prefix == "decoder_" else labels.inputs
    return rows[state.row] if 0 <= state.row < len(rows) else ()


def target_tokens(state: ViewState) -> tuple[str, ...]:
    """What the steps should say, as text."""
    rows = state.trace.labels.targets
    return rows[state.row] if 0 <= state.row < len(rows) else ()


def token_shapes(state: ViewState, strip: Strip, rect: Rect) -> tuple[Shape, ...]:
    """Tokens where a column has room for them, else a bar as long as the sequence."""
    theme, axis, part = state.theme, state.axis, strip.part
    seen = axis.visible
    first, last = max(seen.start, part.start), min(seen.stop, part.stop)
    if last <= first:
        return ()
    shapes: list[Shape] = []
    tokens = input_tokens(state, part.prefix)
    words = Rect(rect.x, rect.y, rect.w, rect.h - 14)
    if axis.pitch >= _LEAST_PITCH:
        for column in range(first, min(last, part.start + len(tokens))):
            word = _word(axis, column, words.y, words.h, tokens[column - part.start], theme.input)
            if word is not None:
                shapes.append(word)
    else:
        left, right = axis.left_of(first), axis.left_of(last)
        shapes.append(
            Box(
                Rect(left, words.center[1] - 2, right - left, 4),
                theme.input & 0x00FFFFFF | 0x59000000,
            )
        )
    return tuple(shapes)


@lru_cache(maxsize=4096)
def _word(
    axis: TimeAxis, column: int, y: float, height: float, token: str, color: int
) -> Label | None:
    """A token over its column, as much of it as fits; the same object for the same place."""
    size = 12.0 if axis.pitch >= 14 else 9.0
    shown = elided(visible_token(token), size, axis.pitch - 1)
    if not shown:
        return None
    return Label(Rect(axis.left_of(column), y, axis.pitch, height), shown, color, size)


def step_numbers(state: ViewState, strip: Strip, rect: Rect) -> list[Shape]:
    """Numbers of steps at round distances, under the words."""
    axis, part, size = state.axis, strip.part, 9.0
    seen = axis.visible
    first, last = max(seen.start, part.start), min(seen.stop, part.stop)
    if last <= first:
        return []
    widest = text_width(grouped(part.steps), size) + 10
    step = max(1, math.ceil(nice_step(widest / axis.pitch, 1)))
    shapes: list[Shape] = []
    low, high = first - part.start + 1, last - part.start
    numbers = set(range(-(-low // step) * step, high + 1, step))
    if low == 1 and (step == 1 or axis.pitch * (step - 1) >= widest):
        numbers.add(1)
    for number in sorted(numbers):
        x = axis.center_of(part.start + number - 1)
        place = Rect(x - widest / 2, rect.bottom - 13, widest, 12)
        shapes.append(Label(place, grouped(number), state.theme.muted, size))
    return shapes
