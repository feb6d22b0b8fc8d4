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
from rnnviz.scene.shapes import Picture
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
