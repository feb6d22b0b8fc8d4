"""The numbers behind the picture are taken along from the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.shell import Shell
from rnnviz.export.tables import array_table, step_table, tabbed


def test_the_step_at_the_cursor_is_copied_as_a_table(shell: Shell) -> None:
    shell.player.to_end()
    shell.window.actions_by_id["copy-numbers"].trigger()
    state = shell.model.state
    assert state is not None
    table = step_table(state.trace, state.cursor.column)
    assert QGuiApplication.clipboard().text() == tabbed(table)
    assert bytes(QGuiApplication.clipboard().mimeData().data("text/csv").data()) == table.encode()


def test_every_strip_on_the_stage_can_be_saved(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strips = shell.window.stage.strips
    state = shell.model.state
    assert state is not None
    names = [placed.strip.name for placed in strips._strips().every]  # type: ignore[union-attr]  # shown
    assert len(names) > 4
    for name in names:
        path = tmp_path / f"{name}.csv"
        monkeypatch.setattr(FileDialogs, "to_save", lambda *a, at=path: at)
        strips.numbers_wanted.emit(name, "save")
        assert path.exists(), name
    assert (tmp_path / "h_l0.csv").read_text() == array_table(state.trace, "h_l0")


def test_a_folder_that_is_not_there_is_said_in_the_banner(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "nowhere" / "h.csv"
    monkeypatch.setattr(FileDialogs, "to_save", lambda *a: path)
    shell.window.stage.strips.numbers_wanted.emit("h_l0", "save")
    assert "nowhere" in shell.window.banner.text.text()


def test_ctrl_c_copies_words_that_were_just_selected_and_otherwise_the_numbers(
    shell: Shell,
) -> None:
    window, clipboard = shell.window, QGuiApplication.clipboard()
    state = shell.model.state
    assert state is not None
    numbers = tabbed(step_table(state.trace, state.cursor.column))
    sample, message = window.sample.text, window.banner.text

    def copied() -> str:
        clipboard.setText("")
        focused, control = QApplication.focusWidget(), Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(focused, Qt.Key.Key_C, control)
        return clipboard.text()

    def press(part: QWidget, *, double: bool = False) -> None:
        for click in (QTest.mouseClick, QTest.mouseDClick)[: 1 + double]:
            click(part, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))

    window.stage.graph.setFocus()
    assert copied() == numbers
    sample.setPlainText("hello there")
    press(sample.viewport(), double=True)
    assert copied() == "hello"
    prompt = window.sample.prompt
    prompt.setText("hell")
    prompt.setFocus(Qt.FocusReason.TabFocusReason)
    prompt.selectAll()
    assert copied() == "hell", "a field copies what is selected in it"
    window.banner.show_error("missing.txt: no such file")
    press(message, double=True)
    assert message.selectedText()
    assert copied() == message.selectedText()
    press(window.stage.strips)
    window.stage.strips.setFocus()
    assert copied() == numbers, "the mouse went elsewhere"
