"""Only what is not chosen yet can be chosen: nothing else may take a trained run off the table."""

from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key


def test_to_choose_what_is_chosen_leaves_the_trained_run_on_the_table(
    bare_shell: Shell, until: Until
) -> None:
    shell = bare_shell
    run = Run.create(RunConfig(task="hello", seed=0)).train(3)
    shell.attach(run)
    until(lambda: shell.model.state is not None)
    assert shell.desk is not None
    panel = shell.window.panel
    for button in (panel.cell.button(run.spec.cell), panel.kinds.buttons[run.spec.kind]):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert not shell.desk.building
        button.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(button, Key.Key_Space)
        assert not shell.desk.building
    assert not shell.desk.undo_stack.canUndo()
    assert shell.desk.run is run


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("name", ["task", "direction", "optimizer"])
def test_to_choose_what_a_list_shows_already_builds_nothing(
    shell: Shell, until: Until, name: str
) -> None:
    field: QComboBox = getattr(shell.window.panel, name)
    shell.window.activateWindow()
    assert shell.desk is not None
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    until(lambda: field.view().isVisible())
    QTest.keyClick(field.view(), Key.Key_Return)
    until(lambda: not field.view().isVisible())
    assert not shell.desk.building
    assert not shell.desk.undo_stack.canUndo()


def test_a_cell_that_was_taken_back_can_be_chosen_again(shell: Shell, until: Until) -> None:
    desk = shell.desk
    assert desk is not None
    for _ in range(2):
        button = shell.window.panel.cell.button("gru")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        until(lambda: desk.run.spec.cell == "gru")
        QTest.keyClick(shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        until(lambda: desk.run.spec.cell == "rnn")


def slow_builds(monkeypatch: pytest.MonkeyPatch) -> Event:
    """Runs are made only once the event is set, as those of a large text take their time."""
    gate, create = Event(), Run.create

    def wait(*args: Any, **kinds: Any) -> Run:
        assert gate.wait(20)
        return create(*args, **kinds)

    monkeypatch.setattr(Run, "create", wait)
    return gate


def test_the_newest_kind_wins_while_another_one_is_still_being_built(
    shell: Shell, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, kinds = shell.desk, shell.window.panel.kinds.buttons
    assert desk is not None
    gate, before = slow_builds(monkeypatch), desk.run
    QTest.mouseClick(kinds["many-to-one"], Qt.MouseButton.LeftButton)
    assert desk.building
    QTest.mouseClick(kinds[before.spec.kind], Qt.MouseButton.LeftButton)
    assert not desk.building, "what is on the table was wanted last"
    QTest.mouseClick(kinds["many-to-one"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(kinds["one-to-one"], Qt.MouseButton.LeftButton)
    gate.set()
    until(lambda: desk.run is not before and not desk.building)
    assert desk.run.spec.kind == "one-to-one"
    assert kinds["one-to-one"].isChecked()
    assert desk.undo_stack.count() == 1


def test_undo_gives_up_what_is_being_built(
    shell: Shell, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = shell.desk
    assert desk is not None
    before = desk.run
    desk.change("seed", 1)
    until(lambda: desk.run.config.seed == 1)
    gate = slow_builds(monkeypatch)
    desk.change("seed", 2)
    QTest.keyClick(shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: desk.run is before)
    gate.set()
    desk.once()
    until(lambda: before.iteration == 1)
    assert desk.run is before
    assert shell.window.panel.seed.value() == before.config.seed


def test_a_setting_that_goes_back_to_what_it_was_leaves_the_trained_run_on_the_table(
    shell: Shell, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, panel = shell.desk, shell.window.panel
    assert desk is not None
    desk.once()
    until(lambda: desk.run.iteration == 1)
    gate, before = slow_builds(monkeypatch), desk.run
    QTest.mouseClick(panel.cell.button("gru"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.cell.button("rnn"), Qt.MouseButton.LeftButton)
    gate.set()
    until(lambda: not desk.building)
    assert desk.run is before
    assert desk.put is before
    assert not desk.undo_stack.canUndo()
    desk.reset()
    until(lambda: desk.run is not before)
    assert desk.undo_stack.canUndo(), "a reset begins again, though nothing else changes"
