"""The likeliest token of an output: on its probability in a box too narrow for a distribution, over
the distribution where its many classes have no letters of their own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rnnviz.scene.colors import ink_on
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.rows import LETTERED, Row
from rnnviz.scene.shapes import Cells, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import brief, fitted, text_width

_SIZE = 12.0
_EDGE = 1.5
"""Of a box that stays visible around its colour, logical pixels."""
_ROOM = 2 * _EDGE + 0.5
"""What a word leaves free of its box."""
_HEADED = 34.0
"""Height of a box that has room for a word over a distribution, logical pixels."""
_BESIDE = 6.0
"""Between a box and the word at its left."""


def answers(state: ViewState, run: range) -> tuple[np.ndarray, np.ndarray]:
    """(len(run),) the token of each step, drawn where the model writes, else the likeliest,
    and its probability."""
    probs = state.trace["probs"][run.start : run.stop, state.row]
    drawn = state.trace.get("sampled")
    best = probs.argmax(axis=1)
    if drawn is not None and drawn.shape[0] >= run.stop:
        # Nothing is drawn while the prompt is read: the likeliest stands there.
        known = drawn[run.start : run.stop, state.row].astype(np.intp)
        best = np.where(known >= 0, known, best)
    return best, np.take_along_axis(probs, best[:, None], axis=1)[:, 0]


def answer_shapes(state: ViewState, layout: GraphLayout, row: Row, run: range) -> list[Shape]:
    """The colours of the answers of some columns of the output row."""
    if not len(run):
        return []
    steps = range(run.start - row.first, run.stop - row.first)
    _, probs = answers(state, steps)
    scale = state.theme.probabilities
    # A colour has no round corners: as far inside as it takes not to paint over those of the box.
    edge = max(_EDGE, 0.3 * row.corner + 0.9)
    lefts = layout.lefts(row, run) + edge
    tops = np.full(len(run), row.top + edge)
    size = row.box_width - 2 * edge, row.height - 2 * edge
    return [Cells(lefts, tops, probs[:, None], *size, scale, 0.0)]


def answer_words(state: ViewState, layout: GraphLayout, row: Row, run: range) -> list[Label]:
    """The words of these answers, in the ink that reads on their colour."""
    if not len(run) or row.height < 11.0:
        return []
    best, probs = answers(state, range(run.start - row.first, run.stop - row.first))
    colors = state.theme.probabilities.colors(probs).tolist()
    words, number = state.trace.labels.classes, layout.rows.index(row)
    most = min(_SIZE * layout.lettering, row.height - 3.0, row.height * LETTERED)
    found = []
    for column, token, color in zip(run, best.tolist(), colors, strict=True):
        word = visible_token(words[token]) if token < len(words) else str(token)
        found.append(
            word_in(layout, number, column, word, _ROOM, (ink_on(color), state.theme.ink), most)
        )
    return [label for label in found if label is not None]


def head_size(layout: GraphLayout, row: Row) -> float:
    """Font size of the token over a distribution whose classes have no letters of their own; 0
    where it has no room: nobody reads from stripes what the model says."""
    drawn = row.fill in ("strip", "cells") and layout.detail == "boxes"
    if row.kind != "output" or not drawn or row.height < _HEADED:
        return 0.0
    if layout.spec.loss != "cross-entropy":
        return 0.0
    return min(_SIZE * layout.lettering, 0.4 * row.height)


def head_words(state: ViewState, layout: GraphLayout, row: Row, run: range) -> list[Label]:
    """The likeliest tokens (drawn ones where the model writes) over the distributions of a row."""
    size = head_size(layout, row)
    if not size or not len(run) or "probs" not in state.trace:
        return []
    best, _ = answers(state, range(run.start - row.first, run.stop - row.first))
    words, number = state.trace.labels.classes, layout.rows.index(row)
    said = [visible_token(words[k]) if k < len(words) else str(k) for k in best.tolist()]
    color = state.theme.ink
    labels = (
        _head(layout, number, column, word, size, color)
        for column, word in zip(run, said, strict=True)
    )
    return [label for label in labels if label is not None]


@lru_cache(maxsize=2048)
def _head(
    layout: GraphLayout, row: int, column: int, word: str, size: float, color: int
) -> Label | None:
    box = layout.box(layout.rows[row], column)
    text, fitting = fitted(word, box.w - 2 * _EDGE - 4.0, size)
    if whole := _beside(layout, layout.rows[row], column, word, text, size, color):
        return whole
    place = Rect(box.x, box.y + 2.0, box.w, 1.15 * size)
    return Label(place, text, color, fitting) if text else None


@lru_cache(maxsize=8192)
def word_in(
    layout: GraphLayout, row: int, column: int, word: str, room: float, inks: tuple[int, int],
    most: float,
) -> Label | None:  # fmt: skip
    """A word in the box of a step in the row of that number, with so much room beside it; the same
    object for the same word and place. `inks` are for the box and for the ground: where the box is
    the only one around, a word that it would cut stands whole at its left."""
    place = layout.rows[row]
    box = layout.box(place, column)
    text, size = fitted(word, box.w - room, most)
    if whole := _beside(layout, place, column, word, text, most, inks[1]):
        return whole
    return Label(box, text, inks[0], size) if text else None


def _beside(
    layout: GraphLayout, row: Row, column: int, word: str, text: str, size: float, ink: int
) -> Label | None:
    """The whole word left of a box that cuts it to `text`, where that is the only box around."""
    if text in (word, brief(word)) or not _is_alone(layout, row, column):
        return None
    box, width = layout.box(row, column), text_width(word, size) + 2.0
    left = box.x - _BESIDE - width
    if left < layout.box(row, layout.columns.start).x:
        return None
    return Label(Rect(left, box.y, width, box.h), word, ink, size, "right")


def _is_alone(layout: GraphLayout, row: Row, column: int) -> bool:
    """Whether no step before it has a box in that row: the answer to a whole sequence."""
    return not any(layout.shows(row, other) for other in range(layout.columns.start, column))
