"""What the graph shows is what the pass did, no earlier and no later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.norms import arrow_width, carried_norms
from rnnviz.scene.graph.places import node_id, place_of
from rnnviz.scene.graph.values import scale_of
from rnnviz.scene.graph.weight_sums import partial_sums
from rnnviz.scene.shapes import Bars, Cells, Label, Picture, Raster, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import ModelSpec, Trace
from tests.scene.shaped import shaped_trace
from tests.scene.test_strips_honest import with_arrays
from tests.scene.traces import make_trace

SIZE = (990.0, 430.0)


def state_at(trace: Trace, position: float, **more: Any) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118.0, SIZE[0] - 194.0)
    return ViewState(trace, timeline, cursor_at(timeline, position), axis, LIGHT, **more)


def shapes_of(picture: Picture, kind: type) -> list[Any]:
    return [s for layer in picture.layers for s in layer.shapes if isinstance(s, kind)]


def orange(picture: Picture) -> list[Wire]:
    """Gradient arrows with a head below the header."""
    wires = shapes_of(picture, Wire)
    return [w for w in wires if w.color == LIGHT.gradient and w.head and w.points[0][1] > 30]


def shown_values(picture: Picture) -> list[float]:
    found: list[float] = []
    for cells in shapes_of(picture, Cells):
        found += cells.values.ravel().tolist()
    return found


def test_states_appear_as_they_are_computed() -> None:
    trace = make_trace("hello")
    timeline = Timeline(trace)
    for column in range(trace.columns):
        index = timeline.index_of("forward", column, "state")
        before = shown_values(graph_picture(state_at(trace, index), *SIZE))
        after = shown_values(graph_picture(state_at(trace, index + 1), *SIZE))
        value = float(trace["h_l0"][column, 0, 0])
        assert value not in before
        assert value in after


def test_values_travel_only_when_motion_is_wanted() -> None:
    trace = make_trace("hello")
    index = Timeline(trace).index_of("forward", 2, "state")
    moving = graph_picture(state_at(trace, index + 0.5), *SIZE)
    still = graph_picture(state_at(trace, index + 0.5, still=True), *SIZE)
    assert len(shapes_of(moving, Cells)) > len(shapes_of(still, Cells))


def test_gradient_arrows_appear_from_right_to_left_one_sweep_after_the_other() -> None:
    trace = make_trace("hello")
    timeline = Timeline(trace)
    assert orange(graph_picture(state_at(trace, timeline.backward_start), *SIZE)) == []
    counts = []
    for column in reversed(range(trace.columns)):
        done = timeline.index_of("backward", column, "state") + 1
        counts.append(len(orange(graph_picture(state_at(trace, done), *SIZE))))
    # loss → y and y → h in the last column; with every further one also h → h.
    assert counts == [2, 5, 8, 11]


def test_a_wider_arrow_carries_more() -> None:
    widths = [arrow_width(10.0**-k, 1.0) for k in range(7)]
    assert widths == sorted(widths, reverse=True)
    assert arrow_width(0.0, 1.0) == 0.0
    assert widths[-1] > 0.0, "tiny is not zero"


def test_carried_norms_are_total_minus_direct() -> None:
    trace = make_trace("hello", hidden=5)
    rest = trace["dL_dh_l0"] - trace["dL_dh_direct_l0"]
    wanted = np.linalg.norm(rest[:, 0], axis=1)
    np.testing.assert_allclose(carried_norms(trace, "l0", "", 0), wanted, atol=1e-15)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_w_has_collected_its_whole_gradient_when_the_first_step_is_reached(
    cell: Any, bidirectional: bool
) -> None:
    trace = make_trace("hello", cell=cell, bidirectional=bidirectional, batch=2)
    for name in trace.spec.layer_names():
        whole = float(np.linalg.norm(trace[f"dL_dW_hh_{name}"]))
        assert partial_sums(trace, name, "")[-1] == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize(
    ("hidden", "batch"), [(64, 64), (96, 32), (512, 1)], ids=["batch", "both", "wide"]
)
def test_the_sum_in_w_grows_for_large_batches_and_wide_states_as_well(
    hidden: int, batch: int
) -> None:
    trace = make_trace("hello", cell="lstm", hidden=hidden, batch=batch)
    sums = partial_sums(trace, "l0", "")
    assert len(sums) == trace.columns
    assert sums[-1] == pytest.approx(float(np.linalg.norm(trace["dL_dW_hh_l0"])), rel=1e-5)


def test_states_without_a_bound_have_in_all_layers_the_scale_that_the_header_shows() -> None:
    trace = make_trace("hello", activation="relu", layers=2)
    trace = with_arrays(trace, h_l1=trace["h_l1"] + 7.0)
    state = state_at(trace, 1e9)
    layout = layout_of(trace, state.axis, *SIZE)
    scales = {scale_of(state, row) for row in layout.states}
    assert {(scale.low, scale.high) for scale in scales} == {(-10.0, 10.0)}
    assert {"−10", "10"} <= {label.text for label in shapes_of(graph_picture(state, *SIZE), Label)}


def test_going_back_shows_exactly_what_was_shown_before() -> None:
    trace = make_trace("hello", cell="gru")
    length = len(Timeline(trace))
    forth = [shown_values(graph_picture(state_at(trace, p), *SIZE)) for p in range(length + 1)]
    for position in reversed(range(length + 1)):
        again = shown_values(graph_picture(state_at(trace, position), *SIZE))
        assert again == forth[position]


def test_only_what_is_in_sight_is_built() -> None:
    trace = shaped_trace(ModelSpec(input_size=4, hidden_size=64, output_size=4), 5000)
    state = state_at(trace, 1e9)
    picture = graph_picture(state, *SIZE)
    rasters = shapes_of(picture, Raster)
    assert all(raster.values.shape[1] <= 2 * SIZE[0] for raster in rasters)
    near = graph_picture(replace(state, axis=state.axis.zoomed(1000.0, 400.0)), *SIZE)
    assert sum(len(cells.xs) for cells in shapes_of(near, Cells)) < 200


def test_a_spike_is_seen_from_afar() -> None:
    trace = shaped_trace(ModelSpec(input_size=4, hidden_size=4, output_size=4), 5000)
    loss = trace["loss"].copy()
    loss[:] = 0.01
    loss[1234] = 9.0
    spiky = replace(trace, arrays={**trace.arrays, "loss": loss})
    bars = shapes_of(graph_picture(state_at(spiky, 1e9), *SIZE), Bars)
    assert max(float(b.rects[:, 3].max()) for b in bars if len(b.rects)) > 20.0


def test_every_node_is_found_where_it_is_drawn() -> None:
    for options in ({}, {"layers": 2, "bidirectional": True}):
        trace = make_trace("hello", **options)
        state = state_at(trace, 3)
        picture = graph_picture(state, *SIZE)
        layout = layout_of(trace, state.axis, *SIZE)
        for row in layout.rows:
            for column in range(trace.columns):
                node = node_id(layout, row, column)
                place = place_of(layout, node)
                assert place is not None
                found = picture.hit(*place.center)
                assert found is not None
                assert found.node == node


def test_tips_give_the_numbers_and_the_summary_says_where_the_pass_is() -> None:
    trace = make_trace("hello")
    picture = graph_picture(state_at(trace, 1e9), *SIZE)
    tips = {hit.node: hit.tip for hit in picture.hits}
    assert "“h”" in tips["x@0"]
    assert "‖∂L/∂h‖" in tips["h_l0@2"]
    assert "4 steps" in picture.summary
    assert "vanilla RNN" in picture.summary


def test_the_layers_that_did_not_change_keep_their_keys() -> None:
    trace = make_trace("hello")
    index = Timeline(trace).index_of("forward", 2, "state")
    first, second = (graph_picture(state_at(trace, index + p), *SIZE) for p in (0.3, 0.6))
    changed = [a.key != b.key for a, b in zip(first.layers, second.layers, strict=True)]
    # The two states have timelines of their own but the same axis, trace and operation.
    assert changed == [False] * (len(changed) - 1) + [True]


def test_uncounted_losses_have_no_edge_to_the_total() -> None:
    trace = make_trace("hello", last_only=True)
    picture = graph_picture(state_at(trace, 1e9), *SIZE)
    wires = [w for w in shapes_of(picture, Wire) if w.color == LIGHT.loss and not w.head]
    assert len(wires) == 1


def test_what_is_drawn_and_fed_back_does_not_look_like_the_lines_of_w() -> None:
    trace = shaped_trace(ModelSpec(input_size=4, hidden_size=3, output_size=4), 6, mode="sample")
    shown = graph_picture(state_at(trace, 3.0), *SIZE)
    back = [w for w in shapes_of(shown, Wire) if w.dashed and len(w.points) == 4]
    assert back
    assert {wire.color for wire in back} == {LIGHT.output}
    assert any("next input" in label.text for label in shapes_of(shown, Label))
