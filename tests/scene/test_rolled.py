"""The rolled graph and its unrolling: nothing jumps, and both ends are what they should be."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph.lanes import lanes
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.wires import path_along
from rnnviz.scene.levels import Level, level_picture
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.rolled.folding import folding_of
from rnnviz.scene.rolled.loops import fed_back_loop, loop_path
from rnnviz.scene.rolled.memory import backward_loops
from rnnviz.scene.shapes import Cells, Label, Picture, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.label_boxes import faults
from tests.scene.shaped import shaped_trace
from tests.scene.test_graph_labels import SIZES, SPECS, spec
from tests.scene.traces import make_trace

WIDTH, HEIGHT = 990.0, 430.0
SHARES = [n / 40 for n in range(41)]


def state_of(trace: Trace, position: float = 1.0, width: float = WIDTH, **more: Any) -> ViewState:
    """The state at a share of the pass."""
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118.0, width - 194.0)
    cursor = cursor_at(timeline, position * len(timeline))
    return ViewState(trace, timeline, cursor, axis, LIGHT, **more)


def traces() -> dict[str, Trace]:
    return {name: shaped_trace(spec(**options), 7) for name, options in SPECS.items()}


def cells_of(picture: Picture) -> list[list[float]]:
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    return [row.tolist() for s in shapes if isinstance(s, Cells) for row in s.values]


@pytest.mark.parametrize("name", SPECS)
def test_unrolled_every_box_stands_where_the_graph_has_it(name: str) -> None:
    state = state_of(traces()[name])
    flat = layout_of(state.trace, state.axis, WIDTH, HEIGHT)
    folding = folding_of(state, WIDTH, HEIGHT, 1.0)
    for row, same in zip(flat.rows, folding.rows, strict=True):
        assert same == row
        for column in range(row.first, row.last):
            assert folding.box(same, column) == flat.box(row, column)
            assert folding.card(column).box(same, column).x == pytest.approx(
                flat.box(row, column).x
            )


@pytest.mark.parametrize("name", SPECS)
def test_rolled_all_steps_of_a_part_stand_on_each_other(name: str) -> None:
    state = state_of(traces()[name])
    folding = folding_of(state, WIDTH, HEIGHT, 0.0)
    for part in folding.parts:
        assert len({folding.center(column) for column in range(part.start, part.stop)}) == 1
    assert len(set(folding.homes)) == len(folding.parts)


@pytest.mark.parametrize("name", SPECS)
def test_nothing_jumps_while_the_graph_unrolls(name: str) -> None:
    state = state_of(traces()[name])
    stages = [folding_of(state, WIDTH, HEIGHT, share) for share in SHARES]
    for row in range(len(stages[0].rows)):
        for column in (0, 3, 6):
            if not stages[0].rows[row].has(column):
                continue
            boxes = [stage.box(stage.rows[row], column) for stage in stages]
            steps = [
                max(abs(b.center[0] - a.center[0]), abs(b.y - a.y), abs(b.h - a.h))
                for a, b in pairwise(boxes)
            ]
            # In a fortieth of the way no more than a tenth of the whole of it.
            assert max(steps) <= WIDTH / 10


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_loop_opens_into_the_wire_to_the_next_step(cell: Any, bidirectional: bool) -> None:
    state = state_of(make_trace("hello", cell=cell, bidirectional=bidirectional))
    flat = layout_of(state.trace, state.axis, WIDTH, HEIGHT)
    rolled = folding_of(state, WIDTH, HEIGHT, 0.0)
    unrolled = folding_of(state, WIDTH, HEIGHT, 1.0)
    for row, one in zip(unrolled.states, rolled.states, strict=True):
        for lane in lanes(unrolled, row):
            loop, box = loop_path(rolled, one, 1, lane), rolled.box(one, 1)
            side = box.x if row.reverse else box.right
            assert abs(loop[0][0] - side) <= 3.0
            assert abs(loop[-1][0] - side) <= 3.0
            assert max(abs(x - side) for x, _ in loop) >= 30.0
            wire = loop_path(unrolled, row, 1, lane)
            for found, wanted in zip(
                (wire[0], wire[-1]), path_along(flat, row, 1, lane), strict=True
            ):
                assert found == pytest.approx(wanted)


@pytest.mark.parametrize("size", [(710.0, 226.0), (WIDTH, HEIGHT)])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_gradients_loop_keeps_off_the_states_and_has_room_for_its_head(
    size: tuple[float, float], cell: Any, bidirectional: bool
) -> None:
    trace = make_trace("hello", cell=cell, bidirectional=bidirectional)
    state = state_of(trace, width=size[0])
    folding = folding_of(state, *size, 0.0)
    orange = [w for w in backward_loops(state, folding, 1) if isinstance(w, Wire)]
    assert len(orange) == sum(len(lanes(folding, row)) for row in folding.states)
    ways = [loop_path(folding, row, 1, lane)
            for row in folding.states for lane in lanes(folding, row)]  # fmt: skip
    for wire, way in zip(orange, ways, strict=True):
        forth, back = np.array([way[0], way[-1]]), np.array([wire.points[-1], wire.points[0]])
        apart = np.abs(forth[:, 1] - back[:, 1])
        assert (apart > wire.width / 2 + 1.0).all(), "the two share no end"
        assert back[0, 1] < forth[0, 1] < forth[1, 1] < back[1, 1], "one stands around the other"
        (x0, y0), (x1, y1) = wire.points[-2:]
        assert math.hypot(x1 - x0, y1 - y0) * 0.7 >= min(5.0 + 1.6 * wire.width, 9.0)


def test_a_jordan_networks_loop_goes_from_its_output_to_its_state() -> None:
    state = state_of(shaped_trace(spec(cell="jordan"), 5))
    folding = folding_of(state, WIDTH, HEIGHT, 0.0)
    path = fed_back_loop(folding, 2, target=folding.states[0], beyond=40.0)
    assert path[0][0] > folding.box(folding.of_kind("output")[0], 2).right
    assert path[-1][1] == folding.states[0].middle


def test_in_the_delay_waits_the_state_of_the_step_before() -> None:
    trace = make_trace("hello")
    timeline = Timeline(trace)
    for column in (1, 2, 3):
        done = timeline.index_of("forward", column, "state")
        state = state_of(trace, done / len(timeline))
        shown = cells_of(rolled_picture(state, WIDTH, HEIGHT))
        assert trace["h_l0"][column - 1, 0].tolist() in shown
        assert trace["h_l0"][column, 0].tolist() not in shown


def test_what_waits_travels_into_the_cell_unless_motion_is_unwanted() -> None:
    trace = make_trace("hello", cell="lstm")
    timeline = Timeline(trace)
    position = (timeline.index_of("forward", 2, "state") + 0.5) / len(timeline)
    moving = rolled_picture(state_of(trace, position), WIDTH, HEIGHT)
    still = rolled_picture(state_of(trace, position, still=True), WIDTH, HEIGHT)
    places = [
        {(float(s.xs[0]), float(s.ys[0])) for s in layer.shapes if isinstance(s, Cells)}
        for picture in (moving, still)
        for layer in picture.layers[1:]
    ]
    assert places[0] != places[1]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", SPECS)
def test_words_keep_apart_in_the_rolled_graph(name: str, size: tuple[float, float]) -> None:
    trace = traces()[name]
    for position in (0.3, 0.8, 1.0):
        state = state_of(trace, position, size[0])
        assert faults(rolled_picture(state, *size)) == []


def test_rolled_nodes_answer_to_the_mouse_and_the_button_is_in_both_forms() -> None:
    state = state_of(make_trace("hello"), 0.4)
    rolled = level_picture(state, WIDTH, HEIGHT, Level(), 0.0)
    graph = level_picture(state, WIDTH, HEIGHT, Level())
    column = state.cursor.column
    assert {hit.node for hit in rolled.hits} >= {f"h_l0@{column}", f"x@{column}", "go:fold", "W"}
    assert "go:fold" in {hit.node for hit in graph.hits}
    assert rolled.summary.startswith("Rolled graph")
    words = [s.text for layer in rolled.layers for s in layer.shapes if isinstance(s, Label)]
    assert {"hₜ", "hₜ₋₁", "Rolled graph", "unroll"} <= set(words)


def test_of_thousands_of_steps_only_some_are_drawn_on_the_way() -> None:
    trace = shaped_trace(spec(), 5000)
    folding = folding_of(state_of(trace), WIDTH, HEIGHT, 0.5)
    assert len(folding.cards((0,))) <= 161
    ends = folding_of(state_of(trace), WIDTH, HEIGHT, 1.0)
    assert ends.room * len(ends.cards((0,))) == pytest.approx(ends.axis.width, rel=0.05)


def test_the_encoder_keeps_its_last_true_step_in_front_once_it_is_done() -> None:
    trace = shaped_trace(spec(kind="many-to-many"), 6, decoder_steps=4)
    trace = replace(trace, arrays={**trace.arrays, "lengths": np.array([4])})
    state = state_of(trace, 0.55)
    assert state.cursor.column >= 6
    shown = cells_of(rolled_picture(state, WIDTH, HEIGHT))
    assert trace["encoder_h_l0"][3, 0].tolist() in shown
    assert trace["encoder_h_l0"][5, 0].tolist() not in shown


def test_the_loss_of_the_one_cell_is_that_of_any_step() -> None:
    trace = make_trace("hello")
    shown = rolled_picture(state_of(trace), WIDTH, HEIGHT)
    words = [s.text for layer in shown.layers for s in layer.shapes if isinstance(s, Label)]
    assert any(word.startswith("Lₜ ") for word in words)
    assert not any(word.startswith("L₁") for word in words)


@pytest.mark.parametrize("size", [(710.0, 226.0), (990.0, 430.0), (1600.0, 1000.0)])
def test_the_one_cell_is_drawn_large_and_its_loop_grows_with_it(size: tuple[float, float]) -> None:
    state = state_of(make_trace("hello"), width=size[0])
    folding = folding_of(state, *size, 0.0)
    flat = layout_of(state.trace, state.axis, *size)
    row = folding.states[0]
    assert row.height >= flat.states[0].height
    assert folding.gap <= 1.0 * max(each.height for each in folding.rows) or size[1] < 300
    lane = lanes(folding, row)[0]
    loop = loop_path(folding, row, 1, lane)
    reach = max(x for x, _ in loop) - folding.box(row, 1).right
    assert reach == pytest.approx(46.0 * folding.grain(row), abs=2.0)
    assert max(y for _, y in loop) - min(y for _, y in loop) > 0.5 * row.height


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("size", [(640.0, 360.0), (1280.0, 720.0), (1920.0, 1080.0)])
def test_that_the_loss_is_a_mean_over_the_batch_stands_below_it_in_the_rolled_graph_too(
    share: float, size: tuple[float, float]
) -> None:
    trace = make_trace("hello", batch=8)
    width, height = size
    state = state_of(trace, 1.0, width)
    picture = rolled_picture(state, width, height, share)
    assert faults(picture) == []
    labels = {
        s.text: s.rect for layer in picture.layers for s in layer.shapes if isinstance(s, Label)
    }
    total = next(rect for text, rect in labels.items() if text.startswith("L "))
    assert total.bottom <= labels["mean of 8"].y


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_gradient_of_exactly_zero_has_a_dashed_loop_as_it_has_a_dashed_arrow(cell: Any) -> None:
    trace = make_trace("hello", cell=cell)
    silent = {
        name: np.zeros_like(trace[name]) if name.startswith(("dL_d", "da")) else trace[name]
        for name in trace
    }
    trace = replace(trace, arrays=silent)
    state = state_of(trace)
    folding = folding_of(state, WIDTH, HEIGHT, 0.0)
    found = [w for w in backward_loops(state, folding, 1) if isinstance(w, Wire)]
    assert len(found) == len(lanes(folding, folding.states[0]))
    assert all(wire.dashed for wire in found)
    assert backward_loops(state, folding, trace.columns - 1) == [], "no step comes after the last"
    cut = replace(trace, arrays={**silent, "cuts": np.array([2])})
    state = state_of(cut)
    assert backward_loops(state, folding_of(state, WIDTH, HEIGHT, 0.0), 1) == []
