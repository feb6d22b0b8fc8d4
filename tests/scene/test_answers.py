"""A box too narrow for a distribution shows the likeliest token; letters grow with the picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.answers import answers
from rnnviz.scene.graph.gradients import down, widest_in
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.shapes import Box, Cells, Label, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Labels, ModelSpec, Trace
from tests.scene.shaped import shaped_trace

CLASSES = (*"abcdefghijklmnopqrstuvwxyz", " ", "\n")


def pass_of(steps: int = 25, **options: Any) -> Trace:
    count = len(CLASSES)
    spec = ModelSpec(input_size=count, hidden_size=32, output_size=count)
    trace = shaped_trace(spec, steps)
    probs = np.full((steps, 1, count), 0.01)
    probs[np.arange(steps), 0, np.arange(steps) % count] = 0.7
    arrays = {**trace.arrays, "probs": probs, **options}
    labels = Labels(trace.labels.inputs, trace.labels.targets, (), CLASSES, CLASSES)
    return replace(trace, arrays=arrays, labels=labels)


def state_of(trace: Trace, width: float, **more: Any) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118.0, width - 194.0)
    return ViewState(trace, timeline, cursor_at(timeline, len(timeline)), axis, LIGHT, **more)


def labels_in(
    picture: Picture, state: ViewState, kind: str, size: tuple[float, float]
) -> list[str]:
    layout = layout_of(state.trace, state.axis, *size)
    row = layout.of_kind(kind)[0]  # type: ignore[arg-type]  # the kinds of rows
    shapes = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    return [s.text for s in shapes if row.top <= s.rect.center[1] <= row.bottom and s.rect.x > 110]


def test_every_narrow_output_says_its_likeliest_token() -> None:
    size = (710.0, 260.0)
    state = state_of(pass_of(), size[0])
    assert labels_in(graph_picture(state, *size), state, "output", size) == list(CLASSES[:25])


def test_the_answer_to_a_whole_sequence_stands_whole_beside_its_narrow_box() -> None:
    """An "n…" alone in an empty row could be negative, neutral or nothing."""
    spec = ModelSpec(input_size=9, hidden_size=32, output_size=9, kind="many-to-one", head="last")
    trace, size = shaped_trace(spec, 20), (710.0, 260.0)
    probs = np.full((20, 1, 9), 0.01)
    probs[:, 0, 1] = 0.9
    classes = ("positive", "negative", *"abcdefg")
    labels = Labels(trace.labels.inputs, trace.labels.targets, (), classes, classes)
    arrays = {**trace.arrays, "probs": probs}
    state = state_of(replace(trace, arrays=arrays, labels=labels), size[0])
    picture = graph_picture(state, *size)
    assert "negative" in labels_in(picture, state, "output", size)
    row = layout_of(state.trace, state.axis, *size).of_kind("output")[0]
    (word,) = [
        s for layer in picture.layers for s in layer.shapes
        if isinstance(s, Label) and s.text == "negative" and s.rect.y == row.top
    ]  # fmt: skip
    box = layout_of(state.trace, state.axis, *size).box(row, 19)
    assert word.rect.right < box.x
    assert word.color == LIGHT.ink


def test_a_sampled_pass_says_what_was_drawn() -> None:
    drawn = np.full((6, 1), 3)
    best, probs = answers(state_of(pass_of(6, sampled=drawn), 710.0), range(6))
    assert best.tolist() == [3] * 6
    assert probs.tolist() == pytest.approx([0.01, 0.01, 0.01, 0.7, 0.01, 0.01])


def test_no_token_is_lost_in_a_narrow_box() -> None:
    size = (710.0, 260.0)
    trace = pass_of()
    words = tuple("m w␣mW"[i % 6] for i in range(25))
    trace = replace(trace, labels=replace(trace.labels, inputs=(words,)))
    state = state_of(trace, size[0])
    shown = labels_in(graph_picture(state, *size), state, "input", size)
    assert len(shown) == 25


@pytest.mark.parametrize("width", [620.0, 710.0, 990.0, 1280.0, 1800.0])
def test_a_gradients_arrow_stays_beside_the_wire_and_in_its_column(width: float) -> None:
    state = state_of(pass_of(), width)
    layout = layout_of(state.trace, state.axis, width, 430.0)
    row = layout.states[0]
    (x, _), _ = down(layout, row, layout.of_kind("output")[0], 4)
    half = 2.2 + widest_in(row)  # of the arrow's head
    assert x - half >= layout.axis.left_of(4)
    assert x + widest_in(row) / 2 < layout.axis.center_of(4) - 0.5


def test_letters_and_figures_grow_with_the_picture_up_to_a_bound() -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4)
    sizes = []
    for width, height in ((990.0, 390.0), (1256.0, 612.0), (1600.0, 1000.0), (2600.0, 1400.0)):
        state = state_of(shaped_trace(spec, 4), width)
        picture = graph_picture(state, width, height)
        shapes = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
        sizes.append(next(s.size for s in shapes if s.text == "h₂"))
    assert sizes == pytest.approx([12.0, 12.0 * 1.53, 12.0 * 2.4, 12.0 * 2.4])


@pytest.mark.parametrize("size", [(710.0, 260.0), (1600.0, 900.0), (2600.0, 1300.0)], ids=str)
def test_the_colour_of_an_answer_leaves_the_round_corners_of_its_box_alone(
    size: tuple[float, float],
) -> None:
    state = state_of(pass_of(12), size[0])
    picture = graph_picture(state, *size)
    row = layout_of(state.trace, state.axis, *size).of_kind("output")[0]
    shapes = [s for layer in picture.layers for s in layer.shapes]
    box = next(s for s in shapes if isinstance(s, Box) and s.rect.y == row.top and s.radius)
    cells = next(s for s in shapes if isinstance(s, Cells) and row.top < s.ys[0] < row.bottom)
    into = (float(cells.xs[0]) - box.rect.x, float(cells.ys[0]) - box.rect.y)
    beside = np.maximum(box.radius - np.array(into), 0.0)
    # Something of it is lost where colours are laid on whole pixels.
    assert np.hypot(*(beside + 0.35)) < box.radius - box.width / 2 + 0.05


@pytest.mark.parametrize("width", [1256.0, 1660.0], ids=["narrow", "wide"])
def test_a_wide_output_over_many_classes_says_its_likeliest_token_over_them(width: float) -> None:
    """The word of the small picture must not be lost where the picture fills the window."""
    size = (width, 612.0)
    trace = pass_of(6)
    named = tuple(f"{letter}-word" for letter in CLASSES)
    state = state_of(replace(trace, labels=replace(trace.labels, classes=named)), width)
    picture = graph_picture(state, *size)
    row = layout_of(state.trace, state.axis, *size).of_kind("output")[0]
    words = [
        s
        for layer in picture.layers
        for s in layer.shapes
        if isinstance(s, Label) and s.text in named and row.top < s.rect.center[1] < row.bottom
    ]
    assert [word.text for word in words] == list(named[:6])
    drawn = [
        float(s.ys[0])
        for layer in picture.layers
        for s in layer.shapes
        if isinstance(s, Cells) and len(s.ys) and row.top < float(s.ys[0]) < row.bottom
    ]
    assert drawn
    assert all(word.rect.bottom <= min(drawn) + 2.0 for word in words)


def test_where_a_wide_output_leaves_no_room_beside_it_the_target_stands_over_it() -> None:
    size = (1256.0, 612.0)
    state = state_of(pass_of(6), size[0])
    layout = layout_of(state.trace, state.axis, *size)
    loss, output = layout.of_kind("loss")[0], layout.of_kind("output")[0]
    shapes = [s for layer in graph_picture(state, *size).layers for s in layer.shapes]
    names = [s for s in shapes if isinstance(s, Label) and s.text == "target"]
    assert len(names) == 6
    for column, name in enumerate(names):
        assert name.rect.x > layout.axis.center_of(column)
        assert name.rect.right <= layout.axis.left_of(column + 1)
        assert loss.bottom <= name.rect.y
        assert name.rect.bottom <= output.top


def test_the_word_wanted_is_as_large_as_the_word_said_where_both_are_in_narrow_boxes() -> None:
    size = (1256.0, 612.0)
    state = state_of(pass_of(24), size[0])
    layout = layout_of(state.trace, state.axis, *size)
    rows = layout.of_kind("loss")[0], layout.of_kind("output")[0]
    shapes = [s for layer in graph_picture(state, *size).layers for s in layer.shapes]
    sizes = [
        {
            s.size
            for s in shapes
            if isinstance(s, Label) and r.top <= s.rect.center[1] <= r.bottom and s.rect.x > 110
        }
        for r in rows
    ]
    assert max(sizes[0]) > 12.0
    assert max(sizes[0]) == pytest.approx(max(sizes[1]), rel=0.15)


def test_the_answer_over_two_cells_stands_whole_beside_a_box_that_would_cut_it() -> None:
    spec = ModelSpec(input_size=9, hidden_size=32, output_size=2, kind="many-to-one", head="last")
    trace, size = shaped_trace(spec, 20), (1256.0, 612.0)
    classes = ("positive", "negative")
    labels = Labels(trace.labels.inputs, trace.labels.targets, (), classes, classes)
    probs = np.full((20, 1, 2), 0.1)
    probs[:, 0, 1] = 0.9
    state = state_of(
        replace(trace, arrays={**trace.arrays, "probs": probs}, labels=labels), size[0]
    )
    picture = graph_picture(state, *size)
    words = [
        s
        for layer in picture.layers
        for s in layer.shapes
        if isinstance(s, Label) and s.text == "negative"
    ]
    box = layout_of(state.trace, state.axis, *size)
    place = box.box(box.of_kind("output")[0], 19)
    assert any(w.rect.right < place.x and w.rect.center[1] == place.center[1] for w in words)
    assert "negat…" not in labels_in(picture, state, "output", size)
