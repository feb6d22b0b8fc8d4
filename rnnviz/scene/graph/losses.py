"""The losses: a pill for each step, one total, and an edge from every loss that counts."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.captions import local_step, subscript
from rnnviz.scene.colors import ColorScale, ink_on
from rnnviz.scene.graph.layout import GraphLayout, Row
from rnnviz.scene.graph.nodes import target_token
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Box, Label, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import elided, text_width

WORDS = 12.0


def counted(state: ViewState, row: Row, column: int) -> bool:
    """Whether the loss of a step is part of the total."""
    mask = state.trace.get("loss_mask")
    return mask is None or bool(mask[column - row.first, state.row] > 0)


def loss_scale(state: ViewState) -> ColorScale:
    """White to the loss of guessing (ln V), at least one nat."""
    classes = max(state.trace.spec.output_size, 2)
    return ColorScale(state.theme.sequential, 0.0, max(float(np.log(classes)) * 1.5, 1.0))


def loss_shapes(
    state: ViewState, layout: GraphLayout, columns: range, known: range
) -> list[Shape]:
    """Pills in these columns: empty before they are computed, faint where they do not count."""
    row = layout.row("loss")
    if row is None:
        return []
    theme = state.theme
    loss = state.trace["loss"]
    shapes: list[Shape] = []
    scale = loss_scale(state)
    for column in columns:
        if not row.has(column):
            continue
        box = layout.box(row, column)
        counts, has = counted(state, row, column), column in known
        value = float(loss[column - row.first, state.row])
        fill = theme.box
        text = ""
        if row.box_width >= 56:
            text = f"L{subscript(local_step(state.trace, column))}"
            if has:
                text += f" {short(value, 2) if value < 0.095 else f'{value:.2f}'}"
        else:
            if has and counts:
                fill = int(scale.colors(np.array([value]))[0])
            text = elided(target_token(state, layout, column), WORDS, box.w - 2.0)
        stroke = theme.loss if counts else theme.line
        radius = min(row.height / 2, box.w / 2, 11.0)
        shapes.append(Box(box, fill, stroke, 1.2, radius, dashed=not counts))
        if text and row.height >= 9.0:
            ink = ink_on(fill) if fill != theme.box else (theme.ink if counts else theme.muted)
            size = min(WORDS, float(int(row.height * 0.95)))
            if text_width(text, size) <= box.w - 4.0 or row.box_width < 56:
                shapes.append(Label(box, text, ink, size))
    return shapes


def total_box(layout: GraphLayout) -> Rect | None:
    """The place of L, right of the last step."""
    row = layout.row("loss")
    if row is None:
        return None
    x = layout.right + 6.0
    width = min(layout.width - x - 4.0, 74.0)
    height = max(min(row.height, 26.0), 18.0)
    return Rect(x, row.middle - height / 2, width, height) if width >= 40.0 else None


def bus_height(layout: GraphLayout, row: Row) -> float:
    """y of the line that gathers the losses."""
    return row.top - min(max(layout.gap * 0.3, 4.0), 12.0)


def total_wires(state: ViewState, layout: GraphLayout, columns: range) -> list[Shape]:
    """The edges from every counted loss to L, gathered in one line."""
    row, box = layout.row("loss"), total_box(layout)
    if row is None or box is None or layout.detail == "band":
        return []
    theme = state.theme
    y = bus_height(layout, row)
    lasting = [c for c in columns if row.has(c) and counted(state, row, c)]
    if not lasting:
        return []
    wires: list[Shape] = []
    for column in lasting:
        x = layout.axis.center_of(column)
        if layout.detail == "boxes":
            wires.append(Wire(((x, row.top), (x, y)), theme.loss, 1.2, head=False))
    left = layout.axis.center_of(lasting[0])
    if layout.axis.first > 0.5 and columns.start > row.first:
        left = layout.axis.left
    end = box.x + box.w / 2
    wires.append(Wire(((left, y), (end, y), (end, box.y - 2.0)), theme.loss, 1.2))
    return wires


def total_shapes(state: ViewState, layout: GraphLayout, known: range) -> list[Shape]:
    """L itself, with its value once the last loss is there."""
    box, row = total_box(layout), layout.row("loss")
    if box is None or row is None or "loss_total" not in state.trace:
        return []
    theme = state.theme
    text = "L"
    if len(known) == row.last - row.first:
        value = float(state.trace["loss_total"])
        figure = f"{value:.2f}" if 0.095 <= abs(value) < 1000 else short(value, 2)
        fitting = (
            words
            for words in (f"L = {figure}", f"L {figure}", figure, "L")
            if text_width(words, WORDS, bold=True) <= box.w - 6.0
        )
        text = next(fitting, "L")
    return [
        Box(box, theme.ink, 0, 0.0, min(box.h / 2, 9.0)),
        Label(box, text, theme.panel, WORDS, bold=True),
    ]
