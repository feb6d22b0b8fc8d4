"""Undo in the menu: the edits in sight first, then what changed the run."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest

from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from rnnviz.session import Run, RunConfig
from tests.app.lab.stage import shown

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key


def test_ctrl_z_takes_back_the_edit_in_sight_before_what_changed_the_run(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    desk, window = shell.desk, shell.window
    assert desk is not None
    undo, redo = (window.actions_by_id[name] for name in ("undo", "redo"))
    control = Qt.KeyboardModifier.ControlModifier
    shifted = control | Qt.KeyboardModifier.ShiftModifier
    before = desk.learning_rate
    desk.change("learning_rate", 0.2)
    until(lambda: desk.learning_rate == 0.2)
    assert "learning rate" in undo.text()
    for value in (300, 350):
        controls.form.slider.setValue(value)
        controls.history.settle()
    until(lambda: shown(shell) is controls.shown)
    assert "what-if edit" in undo.text()
    made = controls.history.edits
    for _ in range(2):
        QTest.keyClick(window, Key.Key_Z, control)
    assert not controls.history.edits
    assert desk.learning_rate == 0.2
    until(lambda: shown(shell) is controls.base and controls.shown is None)
    assert "what-if edit" in redo.text()
    for _ in range(2):
        QTest.keyClick(window, Key.Key_Z, shifted)
    assert controls.history.edits == made
    until(lambda: shown(shell) is controls.shown)
    QTest.keyClick(window, Key.Key_Escape)
    until(lambda: not controls.history.edits)
    QTest.keyClick(window, Key.Key_Z, control)
    until(lambda: desk.learning_rate == before)
    assert "learning rate" in redo.text()


def test_ctrl_z_takes_back_a_drag_whose_passes_came_one_by_one(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    controls.form.slider.setValue(300)
    until(lambda: controls.shown is not None and shown(shell) is controls.shown)
    first = controls.shown
    controls.form.slider.setValue(350)
    until(lambda: controls.shown is not first and shown(shell) is controls.shown)
    assert "what-if edit" in shell.window.actions_by_id["undo"].text()
    controls.history.settle()
    QTest.keyClick(shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not controls.history.edits


def test_on_a_recorded_pass_ctrl_z_takes_back_an_edit_too(bare_shell: Shell, until: Until) -> None:
    bare_shell.show_trace(Run.create(RunConfig(task="hello")).trace())
    base = shown(bare_shell)
    bare_shell.window.show_lab()
    card = bare_shell.window.lab.card
    card.choose("what-if")
    until(lambda: card.result is not None)
    controls = card.controls
    assert isinstance(controls, WhatIfControls)
    controls.form.slider.setValue(300)
    until(lambda: controls.shown is not None and shown(bare_shell) is controls.shown)
    QTest.keyClick(bare_shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not controls.history.edits
    until(lambda: shown(bare_shell) is base)


def test_an_edit_taken_back_while_another_figure_is_shown_leaves_the_stage_as_well(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    card, control = shell.window.lab.card, Qt.KeyboardModifier.ControlModifier
    for value in (300, 350):
        controls.form.slider.setValue(value)
        controls.history.settle()
        until(lambda: shown(shell) is controls.shown)
    both = shown(shell)
    card.choose("flow")
    until(lambda: card.result is not None)
    QTest.keyClick(shell.window, Key.Key_Z, control)
    assert len(controls.history.edits) == 1
    until(lambda: shown(shell) is not both)
    assert shown(shell) is controls.shown
    assert card.controls is controls, "what is taken back is seen"


def test_another_learning_rate_leaves_the_edits_in_sight(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    controls.form.slider.setValue(300)
    controls.history.settle()
    until(lambda: shown(shell) is controls.shown)
    desk.change("learning_rate", 0.2)
    until(lambda: desk.run.learning_rate == 0.2)
    for _ in range(20):
        QCoreApplication.processEvents()
    assert controls.history.edits
    assert shown(shell) is controls.shown
