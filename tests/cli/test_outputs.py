"""A place where no result can be saved is refused before any work is done."""

import os
from pathlib import Path

import pytest

from rnnviz.cli.main import main
from rnnviz.cli.outputs import check_writable
from rnnviz.trace.errors import UserError

NO_FILES = Path("/proc")
COMMANDS = {
    "train": (["train", "hello"], ".rnnviz"),
    "trace": (["trace", "hello"], ".npz"),
    "render": (["render", "hello"], ".png"),
    "analyze": (["analyze", "hello", "--what", "jacobians"], ".csv"),
    "sample": (["sample", "hello"], ".npz"),
    "import": (["import", "w.safetensors", "--task", "hello"], ".rnnviz"),
    "export": (["export", "r.rnnviz"], ".safetensors"),
}


@pytest.mark.skipif(not NO_FILES.is_dir(), reason="needs a folder that takes no files")
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_folder_that_only_looks_as_if_it_took_files_is_refused_before_the_work(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    argv, ending = COMMANDS[command]
    assert main([*argv, "--out", str(NO_FILES / f"x{ending}")]) == 2
    captured = capsys.readouterr()
    assert "its folder takes no files" in captured.err
    assert captured.err.count("\n") == 1, "there was no bar of progress before"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
def test_a_pipe_with_the_name_of_a_run_is_refused_before_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pipe = tmp_path / "run.rnnviz"
    os.mkfifo(pipe)
    assert main(["train", "hello", "--out", str(pipe)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert pipe.is_fifo()


def test_asking_whether_a_file_can_be_written_leaves_nothing_and_changes_nothing(
    tmp_path: Path,
) -> None:
    old = tmp_path / "old.rnnviz"
    old.write_bytes(b"what was learned")
    before = old.stat()
    check_writable(str(old))
    check_writable(str(tmp_path / "new.rnnviz"))
    assert os.listdir(tmp_path) == ["old.rnnviz"]
    assert old.read_bytes() == b"what was learned"
    assert (old.stat().st_ino, old.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_link_into_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "run.rnnviz"
    link.symlink_to(tmp_path / "gone" / "run.rnnviz")
    with pytest.raises(UserError, match="folder does not exist"):
        check_writable(str(link))


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["trace", "hello", "--sample", "5", "--temperature", "-1", "-o", "t.npz"], "temperature"),
        (["trace", "hello", "--sample", "1000000", "-o", "t.npz"], "100,000 steps"),
        (["trace", "hello", "--example", "99", "-o", "t.npz"], "--example is 99"),
        (["analyze", "hello", "--what", "weights", "--text", "zz", "-o", "w.csv"], "'z'"),
        (["render", "hello", "--step", "99", "-o", "a.png"], "--step is 99"),
        (["render", "hello", "--view", "strips", "--strips", "no", "-o", "a.png"], "no strip 'no'"),
        (["render", "hello", "--view", "product", "--product", "q", "-o", "a.svg"], "no product"),
        (["render", "hello", "--size", "9000x9000", "--scale", "8", "-o", "a.png"], "too large"),
        (["render", "hello", "--fps", "99", "-o", "a.gif"], "99 frames"),
        (["render", "hello", "--speed", "0", "-o", "a.gif"], "speed is 0"),
        (["sample", "hello", "--beam", "0"], "beam is 0"),
        (["sample", "hello", "--length", "1000000"], "100,000 steps"),
        (["sample", "hello", "--prompt", "zz"], "'z'"),
    ],
)
def test_what_cannot_be_done_with_a_pass_is_refused_before_training_for_it(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    if argv[0] == "render":
        pytest.importorskip("PySide6")
    assert main([*argv, "--iterations", "100000000"]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert os.listdir(tmp_path) == []
