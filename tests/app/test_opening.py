"""How a window begins: at once and slowly on hello, or only when it is asked to."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, current_thread, main_thread

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from rnnviz.app import main
from rnnviz.app.opening import furnish
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.cli.main import main as command_line
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run

Until = Callable[[Callable[[], bool]], None]


def test_hello_begins_to_learn_slowly_and_says_so_beside_the_button(
    bare_shell: Shell, until: Until
) -> None:
    furnish(bare_shell, None)
    until(lambda: bare_shell.desk is not None and bare_shell.desk.training)
    assert bare_shell.window.actions_by_id["slowly"].isChecked()
    until(lambda: "it/s, slowly" in bare_shell.window.transport.status.words)


def test_a_window_that_starts_paused_waits_for_t(bare_shell: Shell, until: Until) -> None:
    furnish(bare_shell, None, paused=True)
    until(lambda: bare_shell.model.state is not None)
    desk = bare_shell.desk
    assert desk is not None
    for _ in range(3):
        bare_shell.frames.tick(0.1)
    assert not desk.training
    assert desk.run.iteration == 0
    QTest.keyClick(bare_shell.window, Qt.Key.Key_T)
    until(lambda: desk.training and desk.run.iteration > 0)


def test_starting_paused_is_remembered(shell: Shell, settings: Settings) -> None:
    assert not settings.starts_paused
    shell.window.actions_by_id["start-paused"].trigger()
    assert settings.starts_paused


@pytest.mark.parametrize(
    ("options", "paused"),
    [(["--paused"], True), (["--seed", "1"], False), (["--paused", "--seed", "1"], True)],
)
def test_the_command_line_can_ask_for_it(
    monkeypatch: pytest.MonkeyPatch, options: list[str], paused: bool
) -> None:
    asked: list[bool] = []

    def opened(_subject: object, *, paused: bool) -> int:
        asked.append(paused)
        return 0

    monkeypatch.setattr(main, "open_window", opened)
    assert command_line(["hello", *options]) == 0
    assert asked == [paused]


def test_a_task_with_options_begins_to_learn_like_one_without(
    bare_shell: Shell, until: Until
) -> None:
    furnish(bare_shell, Run.create(RunConfig(task="parity", seed=1)))
    until(lambda: bare_shell.desk is not None and bare_shell.desk.run.iteration > 0)


def test_a_run_that_has_learned_stands_where_it_stands(bare_shell: Shell, until: Until) -> None:
    furnish(bare_shell, Run.create(RunConfig(task="parity")).train(3))
    until(lambda: bare_shell.model.state is not None)
    for _ in range(3):
        bare_shell.frames.tick(0.1)
    assert bare_shell.desk is not None
    assert not bare_shell.desk.training
    assert bare_shell.desk.run.iteration == 3


def test_while_a_text_is_read_the_window_lives_and_says_so(
    bare_shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = tmp_path / "long.txt"
    text.write_text("hello world")
    seen: list[tuple[bool, bool, str]] = []
    looked = Event()

    def slowly(config: RunConfig) -> Run:
        in_window = current_thread() is main_thread()
        assert in_window or looked.wait(10)
        return made(config)

    def look() -> None:
        banner = bare_shell.window.banner
        seen.append((bare_shell.desk is None, not banner.isHidden(), banner.text.text()))
        looked.set()

    made = Run.create
    monkeypatch.setattr(Run, "create", slowly)
    QTimer.singleShot(0, look)
    furnish(bare_shell, str(text))
    assert seen == [(True, True, "Reading long.txt …")]
    assert bare_shell.desk is not None
    assert bare_shell.desk.run.task.info.title == "the next character of long.txt"
    assert bare_shell.window.banner.isHidden()


def test_a_window_can_be_closed_while_its_text_is_read(
    bare_shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = tmp_path / "long.txt"
    text.write_text("hello world")
    closed = Event()

    def slowly(config: RunConfig) -> Run:
        in_window = current_thread() is main_thread()
        assert in_window or closed.wait(10)
        return made(config)

    made = Run.create
    monkeypatch.setattr(Run, "create", slowly)
    bare_shell.closed.connect(closed.set)
    QTimer.singleShot(0, bare_shell.close)
    furnish(bare_shell, str(text))
    assert bare_shell.desk is None


def test_another_task_is_trained_at_full_speed(shell: Shell, until: Until) -> None:
    slowly, desk = shell.window.actions_by_id["slowly"], shell.desk
    assert desk is not None
    desk.set_slow(True)
    until(slowly.isChecked)
    desk.build(lambda: RunConfig(task="parity"), "task parity")
    until(lambda: desk.run.task.name == "parity" and not slowly.isChecked())
    slowly.trigger()
    assert desk.slow
    desk.change("hidden_size", 5)
    until(lambda: desk.run.spec.hidden_size == 5)
    assert desk.slow
