"""Where the data of an opened run are found, wherever it is opened."""

import os
import sys
from pathlib import Path

import pytest

from rnnviz.session import ModelOptions, Run, RunConfig, load
from rnnviz.session.data_identity import hash_of_path
from rnnviz.trace.files import load_trace, save_trace
from tests.session.runs import BOOK


def trained_on_a_relative_path(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path("book.txt").write_text(BOOK)
    Run.create(RunConfig(task="book.txt", model=ModelOptions(hidden_size=3))).train(3).save(
        "r.rnnviz"
    )
    return folder / "r.rnnviz"


def test_a_run_finds_its_data_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trained_on_a_relative_path(tmp_path / "home", monkeypatch)
    runs = tmp_path / "runs"
    runs.mkdir()
    path = path.rename(runs / path.name)
    monkeypatch.chdir(tmp_path)
    opened = load(path)
    assert opened.data_problem is None
    assert opened.train(2).iteration == 5
    opened.save("again.rnnviz")
    assert load("again.rnnviz").data_problem is None


def test_a_run_finds_data_that_were_moved_along_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained_on_a_relative_path(tmp_path / "home", monkeypatch)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").rename(tmp_path / "stick")
    assert load(tmp_path / "stick" / "r.rnnviz").data_problem is None


def test_another_file_of_that_name_is_not_taken_for_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trained_on_a_relative_path(tmp_path / "home", monkeypatch)
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.chdir(other)
    Path("book.txt").write_text(BOOK.upper())
    assert load(path).data_problem is None
    (tmp_path / "home" / "book.txt").unlink()
    assert "have changed" in str(load(path).data_problem)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file name is text")
def test_a_run_on_a_file_whose_name_is_no_text_is_saved_and_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = os.fsdecode(b"b\xffok.txt")
    Path(name).write_text(BOOK)
    run = Run.create(RunConfig(task=name, model=ModelOptions(hidden_size=3))).train(3)
    run.save("r.rnnviz")
    opened = load("r.rnnviz")
    assert opened.data_problem is None
    assert opened.iteration == 3
    save_trace(opened.trace(), "t.npz")
    assert load_trace("t.npz").title == opened.trace().title


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file name is text")
def test_a_folder_of_files_whose_names_are_no_text_is_recognised_again(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"b\xff.png")).write_bytes(b"picture")
    once = hash_of_path(tmp_path)
    assert hash_of_path(tmp_path) == once
    (tmp_path / os.fsdecode(b"b\xff.png")).rename(tmp_path / os.fsdecode(b"b\xfe.png"))
    assert hash_of_path(tmp_path) != once


def test_a_table_that_was_moved_along_with_its_run_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{word} film,{label}" for word, label in (("good", "yes"), ("bad", "no"))] * 12
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path / "home")
    Path("films.csv").write_text("\n".join(["text,label", *rows]))
    Run.create(RunConfig(task="films.csv", model=ModelOptions(hidden_size=3))).save("r.rnnviz")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").rename(tmp_path / "stick")
    opened = load(tmp_path / "stick" / "r.rnnviz")
    assert opened.data_problem is None
    assert opened.train(2).iteration == 2
