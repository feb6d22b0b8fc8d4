"""The inside of a cell: every word readable, every figure true."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cell_data import cell_data
from rnnviz.scene.cell_picture import cell_picture, has_inside
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Equation, Label, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import DARK
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.label_boxes import crossed, faults, words_of
from tests.scene.test_levels import trace_of
from tests.scene.traces import make_trace


def state_of(trace: Trace) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118, 600)
    return ViewState(trace, timeline, cursor_at(timeline, len(timeline)), axis, DARK)


def words(picture: Picture) -> list[str]:
    return [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


@pytest.mark.parametrize("size", [(620.0, 380.0), (760.0, 430.0), (990.0, 560.0), (2600.0, 1400.0)])
@pytest.mark.parametrize("hidden", [1, 3, 8, 64])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_no_wire_runs_through_a_word_and_no_word_over_another(
    cell: Any, hidden: int, size: tuple[float, float]
) -> None:
    trace = make_trace("hello", cell=cell, hidden=hidden, layers=2)
    for node in ("h_l0@0", "h_l1@3"):
        shown = cell_picture(state_of(trace), *size, node)
        assert faults(shown) == []
        assert crossed(shown) == []


def test_the_gradient_lengths_of_the_vanilla_cell_are_those_of_the_pass() -> None:
    trace = make_trace("hello", hidden=4, iterations=5)
    shown = words(cell_picture(state_of(trace), 990.0, 560.0, "h_l0@2"))
    dh, da = trace["dL_dh_l0"][2, 0], trace["dL_da_l0"][2, 0]
    assert f"‖∂L/∂h‖ = {short(float(np.linalg.norm(dh)))}" in shown
    assert f"‖∂L/∂a‖ = {short(float(np.linalg.norm(da)))}" in shown
    carried = trace["dL_dh_l0"][1, 0] - trace["dL_dh_direct_l0"][1, 0]
    assert f"back to the step before: {short(float(np.linalg.norm(carried)))}" in shown


def test_the_first_cell_starts_from_the_initial_state_and_a_reverse_one_from_the_right() -> None:
    trace = make_trace("hello", bidirectional=True)
    first = cell_data(trace, "h_l0@0", 0)
    reverse = cell_data(trace, "h_l0_reverse@1", 0)
    assert first is not None
    assert reverse is not None
    assert (first.vectors["h_before"] == trace["h0_l0"][0]).all()
    assert (reverse.vectors["h_before"] == trace["h_l0_reverse"][2, 0]).all()


def test_only_states_have_an_inside() -> None:
    state = state_of(make_trace("hello"))
    assert has_inside(state, "h_l0@2")
    assert not any(has_inside(state, node) for node in ("x@2", "loss@1", "W", "h_l7@1", "h_l0@99"))


def test_the_summary_says_where_we_are() -> None:
    trace = make_trace("hello", layers=2, cell="lstm")
    picture = cell_picture(state_of(trace), 990.0, 560.0, "h_l1@2")
    assert "layer 2 › step 3 › LSTM cell" in picture.summary


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, ("to the output", "to the output")),
        ({"layers": 2}, ("to layer 2", "to layer 2")),
        ({"kind": "many-to-one", "head": "last"}, ("", "to the output")),
        ({"kind": "many-to-one", "head": "mean"}, ("to the mean",) * 2),
    ],
    ids=str,
)
def test_a_state_goes_up_only_where_something_reads_it(
    cell: str, options: dict[str, Any], told: tuple[str, str]
) -> None:
    trace = trace_of(cell=cell, **options)
    for column, wanted in zip((0, trace.columns - 1), told, strict=True):
        shown = cell_picture(state_of(trace), 1100.0, 620.0, f"h_l0@{column}")
        found = [text for text in words(shown) if text.startswith("to ") and "next" not in text]
        assert found == ([wanted] if wanted else [])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_lowest_cell_says_which_word_it_reads(cell: Any) -> None:
    trace = make_trace("hello", cell=cell, layers=2)
    for layer, told in ((0, ["“e”"]), (1, [])):
        shown = cell_picture(state_of(trace), 1100.0, 620.0, f"h_l{layer}@1")
        assert [text for text in words(shown) if text.startswith("“")] == told
    long = replace(trace, labels=replace(trace.labels, inputs=(("antidisestablishment",) * 4,)))
    shown = cell_picture(state_of(long), 700.0, 300.0, "h_l0@1")
    assert faults(shown, words_of(long)) == []
    assert any(text.endswith("…") for text in words(shown))


@pytest.mark.parametrize("options", [{}, {"bidirectional": True, "layers": 2}])
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_formulas_under_a_cell_are_of_one_size_and_keep_off_the_numbers_beside_them(
    cell: Any, options: dict[str, Any]
) -> None:
    trace = trace_of(cell=cell, **options)
    picture = cell_picture(state_of(trace), 1264.0, 610.0, "h_l0@2")
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    under = [s for s in shapes if isinstance(s, Equation) and s.rect.y > 0.85 * 610.0]
    assert len(under) == (3 if cell == "gru" else 2)
    assert len({round(formula.size, 3) for formula in under}) == 1
    beside = min(s.rect.x for s in shapes if isinstance(s, Label) and s.rect.y > 0.87 * 610.0)
    assert max(formula.rect.right for formula in under) < beside - 8.0
    for upper, lower in pairwise(sorted(formula.rect.center[1] for formula in under)):
        assert lower - upper > 0.9 * under[0].size
