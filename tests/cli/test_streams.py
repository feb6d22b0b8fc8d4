"""Standard streams that are closed, full or no longer read."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnnviz.cli.interrupts import BOUNCE_SECONDS, Interrupts
from rnnviz.cli.main import COMMANDS, main
from rnnviz.cli.progress import Progress

needs_devices = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")


def run(arguments: str, redirected: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = f"{sys.executable} -m rnnviz {arguments} {redirected}"
    return subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("redirected", [">&-", "2>&-"])
def test_a_closed_stream_does_not_matter_to_training(redirected: str, tmp_path: Path) -> None:
    done = run("train hello --iterations 5 -o r.rnnviz", redirected, tmp_path)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert (tmp_path / "r.rnnviz").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("arguments", ["--info", "--help", "train --help", "tasks --json"])
def test_a_closed_output_is_no_error_and_nothing_goes_elsewhere(
    arguments: str, tmp_path: Path
) -> None:
    done = run(arguments, ">&-", tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""


@needs_devices
def test_a_bar_that_cannot_be_drawn_costs_no_iteration(tmp_path: Path) -> None:
    done = run("train hello --iterations 5 -o r.rnnviz", "2>/dev/full", tmp_path)
    assert done.returncode == 0
    assert "loss" in done.stdout
    assert (tmp_path / "r.rnnviz").exists()


@needs_devices
@pytest.mark.parametrize("arguments", ["--version", "--help", "train --help", "--info", "tasks"])
def test_a_full_output_is_told_in_one_line(arguments: str, tmp_path: Path) -> None:
    done = run(arguments, ">/dev/full", tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("rnnviz: error: cannot print the result")
    assert done.stderr.count("\n") == 1


class Deaf(io.StringIO):
    """A stream whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_bar_that_nobody_reads_is_given_up() -> None:
    bar = Progress(10, "training", Deaf())
    for done in range(1, 11):
        bar.show(done, 0.5)
    bar.close()


def test_help_of_a_command_can_be_asked_for_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "train"]) == 0
    assert capsys.readouterr().out.startswith("usage: rnnviz train")


@pytest.mark.parametrize("command", [*COMMANDS, ""])
def test_help_fits_into_eighty_columns(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([command, "--help"] if command else ["--help"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_second_ctrl_c_interrupts_but_not_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    asked = Interrupts()
    assert not asked
    asked.note(signal.SIGINT, None)
    asked.note(signal.SIGINT, None)
    assert asked
    now[0] += BOUNCE_SECONDS
    with pytest.raises(KeyboardInterrupt):
        asked.note(signal.SIGINT, None)


def test_no_ctrl_c_interrupts_a_save(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    asked = Interrupts()
    asked.note(signal.SIGINT, None)
    asked.hold()
    now[0] += 10 * BOUNCE_SECONDS
    asked.note(signal.SIGINT, None)
    assert asked


def in_encoding(
    encoding: str, arguments: list[str], folder: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rnnviz", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", ["--help", "train --help", "help render"])
def test_help_can_be_read_in_any_encoding(arguments: str, tmp_path: Path) -> None:
    done = in_encoding("ascii", arguments.split(), tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: rnnviz" in done.stdout


def test_json_is_json_in_any_encoding(tmp_path: Path) -> None:
    (tmp_path / "é.txt").write_text("déjà vu, déjà vu")
    done = in_encoding("ascii", ["train", "é.txt", "--iterations", "2", "--json"], tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["iterations"] == 2
    done = in_encoding("ascii", ["train", "à.txt", "--json"], tmp_path)
    assert done.returncode == 2
    assert "à.txt" in json.loads(done.stdout)["error"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Qt warns of it on Linux")
def test_a_locale_without_utf8_is_no_matter_for_a_picture(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rnnviz", "render", "hello", "--view", "graph", "-o", "g.svg"],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


class Terminal(io.StringIO):
    """A terminal of a width that it tells."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 2


@pytest.mark.parametrize("width", [1, 10, 20, 30, 45, 80, 200])
def test_the_bar_never_wraps(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("os.get_terminal_size", lambda number: os.terminal_size((width, 24)))
    stream = Terminal()
    bar = Progress(1000, "training a-task-with-a-name", stream)
    for done in range(1, 1001):
        bar.show(done, 0.123456)
    lines = stream.getvalue().replace("\x1b[K", "").split("\r")
    assert max(map(len, lines)) < max(width, 2)
    assert ("█" in stream.getvalue()) == (width >= 80)


def test_a_dumb_terminal_gets_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    stream = Terminal()
    bar = Progress(10, "training", stream)
    for done in range(1, 11):
        bar.show(done, 0.5)
    bar.close()
    assert len(stream.getvalue().splitlines()) == 10
    assert "\r" not in stream.getvalue()


def test_a_terminal_without_blocks_gets_a_bar_of_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    stream.encoding = "ascii"
    Progress(2, "training", stream).show(1, 0.5)
    assert "##############.............." in stream.getvalue()
