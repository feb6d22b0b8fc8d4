"""Training in the window: keys in, the run's own figures out, and nothing left behind."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.scene.shapes import Label
from rnnviz.session import load
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.session.trainer import Trainer
from rnnviz.trace.history import Row
from tests.app.own_process import ends_well

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key


def shown_iteration(shell: Shell) -> int:
    assert shell.model.state is not None
    return shell.model.state.trace.iteration


def test_t_trains_and_pauses_and_the_stage_follows(shell: Shell, until: Until) -> None:
    assert shell.desk is not None
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: shown_iteration(shell) > 20)
    assert shell.desk.training
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: not shell.desk.training)
    until(lambda: shown_iteration(shell) == shell.desk.run.iteration)


def test_when_training_pauses_all_views_agree_again(shell: Shell, until: Until) -> None:
    assert shell.desk is not None
    stage = shell.window.stage
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: shell.model.live and shown_iteration(shell) > 20)
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: not shell.desk.training and not shell.model.live)
    until(lambda: shown_iteration(shell) == shell.desk.run.iteration)
    shown = shell.model.state
    assert shown is not None
    views = (stage.graph, stage.strips, shell.window.inspector.page)
    assert all(view.state is not None and view.state.trace is shown.trace for view in views)
    named = f"iteration {shown_iteration(shell):,}"
    assert shell.window.transport.status.text().startswith(named)
    for view in views:
        assert view.picture is not None
        words = (s for layer in view.picture.layers for s in layer.shapes if isinstance(s, Label))
        assert named in " ".join(label.text for label in words)


def test_a_run_whose_data_have_changed_is_not_shown_as_training(
    bare_shell: Shell, until: Until, tmp_path: Path
) -> None:
    text = tmp_path / "fox.txt"
    text.write_text("the quick brown fox jumps over the lazy dog. " * 9)
    path = tmp_path / "fox.rnnviz"
    Run.create(RunConfig(task=str(text))).save(path)
    text.write_text("another fox in another box. " * 9)
    bare_shell.attach(load(path))
    until(lambda: bare_shell.model.state is not None)
    desk, window = bare_shell.desk, bare_shell.window
    assert desk is not None
    started: list[bool] = []
    desk.state_changed.connect(lambda: started.append(desk.training))
    QTest.keyClick(window, Key.Key_T)
    until(lambda: True in started and not desk.training)
    until(lambda: window.transport.train.text() == "Train")
    assert "“fox.txt” have changed" in window.banner.text.text()


def test_n_trains_one_iteration_and_shows_its_pass(shell: Shell, until: Until) -> None:
    assert shell.desk is not None
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shell.desk.run.iteration == 1)
    until(lambda: shown_iteration(shell) == 1)
    state = shell.model.state
    assert state is not None
    twin = Run.create(RunConfig(task="hello", seed=0)).traced_step()
    np.testing.assert_array_equal(state.trace["h_l0"], twin["h_l0"])
    assert float(state.trace["loss_total"]) == float(twin["loss_total"])


def test_reset_with_the_same_seed_gives_the_same_first_loss(shell: Shell, until: Until) -> None:
    assert shell.desk is not None
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shell.desk.run.iteration == 1)
    first = shell.desk.run.history.last
    QTest.keyClick(shell.window, Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    until(lambda: shell.desk.run.iteration == 0)
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shell.desk.run.iteration == 1)
    assert shell.desk.run.history.last == first


def test_the_learning_rate_changes_while_training_and_can_be_undone(
    shell: Shell, until: Until
) -> None:
    assert shell.desk is not None
    before = shell.desk.learning_rate
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: shell.desk.training)
    shell.window.panel.learning_rate.setValue(0.05)
    until(lambda: shell.desk.learning_rate == 0.05)
    until(lambda: shell.desk.run.history.last.learning_rate == 0.05)
    assert shell.desk.training
    QTest.keyClick(shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: shell.desk.learning_rate == before)


def test_another_hidden_size_makes_a_new_run_and_undo_brings_the_trained_one_back(
    shell: Shell, until: Until
) -> None:
    assert shell.desk is not None
    QTest.keyClick(shell.window, Key.Key_N)
    until(lambda: shell.desk.run.iteration == 1)
    trained = shell.desk.run
    shell.window.panel.hidden_size.setValue(7)
    until(lambda: shell.desk.run.spec.hidden_size == 7)
    until(lambda: shell.model.state.trace["h_l0"].shape[2] == 7)
    QTest.keyClick(shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: shell.desk.run is trained)
    assert trained.iteration == 1
    until(lambda: shell.window.panel.hidden_size.value() == 3)


def test_travelling_back_shows_the_pass_of_that_iteration(shell: Shell, until: Until) -> None:
    assert shell.desk is not None
    for wanted in (1, 2, 3):
        QTest.keyClick(shell.window, Key.Key_N)
        until(lambda wanted=wanted: shell.desk.run.iteration == wanted)
    shell.window.curve.iteration_released.emit(1)
    until(lambda: shell.desk.run.iteration == 1)
    until(lambda: shown_iteration(shell) == 1)


def test_the_figures_beside_the_button_are_those_of_the_iteration_on_the_stage(
    shell: Shell, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    desk.start(40)
    until(lambda: desk.run.iteration == 40 and not desk.training)
    desk.travel(3)
    until(lambda: desk.run.iteration == 3)
    row = desk.run.history.at(3)
    assert row is not None
    until(lambda: "iteration 3 " in shell.window.transport.status.words)
    assert f"loss {row.loss:.3f}" in shell.window.transport.status.words


def test_a_loss_too_small_for_three_decimals_is_not_called_zero(shell: Shell, until: Until) -> None:
    assert shell.desk is not None
    shell.desk.run.history.append(Row(1, 2.4e-5, 1.0, 1.0, 1.0, 1.0, 0.1, 0.1))
    shell.desk.run.trainer.iteration = 1
    assert shell.display is not None
    shell.display.refresh()
    assert "loss 2.4·10⁻⁵" in shell.window.transport.status.words


@pytest.mark.parametrize(
    ("iteration", "shown"),
    [
        (82, "82   loss 1.353"),
        (123_456, "123,456   loss 1.353"),
        (12_345_678, "iteration 12,345,678"),
    ],
)
def test_in_a_narrow_window_the_figures_beside_the_button_are_whole(
    iteration: int, shown: str, shell: Shell, until: Until
) -> None:
    shell.window.resize(1016, 536)
    until(lambda: shell.window.transport.status.width() < 150)
    assert shell.desk is not None
    shell.desk.run.history.append(Row(iteration, 1.353, 1.0, 1.0, 1.0, 1.0, 0.1, 0.1))
    shell.desk.run.trainer.iteration = iteration
    assert shell.display is not None
    shell.display.refresh()
    assert shell.window.transport.status.text() == shown


def test_while_training_the_loss_beside_the_button_is_that_of_the_iteration_named_with_it(
    shell: Shell, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    desk.start()
    until(lambda: desk.training and "it/s" in shell.window.transport.status.words)
    words = shell.window.transport.status.words.split()
    row = desk.run.history.at(int(words[1].replace(",", "")))
    assert row is not None
    assert words[2:4] == ["loss", f"{row.loss:.3f}"]


@pytest.mark.soak
@pytest.mark.timeout(400)
def test_opened_trained_and_closed_fifty_times_it_leaves_no_thread_and_no_timer(
    qapp: QApplication, settings: Settings
) -> None:
    for _ in range(50):
        shell = Shell(qapp, settings)
        shell.window.show()
        shell.attach(Run.create(RunConfig(task="hello")))
        assert shell.desk is not None
        shell.desk.start()
        shell.start()
        for _ in range(5):
            QCoreApplication.processEvents()
        shell.window.close()
        shell.window.deleteLater()
        shell.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_a_closed_window_runs_no_clock_even_while_somebody_still_holds_it(
    shell: Shell, until: Until
) -> None:
    shell.start()
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: shown_iteration(shell) > 20)
    shell.window.close()
    timers = [*shell.findChildren(QTimer), *shell.window.findChildren(QTimer)]
    assert {timer.objectName() for timer in timers} >= {"frame", "garbage collection"}
    assert [timer.objectName() for timer in timers if timer.isActive()] == []


def test_closing_waits_for_the_iteration_in_hand(
    shell: Shell, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, step = threading.Event(), Trainer.step

    def slow(trainer: Trainer) -> Row:
        begun.set()
        time.sleep(0.5)
        return step(trainer)

    monkeypatch.setattr(Trainer, "step", slow)
    QTest.keyClick(shell.window, Key.Key_T)
    until(begun.is_set)
    shell.window.close()
    assert shell.desk is not None
    assert shell.desk.is_at_rest
    assert "rnnviz training" not in {thread.name for thread in threading.enumerate()}


def test_closing_the_window_while_it_trains_ends_the_program_with_exit_code_zero(
    tmp_path: Path,
) -> None:
    script = (
        "from PySide6.QtCore import QTimer\n"
        "from rnnviz.app.main import open_window\n"
        "def ready(shell):\n"
        "    shell.desk.set_slow(False)\n"
        "    QTimer.singleShot(300, shell.window, shell.window.close)\n"
        "raise SystemExit(open_window('hello', on_ready=ready))\n"
    )
    ends_well(script, tmp_path)


def test_a_window_is_gone_before_it_waits_for_its_worker(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell.desk is not None
    seen: list[bool] = []
    end = shell.desk.close

    def close() -> bool:
        seen.append(shell.window.isVisible())
        return end()

    monkeypatch.setattr(shell.desk, "close", close)
    shell.window.close()
    assert seen == [False]
