"""The list of the edits that hold takes keys: Delete takes one away, F2 names it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from rnnviz.app.lab.what_if_controls import WhatIfControls
from rnnviz.app.shell import Shell
from tests.app.lab.stage import shown

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key


def two_edits(shell: Shell, controls: WhatIfControls, until: Until) -> None:
    for step in (1, 2):
        controls.form.step.setValue(step)
        controls.form.slider.setValue(300)
    until(lambda: shown(shell) is controls.shown)
    controls.list.setFocus()
    controls.list.setCurrentRow(0)


def test_delete_takes_the_chosen_edit_away_and_undo_brings_it_back(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    two_edits(shell, controls, until)
    first, second = controls.history.edits
    QTest.keyClick(controls.list, Key.Key_Delete)
    assert controls.history.edits == (second,)
    assert controls.list.count() == 1
    QTest.mouseClick(controls.undo, Qt.MouseButton.LeftButton)
    assert controls.history.edits == (first, second)


def test_in_the_name_of_an_edit_delete_takes_a_letter(
    shell: Shell, controls: WhatIfControls, until: Until
) -> None:
    two_edits(shell, controls, until)
    QTest.keyClick(controls.list, Key.Key_F2)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "unit 1 raisedX")
    QTest.keyClick(line, Key.Key_Left)
    QTest.keyClick(line, Key.Key_Delete)
    QTest.keyClick(line, Key.Key_Return)
    until(lambda: [edit.label for edit in controls.history.edits] == ["unit 1 raised", ""])
    assert controls.list.item(0).text() == "unit 1 raised"
