"""Only what is not chosen yet can be chosen: nothing else may take a trained run off the table."""

from collections.abc import Callable

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
