"""Of a number that a what-if has put there nothing says that a sum or a function gives it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.analysis import Edit, what_if
from rnnviz.scene.captions import pass_words
from rnnviz.scene.cell_data import cell_data
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.product_forward import PUT as PUT_IN
from rnnviz.scene.product_forward import REST, forward_product
from rnnviz.scene.product_picture import product_picture
from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.trace import Trace
from tests.scene.test_as_written import texts
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of

PUT = "by hand: +0.750"


def edited(cell: str, name: str, *edits: Edit) -> Trace:
    edit = Edit(name=name, value=0.75, step=2, index=(0,), row=0)
    return what_if(pass_of(cell=cell), (edit, *edits)).after


def inspected(state: ViewState, node: str) -> Picture:
    return inspector_picture(replace(state, selected=node), 420.0, 100.0)


@pytest.mark.parametrize(
    ("cell", "name"),
    [("rnn", "h"), ("lstm", "h"), ("lstm", "c"), ("lstm", "f"), ("gru", "h"), ("gru", "z")],
)
def test_an_edited_unit_is_called_so_and_the_others_are_summed(cell: str, name: str) -> None:
    state = state_of(edited(cell, f"{name}_l0"), 2, phase="backward")
    told = texts(inspected(state, f"{name}_l0@2"))
    assert PUT in told
    assert sum("by hand" in line for line in told) == 1
    assert not any("by hand" in line for line in texts(inspected(state, f"{name}_l0@1")))
    other = replace(state, row=1)
    assert not any("by hand" in line for line in texts(inspected(other, f"{name}_l0@2")))


@pytest.mark.parametrize(
    ("cell", "name"), [("rnn", "h"), ("lstm", "h"), ("lstm", "c"), ("gru", "h")]
)
def test_so_it_is_under_the_cell(cell: str, name: str) -> None:
    state = state_of(edited(cell, f"{name}_l0"), 2, phase="backward")
    told = [" ".join(line.split()) for line in texts(cell_picture(state, 1100.0, 620.0, "h_l0@2"))]
    assert f"[1] {PUT}" in told
    assert sum("by hand" in line for line in told) == 1


@pytest.mark.parametrize(("cell", "name", "matrix"), [("rnn", "h", "hh"), ("lstm", "f", "xf")])
def test_so_it_is_at_the_end_of_a_product_s_sum(cell: str, name: str, matrix: str) -> None:
    state = state_of(edited(cell, f"{name}_l0"), 2, phase="backward")
    for unit, by_hand in ((0, 1), (1, 0)):
        picture = product_picture(state, 1280.0, 720.0, "h_l0@2", matrix, unit, "forward")
        assert texts(picture).count("by hand") == by_hand


@pytest.mark.parametrize("cell", ["rnn", "jordan"])
def test_an_edited_pre_activation_is_no_sum_and_what_follows_from_it_is_written(cell: str) -> None:
    state = state_of(edited(cell, "a_l0"), 2, phase="backward")
    made = "tanh(by hand: +0.750) = +0.635"
    assert made in texts(inspected(state, "h_l0@2"))
    under = [" ".join(line.split()) for line in texts(cell_picture(state, 1100.0, 620.0, "h_l0@2"))]
    assert f"[1] {made}" in under
    assert sum("by hand" in line for line in under) == 1
    other = replace(state, row=1)
    assert not any("by hand" in line for line in texts(inspected(other, "h_l0@2")))


def test_an_edited_sum_under_the_reset_gate_is_called_so() -> None:
    state = state_of(edited("gru", "m_l0"), 2, phase="backward")
    told = texts(inspected(state, "m_l0@2"))
    assert f"[1] {PUT}" in told
    assert sum("by hand" in line for line in told) == 1


@pytest.mark.parametrize(
    ("cell", "name", "matrix"),
    [("rnn", "a_l0", "hh"), ("rnn", "a_l0", "xh"), ("gru", "m_l0", "hn"), ("rnn", "logits", "hy")],
)
def test_what_an_edit_adds_to_a_product_s_sum_is_no_nameless_rest(
    cell: str, name: str, matrix: str
) -> None:
    trace = edited(cell, name)
    for row, word in ((0, [PUT_IN]), (1, [])):
        cell_row = cell_data(trace, "h_l0@2", row)
        assert cell_row is not None
        product = forward_product(trace, cell_row, matrix, row)
        assert product is not None
        rests = [summand.tex for summand in product.summands if summand.tex in (PUT_IN, REST)]
        assert rests == word


def test_an_edit_of_every_step_and_unit_is_one_of_each() -> None:
    trace = what_if(pass_of(cell="rnn"), (Edit(name="h_l0", action="scale", value=0.5),)).after
    data = cell_data(trace, "h_l0@4", 1)
    assert data is not None
    assert data.by_hand(trace, "h") == {0, 1, 2}
    assert not data.by_hand(trace, "a")


def test_an_edited_weight_leaves_every_sum_a_sum() -> None:
    edit: Any = Edit(name="W_hh_l0", value=2.0, index=(0, 0))
    trace = what_if(pass_of(cell="rnn"), (edit,)).after
    state = state_of(trace, 2, phase="backward")
    assert not any("by hand" in line for line in texts(inspected(state, "h_l0@2")))
    assert np.isfinite(trace["loss_total"])


def test_every_picture_of_an_edited_pass_says_that_it_is_edited() -> None:
    untouched = replace(pass_of(cell="rnn"), iteration=12)
    edit: Any = Edit(name="W_hh_l0", value=2.0, index=(0, 0))
    trace = what_if(untouched, (edit,)).after
    assert pass_words(untouched) == "after iteration 12"
    assert pass_words(trace) == "edited, after iteration 12"
    assert pass_words(replace(trace, iteration=0)) == "edited"
    state = state_of(trace, 2, phase="backward")
    assert "edited, after iteration 12" in texts(graph_picture(state, 1280.0, 560.0))
    assert "edited, after iteration 12" in texts(cell_picture(state, 1100.0, 620.0, "h_l0@2"))
    strips = list(texts(strips_picture(state, 1280.0, 560.0)))
    assert "edited," in strips
