"""Texts and runs opened in a window: learned next, or refused with the session untouched."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.file_kinds import is_run
from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace.files import is_recorded, save_trace

Until = Callable[[Callable[[], bool]], None]
Key = Qt.Key


def test_a_missing_file_is_one_message_and_the_run_goes_on(shell: Shell, until: Until) -> None:
    assert shell.desk is not None
    run = shell.desk.run
    shell.documents.open_path("/nowhere/book.txt")
    until(lambda: shell.window.banner.isVisible())
    assert "book.txt" in shell.window.banner.text.text()
    assert shell.desk.run is run


@pytest.mark.parametrize("content", [b"", b"aaaa", b"\xff\xfe\x00bad", b"a\x00b" * 50])
def test_a_bad_text_leaves_the_open_session_untouched(
    shell: Shell, until: Until, tmp_path: Path, content: bytes
) -> None:
    assert shell.desk is not None
    run = shell.desk.run
    file = tmp_path / "bad.txt"
    file.write_bytes(content)
    shell.documents.open_path(str(file))
    until(lambda: shell.window.banner.isVisible())
    assert shell.desk.run is run
    assert not shell.desk.building


def test_a_dropped_text_is_what_the_network_learns_next(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    assert shell.desk is not None
    file = tmp_path / "book.txt"
    file.write_text("the quick brown fox jumps over the lazy dog\n" * 40)
    assert shell.window.dropped is not None
    shell.window.dropped(str(file))
    until(lambda: shell.desk.run.config.task == str(file))
    until(lambda: shell.desk.training and shell.desk.run.iteration > 0)
    assert not shell.desk.slow
    until(lambda: shell.model.state.trace.columns == 25)


def test_who_starts_paused_has_a_dropped_text_wait_too(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    assert shell.desk is not None
    assert shell.window.dropped is not None
    shell.settings.starts_paused = True
    file = tmp_path / "book.txt"
    file.write_text("the quick brown fox jumps over the lazy dog\n" * 40)
    shell.window.dropped(str(file))
    until(lambda: shell.desk.run.config.task == str(file))
    for _ in range(3):
        shell.frames.tick(0.1)
    assert not shell.desk.training


def test_an_opened_run_of_an_own_text_is_called_by_the_name_of_the_text(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    book, file = tmp_path / "book.txt", tmp_path / "learned.rnnviz"
    book.write_text("the quick brown fox jumps over the lazy dog\n" * 40)
    Run.create(RunConfig(task=str(book))).train(2).save(file)
    shell.documents.open_path(str(file))
    assert shell.desk is not None
    until(lambda: shell.desk.run.iteration == 2)
    task = shell.window.panel.task
    assert shell.window.windowTitle() == "book.txt"
    assert task.currentText() == "the next character of book.txt"
    task.setCurrentIndex(task.findData("text"))
    task.activated.emit(task.currentIndex())
    until(lambda: shell.desk.run.config.task == "text" and not shell.desk.run.config.options)
    assert task.currentText() == "the next character of a text"
    assert [task.itemData(i) for i in range(task.count())].count("text") == 1


def test_a_saved_run_that_is_opened_stands_where_it_stood(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    assert shell.desk is not None
    file = tmp_path / "run.rnnviz"
    Run.create(RunConfig(task="parity")).train(3).save(file)
    shell.documents.open_path(str(file))
    until(lambda: shell.desk.run.iteration == 3)
    for _ in range(3):
        shell.frames.tick(0.1)
    assert not shell.desk.training


def test_while_a_long_text_is_read_the_window_says_so_in_place_of_an_old_error(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    assert shell.desk is not None
    banner = shell.window.banner
    banner.show_error("bad.txt is empty")
    file = tmp_path / "book.txt"
    file.write_text("the quick brown fox jumps over the lazy dog\n" * 25_000)
    shell.documents.open_path(str(file))
    assert banner.text.text() == "Reading book.txt …"
    assert banner.isVisible()
    until(lambda: shell.desk.run.config.task == str(file))
    assert not banner.isVisible()


def test_a_run_is_saved_under_the_name_of_what_it_learned_unless_another_is_chosen(
    shell: Shell, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell.desk is not None
    offered: list[str] = []

    def to_save(
        _: object, parent: object, purpose: str, title: str, name: str, *rest: object
    ) -> None:
        offered.append(name)

    monkeypatch.setattr(FileDialogs, "to_save", to_save)
    shell.documents.ask_save_run()
    file = tmp_path / "my poem.txt"
    file.write_text("the quick brown fox\n" * 20)
    shell.documents.open_path(str(file))
    until(lambda: shell.desk.run.config.task == str(file))
    shell.documents.ask_save_run()
    assert offered == ["hello.rnnviz", "my poem.rnnviz"]


def test_files_whose_names_are_in_capitals_are_what_they_are(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    run = Run.create(RunConfig(task="hello")).train(2)
    run.save(tmp_path / "A.RNNVIZ")
    save_trace(run.trace(), tmp_path / "A.NPZ")
    shell.documents.open_path(str(tmp_path / "A.RNNVIZ"))
    assert shell.desk is not None
    until(lambda: shell.desk.run.iteration == 2)
    shell.documents.open_path(str(tmp_path / "A.NPZ"))
    assert shell.model.state is not None
    assert np.array_equal(shell.model.state.trace["h_l0"], run.trace()["h_l0"])
    assert is_recorded(tmp_path / "A.NPZ")
    assert is_run(tmp_path / "A.RNNVIZ")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pipe with a name")
def test_a_pipe_is_not_waited_for(shell: Shell, until: Until, tmp_path: Path) -> None:
    assert shell.desk is not None
    run = shell.desk.run
    for name in ("pipe.npz", "pipe.rnnviz", "pipe.txt"):
        os.mkfifo(tmp_path / name)
        shell.window.banner.hide()
        shell.documents.open_path(str(tmp_path / name))
        until(lambda: shell.window.banner.isVisible() and not shell.desk.building)
        assert shell.desk.run is run
