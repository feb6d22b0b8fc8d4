"""What the losses of the steps add up to, and what a row of losses shows in little room."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.shapes import Label, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.steplist import StepList
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.scene.totals import loss_figure, own_total
from rnnviz.trace import Trace
from tests.scene.traces import make_trace


def at_end(trace: Trace, pitch: float = 0.0, **more: object) -> ViewState:
    timeline = Timeline(trace)
    wide = pitch * trace.columns if pitch else 796.0
    axis = TimeAxis.fitted(trace.columns, 118.0, wide)
    state = ViewState(trace, timeline, cursor_at(timeline, len(timeline)), axis, LIGHT)
    return replace(state, **more)  # type: ignore[arg-type]  # fields by name


def words(picture: Picture) -> list[str]:
    return [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


def test_the_mean_of_the_sequences_own_sums_is_the_total() -> None:
    trace = make_trace(batch=4)
    own = [own_total(trace, row) for row in range(4)]
    assert np.mean([each for each in own if each is not None]) == pytest.approx(trace["loss_total"])


def test_with_a_batch_every_view_says_that_l_is_a_mean_and_sums_up_this_sequence() -> None:
    trace = make_trace(batch=4)
    state = at_end(trace, row=2)
    own = own_total(trace, 2)
    assert own is not None
    graph = graph_picture(state, 990.0, 430.0)
    assert {"mean of 4", f"here {loss_figure(own)}"} <= set(words(graph))
    assert "mean of 4 sequences" in graph.summary
    assert any("mean of 4" in hit.tip and "this sequence alone" in hit.tip for hit in graph.hits)
    chosen = replace(state, selected="loss_total")
    said = words(inspector_picture(chosen, 340, 600))
    assert any("this sequence alone" in text for text in said)
    strips = words(strips_picture(state, 990.0, 700.0))
    assert f"nats, sum {loss_figure(own)}" in strips
    timeline = state.timeline
    line = StepList(trace, timeline, 2).text(timeline.index_of("backward", 1, "loss"))
    assert line.endswith("= 1/4 (L is the mean of 4 sequences)")


def test_of_a_single_sequence_no_view_speaks_of_a_mean() -> None:
    state = at_end(make_trace())
    assert not any(
        "mean" in text or "here" in text for text in words(graph_picture(state, 990, 430))
    )
    assert "nats" in words(strips_picture(state, 990.0, 700.0))


@pytest.mark.parametrize("pitch", [44.0, 60.0])
def test_the_row_of_losses_shows_losses_in_narrow_boxes_too(pitch: float) -> None:
    trace = make_trace("hello" * 3)
    shown = words(graph_picture(at_end(trace, pitch), 118.0 + pitch * trace.columns + 80, 430.0))
    assert "loss" in shown
    assert "target" not in shown
    value = float(trace["loss"][2, 0])
    assert any(text.startswith((f"{value:.1f}", f"{value:.2f}".lstrip("0"))) for text in shown)


def test_where_only_the_target_has_room_the_row_says_so_and_its_tip_names_the_colour() -> None:
    trace = make_trace("hello" * 3)
    picture = graph_picture(at_end(trace, 20.0), 118.0 + 20.0 * trace.columns + 80, 430.0)
    assert "target" in words(picture)
    assert "loss" not in words(picture)
    assert any("the colour of the box" in hit.tip for hit in picture.hits)


def test_a_row_of_bars_is_called_the_loss_however_high_it_is() -> None:
    trace = make_trace("hello" * 20)
    for height in (260.0, 430.0, 720.0):
        shown = words(graph_picture(at_end(trace, 11.0), 118.0 + 11.0 * trace.columns + 80, height))
        assert "loss" in shown
        assert "target" not in shown
