"""Beside the rows of a strip, right of the gutter: ticks, classes, unit numbers, attended words."""

from __future__ import annotations

from rnnviz.scene.sampled import mark_word
from rnnviz.scene.shapes import Label, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_bars import bar_scale, tick_labels
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_far import is_far
from rnnviz.scene.strips_heat import order_of
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import TOP, class_word, shows_top_five
from rnnviz.scene.strips_tokens import input_tokens, visible_token
from rnnviz.scene.textwidth import elided, text_width

_LEAST_ROW = 8.0
"""Pixels of a row that has room for a mark."""
_WIDEST = 48.0


def row_marks(
    state: ViewState, strip: Strip, rect: Rect, layout: StripLayout, memo: StripsMemo
) -> tuple[Label, ...]:
    """The marks of a strip, right-aligned at its rows; none where they would not be legible."""
    theme = state.theme
    if strip.family in ("loss", "norms"):
        return tick_labels(bar_scale(state, strip, memo), rect, theme)
    if strip.family == "outputs" and shows_top_five(state, strip):
        height = rect.h / (TOP + 1)
        place = Rect(rect.x - 46, rect.y + TOP * height, 40, height)
        word, size = mark_word(state), min(9.0, height - 2)
        return (Label(place, word, theme.gradient, size, "right"),)
    if is_far(state, strip):
        return _labels(["likeliest", mark_word(state)], rect, theme.muted, 9.0)
    if strip.family == "tokens" or rect.h / strip.rows < _LEAST_ROW or strip.rows < 2:
        return ()
    if strip.family == "outputs":
        words = [class_word(state, row) for row in range(strip.rows)]
        known = bool(state.trace.labels.classes) or strip.range == "free"
        return _labels(words, rect, theme.output) if known else ()
    if strip.name == "attention":
        read = input_tokens(state, state.trace.parts[0].prefix)
        words = [visible_token(read[k]) if k < len(read) else "" for k in range(strip.rows)]
        return _labels(words, rect, theme.input)
    pins = layout.pins_of(strip.name)
    order = order_of(state, strip, layout, memo).tolist()
    words = [f"•{unit + 1}" if unit in pins else f"{unit + 1}" for unit in order]
    return _labels(words, rect, theme.muted, 9.0)


def _labels(words: list[str], rect: Rect, color: int, size: float = 10.0) -> tuple[Label, ...]:
    height = rect.h / len(words)
    size = min(size, height)
    width = min(max(text_width(word, size) for word in words) + 1.0, _WIDEST)
    return tuple(
        Label(
            Rect(rect.x - 6 - width, rect.y + row * height, width, height),
            elided(word, size, width), color, size, "right",
        )
        for row, word in enumerate(words)
        if word
    )  # fmt: skip
