"""The model writes in the window: shown as a loop, with what it had been asked."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key


def test_a_sample_is_shown_as_a_loop_and_escape_returns_to_training(
    shell: Shell, until: Until
) -> None:
    QTest.keyClick(shell.window, Key.Key_G)
    until(lambda: shell.model.state.trace.mode == "sample")
    assert shell.window.sample.text.toPlainText()
    QTest.keyClick(shell.window, Key.Key_Escape)
    until(lambda: shell.model.state.trace.mode == "train")


def test_a_sample_of_a_text_is_a_line_and_of_hello_the_word_unless_one_was_chosen_for_this_model(
    shell: Shell, until: Until
) -> None:
    desk, steps = shell.desk, shell.window.sample.steps
    assert desk is not None
    assert steps.value() == 4
    desk.build(lambda: RunConfig(task="brackets"), "brackets")
    until(lambda: desk.run.task.name == "brackets")
    assert steps.value() == 60
    steps.setValue(12)
    desk.change("learning_rate", 0.02)
    until(lambda: desk.learning_rate == 0.02)
    assert steps.value() == 12
    desk.build(lambda: RunConfig(task="hello"), "hello")
    until(lambda: desk.run.task.name == "hello")
    assert steps.value() == 4


def test_a_long_sample_is_shown_done(shell: Shell, until: Until) -> None:
    shell.window.sample.steps.setValue(150)
    QTest.keyClick(shell.window, Key.Key_G)
    until(lambda: shell.model.state.trace.mode == "sample")
    assert shell.model.at_end
    assert not shell.player.playing


def test_what_was_written_is_read_in_the_message_too_for_the_list_may_be_one_line_high(
    shell: Shell, until: Until
) -> None:
    shell.window.sample.steps.setValue(300)
    QTest.keyClick(shell.window, Key.Key_G)
    until(lambda: shell.model.state.trace.mode == "sample")
    said, banner = shell.window.sample.text.toPlainText(), shell.window.banner.text.text()
    written = said.split("▸")[1]
    assert f"“{written[:100]}" in banner
    assert "…”" in banner
    assert banner.endswith("Esc: back to the training pass.")


def test_a_sample_asked_for_while_training_runs_stays_on_the_stage(
    shell: Shell, until: Until
) -> None:
    assert shell.desk is not None
    shell.desk.start()
    until(lambda: shell.desk is not None and shell.desk.run.iteration > 20)
    for number in range(1, 6):
        QTest.keyClick(shell.window, Key.Key_G)
        until(lambda number=number: f"#{number} " in shell.window.sample.text.toPlainText())
        assert shell.model.state is not None
        assert shell.model.state.trace.mode == "sample"
        QTest.keyClick(shell.window, Key.Key_Escape)
        until(lambda: shell.model.state is not None and shell.model.state.trace.mode == "train")


def test_a_sample_names_the_temperature_it_was_drawn_at_though_the_slider_has_moved_on(
    shell: Shell, until: Until
) -> None:
    card = shell.window.sample
    card.heat.setValue(10)
    card.prompt.setText("he")
    card.ask()
    card.heat.setValue(0)
    card.prompt.setText("lo")
    card.ask()
    until(lambda: "#2 " in card.text.toPlainText())
    newest, oldest = card.text.toPlainText().split("\n")
    assert oldest.startswith("#1  T=0.50  he▸")
    assert newest.startswith("#2  T=0.00  lo▸")


def test_who_travels_in_training_time_while_a_sample_is_shown_sees_where_he_comes_to(
    shell: Shell, until: Until
) -> None:
    desk, state = shell.desk, shell.model
    assert desk is not None
    desk.start(9)
    until(lambda: desk.run.iteration == 9 and not desk.training)
    QTest.keyClick(shell.window, Key.Key_G)
    until(lambda: state.state.trace.mode == "sample")
    shell.window.curve.setFocus()
    for _ in range(4):
        QTest.keyClick(shell.window.curve, Key.Key_Left)
    until(lambda: desk.run.iteration == 5)
    until(lambda: state.state.trace.mode == "train" and state.state.trace.iteration == 5)
    assert not shell.window.banner.isVisible()
