"""Who listens instead of looking is told what stands there now: equations, numbers, words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.equations import equations_of
from rnnviz.scene.equations_spoken import spoken
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_node import parse_node
from rnnviz.scene.numbers import vector
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of
from tests.scene.test_nodes_have_equations import MODELS, nodes_of
from tests.scene.traces import make_trace

SIZE = (1200.0, 560.0)


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_every_formula_can_be_said_without_a_word_of_latex(options: dict[str, Any]) -> None:
    trace = pass_of(**options)
    for text in nodes_of(trace):
        node = parse_node(trace, text)
        assert node is not None
        equations = equations_of(trace, node)
        for said in (spoken(equations.forward), spoken(equations.backward)):
            assert said or not equations.forward
            assert not set(said) & set("\\{}¦"), said


def test_formulas_are_said_as_one_would_type_them() -> None:
    trace = pass_of(cell="rnn")
    node = parse_node(trace, "h_l0@2")
    assert node is not None
    equations = equations_of(trace, node)
    assert spoken(equations.forward) == "h_3 = tanh(W_hh h_2 + W_xh x_3 + b_h)"
    assert spoken(equations.backward).startswith("∂L/∂h_3 = W_hyᵀ ∂L/∂y_3 + W_hhᵀ (")


def test_the_inspector_tells_both_equations_and_no_lone_signs() -> None:
    trace = pass_of(cell="rnn")
    state = replace(state_of(trace, 2, phase="backward"), selected="h_l0@2")
    told = inspector_picture(state, 420.0, 900.0).summary
    assert "h_3 = tanh(W_hh h_2 + W_xh x_3 + b_h)" in told
    assert "backward. ∂L/∂h_3 = W_hyᵀ" in told
    assert "tanh( " not in told
    assert ". +. " not in told


def test_the_graph_tells_what_the_step_at_the_cursor_reads_keeps_and_says() -> None:
    trace = make_trace("hello")
    at_end = graph_picture(state_of(trace, 2, phase="backward"), *SIZE).summary
    assert "At step 3: x₃, reads “l”" in at_end
    assert vector(trace["h_l0"][2, 0].tolist()) in at_end
    assert "should say “l”" in at_end
    assert "‖∂L/∂h‖" in at_end
    state = state_of(trace, 2)
    at = state.timeline.index_of("forward", 2, "state") + 1
    earlier = replace(state, cursor=cursor_at(state.timeline, at))
    before = graph_picture(earlier, *SIZE).summary
    assert vector(trace["h_l0"][2, 0].tolist()) in before
    assert "says" not in before, "the output has not been computed yet"
    assert "‖∂L/∂h‖" not in before


def test_while_passes_stream_by_nobody_is_told_numbers() -> None:
    state = replace(state_of(make_trace("hello"), 2, phase="backward"), live=True)
    assert "At step" not in graph_picture(state, *SIZE).summary
    assert "tanh" not in inspector_picture(state, 420.0, 900.0).summary


def test_a_cell_tells_what_it_reads_and_once_it_is_done_what_it_makes() -> None:
    trace = pass_of(cell="lstm")
    done = cell_picture(state_of(trace, 2, phase="backward"), *SIZE, "h_l0@2").summary
    for name, key in (("h_2", "h_l0"), ("c_2", "c_l0")):
        assert f"{name} = {vector(trace[key][1, 0].tolist())}" in done
    for letter in "ifgoch":
        assert f"{letter}_3 = {vector(trace[f'{letter}_l0'][2, 0].tolist())}" in done
    assert "Computes" not in cell_picture(state_of(trace, 1), *SIZE, "h_l0@2").summary


@pytest.mark.parametrize(
    ("options", "words"),
    [({"cell": "lstm"}, "an LSTM"), ({"cell": "lstm", "bidirectional": True}, "a bidirectional"),
     ({"cell": "gru"}, "a GRU"), ({"cell": "rnn"}, "a vanilla RNN")],
)  # fmt: skip
def test_the_article_fits_the_name(options: dict[str, Any], words: str) -> None:
    assert f"graph of {words}" in graph_picture(state_of(pass_of(**options), 1), *SIZE).summary
