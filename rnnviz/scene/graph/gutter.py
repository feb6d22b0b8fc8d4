"""Left of the first step: row titles, the initial states, and what sets them."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.graph.lanes import Lane, lane_color, lanes
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.losses import says_targets
from rnnviz.scene.graph.rows import PAD, Row
from rnnviz.scene.graph.values import FIGURES, scale_of
from rnnviz.scene.graph.weights import TITLE_WIDTH
from rnnviz.scene.graph.wires import CLEAR, path_along, thickness
from rnnviz.scene.number_room import numbers_fit
from rnnviz.scene.shapes import Box, Cells, Label, Picture24, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import elided, text_width
from rnnviz.scene.theme import Theme

Point = tuple[float, float]

TITLE = 11.0
_LEAST_HALVES = 18.0
"""Height of a row from which both halves of an LSTM's boxes have their titles, logical pixels."""
_LETTERS = 0.9
"""How high letters are for their size, a little air over them."""
START = 12.0
"""Font size of h₀."""


def title_of(layout: GraphLayout, row: Row) -> str:
    """The row's title, as long as the gutter allows."""
    if row.kind == "state":
        name = "hidden" if layout.spec.layers == 1 else f"layer {row.depth + 1}"
        if row.reverse:
            return "reverse" if layout.spec.layers == 1 else f"rev. {row.depth + 1}"
        return name
    picture = "frame" if layout.axis.columns > 1 else "picture"
    loss = "target" if says_targets(layout) else "loss"
    return {"loss": loss, "output": "output", "input": "input", "frames": picture}[row.kind]


def row_titles(layout: GraphLayout, theme: Theme) -> list[Shape]:
    """Muted titles at the left edge, level with their rows.

    Where many rows share little height, those that would run into another one are left out; the
    pointer on a box still tells which it is.
    """
    shapes: list[Shape] = []
    told: list[float] = []
    longest = max((text_width(title_of(layout, row), 1.0) for row in layout.rows), default=1.0)
    common = min(TITLE * layout.lettering, max((TITLE_WIDTH - 6.0) / longest, TITLE))
    for row in layout.rows:
        if row.kind == "state" and layout.spec.has_cell_state and row.height >= _LEAST_HALVES:
            shapes += _half_titles(layout, row, theme, common)
            continue
        height = min(max(row.height, 10.0), 15.0 * layout.lettering)
        rect = Rect(8.0, row.middle - height / 2, TITLE_WIDTH, height)
        size = min(common, height)
        if any(abs(row.middle - other) < _LETTERS * size for other in told):
            continue
        told.append(row.middle)
        text = elided(title_of(layout, row), size, rect.w)
        shapes.append(Label(rect, text, theme.muted, size, "left"))
    return shapes


def _half_titles(layout: GraphLayout, row: Row, theme: Theme, common: float) -> list[Shape]:
    """Of an LSTM's boxes what the two halves are, each level with its half."""
    shapes: list[Shape] = []
    half = row.height / 2
    for number, text in enumerate(("tanh c", f"{title_of(layout, row)} h")):
        size = min(common, half * 0.95, (TITLE_WIDTH - 2.0) / text_width(text, 1.0))
        place = Rect(8.0, row.top + number * half, TITLE_WIDTH, half)
        shapes.append(Label(place, text, theme.muted, size, "left"))
    return shapes


def initial_box(layout: GraphLayout, row: Row) -> Rect | None:
    """The place of h_0 (for a reverse row right of the last step), if its end is in sight."""
    if layout.detail != "boxes":
        return None
    # Two states that are handed on stand level with the two halves of the boxes.
    height = row.height if len(lanes(layout, row)) > 1 else min(row.height, 34.0)
    top = row.middle - height / 2
    if row.reverse:
        if layout.axis.left_of(row.last) > layout.axis.left + layout.axis.width + 1.0:
            return None
        last = layout.box(row, row.last - 1).right
        end = layout.width if row.last == layout.axis.columns else layout.axis.left_of(row.last)
        room = end - last - 24.0
        return Rect(last + 20.0, top, min(room, 52.0), height) if room >= 14.0 else None
    if layout.axis.first > 0.01:
        return None
    left = 8.0 + TITLE_WIDTH + layout.inset
    first = layout.box(row, row.first).x
    room = min(layout.axis.left + layout.inset - 4.0, first - 14.0) - left
    return Rect(left, top, room, height) if room >= 14.0 else None


def initial_boxes(layout: GraphLayout, theme: Theme) -> list[Shape]:
    """The place of h_0 of every row, its name, and the wire from it into the first step."""
    return [shape for row in layout.states for shape in initial_box_shapes(layout, row, theme)]


def initial_box_shapes(layout: GraphLayout, row: Row, theme: Theme) -> list[Shape]:
    """The same for one row; an LSTM's has c_0 above h_0, each with its wire and its name."""
    box = initial_box(layout, row)
    if box is None or layout.spec.cell == "jordan":
        return []
    radius = min(6.0, box.w * 0.2, box.h * 0.3)
    shapes: list[Shape] = [Box(box, theme.box, theme.hidden, 1.2, radius)]
    for lane in lanes(layout, row):
        way, color = _start_path(layout, row, box, lane), lane_color(lane, theme)
        shapes.append(Wire(way, color, thickness(layout)))
    return shapes + _initial_name(layout, row, box, theme.hidden)


def initial_places(layout: GraphLayout, row: Row) -> dict[str, tuple[Rect, tuple[Point, Point]]]:
    """Where each letter of the initial state stands (of an LSTM's c_0 and h_0 each in its half) and
    its wire into the first step; empty if it is out of sight."""
    box = initial_box(layout, row)
    if box is None or layout.spec.cell == "jordan":
        return {}
    found = lanes(layout, row)
    tall = box.h / len(found)
    halves = (Rect(box.x, box.y + number * tall, box.w, tall) for number in range(len(found)))
    return {
        lane.letter: (half, _start_path(layout, row, box, lane))
        for lane, half in zip(found, halves, strict=True)
    }


def start_path(layout: GraphLayout, row: Row) -> tuple[Point, Point] | None:
    """The wire from h_0 into the first step of a row, if its box is in sight."""
    place = initial_places(layout, row).get("h")
    return None if place is None else place[1]


def _start_path(layout: GraphLayout, row: Row, box: Rect, lane: Lane) -> tuple[Point, Point]:
    first = first_column(layout, row)
    (_, y), (end, _) = path_along(layout, row, first + 1 if row.reverse else first - 1, lane)
    start = box.x - 1.0 if row.reverse else box.right + 1.0
    y = min(max(y, box.y + 2.0), box.bottom - 2.0)
    return (start, y), (end, y)


def _initial_name(layout: GraphLayout, row: Row, box: Rect, color: int) -> list[Shape]:
    """``h₀``, where there is room ``c₀, h₀``, below the box."""
    size, lowest = START * layout.lettering, row is layout.states[0]
    if layout.gap < (20.0 if lowest else 84.0) * layout.lettering:
        return []
    for letters in dict.fromkeys((tuple(lane.letter for lane in lanes(layout, row)), ("h",))):
        name = ", ".join(f"{letter}₀{'′' if row.reverse else ''}" for letter in letters)
        width = text_width(name, size, "serif") + 2.0
        if width <= box.w:
            x = box.x + (box.w - width) / 2
            rect = Rect(x, box.bottom + 1.0, width, 15.0 * layout.lettering)
            return [Label(rect, name, color, size, "center", "serif", italic=True)]
    return []


def initial_values(state: ViewState, layout: GraphLayout) -> list[Shape]:
    """The numbers of h_0 (and c_0) of every row."""
    return [shape for row in layout.states for shape in initial_value(state, layout, row)]


def initial_value(state: ViewState, layout: GraphLayout, row: Row) -> list[Shape]:
    """The numbers of h_0 of one row; an LSTM's c_0 above them, as tanh c like every c."""
    box = initial_box(layout, row)
    if box is None or layout.spec.cell == "jordan":
        return []
    inner = box.inset(PAD if box.w > 24 else 2.0)
    letters = [lane.letter for lane in lanes(layout, row)]
    shapes: list[Shape] = []
    for number, letter in enumerate(letters):
        values = state.trace.get(f"{layout.parts[0].prefix}{letter}0_{row.layer}")
        if values is None:
            continue
        body = inner
        if len(letters) > 1:
            half = box.h / 2
            body = Rect(inner.x, inner.y + number * half, inner.w, inner.h - half)
        shapes.append(_vector(state, row, body, np.tanh(values) if letter == "c" else values))
    return shapes


def first_column(layout: GraphLayout, row: Row) -> int:
    """Where a row begins: in the reverse direction at the last true step."""
    if not row.reverse:
        return row.first
    last = row.last - 1
    while last > row.first and layout.pads(last):
        last -= 1
    return last


def _vector(state: ViewState, row: Row, body: Rect, values: np.ndarray) -> Cells:
    vector = values[state.row][None]
    count = vector.shape[1]
    xs, ys = np.array([body.x]), np.array([body.y])
    scale = scale_of(state, row)
    cell = (body.w + 1.0) / count - 1.0
    if cell >= 5.0:
        plain = bool((vector == 0.0).all())
        numbers = (cell >= 19.0 or (plain and cell >= 9.0)) and body.h >= 10.0
        numbers = numbers and numbers_fit(vector, cell, FIGURES)
        return Cells(xs, ys, vector, cell, body.h, scale, 1.0, numbers=numbers, size=FIGURES)
    if body.w >= 1.6 * body.h:
        return Cells(xs, ys, vector, body.w / count, body.h, scale, 0.0)
    return Cells(xs, ys, vector, body.w, body.h / count, scale, 0.0, vertical=True)


def context_shapes(state: ViewState, layout: GraphLayout) -> list[Shape]:
    """One-to-many: the picture (or feature vector) that sets the first state, below h_0.

    A picture that is read piece by piece, without setting a state, stands there too.
    """
    trace, theme = state.trace, state.theme
    context, has_picture = trace.get("context"), "pictures" in trace
    whole = has_picture and trace.shape("pictures")[0] == 1 < trace.columns
    if (context is None and not whole) or not layout.states:
        return []
    row = layout.states[0]
    start = initial_box(layout, row)
    inputs = layout.row("input")
    if start is None or inputs is None:
        return []
    name_room = 18.0 * layout.lettering if layout.gap >= 20.0 * layout.lettering else 3.0
    top = start.bottom + name_room + 12.0
    side = min(layout.height - top - 22.0, start.w + 6.0, 64.0)
    if side < 12.0:
        return []
    box = Rect(start.x + (start.w - side) / 2, top, side, side)
    x = box.x + box.w / 2
    shapes: list[Shape] = []
    if context is not None:
        up = (x, start.bottom + name_room + CLEAR - 2.0)
        shapes.append(Wire(((x, box.y - 1.0), up), theme.input, 1.4))
    if has_picture:
        shapes.append(Picture24(box, trace.sequence("pictures", state.row)[0]))
        shapes.append(Box(box, 0, theme.input, 1.2))
    elif context is not None:
        shapes.append(Box(box, theme.box, theme.input, 1.2, 4.0))
        vector = context[state.row][None]
        body = box.inset(4.0)
        bound = float(np.abs(vector).max()) or 1.0
        scale = type(theme.states)(theme.diverging, -bound, bound)
        tall = body.h / vector.shape[1]
        spot = (np.array([body.x]), np.array([body.y]))
        shapes.append(Cells(*spot, vector, body.w, tall, scale, 0.0, vertical=True))
    rect = Rect(box.x + box.w / 2 - 26.0, box.bottom + 1.0, 52.0, 14.0)
    apart = rect.right < layout.box(inputs, row.first).x or rect.bottom < inputs.top
    if rect.bottom <= layout.height and (apart or rect.right < layout.axis.left_of(row.first)):
        name = "context" if context is not None else "picture"
        shapes.append(Label(rect, name, theme.input, 10.0))
    return shapes


def frame_pictures(state: ViewState, layout: GraphLayout, columns: range) -> list[Shape]:
    """The video frame of every step under its input."""
    row = layout.row("frames")
    if row is None or "pictures" not in state.trace or layout.detail == "band":
        return []
    pictures = state.trace.sequence("pictures", state.row)
    shapes: list[Shape] = []
    for column in columns:
        if row.has(column) and column < len(pictures):
            box = layout.box(row, column)
            pixels = pictures[column]
            side = min(box.w, box.h * pixels.shape[1] / pixels.shape[0])
            tall = side * pixels.shape[0] / pixels.shape[1]
            spot = Rect(box.x + (box.w - side) / 2, row.middle - tall / 2, side, tall)
            shapes.append(Picture24(spot, pixels))
    return shapes
