"""Beside the steps: the one W and its line, h_0, the total loss."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.scene.graph import gutter, losses, weights
from rnnviz.scene.graph.progress import known
from rnnviz.scene.rolled.folding import Folding
from rnnviz.scene.shapes import Box, Label, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import Theme


def weight_lines(folding: Folding, columns: list[int], theme: Theme) -> list[Shape]:
    """From every W one dashed line that feeds every step there is."""
    shapes: list[Shape] = []
    width = 1.2 if folding.room >= 40 else 0.9
    for row in folding.states:
        for part, place in weights.weight_places(folding, row):
            drops = [
                weights.drop_at(folding, row, column)
                for column in columns
                if folding.shows(row, column) and part.start <= column < part.stop
            ]
            if not drops:
                continue
            y = weights.bus_height(folding, row)
            shapes.append(
                Wire(((place.right, y), (max(drops), y)), theme.weight, width, False, dashed=True)
            )
            shapes += [
                Wire(((x, y), (x, row.top - 1.0)), theme.weight, width, head=folding.gap > 16)
                for x in drops
            ]
    return shapes


def start_shapes(state: ViewState, folding: Folding) -> list[Shape]:
    """h_0 of every row with the wire into its first step, and what sets it."""
    shapes: list[Shape] = []
    if folding.detail != "boxes":
        return shapes
    for row in folding.states:
        card = folding.card(gutter.first_column(folding, row))
        if not row.reverse and folding.flat.axis.first > 0.01 and folding.share > 0.0:
            continue
        shapes += gutter.initial_box_shapes(card, row, state.theme)
        shapes += gutter.initial_value(state, card, row)
        if row is folding.states[0] and not row.reverse:
            shapes += gutter.context_shapes(state, card)
    return shapes


def loss_lines(state: ViewState, folding: Folding, columns: list[int]) -> list[Shape]:
    """From every loss that counts to the total."""
    row, total = folding.row("loss"), _total_place(folding)
    if row is None or total is None or folding.detail == "band":
        return []
    y, color = losses.bus_height(folding, row), state.theme.loss
    xs = [
        folding.center(column)
        for column in columns
        if folding.shows(row, column) and losses.counted(state, row, column)
    ]
    if not xs:
        return []
    shapes: list[Shape] = [Wire(((x, row.top), (x, y)), color, 1.2, head=False) for x in xs]
    end = total.x + total.w / 2
    shapes.append(Wire(((min(xs), y), (end, y), (end, total.y - 2.0)), color, 1.2))
    return shapes


def total_shapes(state: ViewState, folding: Folding) -> list[Shape]:
    """L, moved to where it stands now."""
    place, flat = _total_place(folding), losses.total_box(folding.flat)
    if place is None or flat is None:
        return []
    timeline, done = state.timeline, state.cursor.done
    complete = len(known(timeline, done, "forward", "loss", "", None)) == timeline.output_steps
    dx, dy = place.x - flat.x, place.y - flat.y
    return [
        # What is said below it moves along.
        replace(shape, rect=replace(shape.rect, x=shape.rect.x + dx, y=shape.rect.y + dy))
        for shape in losses.total_shapes(state, folding.flat, complete)
        if isinstance(shape, Box | Label)
    ]


def _total_place(folding: Folding) -> Rect | None:
    row, flat = folding.row("loss"), losses.total_box(folding.flat)
    if row is None or flat is None:
        return None
    x = min(folding.right + 6.0, folding.width - flat.w - 4.0)
    return Rect(x, row.middle - flat.h / 2, flat.w, flat.h)
