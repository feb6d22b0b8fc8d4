"""What a user types, draws or drops is answered on the stage, in a real window."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.session.config import RunConfig
from tests.app.examples.lists import Open, twin

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def test_a_typed_sentence_is_answered_on_the_stage(opened: Open, until: Until) -> None:
    shell = opened("translation")
    own = shell.window.tabs.own
    shell.window.tabs.setCurrentWidget(own)
    own.text.setFocus()
    QTest.keyClicks(own.text, "the fourth of may nineteen eighty two")
    QTest.keyClick(own.text, Key.Key_Return)
    until(lambda: shell.model.state.trace.batch_size == 1)
    trace = shell.model.state.trace
    assert trace.labels.inputs[0][:4] == ("the", "fourth", "of", "may")
    said = twin(shell.desk.run).answer("the fourth of may nineteen eighty two")
    until(lambda: said in own.said.text() if said else "(nothing)" in own.said.text())


def test_an_answer_says_of_which_iteration_it_is_for_the_stage_goes_on(
    opened: Open, until: Until
) -> None:
    shell = opened("translation")
    own, decode = shell.window.tabs.own, shell.window.tabs.decode
    shell.desk.start(7)
    until(lambda: shell.desk.run.iteration == 7 and not shell.desk.training)
    own.typed.emit("the fourth of may")
    until(lambda: own.said.text().endswith("at iteration 7"))
    decode.ask()
    until(lambda: decode.title.words == "the fourth of may, at iteration 7")
    shell.desk.start(5)
    until(lambda: shell.model.state.trace.iteration > 7)
    assert shell.model.state.trace.batch_size == 1
    assert own.said.text().endswith("at iteration 7")


def test_words_that_the_model_does_not_know_are_one_message(opened: Open, until: Until) -> None:
    shell = opened("translation")
    before = shell.model.state.trace.batch_size
    own = shell.window.tabs.own
    shell.window.tabs.setCurrentWidget(own)
    QTest.keyClicks(own.text, "zebra")
    QTest.mouseClick(own.ask, LEFT)
    until(shell.window.banner.isVisible)
    assert "zebra" in shell.window.banner.text.text()
    assert shell.model.state.trace.batch_size == before
    assert not shell.window.tabs.batch.isVisible()


def test_a_drawing_is_answered_after_every_stroke(opened: Open, until: Until) -> None:
    shell = opened("captioning")
    tabs = shell.window.tabs
    tabs.setCurrentWidget(tabs.own)
    QTest.mouseClick(tabs.own.draw, LEFT)
    dialog = shell.examples.drawing
    assert dialog is not None
    blank = dialog.pad.pixels()
    QTest.mousePress(dialog.pad, LEFT, pos=QPoint(120, 120))
    QTest.mouseRelease(dialog.pad, LEFT, pos=QPoint(160, 120))
    assert (dialog.pad.pixels() != blank).any(axis=2).sum() > 2000
    until(lambda: "pictures" in shell.model.state.trace.arrays and dialog.said.text()[0] == "▸")
    assert shell.model.state.trace.batch_size == 1
    QTest.mouseClick(dialog.back, LEFT)
    np.testing.assert_array_equal(dialog.pad.pixels(), blank)


def test_the_sheet_of_paper_closes_with_the_window(opened: Open, qapp: QApplication) -> None:
    shell = opened("digits")
    shell.window.tabs.setCurrentWidget(shell.window.tabs.own)
    QTest.mouseClick(shell.window.tabs.own.draw, LEFT)
    shell.window.close()
    assert not shell.examples.drawing.isVisible()


def test_under_the_drawing_stands_no_answer_to_a_picture_from_a_file(
    opened: Open, until: Until, tmp_path: object
) -> None:
    shell = opened("digits")
    own = shell.window.tabs.own
    shell.window.tabs.setCurrentWidget(own)
    QTest.mouseClick(own.draw, LEFT)
    dialog = shell.examples.drawing
    QTest.mouseClick(dialog.pad, LEFT, pos=QPoint(120, 120))
    until(lambda: dialog.said.text()[0] == "▸")
    drawn = dialog.said.text()
    shell.desk.once()
    until(lambda: shell.desk.run.iteration == 1)
    image = QImage(50, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    path = f"{tmp_path}/seven.png"
    assert image.save(path)
    shell.window.dropped(path)
    until(lambda: own.said.text().endswith("at iteration 1"))
    assert dialog.said.text() == drawn


def test_a_dropped_picture_is_looked_at_where_the_task_sees(
    opened: Open, until: Until, tmp_path: object
) -> None:
    shell = opened("digits")
    image = QImage(50, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    path = f"{tmp_path}/seven.png"
    assert image.save(path)
    shell.window.dropped(path)
    until(lambda: shell.model.state.trace.batch_size == 1)
    until(lambda: "your picture" in shell.window.tabs.own.said.text())


def test_a_broken_picture_is_one_message(opened: Open, tmp_path: object) -> None:
    shell = opened("digits")
    path = f"{tmp_path}/broken.png"
    with open(path, "wb") as file:
        file.write(b"not a picture")
    shell.documents.open_path(path)
    told = shell.window.banner.text.text()
    assert "cannot be read as a picture" in told
    assert told.endswith("save it as PNG or JPEG")


def test_a_blank_sheet_has_no_answer_and_enter_takes_no_stroke_back(
    opened: Open, until: Until
) -> None:
    shell = opened("digits")
    shell.window.tabs.setCurrentWidget(shell.window.tabs.own)
    QTest.mouseClick(shell.window.tabs.own.draw, LEFT)
    dialog = shell.examples.drawing
    invitation = dialog.said.text()
    for button in (dialog.fresh, dialog.back):
        QTest.mouseClick(dialog.pad, LEFT, pos=QPoint(120, 120))
        until(lambda: dialog.said.text()[0] == "▸")
        QTest.keyClick(dialog, Key.Key_Return)
        assert not dialog.pad.is_blank
        QTest.mouseClick(button, LEFT)
        assert dialog.pad.is_blank
        assert dialog.said.text() == invitation


def test_the_sheet_of_paper_forgets_another_networks_answer_and_goes_with_the_pictures(
    opened: Open, until: Until
) -> None:
    shell = opened("digits")
    shell.window.tabs.setCurrentWidget(shell.window.tabs.own)
    QTest.mouseClick(shell.window.tabs.own.draw, LEFT)
    dialog, desk = shell.examples.drawing, shell.desk
    QTest.mouseClick(dialog.pad, LEFT, pos=QPoint(120, 120))
    until(lambda: dialog.said.text()[0] == "▸")
    first = desk.run
    desk.reset()
    until(lambda: desk.run is not first)
    assert dialog.isVisible()
    assert "Draw with the mouse" in dialog.said.text()
    desk.build(lambda: RunConfig(task="hello"), "task hello")
    until(lambda: desk.run.task.name == "hello")
    assert not dialog.isVisible()
