"""Edits with a past: dragging is one step, undo and redo go through all of them."""

from rnnviz.analysis import Edit
from rnnviz.app.lab.edit_history import EditHistory
from rnnviz.app.lab.edit_words import edit_words


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
    assert history.can_undo
    history.undo()
    assert history.edits == (edit(0.1),)


def test_an_edit_is_told_as_the_screen_counts() -> None:
    assert edit_words(edit(0.65)) == "h_l0 unit 1 = 0.6500 at step 2"
    weight = Edit(name="W_hh_l0", action="scale", value=2.0, index=(0, 2))
    assert edit_words(weight) == "W_hh_l0[1, 3] × 2.000"
    assert edit_words(Edit(name="f_l0", action="ablate", index=(4,))) == "f_l0 unit 5 ablated"
