"""Edits with a past: dragging is one step, undo and redo go through all of them."""

from dataclasses import replace
from typing import Any

import pytest

from rnnviz.analysis import Edit
from rnnviz.app.lab.edit_history import EditHistory, Edits
from rnnviz.app.lab.edit_words import edit_command, edit_words
from rnnviz.cli.edit_argument import edit_argument
from rnnviz.trace import ModelSpec


def edit(value: float, step: int = 1, unit: int = 0) -> Edit:
    return Edit(name="h_l0", step=step, index=(unit,), row=0, value=value)


def test_a_drag_is_one_step_of_the_past() -> None:
    history = EditHistory()
    for value in (0.1, 0.2, 0.3):
        history.put(edit(value))
    assert history.edits == (edit(0.3),)
    history.undo()
    assert history.edits == ()
    history.redo()
    assert history.edits == (edit(0.3),)


def test_a_second_drag_of_the_same_number_can_be_undone_alone() -> None:
    history = EditHistory()
    history.put(edit(0.1))
    history.settle()
    history.put(edit(0.9))
    assert history.edits == (edit(0.9),)
    history.undo()
    assert history.edits == (edit(0.1),)


def test_another_number_is_another_edit() -> None:
    history = EditHistory()
    history.put(edit(0.1))
    history.put(edit(0.5, unit=2))
    assert len(history.edits) == 2
    history.remove(0)
    assert history.edits == (edit(0.5, unit=2),)
    history.undo()
    assert len(history.edits) == 2


def test_a_name_stays_while_the_number_is_dragged_and_sets_are_kept_by_name() -> None:
    history = EditHistory()
    history.put(edit(0.1))
    history.rename(0, "open the gate")
    history.put(edit(0.4))
    assert history.edits[0].label == "open the gate"
    assert history.edits[0].value == 0.4
    history.keep("mine")
    history.clear()
    assert history.edits == ()
    history.recall("mine")
    assert history.edits[0].label == "open the gate"


def test_what_was_cleared_can_be_undone() -> None:
    history = EditHistory()
    history.put(edit(0.1))
    history.clear()
    assert history.can_undo()
    history.undo()
    assert history.edits == (edit(0.1),)


def test_an_edit_is_told_as_the_screen_counts() -> None:
    one = ModelSpec(input_size=3, hidden_size=5, output_size=3)
    assert edit_words(edit(0.65), one) == "h unit 1 = 0.6500 at step 2"
    weight = Edit(name="W_hh_l0", action="scale", value=2.0, index=(0, 2))
    assert edit_words(weight, one) == "W_hh[1, 3] × 2.000"
    assert edit_words(Edit(name="f_l0", action="ablate", index=(4,)), one) == "f unit 5 ablated"
    two = replace(one, layers=2, bidirectional=True)
    assert edit_words(edit(0.65), two) == "h, layer 1, left to right, unit 1 = 0.6500 at step 2"
    back = replace(weight, name="W_hh_l1_reverse")
    assert edit_words(back, two) == "W_hh, layer 2, right to left [1, 3] × 2.000"


@pytest.mark.parametrize("name", ["h_l0", "h_l1_reverse", "encoder_f_l2", "x", "attention"])
@pytest.mark.parametrize("action", ["set", "add", "scale", "clamp", "ablate"])
def test_the_command_line_reads_the_edit_that_the_window_writes(name: str, action: Any) -> None:
    value = 0.0 if action == "ablate" else -0.125
    made = Edit(name=name, action=action, value=value, high=1.0, step=3, index=(1,))
    assert edit_argument(edit_command(made)) == made
    entry = Edit(name="W_hh_l1", action=action, value=value, high=1.0, index=(2, 0))
    assert edit_argument(edit_command(entry)) == entry


def test_undo_and_redo_pass_by_what_the_pass_does_not_have_and_forget_nothing() -> None:
    history = EditHistory()
    short, long = edit(0.1, step=1), edit(0.2, step=8)
    for each in (short, long):
        history.clear()
        history.put(each)
        history.settle()
    history.clear()

    def in_a_short_pass(edits: Edits) -> bool:
        return all((each.step or 0) < 4 for each in edits)

    assert history.waiting(in_a_short_pass) == ((long,),)
    history.undo(in_a_short_pass)
    assert history.edits == ()
    history.undo(in_a_short_pass)
    assert history.edits == (short,)
    for _ in range(9):
        history.redo(in_a_short_pass)
    assert history.edits == ()
    assert not history.can_redo(in_a_short_pass)
    history.undo()
    assert history.edits == (long,), "in a pass that has the step it is there again"
    only = EditHistory()
    only.put(long)
    only.clear()
    assert not only.can_redo()
