"""What is refused before a window is opened on it."""

from pathlib import Path

import numpy as np
import pytest

from rnnviz.app.subject_check import check_subject
from rnnviz.cli.main import main
from rnnviz.session import Run, RunConfig
from rnnviz.trace.errors import UserError


def test_tasks_files_runs_configurations_and_passes_can_be_shown(tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_text("a book")
    run = Run.create(RunConfig(task="hello"))
    for subject in (None, "hello", "text", book, str(book), run, run.config, run.trace()):
        check_subject(subject)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("nobody", "neither a task nor a file"),
        ("sentimant", "did you mean sentiment?"),
        ("", "neither a task nor a file"),
        ("nowhere.npz", "no such file"),
        (Path("nowhere.rnnviz"), "no such file"),
        ("folder/nobody", "no such file"),
    ],
)
def test_what_is_not_there_is_named(subject: object, words: str) -> None:
    with pytest.raises(UserError, match=words):
        check_subject(subject)


@pytest.mark.parametrize("subject", [5, object(), np.zeros(3)])
def test_what_is_no_subject_at_all_says_what_would_be(subject: object) -> None:
    with pytest.raises(UserError, match="give a trace, a run"):
        check_subject(subject)


def test_a_missing_file_opens_no_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert main(["nowhere.npz"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
