"""The wires of the forward pass: what feeds what, as lines between boxes."""

from __future__ import annotations

from functools import lru_cache

from rnnviz.scene.graph.lanes import Lane, lane_color, lanes
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.shapes import Wire
from rnnviz.scene.theme import Theme

Point = tuple[float, float]
CLEAR = 3.0
"""Between an arrow's tip and the box it points at, logical pixels."""


def rail(layout: GraphLayout, row: Row, column: float) -> float:
    """x of the vertical wire out of a row's box: the middle, or past the other direction's box."""
    center = layout.axis.center_of(column)
    if row.shift == 0.0:
        return center
    # The two directions are shifted apart; what leaves one passes beside the other.
    return center + (row.box_width / 2 if row.reverse else -row.box_width / 2)


def thickness(layout: GraphLayout) -> float:
    return (1.6 if layout.axis.pitch >= 60 else 1.1) * min(layout.lettering, 1.5)


def path_up(layout: GraphLayout, source: Row, target: Row, column: int) -> tuple[Point, Point]:
    """From the top of one row's box to the bottom of another's in the same column."""
    if source.kind == "state":
        x = rail(layout, source, column)
    elif target.kind == "state":
        x = rail(layout, target, column)
    else:
        x = layout.axis.center_of(column)
    return (x, source.top - 1.0), (x, target.bottom + CLEAR)


def path_along(
    layout: GraphLayout, row: Row, column: int, lane: Lane | None = None
) -> tuple[Point, Point]:
    """From the state of a column to that of the next one in the row's direction (h's lane)."""
    y = row.top + row.height * (lane or lanes(layout, row)[-1]).forward
    here = layout.box(row, column)
    follows = layout.after(row, column)
    if row.reverse:
        there = layout.box(row, column - 1 if follows is None else follows)
        return (here.x - 1.0, y), (there.right + CLEAR, y)
    there = layout.box(row, column + 1 if follows is None else follows)
    return (here.right + 1.0, y), (there.x - CLEAR, y)


def fed_back_path(
    layout: GraphLayout, column: int, *, backward: bool = False
) -> tuple[Point, Point, Point, Point]:
    """A jordan network's way from an output to the next step's state, or of its gradient back."""
    output = layout.of_kind("output")[0]
    row = layout.states[0]
    here, there = layout.box(output, column), layout.box(row, column + 1)
    middle, aside = layout.axis.left_of(column + 1), 0.0
    if backward:
        aside = min(7.0, layout.axis.pitch * 0.06)
    y, level = leaving(output) - aside * 0.6, row.middle + aside * 0.8
    out, into = here.right + (CLEAR if backward else 1.0), there.x - (1.0 if backward else CLEAR)
    way = ((out, y), (middle + aside, y), (middle + aside, level), (into, level))
    return (way[3], way[2], way[1], way[0]) if backward else way


def leaving(row: Row) -> float:
    """y at which a wire leaves a box sideways, below its name."""
    return row.bottom - min(4.0, row.height * 0.2)


@lru_cache(maxsize=2048)
def links_up(layout: GraphLayout, column: int) -> tuple[tuple[Row, Row], ...]:
    """Pairs of rows joined by a vertical wire in a column, bottom to top."""
    pairs: list[tuple[Row, Row]] = []
    states = [row for row in layout.states if row.has(column)]
    below: list[Row] = [row for row in layout.of_kind("input") if row.has(column)]
    for depth in range(layout.spec.layers):
        level = [row for row in states if row.depth == depth]
        for target in level:
            same = [row for row in below if row.kind == "input" or row.reverse == target.reverse]
            pairs += [(source, target) for source in same]
        below = level
    output = layout.row("output")
    if output is not None and output.has(column):
        pairs += [(source, output) for source in below]
        loss = layout.row("loss")
        if loss is not None and loss.has(column):
            pairs.append((output, loss))
    return tuple(pair for pair in pairs if all(layout.shows(row, column) for row in pair))


def forward_wires(layout: GraphLayout, columns: range, theme: Theme) -> list[Wire]:
    """Every wire that starts in one of the columns."""
    wires = []
    for column in columns:
        wires += upward_wires(layout, column, theme)
        for row in layout.states:
            wires += _along(layout, row, column, theme, thickness(layout))
    return wires


def upward_wires(layout: GraphLayout, column: int, theme: Theme) -> list[Wire]:
    """The wires inside one column, from the input up to the loss."""
    color = {
        "input": theme.input,
        "state": theme.hidden,
        "output": theme.output,
        "loss": theme.loss,
        "frames": theme.muted,
    }
    width = thickness(layout)
    wires = []
    for source, target in links_up(layout, column):
        hue = theme.output if target.kind == "output" else color[source.kind]
        if target.kind == "loss":
            hue = theme.loss
        wires.append(Wire(path_up(layout, source, target, column), hue, width))
    return [*wires, *_joints(layout, column, theme, width)]


def _along(layout: GraphLayout, row: Row, column: int, theme: Theme, width: float) -> list[Wire]:
    if not layout.shows(row, column) or layout.after(row, column) is None:
        return []
    if layout.spec.cell == "jordan":
        output = layout.row("output")
        if output is None or not output.has(column):
            return []
        return [Wire(fed_back_path(layout, column), theme.output, width)]
    return [
        Wire(path_along(layout, row, column, lane), lane_color(lane, theme), width)
        for lane in lanes(layout, row)
    ]


def _joints(layout: GraphLayout, column: int, theme: Theme, width: float) -> list[Wire]:
    """Between two bidirectional layers both directions feed both: a bar joins the two rails."""
    wires = []
    for row in layout.states:
        joins = row.reverse and row.shift and row.depth + 1 < layout.spec.layers
        if joins and layout.shows(row, column):
            y = row.top - layout.gap * 0.2
            center = layout.axis.center_of(column)
            half = row.box_width / 2
            wires.append(Wire(((center - half, y), (center + half, y)), theme.hidden, width, False))
    return wires


def sampling_wires(layout: GraphLayout, columns: range, theme: Theme) -> list[Wire]:
    """Sampling: what was drawn from y_t is fed back as x_{t+1}."""
    output, inputs = layout.row("output"), layout.row("input")
    if output is None or inputs is None:
        return []
    wires = []
    for column in columns:
        if output.has(column) and inputs.has(column + 1) and column + 1 < layout.axis.columns:
            here, there = layout.box(output, column), layout.box(inputs, column + 1)
            middle, y = layout.axis.left_of(column + 1), leaving(output)
            points = (
                (here.right + 1.0, y),
                (middle, y),
                (middle, inputs.middle),
                (there.x - CLEAR, inputs.middle),
            )
            # In the colour of outputs: the dashed lines of W run beside it.
            wires.append(Wire(points, theme.output, thickness(layout), dashed=True))
    return wires
