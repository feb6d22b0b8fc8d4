"""What if while the network on the table changes: nothing of the old one is brought back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from rnnviz.analysis import Edit
from rnnviz.app.lab.edit_targets import Target, fits
from rnnviz.app.lab.figure_card import FigureCard
from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import Trace
from tests.scene.test_every_model import state_of
from tests.scene.traces import make_trace

Until = Callable[[Callable[[], bool]], None]


@pytest.fixture
def put(shell: Shell, until: Until) -> Callable[[Run], None]:
    """Puts a run on the table and waits until the laboratory has heard of it."""

    def put_run(run: Run) -> None:
        assert shell.desk is not None
        shell.desk._put_run(run)
        until(lambda: shell.model.state is not None and shell.model.state.trace.spec == run.spec)

    return put_run


@pytest.fixture
def large() -> Run:
    return Run.create(RunConfig(task="text", seed=1, model=ModelOptions(hidden_size=60)))


@pytest.fixture
def small() -> Run:
    return Run.create(RunConfig(task="hello", seed=1))


@pytest.fixture
def edited(
    card: FigureCard, put: Callable[[Run], None], large: Run, until: Until
) -> WhatIfControls:
    """Unit 48 edited twice at step 5 of a network of 60 units, the second edit undone."""
    put(large)
    card.choose("what-if")
    until(lambda: card.result is not None and card.result.after.spec == large.spec)
    controls = card.controls
    assert isinstance(controls, WhatIfControls)
    controls.form.step.setValue(5)
    controls.form.unit.setValue(48)
    controls.form.value.setValue(0.9)
    controls.history.settle()
    controls.form.value.setValue(0.5)
    controls.undo.click()
    until(lambda: bool(card.result and card.result.edits))
    assert controls.history.edits[0].index == (47,)
    assert controls.undo.isEnabled()
    assert controls.redo.isEnabled()
    return controls


def moved_to(controls: WhatIfControls, run: Run) -> bool:
    return controls.base is not None and controls.base.spec == run.spec


def test_a_smaller_network_takes_the_fields_back_into_its_ranges(
    edited: WhatIfControls, put: Callable[[Run], None], small: Run, until: Until
) -> None:
    put(small)
    until(lambda: moved_to(edited, small))
    edit = edited.form.edit()
    assert edit is not None
    assert edit.index == (2,)
    assert edit.step == 3
    base = edited.base
    assert base is not None
    assert edited.form.now.text() == f"now {base['h_l0'][3, 0, 2]:.4g}"


def test_edits_of_the_network_before_cannot_be_brought_back_and_the_form_says_so(
    edited: WhatIfControls, put: Callable[[Run], None], small: Run, until: Until
) -> None:
    put(small)
    until(lambda: moved_to(edited, small))
    assert edited.history.edits == ()
    for button in (edited.undo, edited.redo, edited.keep, edited.remove, edited.back):
        assert not button.isEnabled()
    assert "edits of the one before are gone" in edited.note.text()
    edited.form.value.setValue(0.25)
    assert not edited.note.isVisible()
    edited.undo.click()
    assert edited.history.edits == ()


def test_kept_edits_that_fit_no_longer_are_named_and_wait_for_their_network(
    shell: Shell,
    edited: WhatIfControls,
    card: FigureCard,
    put: Callable[[Run], None],
    small: Run,
    large: Run,
    until: Until,
) -> None:
    edited.keep_as("unit 48")
    kept = edited.history.kept["unit 48"]
    put(small)
    until(lambda: moved_to(edited, small))
    assert "not for this network: unit 48" in edited.note.text()
    edited.kept.recalled.emit("unit 48")
    assert edited.history.edits == ()
    assert "kept on another network" in edited.note.text()
    assert not shell.held
    put(large)
    until(lambda: moved_to(edited, large) and card.result.after.spec == large.spec)
    assert not edited.note.isVisible()
    edited.kept.recalled.emit("unit 48")
    assert edited.history.edits == kept
    until(lambda: bool(card.result.edits))


def test_a_change_of_the_network_that_is_undone_and_made_again_breaks_nothing(
    shell: Shell, edited: WhatIfControls, card: FigureCard, small: Run, large: Run, until: Until
) -> None:
    assert shell.desk is not None
    for run in (small, large, small, large):
        shell.desk._put_run(run)
        until(lambda run=run: moved_to(edited, run) and card.result.after.spec == run.spec)  # type: ignore[misc]  # bound in this turn
        assert edited.history.edits == ()
        assert not edited.undo.isEnabled()
        edited.form.unit.setValue(edited.form.unit.maximum())
        edited.form.value.setValue(0.5)
        until(lambda: bool(card.result.edits))


@pytest.mark.parametrize(
    "edit",
    [
        Edit(name="h_l1"),
        Edit(name="h_l0", step=4),
        Edit(name="h_l0", index=(3,)),
        Edit(name="h_l0", index=(0, 0)),
        Edit(name="h_l0", row=2),
        Edit(name="tokens", value=9.0),
    ],
)
def test_an_edit_of_a_number_that_is_not_there_does_not_fit(edit: Edit) -> None:
    offered = (
        Target("h_l0", "hidden state", (3,), 4, -1.0, 1.0),
        Target("tokens", "input token", (), 4, 0.0, 3.0),
        Target("W_hh_l0", "weight", (3, 3), 0, -3.0, 3.0),
    )
    there = Edit(name="h_l0", step=3, index=(2,), row=1)
    weight = Edit(name="W_hh_l0", index=(2, 2))
    assert fits((there, weight, Edit(name="tokens", value=3.0)), offered, 2)
    assert not fits((there, edit), offered, 2)


def test_edits_of_a_longer_pass_wait_until_one_has_their_steps_and_the_form_says_so(
    qapp: object,
) -> None:
    controls = WhatIfControls()
    long, short = make_trace("hello hello"), make_trace("hello ")
    assert long.spec == short.spec

    def show(trace: Trace) -> None:
        controls.follow(trace, replace(state_of(trace, ""), row=0), can_apply=False)

    show(long)
    for step in (2, 9):
        controls.form.step.setValue(step)
        controls.form.value.setValue(0.5)
    both = controls.history.edits
    controls.keep_as("two")
    show(short)
    assert controls.history.edits == ()
    assert "Undo and Redo pass them by" in controls.note.text()
    assert "not for this pass: two" in controls.note.text()
    controls.undo.click()
    assert [each.step for each in controls.history.edits] == [1]
    controls.redo.click()
    assert controls.history.edits == ()
    assert not controls.redo.isEnabled()
    show(long)
    assert controls.note.text() == ""
    while controls.history.edits != both:
        assert controls.undo.isEnabled()
        controls.undo.click()


def test_the_form_counts_layers_from_one_and_tells_the_name_in_a_trace(qapp: object) -> None:
    controls = WhatIfControls()
    trace = make_trace(layers=2, bidirectional=True)
    controls.follow(trace, replace(state_of(trace, ""), row=0), can_apply=False)
    form = controls.form
    texts = {form.name.itemData(k): form.name.itemText(k) for k in range(form.name.count())}
    assert texts["h_l0"] == "h: hidden state, layer 1, left to right"
    assert texts["W_hh_l1_reverse"] == "W_hh: weight, layer 2, right to left"
    assert texts["logits"] == "y: output y"
    assert [each.name for each in form.targets] == list(texts)
    tip = form.name.itemData(0, Qt.ItemDataRole.ToolTipRole)
    assert tip == "in a trace and in --edit: tokens"
