"""While a model writes, nothing it has not drawn yet is on screen."""

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector_node import parse_node
from rnnviz.scene.inspector_words import subtitle
from rnnviz.scene.sampled import inputs_known
from rnnviz.scene.shapes import Label, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import Trace

WIDTH, LEFT = 900.0, 118.0


@pytest.fixture(scope="module")
def sample() -> Trace:
    return Run.create(RunConfig(task="hello")).sample("he", 5)


def at(trace: Trace, position: float) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, LEFT, WIDTH - LEFT - 40)
    return ViewState(trace, timeline, cursor_at(timeline, position), axis, LIGHT)


def words(picture: Picture, color: int) -> list[str]:
    shown = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    read = {s.rect.center[0]: s.text.strip("“”") for s in shown if s.color == color}
    return [read[x] for x in sorted(read) if read[x] in tuple("helo")]


def test_an_input_is_known_once_the_output_before_it_was_drawn(sample: Trace) -> None:
    timeline = Timeline(sample)
    steps = [inputs_known(at(sample, k)) for k in np.arange(len(timeline) + 1.0)]
    assert steps[0] == 2
    assert steps == sorted(steps)
    assert steps[-1] == sample.columns == 6
    outputs = [k for k in range(len(timeline)) if timeline.operation(k).kind == "output"]
    assert steps[outputs[2]] == 3
    assert steps[outputs[2] + 1] == 4


@pytest.mark.parametrize("position", [0.0, 4.0, 9.0, 1e9])
def test_graph_and_strips_show_only_the_letters_that_were_drawn(
    sample: Trace, position: float
) -> None:
    state = at(sample, position)
    known = list(sample.labels.inputs[0][: inputs_known(state)])
    strips = strips_picture(state, WIDTH, 400.0)
    assert words(strips, LIGHT.input) == known
    graph = graph_picture(state, WIDTH, 300.0)
    tokens = [each for each in graph.layers if isinstance(each.key, tuple) and "words" in each.key]
    shown = [s.text for s in tokens[0].shapes if isinstance(s, Label) and s.color == LIGHT.input]
    assert [text.strip("“”") for text in shown if "“" in text] == known


def test_of_a_training_pass_every_input_is_known_from_the_start() -> None:
    trace = Run.create(RunConfig(task="hello")).trace()
    assert inputs_known(at(trace, 0.0)) == trace.columns


def test_beside_a_wide_output_stands_what_was_drawn_and_is_called_so(sample: Trace) -> None:
    state = at(sample, 1e9)
    wide = ViewState(sample, state.timeline, state.cursor, TimeAxis.fitted(6, LEFT, 1500.0), LIGHT)
    texts = [
        s.text
        for layer in graph_picture(wide, 1660.0, 500.0).layers
        for s in layer.shapes
        if isinstance(s, Label)
    ]
    assert "drawn" in texts
    assert "target" not in texts


def test_the_inspector_says_what_was_drawn_once_it_was(sample: Trace) -> None:
    timeline = Timeline(sample)
    output = next(k for k in range(len(timeline)) if timeline.operation(k).node == "logits@2")
    node = parse_node(sample, "h_l0@2")
    assert node is not None
    assert "drew" not in subtitle(at(sample, output), node)
    assert "drew" in subtitle(at(sample, output + 1.0), node)
