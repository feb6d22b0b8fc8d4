"""Over the cells of outputs and one-hot inputs their symbols; a frame around the one wanted."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rnnviz.scene.graph.answers import head_size
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.nodes import role_color
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.sampled import drawn_classes
from rnnviz.scene.shapes import Box, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import text_width

_SIZE = 9.0
_LEAST = 7.0
_LEAST_CELL = 10.0
"""Height that the numbers under the symbols keep, logical pixels."""


def symbols_of(state: ViewState, row: Row) -> tuple[str, ...]:
    """What the cells of a row stand for, as it is shown; empty where they have no names."""
    labels, spec = state.trace.labels, state.trace.spec
    if row.kind == "output" and spec.loss == "cross-entropy":
        named = labels.classes
    elif row.kind == "input" and spec.input_kind == "one-hot":
        named = labels.symbols
    else:
        named = ()
    return _shown(named) if len(named) == row.count else ()


@lru_cache(maxsize=32)
def _shown(named: tuple[str, ...]) -> tuple[str, ...]:
    """All words of a vocabulary as they can be read."""
    return tuple(map(visible_token, named))


def symbol_size(state: ViewState, layout: GraphLayout, row: Row) -> float:
    """Font size of the symbols over a row's cells; 0 where they have no room."""
    if layout.detail != "boxes" or row.fill not in ("numbers", "cells"):
        return 0.0
    words = symbols_of(state, row)
    if not words:
        return 0.0
    body = layout.body(row, Rect(0.0, row.top, row.box_width, row.height))
    cell, gap = cell_width(row, body)
    widest = max(text_width(word, 1.0) for word in words)
    size = min(_SIZE * layout.lettering, (cell + gap) / max(widest, 0.1))
    size = min(size, (body.h - _LEAST_CELL) / 1.1)
    return size if size >= _LEAST else 0.0


def cell_width(row: Row, body: Rect) -> tuple[float, float]:
    """Width of a cell and the gap between two, in a body that has room for single cells."""
    gap = 2.0 if row.fill == "numbers" else 1.0
    return (body.w + gap) / row.count - gap, gap


def cell_body(state: ViewState, layout: GraphLayout, row: Row, box: Rect) -> Rect:
    """What the symbols, or the word over a distribution, leave of a box to its values."""
    body = layout.body(row, box)
    taken = 1.1 * (symbol_size(state, layout, row) or head_size(layout, row))
    return Rect(body.x, body.y + taken, body.w, body.h - taken)


def symbol_shapes(state: ViewState, layout: GraphLayout, columns: range) -> list[Shape]:
    """The symbols in these columns, and a frame around the cell of what is wanted."""
    shapes: list[Shape] = []
    for place, row in enumerate(layout.rows):
        if row.kind not in ("input", "output") or row.fill not in ("numbers", "cells"):
            # Symbols and frames stand at single cells.
            continue
        size, words = symbol_size(state, layout, row), symbols_of(state, row)
        color = role_color(row, state.theme)
        for column in columns:
            if not layout.shows(row, column):
                continue
            if size:
                shapes += _symbols(layout, place, column, words, size, color)
            if row.kind == "output" and (marked := class_frame(state, layout, row, column)):
                shapes.append(marked)
    return shapes


@lru_cache(maxsize=2048)
def _symbols(
    layout: GraphLayout, place: int, column: int, words: tuple[str, ...], size: float, color: int
) -> tuple[Label, ...]:
    """Those of one box; the same objects pass after pass."""
    row = layout.rows[place]
    body = layout.body(row, layout.box(row, column))
    cell, gap = cell_width(row, body)
    lefts = [body.x + number * (cell + gap) - gap / 2 for number in range(len(words))]
    return tuple(
        Label(Rect(left, body.y - 1.0, cell + gap, 1.1 * size), word, color, size)
        for left, word in zip(lefts, words, strict=True)
    )


def class_frame(state: ViewState, layout: GraphLayout, row: Row, column: int) -> Box | None:
    """Around the cell of the class that is wanted, as it is marked in the strips; of a sample
    around what was drawn, once it was."""
    if row.fill not in ("numbers", "cells"):
        return None
    drawn = state.trace.mode == "sample"
    if drawn:
        part = layout.part_of(column)
        marked = int(drawn_classes(state, part)[column - part.start])
    else:
        marked = _wanted(state, column - row.first)
    if not 0 <= marked < row.count:
        return None
    body = cell_body(state, layout, row, layout.box(row, column))
    cell, gap = cell_width(row, body)
    place = Rect(body.x + marked * (cell + gap), body.y, cell, body.h)
    return Box(place.inset(-gap / 2), 0, state.theme.gradient, 0.75 * gap, 1.0, dashed=drawn)


def _wanted(state: ViewState, step: int) -> int:
    """The class that an output should say, -1 for none."""
    targets = state.trace.get("targets")
    if targets is None or targets.ndim != 2:
        return -1
    return int(np.asarray(targets)[step, state.row])
