"""The input as words on the axis, with the step numbers under it."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.numbers import grouped, nice_step
from rnnviz.scene.sampled import inputs_known
from rnnviz.scene.shapes import Box, Label, Picture24, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.textwidth import fitted, text_width

_VISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥", "\r": "␍", "": "∅"}
_LEAST_PITCH = 8.0
_ROOMY = 17.0
"""Pixels of a column over which every word has room for its beginning."""
NUMBERS = 14.0
"""Height of the line of step numbers below the words."""
_LEAST_SIDE = 6.0
_APART = 2.0
_NUMBER = re.compile(r"[-−]?\d+\.\d+")


@lru_cache(maxsize=4096)
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
    tokens = input_tokens(state, part.prefix)
    words = Rect(rect.x, rect.y, rect.w, rect.h - NUMBERS)
    shapes: list[Shape] = _thumbnails(state, strip, words) if strip.rows > 1 else []
    if shapes:
        return tuple(shapes)
    if not is_a_bar(axis, tokens):
        last = min(last, part.start + len(tokens), inputs_known(state))
        for column in range(first, last):
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


def is_a_bar(axis: TimeAxis, tokens: tuple[str, ...]) -> bool:
    """Whether a bar stands for the words, since one of them has no room over its column: without
    it the others would be another text."""
    return axis.pitch < _LEAST_PITCH or not words_fit(tokens, axis.pitch)


def words_fit(tokens: tuple[str, ...], pitch: float) -> bool:
    """Whether of every word at least the beginning can be read over a column so wide."""
    return pitch >= _ROOMY or _all_fit(tokens, pitch)


@lru_cache(maxsize=64)
def _all_fit(tokens: tuple[str, ...], pitch: float) -> bool:
    return all(_over_column(word, pitch)[0] for word in set(tokens))


def _thumbnails(state: ViewState, strip: Strip, place: Rect) -> list[Shape]:
    """The picture that each step reads, as large as its column and the strip allow."""
    axis, part = state.axis, strip.part
    side = min(axis.pitch - 2.0, place.h)
    if "pictures" not in state.trace or side < _LEAST_SIDE:
        return []
    seen, last = axis.visible, state.trace.shape("pictures")[1] - 1
    pictures = state.trace.sequence("pictures", min(state.row, last))
    found: list[Shape] = []
    for column in range(max(seen.start, part.start), min(seen.stop, part.stop)):
        pixels = pictures[column - part.start]
        high, wide = pixels.shape[:2]
        scale = side / max(high, wide)
        rect = Rect(
            axis.center_of(column) - wide * scale / 2, place.center[1] - high * scale / 2,
            wide * scale, high * scale,
        )  # fmt: skip
        found.append(Picture24(rect, pixels))
    return found


@lru_cache(maxsize=4096)
def _word(
    axis: TimeAxis, column: int, y: float, height: float, token: str, color: int
) -> Label | None:
    """A token over its column, rather smaller than cut off; the same object for the same place."""
    shown, size = _over_column(token, axis.pitch)
    if not shown:
        return None
    return Label(Rect(axis.left_of(column), y, axis.pitch, height), shown, color, size)


def _over_column(token: str, pitch: float) -> tuple[str, float]:
    return _fitting(visible_token(token), 12.0 if pitch >= 14 else 9.0, pitch - 1)


def _fitting(word: str, size: float, width: float) -> tuple[str, float]:
    """As much of a word as fits, and its size; a number loses decimals before it loses figures.

    What a number keeps does not depend on its sign, so that all of a row look alike.
    """
    if not _NUMBER.fullmatch(word) or text_width(f"−{word.lstrip('−-')}", size) <= width:
        # Words keep a little apart from their neighbours; letters do so by themselves.
        return fitted(word, width - (_APART if len(word) > 1 else 0.0), size)
    value = float(word.replace("−", "-"))
    for digits in (2, 1):
        for smaller in (size, 9.0):
            if abs(value) < 1 and text_width("−." + "8" * digits, smaller) <= width:
                text = f"{value:.{digits}f}".replace("0.", ".", 1)
                return text.replace("-", "−"), smaller
    return "", size


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
        wide = text_width(grouped(number), size) + 4.0
        left = x - wide / 2
        # The first and the last number keep to their part, which may have another beside it.
        if number == 1:
            left = max(left, axis.left_of(part.start))
        if number == part.steps:
            end = min(axis.left_of(part.stop), axis.left + axis.width)
            before = axis.center_of(part.start + number - 1 - step) + wide / 2
            if left + wide > end and before > end - wide and number - step in numbers:
                continue
            left = min(left, end - wide)
        place = Rect(left, rect.bottom - 13, wide, 12)
        shapes.append(Label(place, grouped(number), state.theme.muted, size))
    return shapes
