"""The losses: a pill for each step, one total, and an edge from every loss that counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.scene.captions import subscript
from rnnviz.scene.colors import ColorScale, ink_on
from rnnviz.scene.graph.answers import word_in
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.nodes import target_tokens
from rnnviz.scene.graph.rows import LETTERED, Row
from rnnviz.scene.numbers import Figures, number_text
from rnnviz.scene.shapes import Box, Cells, Label, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme
from rnnviz.scene.totals import loss_figure, over_batch, own_total

WORDS = 12.0
_EDGE = 1.5
"""Of a pill that stays visible around its colour, logical pixels."""
_LEAST_NAMED = 11.0
"""Height of a pill in which a loss has its name, logical pixels."""
_LEAST_FIGURE = 24.0
"""Width of a box from which a loss of two figures can be read in it, logical pixels."""


def counted(state: ViewState, row: Row, column: int) -> bool:
    """Whether the loss of a step is part of the total."""
    mask = state.trace.get("loss_mask")
    return mask is None or bool(mask[column - row.first, state.row] > 0)


def _mask(state: ViewState, run: range) -> np.ndarray:
    """(len(run),) whether the losses of some steps are part of the total."""
    mask = state.trace.get("loss_mask")
    if mask is None:
        return np.ones(len(run), bool)
    return np.asarray(mask[run.start : run.stop, state.row] > 0)


def loss_scale(state: ViewState) -> ColorScale:
    """White to three times the loss of guessing (ln V), so that words on it can be read."""
    classes = max(state.trace.spec.output_size, 2)
    return ColorScale(state.theme.sequential, 0.0, max(float(np.log(classes)) * 3.0, 2.0))


def pill_shapes(layout: GraphLayout, columns: range, theme: Theme) -> list[Shape]:
    """The places of the losses that count, empty."""
    row = layout.row("loss")
    if row is None:
        return []
    radius = min(row.height / 2, 11.0) if row.box_width >= 56 else 3.0
    return [
        Box(layout.box(row, column), theme.box, theme.loss, 1.2, radius)
        for column in columns
        if layout.shows(row, column)
    ]


def loss_shapes(
    state: ViewState, layout: GraphLayout, columns: range, *, any_step: bool = False
) -> list[Shape]:
    """The losses of these columns, faint where they do not count; ``Lₜ`` for any step."""
    row = layout.row("loss")
    if row is None or not columns:
        return []
    if row.box_width < 56:
        return _small(state, layout, row, columns)
    theme = state.theme
    loss = state.trace["loss"]
    shapes: list[Shape] = []
    size = min(WORDS * layout.lettering, float(int(row.height * LETTERED)))
    for column in columns:
        box = layout.box(row, column)
        value = float(loss[column - row.first, state.row])
        figure = loss_figure(value)
        step = "ₜ" if any_step else subscript(column - layout.parts[-1].start + 1)
        text, place = f"L{step} {figure}", box
        if row.height < _LEAST_NAMED:
            # A subscript would stand on the pill's edge; whose loss it is, the column says. Small
            # figures stand a little low on the whole pixels that a font keeps to.
            text, place = figure, replace(box, y=box.y - 1.0)
        ink = theme.ink if counted(state, row, column) else theme.muted
        fits = min(size, (box.w - 4.0) / text_width(text, 1.0))
        if row.height >= 9.0 and fits >= min(size, 9.0):
            shapes.append(Label(place, text, ink, fits))
    return shapes


def says_targets(layout: GraphLayout) -> bool:
    """Whether the row of losses has only room for what was wanted, its colour being the loss; so
    it is as well where the output is a single token, which asks for the right one beside it."""
    row, output = layout.row("loss"), layout.row("output")
    if row is None or output is None or layout.spec.loss != "cross-entropy":
        return False
    if layout.detail != "boxes" or row.height < 9.0 or not 7.0 <= row.box_width < 56:
        return False
    return output.fill == "answer" or row.box_width < _LEAST_FIGURE


def _small(state: ViewState, layout: GraphLayout, row: Row, columns: range) -> list[Shape]:
    """Losses as colours."""
    kept, values = _counted_values(state, row, columns)
    if not len(kept):
        return []
    lefts, tops = layout.lefts(row, columns)[kept] + _EDGE, np.full(len(kept), row.top + _EDGE)
    inner = row.box_width - 2 * _EDGE, row.height - 2 * _EDGE
    return [Cells(lefts, tops, values[:, None], *inner, loss_scale(state), 0.0)]


def loss_words(state: ViewState, layout: GraphLayout, row: Row, columns: range) -> list[Label]:
    """On the colours of losses their numbers or, where these have no room, the words wanted."""
    if row.box_width >= 56 or row.height < 9.0 or not columns:
        return []
    kept, values = _counted_values(state, row, columns)
    figures = min(WORDS * layout.lettering, float(int(row.height * LETTERED)))
    targets, colors = says_targets(layout), loss_scale(state).colors(values).tolist()
    found = []
    lasting = (kept + columns.start).tolist()
    if targets:
        words = target_tokens(state, layout, lasting)
    else:
        words = [_figure(value, row.box_width) for value in values.tolist()]
    number = layout.rows.index(row)
    for column, color, word in zip(lasting, colors, words, strict=True):
        label = word_in(
            layout, number, column, word, 2.0, (ink_on(color), state.theme.ink), figures
        )
        if label is not None and (targets or label.text == word):
            found.append(label)
    return found


def _counted_values(state: ViewState, row: Row, columns: range) -> tuple[np.ndarray, np.ndarray]:
    """Which of some columns have a loss that counts, and these losses."""
    run = range(columns.start - row.first, columns.stop - row.first)
    kept = np.flatnonzero(_mask(state, run))
    return kept, state.trace["loss"][run.start : run.stop, state.row][kept]


def _figure(value: float, width: float) -> str:
    """A loss in short: ``2.31``, ``2.3`` or ``.09``, as much as the box is wide."""
    if width >= 34.0:
        return loss_figure(value)
    return number_text(value, Figures(2, zero=False))


def total_box(layout: GraphLayout) -> Rect | None:
    """The place of L, right of the last step."""
    row = layout.row("loss")
    if row is None:
        return None
    x = layout.right + 6.0
    width = min(layout.width - x - 4.0, 74.0)
    height = max(min(row.height, 26.0 * layout.lettering), 18.0)
    # No higher than its row, however low that is: the edge comes to it from above.
    top = max(row.middle - height / 2, row.top)
    return Rect(x, top, width, height) if width >= 40.0 else None


def bus_height(layout: GraphLayout, row: Row) -> float:
    """y of the line that gathers the losses."""
    return row.top - min(max(layout.gap * 0.3, 4.0), 12.0)


def counted_columns(state: ViewState, layout: GraphLayout, columns: range) -> tuple[int, ...]:
    """Those of the columns whose loss is part of the total."""
    row = layout.row("loss")
    if row is None:
        return ()
    start, stop = max(columns.start, row.first), min(columns.stop, row.last)
    run = range(start - row.first, max(stop, start) - row.first)
    return tuple((np.flatnonzero(_mask(state, run)) + start).tolist())


def total_wires(
    layout: GraphLayout, columns: range, lasting: tuple[int, ...], color: int
) -> list[Wire]:
    """The edges from the losses that count (`lasting`) to L, gathered in one line."""
    row, box = layout.row("loss"), total_box(layout)
    if row is None or box is None or layout.detail == "band" or not lasting:
        return []
    y = bus_height(layout, row)
    wires = []
    area = layout.time_area
    for column in lasting:
        x = layout.axis.center_of(column)
        # This layer reaches beyond the steps to L: what is scrolled away ends there.
        if layout.detail == "boxes" and area.x <= x <= area.right:
            wires.append(Wire(((x, row.top), (x, y)), color, 1.2, head=False))
    left = layout.axis.center_of(lasting[0])
    if layout.axis.first > 0.5 and columns.start > row.first:
        left = layout.axis.left
    end = box.x + box.w / 2
    wires.append(Wire(((left, y), (end, y), (end, box.y - 2.0)), color, 1.2))
    return wires


def total_shapes(state: ViewState, layout: GraphLayout, complete: bool) -> list[Shape]:
    """L itself, with its value once the last loss is there."""
    box, row = total_box(layout), layout.row("loss")
    if box is None or row is None or "loss_total" not in state.trace:
        return []
    theme = state.theme
    text = "L"
    if complete:
        value = float(state.trace["loss_total"])
        figure = loss_figure(value)
        for text in (f"L = {figure}", f"L {figure}", figure, "L"):
            if text_width(text, WORDS, bold=True) <= box.w - 6.0:
                break
    size = min(WORDS * layout.lettering, (box.w - 6.0) / text_width(text, 1.0, bold=True))
    size = min(size, box.h * LETTERED)
    return [
        Box(box, theme.ink, 0, 0.0, min(box.h / 2, 9.0)),
        Label(box, text, theme.panel, size, bold=True),
        *(_over_batch(state, layout, box) if complete else []),
    ]


def _over_batch(state: ViewState, layout: GraphLayout, box: Rect) -> list[Shape]:
    """Under L that it is a mean, and what the losses of the shown sequence add up to."""
    row = layout.row("output")
    mean = over_batch(state.trace)
    own = own_total(state.trace, state.row) if mean else None
    if own is None or row is None:
        return []
    size = 9.5 * layout.lettering
    room = row.bottom - box.bottom - 2.0
    shapes: list[Shape] = []
    for number, text in enumerate((mean, f"here {loss_figure(own)}")):
        fits = min(size, (box.w + 4.0) / text_width(text, 1.0))
        if fits < 7.5 or (number + 1) * 1.3 * size > room:
            break
        place = Rect(box.x - 2.0, box.bottom + 1.0 + number * 1.3 * size, box.w + 4.0, 1.3 * size)
        shapes.append(Label(place, text, state.theme.muted, fits))
    return shapes
