"""What a stretch of the pass has computed: the forward values, then the gradients."""

from __future__ import annotations

from rnnviz.scene.graph import band, losses, weights
from rnnviz.scene.graph.answers import answer_shapes, answer_words, head_words
from rnnviz.scene.graph.bridge import bridge_gradients
from rnnviz.scene.graph.gradients import gradient_shapes
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.symbols import symbol_size
from rnnviz.scene.graph.values import value_shapes
from rnnviz.scene.shapes import Shape
from rnnviz.scene.state import ViewState


def value_layer(
    state: ViewState,
    layout: GraphLayout,
    stretch: Stretch,
    columns: range,
    *,
    any_step: bool = False,
) -> list[Shape]:
    """What the forward pass computes in a stretch; `any_step` names no step in particular."""
    shapes: list[Shape] = []
    if stretch.since == stretch.done:
        return shapes
    # While passes stream by, letters are a layer of their own: they come back again and again.
    worded = not (state.live and layout.detail == "boxes")
    for row in layout.rows:
        if row.kind == "loss":
            run = stretch.of_row("forward", row, None, columns)
            if layout.detail != "boxes":
                shapes += band.loss_bars(state, layout, run)
                continue
            for part_of_run in layout.runs(row, run):
                shapes += losses.loss_shapes(state, layout, part_of_run, any_step=any_step)
            if worded:
                shapes += _letters_of(state, layout, row, run)
            continue
        for part in layout.parts:
            run = stretch.of_row("forward", row, part.prefix, columns)
            for part_of_run in layout.runs(row, run):
                if row.fill == "answer" and "probs" in state.trace:
                    shapes += answer_shapes(state, layout, row, part_of_run)
                else:
                    shapes += value_shapes(state, layout, row, part_of_run)
            if worded:
                shapes += _letters_of(state, layout, row, run)
    return shapes


def letter_layer(
    state: ViewState, layout: GraphLayout, stretch: Stretch, columns: range
) -> list[Shape]:
    """What a stretch of a pass in a stream says and should say, letter by letter."""
    shapes: list[Shape] = []
    if not state.live or layout.detail != "boxes" or stretch.since == stretch.done:
        return shapes
    for row in layout.rows:
        prefixes = (None,) if row.kind == "loss" else tuple(p.prefix for p in layout.parts)
        for prefix in prefixes:
            run = stretch.of_row("forward", row, prefix, columns)
            shapes += _letters_of(state, layout, row, run)
    return shapes


def _letters_of(state: ViewState, layout: GraphLayout, row: Row, run: range) -> list[Shape]:
    """The words on the colours of a row."""
    shapes: list[Shape] = []
    for part_of_run in layout.runs(row, run):
        readable = losses.says_targets(layout) or state.is_readable(len(layout.columns))
        if row.kind == "loss" and readable:
            shapes += losses.loss_words(state, layout, row, part_of_run)
        elif row.fill == "answer" and "probs" in state.trace:
            shapes += answer_words(state, layout, row, part_of_run)
        elif row.kind == "output" and not symbol_size(state, layout, row):
            shapes += head_words(state, layout, row, part_of_run)
    return shapes


def gradient_layer(
    state: ViewState, layout: GraphLayout, stretch: Stretch, columns: range
) -> list[Shape]:
    """What the backward pass computes in a stretch."""
    if stretch.since == stretch.done:
        return []
    if layout.detail != "boxes":
        return band.gradient_bars(state, layout, columns, stretch)
    return [
        *weights.collecting_shapes(state, layout, columns, stretch),
        *gradient_shapes(state, layout, columns, stretch),
        *bridge_gradients(state, layout, stretch),
    ]
