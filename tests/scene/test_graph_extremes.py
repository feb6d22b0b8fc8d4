"""The graph of passes at the edge: numbers beyond all bounds, low views, scrolled parts."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.weights import weight_places
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Box, Wire
from rnnviz.trace import ModelSpec, Trace
from tests.scene.label_boxes import faults
from tests.scene.shaped import shaped_trace
from tests.scene.test_inspector_ends import net_of, state_at, traced


def test_a_weight_whose_gradient_is_infinite_is_full(rng: np.random.Generator) -> None:
    whole = traced(net_of(rng), rng)
    arrays = {name: np.array(whole[name]) for name in whole}
    arrays["dL_da_l0"][2, 0, 1] = 1e200  # its square is beyond all numbers
    arrays["step_norm_W_hh_l0"][2] = np.inf
    trace = Trace(whole.spec, arrays, whole.labels)
    for picture in (
        graph_picture(state_at(trace, ""), 900, 500),
        rolled_picture(state_at(trace, ""), 900, 500),
    ):
        shapes = [shape for layer in picture.layers for shape in layer.shapes]
        boxes = [shape.rect for shape in shapes if isinstance(shape, Box)]
        assert all(map(math.isfinite, (n for r in boxes for n in (r.x, r.y, r.w, r.h))))
        assert all(math.isfinite(shape.width) for shape in shapes if isinstance(shape, Wire))


def test_the_steps_beside_a_lost_one_keep_their_shares(rng: np.random.Generator) -> None:
    whole = traced(net_of(rng), rng)
    arrays = {name: np.array(whole[name]) for name in whole}
    arrays["step_norm_W_hh_l0"][2] = np.nan

    def lines(trace: Trace) -> int:
        picture = graph_picture(state_at(trace, ""), 900, 500)
        shapes = [shape for layer in picture.layers for shape in layer.shapes]
        gradient = state_at(trace, "").theme.gradient
        upright = (s for s in shapes if isinstance(s, Wire) and s.color == gradient and not s.head)
        return sum(1 for _ in upright)

    kept = lines(Trace(whole.spec, arrays, whole.labels))
    assert kept == lines(whole) - 1 > 0


def test_the_total_of_a_low_view_stays_in_its_pill() -> None:
    spec = ModelSpec(
        input_size=1, hidden_size=8, output_size=2, cell="lstm", layers=4, bidirectional=True
    )
    state = state_at(shaped_trace(spec, 1), "")
    state = replace(state, axis=TimeAxis.fitted(1, 118, 700), cursor=cursor_at(state.timeline, 0))
    found = faults(graph_picture(state, 900, 1000))
    assert [each for each in found if "too high" in each] == []


def test_a_decoders_weights_are_scrolled_away_with_it() -> None:
    spec = ModelSpec(
        input_size=4, hidden_size=5, output_size=4, kind="many-to-many", cell="lstm", layers=2
    )
    trace = shaped_trace(spec, 3, decoder_steps=9)
    axis = replace(TimeAxis.fitted(trace.columns, 118.0, 600.0), first=3.4, pitch=100.0)
    state = replace(state_at(trace, ""), axis=axis)
    layout = layout_of(trace, axis, 800, 400)
    places = [place for row in layout.states for _, place in weight_places(layout, row)[1:]]
    assert min(place.x for place in places) < axis.left
    picture = graph_picture(state, 800, 400)
    shown = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Box)]
    assert not [box for box in shown if box.rect in places]
    assert not [hit for hit in picture.hits if hit.node == "W" and hit.rect.x < 0]


def test_numbers_of_unbounded_states_stay_in_their_cells(rng: np.random.Generator) -> None:
    net = net_of(rng, activation="relu", hidden_size=9, output_size=8, layers=2)
    for factor in (3.0, 30.0, 3e5):
        for name in net.params:
            net.params[name][...] = rng.normal(0, factor, net.params[name].shape)
        trace = traced(net, rng)
        state = state_at(trace, "")
        for picture in (
            graph_picture(state, 1400, 500),
            cell_picture(state, 900, 500, "h_l1@2"),
            cell_picture(state, 1500, 800, "h_l1@2"),
        ):
            assert [each for each in faults(picture) if "sticks out" in each] == []
