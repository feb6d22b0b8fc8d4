"""What a user has made survives a reset, another setting, and a window closed without saving."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from rnnviz.app.kept_runs import MOST, MOST_OF_A_WINDOW, announce_kept, keep_unsaved, subject_name
from rnnviz.app.run_changes import ReplaceRun
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig
from rnnviz.session.files import load_run
from rnnviz.session.run import Run
from tests.app.own_process import ends_well

Key = Qt.Key
Until = Callable[[Callable[[], bool]], None]


def learn(shell: Shell, until: Until, iterations: int) -> None:
    assert shell.desk is not None
    shell.desk.start(iterations)
    until(lambda: shell.desk is not None and shell.desk.run.iteration == iterations)
    until(lambda: shell.desk is not None and not shell.desk.training)


def test_a_reset_can_be_undone(shell: Shell, until: Until) -> None:
    desk = shell.desk
    assert desk is not None
    learn(shell, until, 7)
    trained = desk.run
    last = trained.history.last
    assert last is not None
    QTest.keyClick(shell.window, Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    until(lambda: desk.run.iteration == 0)
    assert len(desk.run.history) == 0
    QTest.keyClick(shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: desk.run is trained)
    assert desk.run.history.last is not None
    assert desk.run.history.last.loss == last.loss
    assert "reset" in shell.window.actions_by_id["redo"].text()


def test_a_run_from_a_file_is_kept_under_the_name_of_its_text(tmp_path: Path) -> None:
    text = tmp_path / "my poem.txt"
    text.write_text("the quick brown fox jumps over the lazy dog. " * 40)
    run = Run.create(RunConfig(task=str(text)))
    run.save(tmp_path / "monday.rnnviz")
    for each in (run, load_run(tmp_path / "monday.rnnviz")):
        assert subject_name(each) == "my poem"


def test_a_reset_is_of_the_run_that_was_put_on_the_table_last(shell: Shell, until: Until) -> None:
    desk = shell.desk
    assert desk is not None
    put = Run.create(RunConfig(task="hello", seed=5))
    desk._put_run(put)
    desk.reset()
    until(lambda: desk.undo_stack.undoText() == "reset" and desk.run is desk.put)
    assert desk.run is not put
    assert desk.run.config.seed == 5


def test_training_on_from_the_past_can_be_undone_with_the_future_that_was(
    shell: Shell, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    learn(shell, until, 12)
    trained = desk.run
    desk.travel(5)
    until(lambda: desk.run.iteration == 5)
    QTest.keyClick(shell.window, Key.Key_T)
    until(lambda: desk.training and desk.run.iteration > 30)
    assert desk.run is not trained
    assert "train on from iteration 5" in shell.window.actions_by_id["undo"].text()
    QTest.keyClick(shell.window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    until(lambda: desk.run is trained)
    desk.travel(12)
    until(lambda: desk.run.iteration == 12)
    QTest.keyClick(shell.window, Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    until(lambda: desk.run is not trained)
    assert desk.run.iteration > 30


def test_a_branch_that_is_left_as_soon_as_it_begins_does_not_come_between_undo_and_the_new_run(
    shell: Shell, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    learn(shell, until, 12)
    trained, other = desk.run, Run.create(RunConfig(task="hello", seed=5))
    desk.travel(5)
    until(lambda: desk.run.iteration == 5)
    desk.start()
    desk.undo_stack.push(ReplaceRun("seed 5", desk.put, other, desk._put_run))
    until(lambda: desk.run is other)
    assert desk.put is other
    assert desk.undo_stack.undoText() == "seed 5"
    desk.undo_stack.undo()
    until(lambda: desk.run is trained)
    desk.undo_stack.redo()
    until(lambda: desk.run is other)


def test_a_learning_rate_changed_on_the_way_outlives_another_setting_but_not_the_optimiser(
    shell: Shell, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    desk.change("learning_rate", 0.03)
    until(lambda: desk.learning_rate == 0.03)
    desk.change("seed", 5)
    until(lambda: desk.run.config.seed == 5)
    assert desk.learning_rate == 0.03
    assert desk.run.learning_rate == 0.03
    desk.change("optimizer", "adam")
    until(lambda: desk.run.plan.training.optimizer == "adam")
    desk.change("learning_rate", 0.5)
    until(lambda: desk.learning_rate == 0.5)
    desk.change("optimizer", "sgd")
    until(lambda: desk.run.plan.training.optimizer == "sgd")
    assert desk.learning_rate != 0.5


def test_undo_brings_back_the_score_of_the_run_as_well(shell: Shell, until: Until) -> None:
    desk, line = shell.desk, shell.window.held_out
    assert desk is not None
    desk.evaluate()
    until(lambda: "baseline" in line.words)
    words = line.words
    desk.change("seed", 4)
    until(lambda: desk.run.config.seed == 4)
    assert "baseline" not in line.words
    desk.undo_stack.undo()
    until(lambda: desk.run.config.seed == 0)
    assert line.words == words


def test_an_opened_run_shows_the_score_it_was_saved_with(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    desk, line = shell.desk, shell.window.held_out
    assert desk is not None
    desk.evaluate()
    until(lambda: "baseline" in line.words)
    words = line.words
    file = tmp_path / "scored.rnnviz"
    desk.run.save(file)
    desk.change("seed", 4)
    until(lambda: desk.run.config.seed == 4)
    shell.rooms.open_path(str(file))
    until(lambda: desk.run.config.seed == 0)
    assert line.words == words


def test_changes_in_quick_succession_add_up(shell: Shell, until: Until) -> None:
    desk = shell.desk
    assert desk is not None
    before = desk.run
    for field, value in (("cell", "lstm"), ("layers", 2), ("hidden_size", 5), ("seed", 9)):
        desk.change(field, value)
    until(lambda: desk.run.config.seed == 9)
    spec = desk.run.spec
    assert (spec.cell, spec.layers, spec.hidden_size) == ("lstm", 2, 5)
    desk.change("hidden_size", 6)
    desk.undo_stack.undo()
    until(lambda: desk.run is before or desk.run.spec.hidden_size == 6)
    desk.change("hidden_size", 0)
    until(lambda: "hidden" in shell.window.banner.text.text() and not desk.building)
    desk.change("hidden_size", 4)
    until(lambda: desk.run.spec.hidden_size == 4)


def test_the_model_chosen_for_one_text_goes_on_with_the_next(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    desk = shell.desk
    assert desk is not None
    for name in ("first.txt", "second.txt", "table.csv"):
        (tmp_path / name).write_text("text,label\n" + "good,yes\nbad,no\n" * 40)
    shell.rooms.open_path(str(tmp_path / "first.txt"))
    until(lambda: desk.run.task.name == "text")
    assert desk.run.spec.cell == "rnn", "hello's own size would be too small for a text"
    desk.change("cell", "lstm")
    until(lambda: desk.run.spec.cell == "lstm")
    shell.rooms.open_path(str(tmp_path / "second.txt"))
    until(lambda: desk.run.config.task.endswith("second.txt"))
    assert desk.run.spec.cell == "lstm"
    before = desk.run
    shell.rooms.open_path(str(tmp_path / "table.csv"))
    until(lambda: desk.run is not before)
    assert desk.run.config.model.cell is None


def test_what_was_learned_and_not_saved_is_kept_as_far_as_it_has_been(
    shell: Shell, settings: Settings, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    learn(shell, until, 12)
    desk.travel(4)
    until(lambda: desk.run.iteration == 4)
    shell.window.close()
    path = keep_unsaved(desk, settings)
    assert path is not None
    assert load_run(path).iteration == 12
    assert settings.recent[0] == str(path)
    announce_kept(shell)
    assert path.name in shell.window.banner.text.text()
    shell.window.banner.text.setText("")
    announce_kept(shell)
    assert shell.window.banner.text.text() == "", "it is said once"


def test_what_was_learned_is_kept_elsewhere_where_its_folder_takes_nothing(
    shell: Shell, settings: Settings, until: Until, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    desk, other = shell.desk, tmp_path / "other"
    assert desk is not None
    other.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(other))
    learn(shell, until, 12)
    shell.window.close()
    settings.runs_folder.write_text("a file stands in the way")
    path = keep_unsaved(desk, settings)
    assert path is not None
    assert path.parent == other
    assert load_run(path).iteration == 12
    assert settings.recent[0] == str(path)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("rnnviz: cannot ")
    assert line.endswith(f"What was learned is in {path}")
    monkeypatch.setattr(tempfile, "tempdir", str(settings.runs_folder))
    assert keep_unsaved(desk, settings) is None
    assert "what was learned is lost" in capsys.readouterr().err


def test_what_is_in_a_file_or_what_nobody_made_is_not_kept(
    shell: Shell, settings: Settings, until: Until, tmp_path: Path
) -> None:
    desk = shell.desk
    assert desk is not None
    assert not desk.unsaved.has(desk.run)
    desk.unsaved.note(desk.run, 5)
    learn(shell, until, 5)
    assert not desk.unsaved.has(desk.run)
    desk.once()
    until(lambda: desk.run.iteration == 6)
    assert desk.unsaved.has(desk.run)
    desk.save(tmp_path / "mine.rnnviz")
    until(lambda: not desk.unsaved.has(desk.run))
    desk.open_run(tmp_path / "mine.rnnviz", load_run)
    before = desk.run
    until(lambda: desk.run is not before)
    assert not desk.unsaved.has(desk.run)
    shell.window.close()
    assert keep_unsaved(desk, settings) is None


def test_only_the_newest_runs_are_kept(shell: Shell, settings: Settings, until: Until) -> None:
    desk = shell.desk
    assert desk is not None
    learn(shell, until, 2)
    folder = settings.runs_folder
    folder.mkdir()
    for number in range(MOST + 2):
        old = folder / f"old {number}.rnnviz"
        old.write_bytes(b"")
        os.utime(old, (number, number))
    shell.window.close()
    path = keep_unsaved(desk, settings)
    assert path is not None
    names = {f"old {number}.rnnviz" for number in range(3, MOST + 2)}
    assert {each.name for each in folder.iterdir()} == {path.name, *names}


def test_a_window_closed_in_the_middle_of_learning_leaves_its_run_behind(tmp_path: Path) -> None:
    script = (
        "from PySide6.QtCore import QTimer\n"
        "from rnnviz.app.main import open_window\n"
        "def ready(shell):\n"
        "    QTimer.singleShot(500, shell.window, shell.window.close)\n"
        "raise SystemExit(open_window('parity', on_ready=ready))\n"
    )
    ends_well(script, tmp_path)
    (kept,) = (tmp_path / "rnnviz" / "runs").glob("parity *.rnnviz")
    assert load_run(kept).iteration > 0


def test_runs_that_undo_could_have_brought_back_are_kept_too_when_the_window_closes(
    shell: Shell, settings: Settings, until: Until
) -> None:
    desk = shell.desk
    assert desk is not None
    for seed, iterations in enumerate((3, 40, 7, 20, 30, 2)):
        if seed:
            desk.change("seed", seed)
            until(lambda seed=seed: desk.run.config.seed == seed)  # type: ignore[misc]  # a default binds it
        learn(shell, until, iterations)
    shell.window.close()
    first = keep_unsaved(desk, settings)
    assert first is not None
    kept = {load_run(path).config.seed for path in settings.runs_folder.glob("*.rnnviz")}
    assert kept == {5, 1, 4, 3}, "that on the table, and the longest trained"
    assert len(kept) == MOST_OF_A_WINDOW
    assert load_run(first).config.seed == 5
    assert settings.kept_count == 4


def test_the_offer_of_the_next_window_opens_the_kept_run(
    shell: Shell, settings: Settings, until: Until, tmp_path: Path
) -> None:
    desk, banner = shell.desk, shell.window.banner
    assert desk is not None
    announce_kept(shell)
    assert not banner.isVisible(), "nothing is said where nothing is kept"
    learn(shell, until, 9)
    desk.save(tmp_path / "kept.rnnviz")
    until(lambda: not desk.unsaved.has(desk.run))
    settings.kept_run = str(tmp_path / "kept.rnnviz")
    announce_kept(shell)
    button = next(each for each in banner.findChildren(QToolButton) if each.text() == "Continue")
    assert button.isVisible()
    before = desk.run
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    until(lambda: desk.run is not before)
    assert desk.run.iteration == 9
    banner.show_note("something else")
    assert not button.isVisible()
