"""The loops themselves: wires, the delay with what waits in it, and the gradient's way around."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.graph.gradients import FED_BACK, cut_columns, norms_along, widest_on
from rnnviz.scene.graph.lanes import Lane, lane_color, lanes
from rnnviz.scene.graph.motion import eased as eased_time
from rnnviz.scene.graph.motion import stretch_of, travelling
from rnnviz.scene.graph.norms import arrow_width, largest
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.values import FIGURES, scale_of, vectors
from rnnviz.scene.graph.wires import thickness
from rnnviz.scene.number_room import numbers_fit
from rnnviz.scene.rolled.folding import Folding
from rnnviz.scene.rolled.loops import (
    DELAY,
    INNER,
    OPENS,
    OUTER,
    delay_square,
    fed_back_loop,
    handed_over,
    loop_path,
    loop_room,
)
from rnnviz.scene.shapes import Box, Cells, Floats, Label, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

Point = tuple[float, float]
_NAME = 12.0
_WAITING = 12.0
"""Height of the values that wait in a delay."""


def loop_wires(folding: Folding, column: int, theme: Theme, mode: str) -> list[Shape]:
    """The wires by which a step's results go on to the next, loops while rolled up."""
    shapes: list[Shape] = []
    width = thickness(folding.card(column))
    if mode == "sample" and folding.row("input") is not None:
        target = folding.of_kind("input")[0]
        around = fed_back_loop(folding, column, target=target, beyond=96.0)
        if folding.share < OPENS or target.has(column + 1):
            shapes.append(Wire(around, theme.output, width, dashed=True))
    for row, lane, path in _ways(folding, column, backward=False):
        color = theme.output if lane is FED_BACK else lane_color(lane, theme)
        shapes.append(Wire(path, color, width))
        if 0.0 < folding.share < OPENS:
            size = 1.0 - folding.share / OPENS
            square = delay_square(_middle(path), folding.grain(row))
            shapes.append(Box(square.inset(square.w * (1.0 - size) / 2), theme.ink))
        stop, follows = folding.part_of(column).stop, folding.after(row, column)
        last = folding.share <= 0.0 or (follows is not None and follows >= stop)
        if last and not row.reverse and row.has(stop):
            shapes.append(Wire(handed_over(folding, row, column, lane), color, width))
    return shapes


def backward_loops(state: ViewState, folding: Folding, column: int) -> list[Shape]:
    """The gradient's way from the next step back to this one, once it has been computed."""
    shapes: list[Shape] = []
    if not state.trace.has_gradients:
        return shapes
    part, theme, cursor = folding.part_of(column), state.theme, state.cursor
    for row, lane, path in _ways(folding, column, backward=True):
        known = state.timeline.known(cursor.done, "backward", row.kind_of_operation, row.layer)
        if row.kind == "state":
            known = state.timeline.known(cursor.done, "backward", "state", row.layer, part.prefix)
        width = _gradient_width(state, folding, row, lane, column)
        if width <= 0.0 and not _is_asked(state, folding, row, column):
            continue
        # An exact zero is a thin dashed line, as in the unrolled graph.
        line, dashed = width or 1.0, width <= 0.0
        if column in known:
            shapes.append(Wire(path, theme.gradient, line, dashed=dashed))
        elif _under_way(state, row, column, "backward"):
            way = stretch_of(path, eased_time(cursor.progress))
            shapes.append(Wire(way, theme.gradient, line, dashed=dashed))
    return shapes


def _is_asked(state: ViewState, folding: Folding, row: Row, column: int) -> bool:
    """Whether a next step of this part could have sent something back: not behind the last one,
    nor over a cut."""
    part, follows = folding.part_of(column), folding.after(row, column)
    if follows is None or not part.start <= follows < part.stop:
        return False
    return max(column, follows) not in cut_columns(state.trace)


def waiting_shapes(state: ViewState, folding: Folding, column: int) -> list[Shape]:
    """In front of all steps: the values of the step before, waiting in the delay or on the way."""
    shapes: list[Shape] = []
    if folding.share > 0.0:
        return shapes
    for row, lane, path in _ways(folding, column, backward=False):
        values = _waiting(state, folding, row, lane, column)
        middle = len(path) // 2
        entering = _under_way(
            state, folding.states[0] if lane is FED_BACK else row, column, "forward"
        )
        previous = folding.before(row, column)
        if entering and previous is not None:
            given = None if lane is FED_BACK else lane
            shapes += travelling(state, folding, row, previous, path[middle:], given)
        grain, color = folding.grain(row), theme_color(lane, state.theme)
        if not entering and values is not None:
            shapes += _values_at(state, row, _middle(path), values, color, grain)
        elif not entering:
            shapes.append(Box(delay_square(_middle(path), grain), state.theme.ink))
        beside = DELAY * grain / 2 - 4.0 if values is None else _width(values, grain) / 2
        name = _name(row, lane, _middle(path), beside, state.theme, grain)
        if 62.0 <= name.rect.x < folding.width - name.rect.w:
            shapes.append(name)
    return shapes


def theme_color(lane: Lane, theme: Theme) -> int:
    return theme.output if lane is FED_BACK else lane_color(lane, theme)


def _ways(
    folding: Folding, column: int, *, backward: bool
) -> list[tuple[Row, Lane, tuple[Point, ...]]]:
    """Every loop of a step: its row, its lane and its way at the share."""
    found: list[tuple[Row, Lane, tuple[Point, ...]]] = []
    if folding.spec.cell == "jordan":
        row = folding.row("output")
        if row is not None and folding.shows(row, column) and _goes_on(folding, row, column):
            aside = 6.0 if backward else 0.0
            way = fed_back_loop(folding, column, target=folding.states[0], beyond=40.0, aside=aside)
            found.append((row, FED_BACK, way[::-1] if backward else way))
        return found
    for row in folding.states:
        if folding.shows(row, column) and _goes_on(folding, row, column):
            found += [
                (row, lane, loop_path(folding, row, column, lane, backward=backward))
                for lane in lanes(folding, row)
            ]
    return found


def _goes_on(folding: Folding, row: Row, column: int) -> bool:
    """Whether a wire leaves this step: the last one has none, but as long as it is a loop."""
    part, follows = folding.part_of(column), folding.after(row, column)
    return folding.share < OPENS or (follows is not None and part.start <= follows < part.stop)


def _middle(path: tuple[Point, ...]) -> Point:
    if len(path) % 2:
        return path[len(path) // 2]
    (x0, y0), (x1, y1) = path[len(path) // 2 - 1], path[len(path) // 2]
    return (x0 + x1) / 2, (y0 + y1) / 2


def _under_way(state: ViewState, row: Row, column: int, phase: str) -> bool:
    cursor = state.cursor
    operation = cursor.operation
    return (
        not state.still
        and 0.0 < cursor.progress < 1.0
        and cursor.phase == phase
        and cursor.column == column
        and operation.kind == row.kind_of_operation
        and operation.layer == row.layer
    )


def _gradient_width(state: ViewState, folding: Folding, row: Row, lane: Lane, column: int) -> float:
    part = folding.part_of(column)
    norms = dict(norms_along(state, folding, row, part)).get(lane)
    norm = float(norms[column - part.start]) if norms is not None and norms.size else 0.0
    # Beside the forward loop, not on it.
    most = min(widest_on(row, lane), 7.0, 0.8 * (OUTER - INNER) * loop_room(row, lane))
    return arrow_width(norm, largest(state.trace, state.row), max(most, 2.0))


def _waiting(
    state: ViewState, folding: Folding, row: Row, lane: Lane, column: int
) -> Floats | None:
    """(n,) what the step before has left, if it has been computed; the initial state at first."""
    trace, part, previous = state.trace, folding.part_of(column), folding.before(row, column)
    if previous is None or not part.start <= previous < part.stop:
        start = {"y": f"y0_{folding.spec.layer_names()[0]}"}.get(
            lane.letter, f"{part.prefix}{lane.letter}0_{row.layer}"
        )
        found = trace.get(start)
        values = None if found is None else found[state.row]
    else:
        known = state.timeline.known(
            state.cursor.done, "forward", row.kind_of_operation, row.layer,
            part.prefix if row.kind == "state" else None,
        )  # fmt: skip
        if previous not in known:
            return None
        name = f"{part.prefix}c_{row.layer}" if lane.letter == "c" else ""
        values = vectors(state, row, part, range(previous, previous + 1), name)[0]
    return np.tanh(values) if values is not None and lane.letter == "c" else values


def _width(values: Floats, grain: float) -> float:
    """How much room so many values have in a delay."""
    return min(len(values) * 8.0, 42.0) * grain


def _values_at(
    state: ViewState, row: Row, at: Point, values: Floats, color: int, grain: float
) -> list[Shape]:
    """What waits, in a box whose black end is the delay's square."""
    count, width, height = len(values), _width(values, grain), _WAITING * grain
    rect = Rect(at[0] - width / 2 - 2.0, at[1] - height / 2, width + 3.0, height)
    latch = Rect(rect.right - 1.0, rect.y, (DELAY - 1.0) * grain, rect.h)
    spot = (np.array([rect.x + 2.0]), np.array([rect.y + 2.0]))
    gap = 1.0 if width / count >= 4.0 else 0.0
    cell = width / count - gap
    cells = Cells(
        *spot, values[None], cell, height - 4.0, scale_of(state, row), gap,
        numbers=cell >= 19.0 and numbers_fit(values, cell, FIGURES), size=FIGURES,
    )  # fmt: skip
    return [Box(latch, state.theme.ink), Box(rect, state.theme.panel, color, 1.2, 3.0), cells]


def _name(row: Row, lane: Lane, at: Point, beside: float, theme: Theme, grain: float) -> Label:
    """What waits there, outside of it: the quantity of the step before."""
    text = f"{lane.letter}{'ₜ₊₁' if row.reverse else 'ₜ₋₁'}"
    size = float(int(_NAME * grain**0.5))
    width = text_width(text, size, "serif") + 2.0
    latch = 5.0 + (DELAY if not row.reverse else 3.0) * grain
    left = at[0] - beside - latch - width if row.reverse else at[0] + beside + latch
    rect = Rect(left, at[1] - 0.65 * size, width, 1.3 * size)
    return Label(rect, text, theme_color(lane, theme), size, "left", "serif", italic=True)
