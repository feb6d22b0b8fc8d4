"""The picture of the rolled graph, and of every moment of its unrolling."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from rnnviz.scene.graph import gutter, weights
from rnnviz.scene.graph.attention import attention_shapes
from rnnviz.scene.graph.header import button_shapes, fold_hit, heading_shapes, note_shapes
from rnnviz.scene.graph.hits import initial_hits, tip, weight_tip
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.lit import lit_shapes
from rnnviz.scene.graph.places import node_id
from rnnviz.scene.graph.words import summary
from rnnviz.scene.rolled.cards import card_shapes, moving_shapes, work_shapes
from rnnviz.scene.rolled.folding import Folding, folding_of
from rnnviz.scene.rolled.margins import loss_lines, start_shapes, total_shapes, weight_lines
from rnnviz.scene.rolled.memory import backward_loops, loop_wires, waiting_shapes
from rnnviz.scene.shapes import Hit, Layer, Picture, Rect, Shape
from rnnviz.scene.state import ViewState


def rolled_picture(state: ViewState, width: float, height: float, share: float = 0.0) -> Picture:
    """The graph at a share of its unrolling: 0 is one cell with a loop, 1 every step in a row."""
    folding = folding_of(state, width, height, share)
    fronts = front_columns(state, folding)
    columns = folding.cards(fronts)
    # A moving picture changes as a whole; a resting one is remembered.
    resting = folding.share <= 0.0
    key: Hashable = (
        "rolled", state.trace, state.row, state.theme.key, state.cursor, state.selected,
        state.hovered, state.still, state.live, width, height, folding.flat.axis,
    )  # fmt: skip
    clip = None if state.axis.fits else _clip(folding)
    layers = (
        Layer(tuple(_margins(state, folding, columns)), (key, "margins") if resting else None),
        Layer(
            tuple(_steps(state, folding, fronts, columns)),
            (key, "steps") if resting else None,
            clip,
        ),
        Layer(
            _of_each(work_shapes, state, folding, fronts),
            (key, "work") if resting else None,
            clip,
            role="cursor",
        ),
        Layer(
            _of_each(moving_shapes, state, folding, fronts),
            (key, "moving") if resting else None,
            clip,
        ),
        Layer(
            tuple(button_shapes(state.theme, rolled=folding.share < 0.5)),
            (key, "button", folding.share < 0.5),
            role="control",
        ),
        Layer(
            _of_each(_lit, state, folding, fronts),
            (key, "lit") if resting else None,
            clip,
            role="control",
        ),
    )
    hits = tuple(_hits(state, folding, fronts)) if resting else ()
    words = _summary(state, folding.flat, fronts)
    return Picture(width, height, state.theme.panel, layers, hits, words)


def front_columns(state: ViewState, layout: GraphLayout) -> tuple[int, ...]:
    """Of every part the step that stands in front: the cursor's, or the nearest to it.

    Of an encoder that has done its work the last true step, not the padding after it.
    """
    column, lengths = state.cursor.column, state.trace.get("lengths")
    fronts = []
    for part in layout.parts:
        last = part.stop - 1
        if lengths is not None and column >= part.stop and part is layout.parts[0]:
            last = part.start + max(int(lengths[state.row]), 1) - 1
        fronts.append(min(max(column, part.start), last))
    return tuple(fronts)


def _clip(folding: Folding) -> Rect:
    area = folding.flat.time_area
    return Rect(area.x - 1.0, 0.0, area.w + 2.0, folding.height)


def _margins(state: ViewState, folding: Folding, columns: list[int]) -> Iterator[Shape]:
    theme = state.theme
    yield from heading_shapes(state, folding.flat, rolled=folding.share < 0.5)
    yield from note_shapes(state, folding.flat, state.cursor.done)
    yield from gutter.row_titles(folding, theme)
    if folding.detail == "boxes":
        yield from weight_lines(folding, columns, theme)
    yield from loss_lines(state, folding, columns)
    yield from total_shapes(state, folding)


def _steps(
    state: ViewState, folding: Folding, fronts: tuple[int, ...], columns: list[int]
) -> Iterator[Shape]:
    theme, boxes = state.theme, folding.detail == "boxes"
    if boxes:
        yield from start_shapes(state, folding)
        for column in columns:
            yield from loop_wires(folding, column, theme, state.trace.mode)
            yield from backward_loops(state, folding, column)
    for column in columns:
        yield from card_shapes(state, folding, column)
    yield from attention_shapes(state, folding, state.cursor.done)
    if boxes:
        yield from weights.weight_shapes(state, folding, state.cursor.done)
    for column in fronts if boxes else ():
        yield from waiting_shapes(state, folding, column)


def _of_each(
    make: Callable[[ViewState, Folding, int], Iterable[Shape]],
    state: ViewState, folding: Folding, fronts: tuple[int, ...],
) -> tuple[Shape, ...]:  # fmt: skip
    """Shapes of every step that stands in front, where there are boxes."""
    columns = fronts if folding.detail == "boxes" else ()
    return tuple(shape for column in columns for shape in make(state, folding, column))


def _lit(state: ViewState, folding: Folding, column: int) -> Iterable[Shape]:
    if folding.share > 0.0:
        return []
    return lit_shapes(folding.card(column), state.hovered, state.theme)


def _hits(state: ViewState, folding: Folding, fronts: tuple[int, ...]) -> Iterator[Hit]:
    yield fold_hit(rolled=True)
    for row in folding.states:
        for part, place in weights.weight_places(folding, row):
            yield Hit(place.inset(-2.0), "W", weight_tip(part))
        card = folding.card(gutter.first_column(folding, row))
        yield from initial_hits(state, card, row)
    for column in fronts:
        card = folding.card(column)
        for row in card.rows:
            if row.kind != "frames" and card.shows(row, column):
                words = tip(state, card, row, column)
                yield Hit(card.box(row, column), node_id(card, row, column), words)


def _summary(state: ViewState, layout: GraphLayout, fronts: tuple[int, ...]) -> str:
    return summary(state, layout).replace("Unrolled graph", "Rolled graph", 1)
