"""Ctrl-C, a kill or a closed terminal ends the program at any moment with one line at most, and
with 130, 143 or 129."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rnnviz import ctrl_c
from rnnviz.cli import main as command_line
from rnnviz.cli.interrupts import interrupted_after

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")

WAITING = "ready"


def interrupted(
    code: str, folder: Path, number: signal.Signals = signal.SIGINT
) -> subprocess.CompletedProcess[str]:
    """Run Python code that says when it is ready, send the signal then, and wait for its end."""
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == WAITING
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess([], process.returncode, out, err)


SLOW_IMPORT = f"""
import sys, time
from importlib.abc import MetaPathFinder

class Slow(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {{name!r}}:
            print({WAITING!r}, flush=True)
            try:
                time.sleep(30)
            except KeyboardInterrupt:
                raise ImportError("caught half way, as C extensions are") from None

sys.meta_path.insert(0, Slow())
sys.argv = ["rnnviz", "train", "hello"]
from rnnviz.__main__ import start
start()
"""


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("rnnviz.cli.main", signal.SIGINT),
        ("rnnviz.cli.train", signal.SIGINT),
        ("numpy", signal.SIGINT),
        ("numpy", signal.SIGTERM),
    ],
)
def test_who_is_asked_to_end_while_modules_are_imported_leaves_at_once(
    name: str, number: signal.Signals, tmp_path: Path
) -> None:
    done = interrupted(SLOW_IMPORT.format(name=name), tmp_path, number)
    assert (done.returncode, done.stdout) == (128 + number, "")
    assert done.stderr == "rnnviz: error: interrupted\n"


def test_who_reads_json_gets_an_object_even_if_modules_were_still_being_imported(
    tmp_path: Path,
) -> None:
    code = SLOW_IMPORT.format(name="numpy").replace('"hello"]', '"hello", "--json"]')
    done = interrupted(code, tmp_path, signal.SIGTERM)
    assert done.stderr == "rnnviz: error: interrupted\n"
    assert json.loads(done.stdout) == {"error": "interrupted", "exit_code": 143}


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (["-m", "rnnviz"], "rnnviz.blas_threads"),
        ([str(Path(__file__).parents[2] / "main.py")], "rnnviz.ctrl_c"),
    ],
)
def test_ctrl_c_is_heard_from_the_first_module_of_the_program_on(
    start: list[str], first: str, tmp_path: Path
) -> None:
    slow = SLOW_IMPORT.format(name=first).partition("sys.argv =")[0]
    (tmp_path / "sitecustomize.py").write_text(slow.replace("ImportError", "KeyboardInterrupt"))
    with subprocess.Popen(
        [sys.executable, *start, "tasks"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == WAITING
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "rnnviz: error: interrupted\n")


def test_a_script_that_imports_rnnviz_keeps_its_own_ctrl_c(tmp_path: Path) -> None:
    code = "import signal, sys; sys.argv = ['rnnviz.py']; b = signal.getsignal(2); import rnnviz; "
    code += "sys.exit(b is not signal.getsignal(2))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_asked_to_end_tidies_up(number: signal.Signals, tmp_path: Path) -> None:
    code = f"""
import sys, time
from rnnviz import __main__
from rnnviz.cli import main
def work(arguments):
    try:
        print({WAITING!r}, flush=True)
        time.sleep(30)
    finally:
        print("tidied", flush=True)
main._run = work
__main__.start()
"""
    done = interrupted(code, tmp_path, number)
    assert (done.returncode, done.stdout) == (128 + number, "tidied\n")
    assert done.stderr == "rnnviz: error: interrupted\n"


def test_ctrl_c_after_the_work_changes_nothing(tmp_path: Path) -> None:
    code = f"""
import atexit, time
from rnnviz import __main__
from rnnviz.cli import main
def farewell():
    print({WAITING!r}, flush=True)
    time.sleep(0.2)
atexit.register(farewell)
main._run = lambda arguments: 0
__main__.start()
"""
    done = interrupted(code, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_process_that_was_started_to_ignore_ctrl_c_goes_on_ignoring_it(tmp_path: Path) -> None:
    code = f"""
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
from rnnviz import __main__
from rnnviz.cli import main
def work(arguments):
    from rnnviz.cli.interrupts import collected_interrupts
    print({WAITING!r}, flush=True)
    time.sleep(0.2)
    with collected_interrupts() as stop:
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    return 0
main._run = work
__main__.start()
"""
    assert interrupted(code, tmp_path).returncode == 0


def test_work_that_must_not_be_cut_off_is_finished_first() -> None:
    done = []

    @interrupted_after()
    def work() -> None:
        signal.raise_signal(signal.SIGINT)
        done.append("the work")

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == ["the work"]


def test_the_frames_of_an_import_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    monkeypatch.setattr(ctrl_c, "leave_at_once", lambda number, frame: left.append(number))

    def frame(*files: str) -> Any:
        made = None
        for file in reversed(files):
            made = SimpleNamespace(f_code=SimpleNamespace(co_filename=file), f_back=made)
        return made

    for files in (("a.py", "b.py"), ()):
        with pytest.raises(KeyboardInterrupt):
            ctrl_c.interrupt(2, frame(*files))
    assert left == []
    with pytest.raises(KeyboardInterrupt):
        ctrl_c.interrupt(2, frame("a.py", "<frozen importlib._bootstrap>", "b.py"))
    assert left == [2]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (MemoryError(), 2, "not enough memory"),
        (ModuleNotFoundError(name="numpy.core"), 2, "the package numpy is not installed"),
    ],
)
def test_what_ends_a_command_early_is_one_line_and_with_json_an_object(
    error: BaseException,
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(arguments: list[str]) -> int:
        raise error

    monkeypatch.setattr(command_line, "_run", fail)
    assert command_line.main(["tasks"]) == code
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert words in said.err
    assert command_line.main(["tasks", "--json"]) == code
    assert words in capsys.readouterr().out


def test_a_missing_module_of_the_program_itself_is_no_matter_of_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(arguments: list[str]) -> int:
        raise ModuleNotFoundError(name="rnnviz.gone")

    monkeypatch.setattr(command_line, "_run", fail)
    with pytest.raises(ModuleNotFoundError):
        command_line.main(["tasks"])


WINDOW = f"""
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QSettings
from rnnviz.app.main import open_window
from rnnviz.app.settings import Settings
settings = Settings(QSettings("settings.ini", QSettings.Format.IniFormat))
before = lambda shell: print({WAITING!r}, flush=True)
sys.exit(open_window("parity", settings, before))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_in_good_order(number: signal.Signals, tmp_path: Path) -> None:
    done = interrupted(WINDOW, tmp_path, number)
    assert (done.returncode, done.stdout, done.stderr) == (128 + number, "", "")


def test_a_signal_before_the_window_is_ready_closes_it_too(tmp_path: Path) -> None:
    code = WINDOW.replace("import os, sys", "import os, sys, signal").replace(
        "sys.exit(",
        "import rnnviz.app.main as m\n"
        "first = m.first_frame\n"
        "def frame(*a):\n"
        "    signal.raise_signal(signal.SIGINT)\n"
        "    return first(*a)\n"
        "m.first_frame = frame\n"
        "sys.exit(",
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (130, "")


def test_a_script_that_shows_a_window_is_interrupted_by_ctrl_c(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import rnnviz
    from rnnviz.app import main as window

    def closed_by(subject: object, paused: bool) -> int:
        return 128 + signal.SIGINT

    monkeypatch.setattr(window, "open_window", closed_by)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with pytest.raises(KeyboardInterrupt):
        rnnviz.show("hello")
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
