"""Padding and outputs that nobody asks for are not drawn as if they took part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.colors import VEIL
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.layout import GraphLayout, layout_of
from rnnviz.scene.graph.places import node_id
from rnnviz.scene.graph.silence import NOTHING, silence_of
from rnnviz.scene.shapes import Box, Cells, Label, Picture, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.theme import LIGHT
from rnnviz.session import Run, RunConfig
from rnnviz.trace import Trace
from tests.scene.shaped import shaped_trace
from tests.scene.test_graph_labels import spec, state_of
from tests.scene.test_totals import at_end
from tests.scene.traces import make_trace

WIDTH, HEIGHT = 1400.0, 430.0


def trained(task: str) -> Trace:
    return Run.create(RunConfig(task=task)).train(2).traced_step()


def drawn(trace: Trace, row: int = 0) -> tuple[ViewState, GraphLayout, Picture]:
    state = state_of(trace, WIDTH, row=row)
    layout = layout_of(trace, state.axis, WIDTH, HEIGHT, row)
    return state, layout, graph_picture(state, WIDTH, HEIGHT)


def inside(picture: Picture, layout: GraphLayout, kind: str, column: int) -> list[Any]:
    """What of substance is drawn in the box of a step: values, words, solid outlines."""
    rows = layout.of_kind(kind)  # type: ignore[arg-type]  # one of the kinds of rows
    found: list[Any] = []
    for row in rows:
        box = layout.box(row, column)
        x, _ = box.center
        for layer in picture.layers:
            for shape in layer.shapes:
                if isinstance(shape, Cells):
                    wide = shape.w * (1 if shape.vertical else shape.values.shape[1])
                    hits = (shape.xs <= x) & (shape.xs + wide >= x)
                    if box.y <= shape.ys[0] <= box.bottom and hits.any():
                        found.append(shape)
                elif isinstance(shape, Box):
                    same = abs(shape.rect.x - box.x) < 0.1 and abs(shape.rect.y - box.y) < 0.1
                    if same and not shape.dashed:
                        found.append(shape)
                elif isinstance(shape, Label) and shape.rect == box:
                    found.append(shape)
    return found


@pytest.mark.parametrize("task", ["sentiment", "digits-rows", "adding", "copy"])
def test_outputs_and_losses_stand_only_where_they_count(task: str) -> None:
    trace = trained(task)
    for row in range(3):
        _, layout, picture = drawn(trace, row)
        counted = trace["loss_mask"][:, row] > 0
        for column in range(trace.columns):
            for kind in ("output", "loss"):
                assert bool(inside(picture, layout, kind, column)) == counted[column]


@pytest.mark.parametrize("task", ["sentiment", "captioning", "translation"])
def test_nothing_happens_after_the_end_of_a_sequence(task: str) -> None:
    trace = trained(task)
    part = trace.parts[0]
    short = int(np.argmin(trace["lengths"]))
    length = int(trace["lengths"][short])
    assert length < part.steps, "this batch has padding"
    _, layout, picture = drawn(trace, short)
    nodes = {hit.node for hit in picture.hits}
    for column in range(part.start, part.stop):
        for kind in ("state", "input"):
            assert bool(inside(picture, layout, kind, column)) == (column < length)
        node = node_id(layout, layout.states[0], column)
        assert (node in nodes) == (column < length)


def test_no_arrow_of_w_feeds_padding_and_no_gradient_comes_from_there() -> None:
    trace = trained("sentiment")
    row = int(np.argmin(trace["lengths"]))
    length = int(trace["lengths"][row])
    _, layout, picture = drawn(trace, row)
    left = layout.axis.left_of(length) + 2.0
    for layer in picture.layers:
        for shape in layer.shapes:
            if isinstance(shape, Wire) and shape.color in (LIGHT.weight, LIGHT.gradient):
                below = [x for x, y in shape.points if y > 30.0]
                assert all(x < left for x in below), shape


def test_a_state_goes_on_past_the_padding_to_the_decoder() -> None:
    trace = trained("translation")
    row = int(np.argmin(trace["lengths"]))
    _, layout, _ = drawn(trace, row)
    forward = next(r for r in layout.states if not r.reverse)
    last = int(trace["lengths"][row]) - 1
    assert layout.after(forward, last) == trace.parts[0].stop
    assert layout.before(forward, trace.parts[0].stop) == last


def test_without_a_mask_an_answer_is_asked_for_at_the_end_only() -> None:
    trace = shaped_trace(spec(kind="many-to-one", head="last"), 6)
    arrays = {name: value for name, value in trace.arrays.items() if not name.startswith("loss")}
    bare = replace(trace, arrays=arrays)
    assert silence_of(bare, 0, range(6)).unasked == frozenset(range(5))
    longer = replace(bare, arrays={**arrays, "lengths": np.array([4])})
    assert silence_of(longer, 0, range(6)).unasked == frozenset({0, 1, 2, 4, 5})


def test_what_is_drawn_and_what_is_fed_back_is_never_silent() -> None:
    for trace in (
        shaped_trace(spec(), 5),
        shaped_trace(spec(), 5, mode="sample"),
        shaped_trace(spec(cell="jordan", kind="many-to-one", head="last"), 5),
    ):
        assert silence_of(trace, 0, range(5)) is NOTHING


def test_a_sequence_without_any_counted_loss_keeps_its_outputs() -> None:
    trace = shaped_trace(spec(), 5)
    arrays = {**trace.arrays, "loss_mask": np.zeros((5, 1))}
    assert silence_of(replace(trace, arrays=arrays), 0, range(5)) is NOTHING


def test_outputs_that_the_graph_does_not_show_are_pale_in_the_strips_and_say_if_asked() -> None:
    trace = make_trace(last_only=True)
    state = at_end(trace, 120.0)
    picture = strips_picture(state, 118.0 + 120.0 * trace.columns + 80.0, 700.0)
    boxes = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Box)]
    veils = [b for b in boxes if b.fill >> 24 == round(VEIL * 0xFF)]
    last = trace.columns - 1
    assert [(b.rect.x, b.rect.right) for b in veils] == [
        (state.axis.left_of(0), state.axis.left_of(last))
    ]
    middle = veils[0].rect.center[1]
    first, asked = (picture.hit(state.axis.center_of(c), middle) for c in (0, last))
    assert first is not None
    assert asked is not None
    assert "if it were asked here" in first.tip
    assert "if it were asked" not in asked.tip
