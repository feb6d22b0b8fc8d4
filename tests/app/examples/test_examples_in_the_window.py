"""Browsing, asking, drawing and decoding with real clicks and keys, in a real window."""

from collections.abc import Callable
from threading import Event
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.app.examples import examples_desk
from rnnviz.session import errands
from rnnviz.session.config import RunConfig
from tests.app.examples.lists import Open, listed, twin

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_the_first_tab_suits_the_task(opened: Open) -> None:
    tabs = opened("hello").window.tabs
    assert tabs.currentWidget() is tabs.sample
    assert not tabs.isTabVisible(tabs.indexOf(tabs.decode))


def test_a_classifier_begins_with_its_examples(opened: Open) -> None:
    tabs = opened("digits").window.tabs
    assert tabs.currentWidget() is tabs.browse
    assert not tabs.isTabVisible(tabs.indexOf(tabs.sample))
    assert tabs.own.draw.isVisibleTo(tabs.own)
    assert not tabs.own.text.isVisibleTo(tabs.own)


def test_a_click_on_an_example_puts_its_pass_on_the_stage_and_escape_returns(
    opened: Open, until: Until
) -> None:
    shell = opened("digits")
    listed(shell, until)
    browse = shell.window.tabs.browse
    place = browse.list.visualRect(browse.model.index(1)).center()
    QTest.mouseClick(browse.list.viewport(), LEFT, pos=place)
    until(lambda: shell.model.state.trace.batch_size == 1)
    batch = shell.desk.run.task.example_batch(browse.model.example(1))
    np.testing.assert_array_equal(shell.model.state.trace["x"], batch.x)
    assert browse.row == 1
    assert shell.window.tabs.batch.isVisible()
    QTest.keyClick(shell.window, Key.Key_Escape)
    until(lambda: shell.model.state.trace.batch_size == 4)
    assert not shell.window.tabs.batch.isVisible()
    assert browse.row == -1


def test_a_watched_example_is_refreshed_while_training(opened: Open, until: Until) -> None:
    shell = opened("parity")
    listed(shell, until)
    QTest.keyClick(shell.window, Key.Key_Down, CONTROL)
    until(lambda: shell.model.state.trace.batch_size == 1)
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: shell.model.state.trace.iteration > 5)
    assert shell.model.state.trace.batch_size == 1
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: not shell.desk.training)
    model = shell.window.tabs.browse.model
    said = twin(shell.desk.run).answer(model.example(0))
    until(lambda: model.reply(0).said == said)


def test_control_down_and_up_go_through_the_examples(opened: Open, until: Until) -> None:
    shell = opened("parity")
    listed(shell, until)
    browse = shell.window.tabs.browse
    for wanted, key in enumerate((Key.Key_Down, Key.Key_Down, Key.Key_Down)):
        QTest.keyClick(shell.window, key, CONTROL)
        assert browse.row == wanted
    QTest.keyClick(shell.window, Key.Key_Up, CONTROL)
    assert browse.row == 1
    assert browse.place.text() == f"2 of {browse.model.rowCount():,}"


def test_an_example_comes_and_goes_though_a_pass_is_being_played(
    opened: Open, until: Until
) -> None:
    shell = opened("parity")
    listed(shell, until)
    shell.window.transport.speed.setValue(0)
    for key, modifier, rows in (
        (Key.Key_Down, CONTROL, 1),
        (Key.Key_Escape, Qt.KeyboardModifier.NoModifier, 4),
    ):
        QTest.keyClick(shell.window, Key.Key_Home)
        QTest.keyClick(shell.window, Key.Key_Space)
        assert shell.player.playing
        QTest.keyClick(shell.window, key, modifier)
        until(lambda rows=rows: shell.model.state.trace.batch_size == rows)


def test_a_search_keeps_the_examples_with_all_the_words(opened: Open, until: Until) -> None:
    shell = opened("sentiment")
    listed(shell, until)
    browse = shell.window.tabs.browse
    everything = browse.model.rowCount()
    browse.words.setFocus()
    QTest.keyClicks(browse.words, "story never")
    assert 0 < browse.model.rowCount() < everything
    for row in range(min(browse.model.rowCount(), 20)):
        title = browse.model.example(row).title
        assert "story" in title
        assert "never" in title


def test_training_examples_can_be_listed_too(opened: Open, until: Until) -> None:
    shell = opened("parity")
    listed(shell, until)
    browse = shell.window.tabs.browse
    browse.part.setFocus()
    QTest.keyClick(browse.part, Key.Key_Down)
    until(lambda: browse.model.rowCount() and browse.model.example(0).split == "train")


def test_examples_far_down_the_list_are_answered_when_they_come_into_sight(
    opened: Open, until: Until
) -> None:
    shell = opened("translation")
    listed(shell, until)
    browse = shell.window.tabs.browse
    browse.list.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(browse.list, Key.Key_End)
    row = browse.list.indexAt(browse.list.viewport().rect().topLeft()).row()
    assert row > 60
    assert browse.in_sight()[0] == browse.model.example(row)
    until(lambda: browse.model.reply(row) is not None)


def test_a_task_with_held_out_examples_shows_them_after_one_that_has_none(
    opened: Open, until: Until
) -> None:
    shell = opened("hello")
    listed(shell, until)
    browse = shell.window.tabs.browse
    assert browse.part.currentData() == "train"
    shell.desk.build(lambda: RunConfig(task="parity"), "task parity")
    until(lambda: shell.desk.run.task.name == "parity")
    listed(shell, until)
    assert browse.part.currentData() == "held-out"


def test_right_and_wrong_are_told_by_signs_and_words(opened: Open, until: Until) -> None:
    shell = opened("digits")
    listed(shell, until)
    model = shell.window.tabs.browse.model
    reply = model.reply(0)
    tip = model.data(model.index(0), Qt.ItemDataRole.ToolTipRole)
    if reply.said == reply.example.answer:
        assert f"✓ {reply.said}" in tip
    else:
        assert f"✗ {reply.said}   right: {reply.example.answer}" in tip


def test_the_sequence_of_the_batch_is_chosen_by_arrows(opened: Open, until: Until) -> None:
    shell = opened("parity")
    choice = shell.window.stage.row_choice
    assert choice.label.text() == "sequence 1 of 4"
    QTest.mouseClick(choice.on, LEFT)
    assert shell.model.state.row == 1
    assert choice.label.text() == "sequence 2 of 4"
    QTest.mouseClick(choice.back, LEFT)
    assert shell.model.state.row == 0
    assert not choice.back.isEnabled()


def test_decodings_stand_side_by_side_with_their_probabilities(opened: Open, until: Until) -> None:
    shell = opened("translation")
    tabs = shell.window.tabs
    tabs.setCurrentWidget(tabs.decode)
    QTest.mouseClick(tabs.decode.button, LEFT)
    table = tabs.decode.table
    until(lambda: table.topLevelItemCount() >= 5)
    methods = [table.topLevelItem(i).text(0) for i in range(table.topLevelItemCount())]
    assert methods[0] == "greedy"
    assert sum(method.startswith("drawn") for method in methods) >= 1
    assert sum(method.startswith("beam 4") for method in methods) == 3
    chances = [float(table.topLevelItem(i).text(1).split()[0]) for i in range(len(methods))]
    assert max(chances) < 0
    assert sum("★" in table.topLevelItem(i).text(1) for i in range(len(methods))) >= 1


def test_e_scores_on_held_out_data_and_the_curve_has_a_point(opened: Open, until: Until) -> None:
    shell = opened("parity")
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shell.desk.run.iteration == 1)
    QTest.keyClick(shell.window, Key.Key_E)
    until(lambda: "at iteration 1:" in shell.window.held_out.words)
    score = shell.desk.run.evaluate()
    assert f"iteration 1: {score.value * 100:.1f} % accuracy" in shell.window.held_out.words
    assert f"target {score.target * 100:.1f} %" in shell.window.held_out.words
    assert shell.window.curve._held_out == shell.desk.run.held_out.losses
    assert len(shell.desk.run.held_out.losses) == 1
    shell.desk.travel(0)
    until(lambda: "not scored" in shell.window.held_out.words)
    shell.desk.travel(1)
    until(lambda: "at iteration 1:" in shell.window.held_out.words)


def test_another_task_takes_the_examples_of_the_last_one_away(opened: Open, until: Until) -> None:
    shell = opened("parity")
    listed(shell, until)
    QTest.keyClick(shell.window, Key.Key_Down, CONTROL)
    until(lambda: shell.model.state.trace.batch_size == 1)
    shell.window.tabs.own.text.setText("0110")
    shell.window.sample.show_text("1", 1.0, "01")
    shell.window.banner.show_error("about these data")
    shell.window.panel.task_chosen.emit("hello")
    until(lambda: shell.desk.run.task.name == "hello")
    assert shell.window.tabs.own.text.text() == ""
    assert shell.window.sample.text.toPlainText() == ""
    assert not shell.window.banner.isVisible()
    assert shell.window.tabs.browse.model.rowCount() == 0
    assert not shell.window.tabs.batch.isVisible()
    assert shell.window.tabs.currentWidget() is shell.window.tabs.sample
    listed(shell, until)
    assert shell.window.tabs.browse.part.currentData() == "train"


def test_what_could_not_be_read_stays_chosen_in_its_field_and_no_shortcut_takes_the_next_letter(
    opened: Open, until: Until
) -> None:
    shell = opened("sentiment")
    own, window = shell.window.tabs.own, shell.window
    window.tabs.setCurrentWidget(own)
    window.activateWindow()
    own.text.setFocus()
    QTest.keyClicks(own.text, "tiramisu")
    QTest.mouseClick(own.ask, LEFT)
    until(window.banner.isVisible)
    assert own.text.hasFocus()
    assert own.text.selectedText() == "tiramisu"
    QTest.keyClicks(QApplication.focusWidget(), "it")
    assert own.text.text() == "it"
    assert not shell.desk.training
    assert window.stage.inside == ""


def test_a_run_that_undo_brings_back_has_its_examples_again(opened: Open, until: Until) -> None:
    shell = opened("parity")
    listed(shell, until)
    count = shell.window.tabs.browse.model.rowCount()
    before = shell.desk.run
    # The next task begins with another tab, so that its examples are never listed.
    shell.desk.build(lambda: RunConfig(task="hello"), "hello")
    until(lambda: shell.desk.run is not before)
    assert not shell.window.tabs.browse.isVisible()
    QTest.keyClick(shell.window, Key.Key_Z, CONTROL)
    until(lambda: shell.desk.run is before)
    until(lambda: shell.window.tabs.browse.model.rowCount() == count)
    QTest.keyClick(shell.window, Key.Key_Down, CONTROL)
    until(lambda: shell.model.state.trace.batch_size == 1)


def test_the_first_wish_for_an_example_waits_for_the_list(opened: Open, until: Until) -> None:
    shell = opened("text")
    browse = shell.window.tabs.browse
    assert not browse.model.rowCount()
    whole = shell.model.state.trace.columns
    QTest.keyClick(shell.window, Key.Key_Down, CONTROL)
    assert shell.window.tabs.currentWidget() is browse
    until(lambda: browse.row == 0)
    until(lambda: shell.model.state.trace.columns != whole)
    # A list that comes later, for another part, brings nobody to another example.
    browse.part.setCurrentIndex(browse.part.findData("train"))
    browse.part.activated.emit(browse.part.currentIndex())
    until(lambda: browse.model.rowCount() > 0 and browse.row == -1)


def test_answers_that_training_came_before_are_asked_for_again_while_it_goes_on(
    opened: Open, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "PATIENCE_SECONDS", -1.0)
    monkeypatch.setattr(examples_desk, "_REST", 0.0)
    shell = opened("parity")
    listed(shell, until)
    net, asked, go_on = shell.desk.run.net, Event(), Event()
    outputs = net.outputs

    def slow(*args: Any) -> Any:
        asked.set()
        go_on.wait(20.0)
        return outputs(*args)

    monkeypatch.setattr(net, "outputs", slow)
    shell.desk.start(1)
    until(asked.is_set)
    shell.desk.start()
    go_on.set()
    until(lambda: shell.examples._answered[0] > 1)
    assert shell.desk.training
    shell.desk.toggle()
