"""The line above the graph: its title, what W is doing, the scales of colour and width."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rnnviz.scene.breadcrumbs import FOLD
from rnnviz.scene.captions import pass_words
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.norms import WIDEST, arrow_width, largest
from rnnviz.scene.graph.values import scale_of
from rnnviz.scene.graph.weights import weight_note
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Box, Hit, Label, Raster, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

TITLE_TEXT = "Unrolled graph"
ROLLED_TEXT = "Rolled graph"
ROLL_TEXT, UNROLL_TEXT = "roll up", "unroll"
_SAMPLING = (
    "the model writes: what it draws from each output (dashed) is its next input",
    "what is drawn (dashed) is the next input",
    "drawn, fed back",
)
TITLE = 14.0
SMALL = 10.0
NOTE = 11.0
_RAMP = (36.0, 64.0)
"""Pixels of the colours between their ends: the least in a narrow picture, and usually."""


def heading_shapes(state: ViewState, layout: GraphLayout, *, rolled: bool = False) -> list[Shape]:
    """Title at the left, the colours' scale at the right."""
    shapes: list[Shape] = []
    text = ROLLED_TEXT if rolled else TITLE_TEXT
    place = Rect(10.0, 5.0, _title_width(), 20.0)
    shapes.append(Label(place, text, state.theme.ink, TITLE, "left", bold=True))
    return [*shapes, *_color_scale_of(state, layout)[0]]


def button_shapes(theme: Theme, *, rolled: bool = False) -> list[Shape]:
    """The button beside the title."""
    button = fold_button(rolled=rolled)
    words = UNROLL_TEXT if rolled else ROLL_TEXT
    return [
        Box(button, theme.box, theme.line, 1.0, 8.0),
        Label(button, words, theme.accent, SMALL),
    ]


def fold_button(*, rolled: bool) -> Rect:
    """The place that rolls the graph up or unrolls it: as wide for either word."""
    width = max(text_width(ROLL_TEXT, SMALL), text_width(UNROLL_TEXT, SMALL)) + 14.0
    return Rect(10.0 + _title_width() + 4.0, 6.0, width, 17.0)


def fold_hit(*, rolled: bool) -> Hit:
    """What answers to the mouse there."""
    words = (
        "Unroll: every step with its own numbers"
        if rolled
        else ("Roll up: the one cell that all steps share, with its loop")
    )
    return Hit(fold_button(rolled=rolled), FOLD, words)


def note_shapes(state: ViewState, layout: GraphLayout, done: int) -> list[Shape]:
    """Between the two whose pass this is, what W is doing, and the scale of the arrows' widths."""
    theme = state.theme
    shapes: list[Shape] = []
    left = fold_button(rolled=False).right + 12.0
    _, right = _color_scale_of(state, layout)
    notes = _SAMPLING if state.trace.mode == "sample" else weight_note(state, layout, done)
    whose = pass_words(state.trace)
    room = text_width(whose, NOTE) + 2.0
    if whose and left + room < right:
        shapes.append(Label(Rect(left, 6.0, room, 18.0), whose, theme.muted, NOTE, "left"))
        left += room + 12.0
    least = text_width(notes[-1], NOTE) + 4.0 if notes else 0.0
    if state.cursor.phase != "forward" and layout.detail == "boxes":
        right = _width_scale(state, layout, left + least, right, shapes)
    note = next((text for text in notes if text_width(text, NOTE) <= right - left - 10.0), "")
    if note:
        color = theme.weight if state.cursor.phase == "update" else theme.gradient
        color = theme.output if notes is _SAMPLING else color
        rect = Rect(left, 6.0, right - left - 10.0, 18.0)
        shapes.append(Label(rect, note, color, NOTE, "left"))
    return shapes


def _title_width() -> float:
    return text_width(TITLE_TEXT, TITLE, bold=True) + 4.0


def _color_scale_of(state: ViewState, layout: GraphLayout) -> tuple[tuple[Shape, ...], float]:
    """The states' colours with their ends, and where that begins."""
    if not layout.states:
        return (), layout.width - 10.0
    return _color_scale(scale_of(state, layout.states[0]), layout.width, state.theme.muted)


@lru_cache(maxsize=16)
def _color_scale(scale: ColorScale, room: float, muted: int) -> tuple[tuple[Shape, ...], float]:
    """Those of a scale at the right end of a line, for pass after pass."""
    right = room - 10.0
    low, high = short(scale.low, 2), short(scale.high, 2)
    ends = (text_width(low, SMALL) + 3.0, text_width(high, SMALL) + 3.0)
    least = max(room * 0.45, fold_button(rolled=False).right + 10.0)
    wide = min(_RAMP[1], right - ends[0] - ends[1] - 8.0 - least)
    if wide < _RAMP[0]:
        return (), right
    left = right - ends[0] - ends[1] - wide - 8.0
    ramp = np.linspace(scale.low, scale.high, 65)[None]
    shapes = (
        Label(Rect(left, 7.0, ends[0], 14.0), low, muted, SMALL, "right"),
        Raster(Rect(left + ends[0] + 4.0, 9.0, wide, 10.0), ramp, scale),
        Label(Rect(right - ends[1], 7.0, ends[1], 14.0), high, muted, SMALL, "left"),
    )
    return shapes, left - 16.0


def _width_scale(
    state: ViewState, layout: GraphLayout, left: float, right: float, shapes: list[Shape]
) -> float:
    """Two arrows and the norms they stand for, both or none; returns where they begin."""
    most = largest(state.trace, state.row)
    if most <= 0.0:
        return right
    texts = [(norm, short(norm, 2)) for norm in (most / 100.0, most)]
    widths = [text_width(text, SMALL) + 3.0 for _, text in texts]
    if right - sum(widths) - 30.0 * len(texts) - 8.0 < left + 60.0:
        return right
    x = right
    theme = state.theme
    for (norm, text), width in zip(texts, widths, strict=True):
        x -= width + 30.0
        thick = arrow_width(norm, most, WIDEST * 0.8)
        shapes.append(Wire(((x + 24.0, 14.0), (x, 14.0)), theme.gradient, thick))
        shapes.append(Label(Rect(x + 28.0, 7.0, width, 14.0), text, theme.muted, SMALL, "left"))
        x -= 8.0
    short_form = "‖∂L/∂h‖, log"
    forms = ("‖∂L/∂h‖, ‖∂L/∂c‖, log", short_form) if layout.spec.has_cell_state else (short_form,)
    for text in forms:
        width = text_width(text, SMALL) + 3.0
        if x - width - 6.0 > left:
            x -= width + 6.0
            shapes.append(Label(Rect(x, 7.0, width, 14.0), text, theme.muted, SMALL, "right"))
            break
    return x - 16.0
