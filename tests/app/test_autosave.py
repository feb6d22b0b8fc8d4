"""What a killed window had learned is there for the next one; a closed one leaves no folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from rnnviz.app import autosave as module
from rnnviz.app.autosave import MOST_FILES, SECONDS, Autosave, take_over
from rnnviz.app.kept_runs import MOST, keep_unsaved
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.session.files import load_run
from tests.app.test_nothing_is_lost import learn

Until = Callable[[Callable[[], bool]], None]


def parts(shell: Shell) -> tuple[TrainingDesk, Autosave]:
    assert shell.desk is not None
    assert shell.autosave is not None
    return shell.desk, shell.autosave


def files(settings: Settings) -> list[Path]:
    return sorted(settings.runs_folder.glob("open */*.rnnviz"))


def test_nothing_is_written_before_anything_was_learned(shell: Shell, settings: Settings) -> None:
    _, autosave = parts(shell)
    autosave.tick(10 * SECONDS)
    assert not settings.runs_folder.exists()


def test_after_a_minute_of_learning_the_run_is_in_a_file_and_again_after_the_next(
    shell: Shell, settings: Settings, until: Until
) -> None:
    desk, autosave = parts(shell)
    learn(shell, until, 5)
    autosave.tick(SECONDS / 2)
    assert not files(settings)
    autosave.tick(SECONDS / 2)
    until(lambda: len(files(settings)) == 1)
    until(lambda: not autosave._is_writing)
    first = files(settings)[0].stat().st_mtime_ns
    autosave.tick(2 * SECONDS)
    assert not autosave._is_writing, "nothing has changed"
    desk.start(5)
    until(lambda: desk.run.iteration == 10 and not desk.training)
    autosave.tick(2 * SECONDS)
    until(lambda: files(settings)[0].stat().st_mtime_ns > first)
    assert load_run(files(settings)[0]).iteration == 10


def test_what_is_left_for_another_run_or_for_the_past_is_written_first(
    shell: Shell, settings: Settings, until: Until
) -> None:
    desk, _ = parts(shell)
    learn(shell, until, 12)
    desk.travel(3)
    until(lambda: desk.run.iteration == 3)
    assert load_run(files(settings)[0]).iteration == 12
    desk.change("seed", 1)
    until(lambda: desk.run.config.seed == 1)
    learn(shell, until, 4)
    desk.change("seed", 2)
    until(lambda: desk.run.config.seed == 2)
    assert sorted(load_run(path).iteration for path in files(settings)) == [4, 12]


def test_the_least_trained_run_makes_room(shell: Shell, settings: Settings, until: Until) -> None:
    desk, _ = parts(shell)
    for seed in range(1, MOST_FILES + 3):
        learn(shell, until, 30 if seed == 1 else seed)
        desk.change("seed", seed)
        until(lambda seed=seed: desk.run.config.seed == seed)  # type: ignore[misc]  # a default binds it
    until(lambda: len(files(settings)) == MOST_FILES)
    assert max(load_run(path).iteration for path in files(settings)) == 30


def test_a_run_that_made_room_is_written_again_when_undo_brings_it_back(
    shell: Shell, settings: Settings, until: Until
) -> None:
    desk, autosave = parts(shell)
    learn(shell, until, 2)
    first = desk.run
    for seed in range(1, MOST_FILES + 2):
        desk.change("seed", seed)
        until(lambda seed=seed: desk.run.config.seed == seed)  # type: ignore[misc]  # a default binds it
        learn(shell, until, 10 + seed)
    desk.change("seed", 99)
    until(lambda: desk.run.config.seed == 99)
    until(lambda: len(files(settings)) == MOST_FILES)
    assert 2 not in [load_run(path).iteration for path in files(settings)]
    while desk.undo_stack.canUndo():
        desk.undo_stack.undo()
    until(lambda: desk.run is first)
    autosave.tick(SECONDS)
    until(lambda: not autosave._is_writing)
    assert 2 in [load_run(path).iteration for path in files(settings)]


def test_a_file_of_the_users_own_takes_the_place_of_the_kept_one(
    shell: Shell, settings: Settings, until: Until, tmp_path: Path
) -> None:
    desk, autosave = parts(shell)
    learn(shell, until, 5)
    autosave.tick(SECONDS)
    until(lambda: len(files(settings)) == 1 and not autosave._is_writing)
    desk.save(tmp_path / "mine.rnnviz")
    until(lambda: not files(settings))


def test_where_nothing_can_be_written_it_is_said_once_and_training_goes_on(
    shell: Shell, settings: Settings, until: Until
) -> None:
    desk, autosave = parts(shell)
    settings.runs_folder.write_text("a file where the folder should be")
    said: list[str] = []
    autosave.failed.connect(said.append)
    for iterations in (5, 10):
        learn_on(desk, until, iterations)
        autosave.tick(SECONDS)
    until(lambda: bool(said))
    assert len(said) == 1
    assert "not kept" in said[0]


def learn_on(desk: TrainingDesk, until: Until, iterations: int) -> None:
    desk.start(iterations - desk.run.iteration)
    until(lambda: desk.run.iteration == iterations and not desk.training)


def test_a_closed_window_leaves_a_kept_run_and_no_folder_of_its_own(
    shell: Shell, settings: Settings, until: Until
) -> None:
    desk, autosave = parts(shell)
    learn(shell, until, 5)
    autosave.tick(SECONDS)
    until(lambda: len(files(settings)) == 1 and not autosave._is_writing)
    take_over(settings)
    assert len(files(settings)) == 1, "a window that lives keeps what is its own"
    shell.window.close()
    assert keep_unsaved(desk, settings) is not None
    autosave.discard()
    assert [path.suffix for path in settings.runs_folder.iterdir()] == [".rnnviz"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_killed_window_has_lost_nothing_and_the_next_one_offers_it(tmp_path: Path) -> None:
    killed = (
        "import os, signal\n"
        "from PySide6.QtCore import QTimer\n"
        "from rnnviz.app import autosave\n"
        "autosave.SECONDS = 0.2\n"
        "from rnnviz.app.main import open_window\n"
        "def ready(shell):\n"
        "    shell.autosave._wait = 0.2\n"
        "    shell.autosave._desk.host.happened.connect(heard)\n"
        "def heard(event):\n"
        "    if type(event).__name__ == 'Saved':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "open_window('parity', on_ready=ready)\n"
    )
    after = (
        "from PySide6.QtCore import QTimer\n"
        "from rnnviz.app.main import open_window\n"
        "def ready(shell):\n"
        "    print(shell.window.banner.text.text())\n"
        "    QTimer.singleShot(0, shell.window, shell.window.close)\n"
        "raise SystemExit(open_window('hello', on_ready=ready, paused=True))\n"
    )

    def run(script: str) -> subprocess.CompletedProcess[str]:
        place = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", script], env=place, capture_output=True, text=True, timeout=90
        )

    assert run(killed).returncode == -9
    (left,) = (tmp_path / "rnnviz" / "runs").glob("open */*.rnnviz")
    done = run(after)
    assert done.returncode == 0, done.stderr
    assert f"is kept: “{left.name}”" in done.stdout
    (kept,) = (tmp_path / "rnnviz" / "runs").iterdir()
    assert load_run(kept).iteration > 0
    assert "is kept" not in run(after).stdout, "it is offered once"


def test_saving_costs_a_hundredth_of_the_time_at_most(
    shell: Shell, settings: Settings, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, autosave = parts(shell)
    learn(shell, until, 5)
    event = module.e.Saved(settings.runs_folder / "x", desk.run, 5, 30.0, quietly=True)
    autosave._hear(event)
    autosave.tick(2000.0)
    assert not autosave._is_writing
    learn_on(desk, until, 6)
    autosave.tick(1001.0)
    assert autosave._is_writing


def test_what_else_lies_in_the_folder_of_kept_runs_harms_nothing(settings: Settings) -> None:
    runs = settings.runs_folder
    left = runs / "open 99"
    left.mkdir(parents=True)
    (runs / "gone.rnnviz").symlink_to("nowhere")
    (runs / "folder.rnnviz").mkdir()
    (left / "folder.rnnviz").mkdir()
    (left / "learned.rnnviz").write_bytes(b"a run")
    for number in range(MOST + 2):
        (runs / f"old {number}.rnnviz").write_bytes(b"a run")
        os.utime(runs / f"old {number}.rnnviz", (number, number))
    take_over(settings)
    kept = {path.name for path in runs.iterdir()}
    assert settings.kept_run == str(runs / "learned.rnnviz")
    newest = {f"old {number}.rnnviz" for number in range(3, MOST + 2)}
    assert kept == {"gone.rnnviz", "folder.rnnviz", "learned.rnnviz", *newest}
