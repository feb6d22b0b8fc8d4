"""One step on its card: boxes, wires, words and what the pass has computed there."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.scene.cursor import Cursor
from rnnviz.scene.graph import gutter, losses, nodes, symbols, weights, wires
from rnnviz.scene.graph.computed import value_layer
from rnnviz.scene.graph.gradients import descending_shapes
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.motion import rising_shapes, sinking_shapes, target_row
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.rolled.folding import Folding
from rnnviz.scene.shapes import Box, Label, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import Theme

ANY_STEP = 0.12
"""Share up to which a node is called by the general t and not by its step."""


def card_shapes(state: ViewState, folding: Folding, column: int) -> list[Shape]:
    """Everything of one step, where it stands now."""
    card, columns, theme = folding.card(column), range(column, column + 1), state.theme
    done = Stretch(state.timeline, 0, state.cursor.done)
    if card.detail != "boxes":
        return value_layer(state, card, done, columns)
    shapes: list[Shape] = [*wires.upward_wires(card, column, theme)]
    shapes += nodes.boxes(card, columns, theme)
    shapes += losses.pill_shapes(card, columns, theme)
    if folding.share < ANY_STEP and not card.pads(column):
        shapes += unasked_shapes(card, column, theme)
    words = [
        *nodes.names(card, columns, theme, any_step=folding.share < ANY_STEP),
        *nodes.tokens(state, card, columns),
        *symbols.symbol_shapes(state, card, columns),
    ]
    shapes += faded(words, legible(folding.share))
    shapes += gutter.frame_pictures(state, card, columns)
    shapes += value_layer(state, card, done, columns, any_step=folding.share < ANY_STEP)
    if state.trace.has_gradients:
        shapes += weights.collecting_shapes(state, card, columns, done)
        shapes += descending_shapes(state, card, columns, done)
    return shapes


def unasked_shapes(card: GraphLayout, column: int, theme: Theme) -> list[Shape]:
    """In the one cell that stands for all steps: outputs that only other steps are asked for."""
    return [
        Box(card.box(row, column), 0, theme.line, 1.2, min(6.0, row.height / 2), dashed=True)
        for row in card.rows
        if row.kind in ("output", "loss") and row.has(column) and not card.shows(row, column)
    ]


def legible(share: float) -> float:
    """How strongly words are drawn: not while the cards lie half over each other."""
    return max(1.0 - share / ANY_STEP, 1.0 - (1.0 - share) / 0.3, 0.0)


def faded(shapes: list[Shape], strength: float) -> list[Shape]:
    """Words as faint as that, in sixteen degrees."""
    degree = round(min(strength, 1.0) * 16)
    if degree == 16:
        return shapes
    alpha = degree * 255 // 16 << 24
    return [
        replace(shape, color=(shape.color & 0x00FFFFFF) | alpha)
        for shape in shapes
        if isinstance(shape, Label) and degree > 0
    ]


def work_shapes(state: ViewState, folding: Folding, column: int) -> list[Shape]:
    """An outline on what is at work in a step that stands in front."""
    card, cursor, theme = folding.card(column), state.cursor, state.theme
    row = _at_work(card, cursor, column)
    if row is None:
        return []
    hue = theme.gradient if cursor.phase == "backward" else nodes.role_color(row, theme)
    box = card.box(row, column)
    return [Box(box.inset(-1.0), 0, hue, 3.0, min(7.0, box.w * 0.2))]


def moving_shapes(state: ViewState, folding: Folding, column: int) -> list[Shape]:
    """What is on its way up or down in that step."""
    card, cursor = folding.card(column), state.cursor
    row = _at_work(card, cursor, column)
    if row is None or state.still or not 0.0 < cursor.progress < 1.0:
        return []
    if cursor.phase == "forward":
        return rising_shapes(state, card, row, column)
    return sinking_shapes(state, card, row, column)


def _at_work(card: GraphLayout, cursor: Cursor, column: int) -> Row | None:
    row = target_row(card, cursor.operation)
    if card.detail != "boxes" or row is None or cursor.column != column:
        return None
    return row if card.shows(row, column) else None
