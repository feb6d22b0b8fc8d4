"""A number whose arrow was clicked leaves the window its keys; one that is typed at keeps them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSpinBox, QStyle, QStyleOptionSpinBox

from rnnviz.app.shell import Shell
from rnnviz.app.training_desk import TrainingDesk

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key


def click_up(field: QSpinBox) -> None:
    option = QStyleOptionSpinBox()
    field.initStyleOption(option)
    part = field.style().subControlRect(
        QStyle.ComplexControl.CC_SpinBox, option, QStyle.SubControl.SC_SpinBoxUp, field
    )
    field.window().activateWindow()
    QTest.mouseClick(
        field, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, part.center()
    )
    assert field.hasFocus()


def one_more_unit(shell: Shell, until: Until) -> tuple[TrainingDesk, QSpinBox, int]:
    """Click the arrow of the hidden units; the desk, their field, and how many there were."""
    desk = shell.desk
    assert desk is not None
    field = shell.window.panel.hidden_size
    before = desk.run.spec.hidden_size
    click_up(field)
    until(lambda: desk.run.spec.hidden_size == before + 1)
    return desk, field, before


@pytest.mark.parametrize("name", ["hidden_size", "layers"])
def test_ctrl_z_after_a_click_on_an_arrow_takes_the_model_back(
    shell: Shell, until: Until, name: str
) -> None:
    desk = shell.desk
    assert desk is not None
    field: QSpinBox = getattr(shell.window.panel, name)
    before = getattr(desk.run.spec, name)
    click_up(field)
    until(lambda: getattr(desk.run.spec, name) == before + 1)
    QTest.keyClick(field, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: getattr(desk.run.spec, name) == before)
    assert field.value() == before
    shifted = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(field, Key.Key_Z, shifted)
    until(lambda: getattr(desk.run.spec, name) == before + 1)


def test_letters_reach_the_window_after_a_click_on_an_arrow(shell: Shell, until: Until) -> None:
    _, field, _ = one_more_unit(shell, until)
    pressed: list[str] = []
    for name in ("train", "cell"):
        action = shell.window.actions_by_id[name]
        action.triggered.connect(lambda _=False, name=name: pressed.append(name))
    QTest.keyClick(field, Key.Key_I)
    QTest.keyClick(field, Key.Key_T)
    assert pressed == ["cell", "train"]


def test_stepping_keys_reach_the_window_after_a_click_on_an_arrow(
    shell: Shell, until: Until
) -> None:
    _, field, _ = one_more_unit(shell, until)
    QTest.keyClick(field, Key.Key_Home)
    assert shell.model.position == 0
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Left):
        QTest.keyClick(field, key)
    assert shell.model.position == 1
    QTest.keyClick(field, Key.Key_Space)
    assert shell.player.playing
    assert field.hasFocus()


def test_a_number_that_is_clicked_into_keeps_the_keys_of_its_caret(shell: Shell) -> None:
    field = shell.window.panel.hidden_size
    shell.window.activateWindow()
    position = shell.model.position
    line = field.lineEdit()
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.rect().center())
    assert field.hasFocus()
    QTest.keyClick(field, Key.Key_Home)
    QTest.keyClick(field, Key.Key_Right)
    assert line.cursorPosition() == 1
    QTest.keyClick(field, Key.Key_Left)
    assert line.cursorPosition() == 0
    assert shell.model.position == position


def test_what_is_being_typed_in_a_number_is_undone_in_the_number(
    shell: Shell, until: Until
) -> None:
    desk, field, before = one_more_unit(shell, until)
    field.selectAll()
    QTest.keyClicks(field, "12")
    assert field.lineEdit().text() == "12"
    QTest.keyClick(field, Key.Key_T)
    assert not desk.training
    QTest.keyClick(field, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.lineEdit().text() != "12"
    assert not desk.building
    assert desk.run.spec.hidden_size == before + 1


def test_a_rate_takes_the_letter_of_its_exponent(shell: Shell) -> None:
    field = shell.window.panel.learning_rate
    shell.window.activateWindow()
    field.setFocus()
    field.lineEdit().end(False)
    field.lineEdit().backspace()
    field.lineEdit().setModified(False)
    QTest.keyClick(field, Key.Key_E)
    assert field.lineEdit().text().endswith("e")


def test_up_and_down_change_the_number_that_has_the_focus(shell: Shell, until: Until) -> None:
    desk, field, before = one_more_unit(shell, until)
    QTest.keyClick(field, Key.Key_Up)
    until(lambda: desk.run.spec.hidden_size == before + 2)
    QTest.keyClick(field, Key.Key_Down)
    until(lambda: desk.run.spec.hidden_size == before + 1)


def test_a_double_click_takes_the_whole_of_a_number_in_hand(shell: Shell, until: Until) -> None:
    desk, field = shell.desk, shell.window.panel.learning_rate
    assert desk is not None
    field.set_known(0.003)
    line = field.lineEdit()
    field.window().activateWindow()
    place = line.cursorRect().center()
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(line, Qt.MouseButton.LeftButton, pos=place)
    assert line.selectedText() == "0.003"
    QTest.keyClicks(line, "0.02")
    QTest.keyClick(line, Key.Key_Return)
    until(lambda: desk.run.learning_rate == 0.02)
