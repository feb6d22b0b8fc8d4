"""Inside a cell nothing is shown before it has been computed, and values travel on the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import cell_data
from rnnviz.scene.cell_moment import Moment, moment_of, share_of
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cell_words import HINT, doing
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.shapes import Cells, Label, Picture, Rect, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import ModelSpec, Trace
from tests.scene.label_boxes import faults
from tests.scene.traces import make_trace

SIZE = (1100.0, 620.0)


def pass_of(cell: str, **more: Any) -> Trace:
    """A pass of the engine: it knows every kind of cell."""
    rng = np.random.default_rng(0)
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4, cell=cell, **more)
    tokens = rng.integers(0, 4, (4, 1))
    return Network.create(spec, rng=rng).trace(Batch(tokens=tokens, targets=tokens))


def state_at(trace: Trace, share: float, phase: Any = "forward", **more: Any) -> ViewState:
    """The state with the work of the cell h_l0@2 done to a share."""
    timeline = Timeline(trace)
    position = timeline.index_of(phase, 2, "state", "l0") + share
    axis = TimeAxis.fitted(trace.columns, 118, 600)
    return ViewState(trace, timeline, cursor_at(timeline, position), axis, LIGHT, **more)


def shapes_of(picture: Picture, kind: type) -> list[Any]:
    return [s for layer in picture.layers for s in layer.shapes if isinstance(s, kind)]


def arrows(picture: Picture) -> list[Wire]:
    return [w for w in shapes_of(picture, Wire) if w.color == LIGHT.gradient]


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_numbers_appear_as_they_are_computed_and_go_again_when_stepping_back(cell: Any) -> None:
    trace = pass_of(cell)
    shares = [0.0, 0.3, 0.5, 0.8, 1.0]
    shown = [cell_picture(state_at(trace, share), *SIZE, "h_l0@2") for share in shares]
    counts = [len([s for s in shapes_of(p, Cells) if s.h > 14.0]) for p in shown]
    assert counts == sorted(counts)
    assert counts[0] < counts[2] < counts[-1]
    again = cell_picture(state_at(trace, 0.3), *SIZE, "h_l0@2")
    assert [repr(layer.shapes) for layer in again.layers] == [
        repr(layer.shapes) for layer in shown[1].layers
    ]


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_the_gradient_is_drawn_only_once_it_comes(cell: Any) -> None:
    trace = pass_of(cell)
    counts = []
    for share in (0.0, 0.3, 0.72, 1.0):
        counts.append(
            len(arrows(cell_picture(state_at(trace, share, "backward"), *SIZE, "h_l0@2")))
        )
    assert counts[0] == 0
    assert counts == sorted(counts)
    assert counts[1] < counts[-1]


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_no_moment_of_the_way_has_words_that_overlap(cell: Any) -> None:
    trace = pass_of(cell, layers=1 if cell == "jordan" else 2)
    for phase in ("forward", "backward"):
        for share in (0.07, 0.28, 0.43, 0.62, 0.87):
            assert faults(cell_picture(state_at(trace, share, phase), *SIZE, "h_l0@2")) == []


def test_what_runs_along_a_wire_is_the_vector_itself_where_it_is_short() -> None:
    trace = pass_of("lstm")
    shown = shapes_of(cell_picture(state_at(trace, 0.5), *SIZE, "h_l0@2"), Cells)
    small = [s.values[0].tolist() for s in shown if s.h <= 14.0]
    data = cell_data(trace, "h_l0@2", 0)
    assert data is not None
    for name in ("f", "i", "g", "c_before"):
        assert data.vectors[name].tolist() in small
    still = cell_picture(state_at(trace, 0.5, still=True), *SIZE, "h_l0@2")
    assert not [s for s in shapes_of(still, Cells) if s.h <= 14.0]


def test_without_motion_a_cell_is_empty_until_it_is_done() -> None:
    trace = make_trace("hello", cell="lstm")
    state = state_at(trace, 0.8, still=True)
    data = cell_data(trace, "h_l0@2", 0)
    assert data is not None
    assert moment_of(state, data) == Moment(0.0, 0.0)
    assert moment_of(state_at(trace, 1.0, still=True), data) == Moment(1.0, 0.0)


def test_a_moving_value_runs_from_one_end_of_its_wire_to_the_other() -> None:
    ends = []
    for forward in (0.0, 0.1, 0.2, 0.39, 0.5):
        canvas = Canvas(LIGHT, Rect(0, 0, 1000, 520), moment=Moment(forward))
        canvas.wire((100, 50), (300, 50), color=LIGHT.hidden, during=(0.0, 0.4))
        ends.append([w.points[-1][0] for w in canvas.under[1:] if isinstance(w, Wire)])
    assert ends[0] == []
    assert ends[-1] == []
    assert 100 < ends[1][0] < ends[2][0] < ends[3][0] <= 300
    assert share_of(0.3, (0.2, 0.4)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    "room", [Rect(0, 0, 1000, 520), Rect(0, 0, 1000, 900), Rect(0, 0, 1600, 520)]
)
def test_wires_end_at_the_edge_of_a_circle_however_the_board_is_stretched(room: Rect) -> None:
    canvas = Canvas(LIGHT, room, stretch=2.0)
    canvas.wire((500, 80), (500, 186), color=LIGHT.ink)
    canvas.wire((300, 200), (486, 200), color=LIGHT.ink)
    canvas.operation(500, 200, "+")
    cx, cy = canvas.at(500, 200)
    down, across = (s for s in canvas.shapes() if isinstance(s, Wire))
    assert cy - down.points[-1][1] == pytest.approx(14 * canvas.scale)
    assert cx - across.points[-1][0] == pytest.approx(14 * canvas.scale)


def test_a_view_of_any_shape_is_filled() -> None:
    trace = make_trace("hello", cell="lstm")
    for width, height in ((1600.0, 1000.0), (710.0, 250.0), (2600.0, 1200.0)):
        picture = cell_picture(state_at(trace, 1.0), width, height, "h_l0@2")
        rects = [hit.rect for hit in picture.hits if hit.node]
        assert max(r.right for r in rects) - min(r.x for r in rects) > 0.9 * width
        assert max(r.bottom for r in rects) > 0.75 * height
    low = replace(state_at(trace, 1.0))
    assert cell_picture(low, 710.0, 250.0, "h_l0@2").summary


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_every_moment_of_a_cells_work_has_words_of_its_own(cell: str) -> None:
    told = [doing(cell, "tanh", Moment(share, 0.0)) for share in (0.1, 0.5, 0.7, 0.99)]
    back = [doing(cell, "relu", Moment(1.0, share)) for share in (0.05, 0.45, 0.99)]
    assert HINT not in (*told, *back)
    assert len(set(told)) >= 3
    assert len(set(back)) == 3
    assert doing(cell, "tanh", Moment(0.0, 0.0)) == doing(cell, "tanh", Moment(1.0, 1.0)) == HINT
    if cell == "rnn":
        assert "ReLU" in back[1]
        assert doing(cell, "linear", Moment(0.7, 0.0)) == "no function: the sum is the state"
        assert doing(cell, "linear", Moment(1.0, 0.45)) == "no function: its slope is 1"


def test_what_the_cell_does_stands_beside_the_breadcrumbs_where_there_is_room() -> None:
    trace = pass_of("lstm")
    for width, told in ((1100.0, True), (300.0, False)):
        shown = cell_picture(state_at(trace, 0.5), width, 620.0, "h_l0@2")
        words = [label.text for label in shapes_of(shown, Label)]
        assert any("forget: f" in text for text in words) is told
