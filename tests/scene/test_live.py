"""While a new pass comes with every frame, what nobody could read is left out."""

from dataclasses import replace

import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.shapes import Box, Label, Picture, Wire
from rnnviz.scene.state import READABLE_COLUMNS, ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.session import Run, RunConfig
from rnnviz.trace import Trace


def state_of(trace: Trace) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118.0, 900.0)
    return ViewState(trace, timeline, cursor_at(timeline, float(len(timeline))), axis, LIGHT)


def words(picture: Picture) -> list[str]:
    return [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


@pytest.fixture(scope="module")
def long_pass() -> Trace:
    return Run.create(RunConfig(task="text")).traced_step()


def test_a_long_live_pass_has_no_figures_on_its_bars_and_a_resting_one_has(
    long_pass: Trace,
) -> None:
    assert long_pass.columns > READABLE_COLUMNS
    resting = state_of(long_pass)
    live = replace(resting, live=True)
    shown = [words(strips_picture(state, 1094.0, 430.0)) for state in (live, resting)]
    assert len(shown[0]) < len(shown[1])


def test_a_long_live_pass_says_letter_by_letter_what_it_reads_says_and_should_say(
    long_pass: Trace,
) -> None:
    resting = state_of(long_pass)
    live = replace(resting, live=True)
    pictures = [graph_picture(state, 1094.0, 430.0) for state in (live, resting)]
    live_letters, letters_at_rest = (
        sorted(word for word in words(picture) if len(word) == 1) for picture in pictures
    )
    assert live_letters == letters_at_rest
    best = [long_pass.labels.classes[k] for k in long_pass["probs"][:, 0].argmax(axis=1)]
    letters = [layer for layer in pictures[0].layers if layer.recurring]
    said = [s.text for layer in letters for s in layer.shapes if isinstance(s, Label)]
    for row in (long_pass.labels.inputs[0], long_pass.labels.targets[0], best):
        for letter in map(visible_token, row):
            assert letter in said
    # In a layer whose shapes are laid down as pixels, the same objects pass after pass.
    again = graph_picture(replace(live), 1094.0, 430.0)
    kept = {id(s) for layer in letters for s in layer.shapes}
    assert {id(s) for layer in again.layers if layer.recurring for s in layer.shapes} == kept


def test_the_tokens_of_a_long_live_pass_stay(long_pass: Trace) -> None:
    live = replace(state_of(long_pass), live=True)
    shown = words(graph_picture(live, 1094.0, 430.0))
    assert shown.count(long_pass.labels.inputs[0][0]) >= 1


def test_a_short_live_pass_keeps_every_figure() -> None:
    resting = state_of(Run.create(RunConfig(task="hello")).traced_step())
    live = replace(resting, live=True)
    for picture in (strips_picture, graph_picture):
        assert words(picture(live, 1094.0, 430.0)) == words(picture(resting, 1094.0, 430.0))


@pytest.mark.parametrize("task", ["video", "captioning", "digits", "translation", "sine", "hello"])
def test_what_recurs_with_every_live_pass_is_made_of_what_can_be_stamped(task: str) -> None:
    run = Run.create(RunConfig(task=task))
    for trace in (run.traced_step(), run.traced_step()):
        live = replace(state_of(trace), live=True)
        for picture in (strips_picture, graph_picture):
            for layer in picture(live, 1094.0, 430.0).layers:
                if layer.recurring:
                    assert {type(shape) for shape in layer.shapes} <= {Box, Label, Wire}
