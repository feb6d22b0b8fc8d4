"""Under the pointer every number of a drawn vector or matrix can be read, of however many."""

from __future__ import annotations

from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.grip import number_at
from rnnviz.scene.number_told import number_told
from rnnviz.scene.numbers import short
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of


def test_each_unit_of_a_vector_in_a_cell_is_told_with_its_value_and_step() -> None:
    trace = pass_of(cell="lstm", hidden_size=9)
    state = state_of(trace, 2, phase="backward")
    picture = cell_picture(state, 1100.0, 520.0, "h_l0@2")
    place = next(hit.rect for hit in reversed(picture.hits) if hit.node == "f_l0@2")
    told = []
    for unit in range(9):
        x, y = place.center[0], place.y + (unit + 0.5) * place.h / 9
        told.append(number_told(state, number_at(state, picture, x, y)))
    values = trace["f_l0"][2, 0]
    assert told == [f"f[{n + 1}] = {short(float(v), 3)} at step 3" for n, v in enumerate(values)]


def test_boxes_of_the_graph_tell_the_number_under_the_pointer_too() -> None:
    trace = pass_of(cell="rnn")
    state = state_of(trace, 2, phase="backward")
    picture = graph_picture(state, 1200.0, 560.0)
    place = next(hit.rect for hit in picture.hits if hit.node == "h_l0@1")
    told = number_told(state, number_at(state, picture, place.x + 0.15 * place.w, place.center[1]))
    assert told == f"h[1] = {short(float(trace['h_l0'][1, 0, 0]), 3)} at step 2"


def test_outputs_and_entries_of_matrices_say_what_they_are() -> None:
    trace = pass_of(cell="rnn")
    state = state_of(trace, 2)
    logit, weight = float(trace["logits"][1, 0, 2]), float(trace["W_hh_l0"][1, 0])
    assert number_told(state, "logits@1[2]") == (
        f"y[3] = {short(logit, 3)} at step 2, before the softmax"
    )
    assert number_told(state, "W_hh_l0@1[1,0]") == f"W_hh[2, 1] = {short(weight, 3)}"


def test_what_names_no_number_is_not_told() -> None:
    state = state_of(pass_of(cell="rnn"), 2)
    for name in (
        "",
        "h_l0@1",
        "h0_l0",
        "W",
        "h_l0@1[99]",
        "h_l0@99[0]",
        "W_hf_l0@1",
        "nothing@1[0]",
    ):
        assert number_told(state, name) == ""
