"""While a model writes, nothing it has not drawn yet is on screen."""

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.answers import answers
from rnnviz.scene.inspector_node import parse_node
from rnnviz.scene.inspector_words import subtitle
from rnnviz.scene.sampled import inputs_known
from rnnviz.scene.shapes import Box, Label, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_outputs import class_word
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


def frames(picture: Picture, *, dashed: bool) -> list[Box]:
    """The frames around single classes."""
    return [
        s
        for layer in picture.layers
        for s in layer.shapes
        if isinstance(s, Box) and s.stroke == LIGHT.gradient and s.dashed == dashed and not s.fill
        and s.radius <= 1.5
    ]  # fmt: skip


def gutter(picture: Picture) -> list[str]:
    shown = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    return [s.text for s in shown if s.rect.x < LEFT]


def test_what_was_drawn_has_a_dashed_frame_once_it_was(sample: Trace) -> None:
    timeline = Timeline(sample)
    outputs = [k for k in range(len(timeline)) if timeline.operation(k).kind == "output"]
    for position, drawn in ((0.0, 0), (outputs[1], 0), (outputs[1] + 1, 1), (1e9, 5)):
        state = at(sample, float(position))
        strips, graph = strips_picture(state, WIDTH, 400.0), graph_picture(state, WIDTH, 300.0)
        in_time = [box for box in frames(strips, dashed=True) if box.rect.x > LEFT]
        assert len(in_time) == drawn
        assert len([b for b in frames(graph, dashed=True) if b.rect.h < 40.0]) == drawn
        if drawn:
            row = next(p.rect for p in strips.placed if p.strip.name == "probs")
            last = in_time[-1].rect.center
            column = round((last[0] - state.axis.center_of(0)) / state.axis.pitch)
            here = int((last[1] - row.y) / row.h * 4)
            assert here == int(sample["sampled"][column, 0])


def test_the_frame_is_explained_beside_the_strip(sample: Trace) -> None:
    shown = strips_picture(at(sample, 1e9), WIDTH, 400.0)
    assert "drawn" in gutter(shown)
    assert any(box.rect.x < LEFT for box in frames(shown, dashed=True))
    trained = Run.create(RunConfig(task="hello")).traced_step()
    shown = strips_picture(at(trained, 1e9), WIDTH, 400.0)
    assert "target" in gutter(shown)
    assert any(box.rect.x < LEFT for box in frames(shown, dashed=False))
    assert not frames(shown, dashed=True)


def test_among_many_classes_the_drawn_one_stands_below_the_likeliest() -> None:
    sample = Run.create(RunConfig(task="text")).sample("the", 8)
    shown = strips_picture(at(sample, 1e9), WIDTH, 500.0)
    assert "drawn" in gutter(shown)
    assert "target" not in gutter(shown)
    row = next(p.rect for p in shown.placed if p.strip.name == "probs")
    labels = [s for layer in shown.layers for s in layer.shapes if isinstance(s, Label)]
    lowest = [
        s for s in labels if s.rect.x >= LEFT and row.bottom - 12 < s.rect.center[1] < row.bottom
    ]
    told = [s.text for s in sorted(lowest, key=lambda s: s.rect.x)]
    drawn = sample["sampled"][:, 0]
    names = [class_word(at(sample, 1e9), int(k)) for k in drawn if k >= 0]
    assert told == names


def test_while_the_prompt_is_read_the_graph_shows_the_likeliest() -> None:
    sample = Run.create(RunConfig(task="text")).sample("the", 8)
    best, _ = answers(at(sample, 1e9), range(sample.columns))
    assert best[0] == sample["probs"][0, 0].argmax()
    assert best[-1] == sample["sampled"][-1, 0]
