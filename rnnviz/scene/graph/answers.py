"""Outputs in boxes too narrow for a distribution: the likeliest token on its probability."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.colors import ink_on
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.shapes import Cells, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import fitted

_SIZE = 12.0
_EDGE = 1.5
"""Of a box that stays visible around its colour, logical pixels."""


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
    """The answers of some columns of the output row."""
    if not len(run):
        return []
    steps = range(run.start - row.first, run.stop - row.first)
    best, probs = answers(state, steps)
    scale = state.theme.probabilities
    lefts = layout.lefts(row, run) + _EDGE
    tops = np.full(len(run), row.top + _EDGE)
    size = row.box_width - 2 * _EDGE, row.height - 2 * _EDGE
    shapes: list[Shape] = [Cells(lefts, tops, probs[:, None], *size, scale, 0.0)]
    if row.height < 11.0 or not state.is_readable(len(layout.columns)):
        return shapes
    words = state.trace.labels.classes
    most = min(_SIZE * layout.lettering, row.height - 3.0)
    for left, token, color in zip(lefts, best.tolist(), scale.colors(probs).tolist(), strict=True):
        word = visible_token(words[token]) if token < len(words) else str(token)
        text, figures = fitted(word, size[0] - 0.5, most)
        if text:
            place = Rect(float(left), row.top, size[0], row.height)
            shapes.append(Label(place, text, ink_on(color), figures))
    return shapes
