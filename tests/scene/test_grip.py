"""Which number stands under the mouse, on the graph and inside a cell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.grip import number_at
from rnnviz.scene.product_picture import product_picture
from rnnviz.scene.shapes import Cells, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.traces import make_trace

WIDTH, HEIGHT = 1000.0, 560.0


def state_of(trace: Trace) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118, WIDTH - 190)
    return ViewState(trace, timeline, cursor_at(timeline, len(timeline)), axis, LIGHT)


def found(state: ViewState, picture: Picture) -> set[str]:
    """Everything that can be taken somewhere on the picture."""
    return {
        number_at(state, picture, x, y)
        for x in np.arange(1.0, picture.width, 4.0)
        for y in np.arange(1.0, picture.height, 4.0)
    }


def units(numbers: set[str], node: str) -> set[str]:
    return {number.removeprefix(node) for number in numbers if number.startswith(f"{node}[")}


def of(count: int) -> set[str]:
    return {f"[{unit}]" for unit in range(count)}


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_unit_of_every_box_of_the_graph_can_be_taken(cell: Any) -> None:
    state = state_of(make_trace("hello", cell=cell, hidden=4, iterations=3))
    numbers = found(state, graph_picture(state, WIDTH, HEIGHT))
    for step in range(4):
        for node in ("x", "h_l0", "logits", *(("c_l0",) if cell == "lstm" else ())):
            assert units(numbers, f"{node}@{step}") == of(4), (node, step)


@pytest.mark.parametrize(("cell", "gates"), [("lstm", "ifgo"), ("gru", "rzn")])
def test_every_unit_of_every_gate_can_be_taken_inside_the_cell(cell: Any, gates: str) -> None:
    state = state_of(make_trace("hello", cell=cell, hidden=4, iterations=3))
    numbers = found(state, cell_picture(state, WIDTH, HEIGHT, "h_l0@2"))
    for gate in gates:
        assert units(numbers, f"{gate}_l0@2") == of(4), gate
    assert units(numbers, "h_l0@2") == of(4)


def test_every_weight_of_the_vanilla_cell_can_be_taken() -> None:
    state = state_of(make_trace("hello", hidden=3, iterations=3))
    numbers = found(state, cell_picture(state, WIDTH, HEIGHT, "h_l0@2"))
    pairs = {f"[{i},{j}]" for i in range(3) for j in range(3)}
    assert units(numbers, "W_hh_l0@2") == pairs


def test_units_too_thin_for_a_mouse_are_not_told_apart() -> None:
    state = state_of(make_trace("hello", hidden=64))
    numbers = found(state, graph_picture(state, WIDTH, HEIGHT))
    assert "h_l0@1" in numbers
    assert units(numbers, "h_l0@1") == set()


def test_the_unit_that_is_taken_is_the_one_that_is_drawn_there() -> None:
    trace = make_trace("hello", cell="gru", hidden=4, iterations=3, batch=1)
    state = state_of(trace)
    picture = graph_picture(state, WIDTH, HEIGHT)
    box = next(hit.rect for hit in picture.hits if hit.node == "h_l0@1")
    y = box.y + box.h / 2
    inside = (number_at(state, picture, x, y) for x in np.arange(box.x, box.right, 1.0))
    in_order = [each for each in inside if each.endswith("]")]
    assert in_order == sorted(in_order)
    assert {*in_order} == {f"h_l0@1[{unit}]" for unit in range(4)}


def entries(rows: range, columns: int) -> set[str]:
    return {f"[{i},{j}]" for i in rows for j in range(columns)}


@pytest.mark.parametrize("way", ["forward", "backward"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_weight_of_every_matrix_can_be_taken_in_its_product(cell: Any, way: str) -> None:
    trace = make_trace("hello", cell=cell, hidden=3, iterations=3)
    state, gates = state_of(trace), trace.spec.gates or ("",)
    for number, gate in enumerate(gates):
        for side, columns, read in (("h", 3, "h_l0@1"), ("x", 4, "x@2")):
            name = f"{side}{gate or 'h'}"
            numbers = found(state, product_picture(state, WIDTH, HEIGHT, "h_l0@2", name, 0, way))
            rows = range(3 * number, 3 * number + 3)
            assert units(numbers, f"W_{side}h_l0@2") == entries(rows, columns), name
            assert units(numbers, read) == (of(columns) if way == "forward" else set()), name
    numbers = found(state, product_picture(state, WIDTH, HEIGHT, "logits@2", "hy", 0, way))
    assert units(numbers, "W_hy@2") == entries(range(4), 3)


def test_the_entry_taken_in_a_product_is_the_one_that_is_drawn_there() -> None:
    trace = make_trace("hello", cell="lstm", hidden=3, layers=2, iterations=3)
    state = state_of(trace)
    for way in ("forward", "backward"):
        picture = product_picture(state, WIDTH, HEIGHT, "h_l1@2", "xg", 0, way)
        drawn = next(
            shape
            for layer in picture.layers
            for shape in layer.shapes
            if isinstance(shape, Cells) and shape.values.shape == (3, 3)
        )
        for i in range(3):
            for j in range(3):
                x, y = drawn.xs[i] + (j + 0.5) * (drawn.w + 1), drawn.ys[i] + drawn.h / 2
                node, _, place = number_at(state, picture, x, y).partition("@2[")
                row, column = map(int, place.removesuffix("]").split(","))
                assert node == "W_xh_l1"
                assert trace[node][row, column] == drawn.values[i, j]


def test_a_gate_s_matrix_in_the_cell_says_that_it_is_too_small_to_take_a_number() -> None:
    state = state_of(make_trace("hello", cell="lstm", hidden=4, iterations=3))
    picture = cell_picture(state, WIDTH, HEIGHT, "h_l0@2")
    assert "W_hf_l0@2" in found(state, picture)
