"""The fixtures of tests/conftest.py catch what they are there to catch."""

import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[2]

CULPRITS = {
    "a_thread": """
        import threading, time
        def test():
            nap = threading.Thread(target=time.sleep, args=(9,), name="left-a_thread", daemon=True)
            nap.start()
        """,
    "a_qthread": """
        import time
        from PySide6.QtCore import QThread
        class Sleeper(QThread):
            def run(self):
                time.sleep(4)
        sleeper = Sleeper(objectName="left-a_qthread")
        def test(qapp):
            sleeper.start()
        def test_end():
            sleeper.wait()
        """,
    "a_timer": """
        from PySide6.QtCore import QTimer
        timer = QTimer(objectName="left-a_timer")
        def test(qapp):
            timer.start(1000)
        """,
    "a_log_record": """
        import logging
        def test():
            logging.getLogger("left").warning("left-a_log_record")
        """,
    "a_qt_warning": """
        from PySide6.QtCore import qWarning
        def test():
            qWarning("left-a_qt_warning")
        """,
    "a_python_warning": """
        import warnings
        def test():
            warnings.warn("left-a_python_warning")
        """,
}


TIDY = """
    import logging, threading
    from PySide6.QtCore import QThread, QTimer
    def test(qapp, caplog):
        logging.getLogger("seen").warning("expected")
        assert "expected" in caplog.text
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
        timer = QTimer()
        timer.start(1000)
        timer.stop()
        sleeper = QThread()
        sleeper.start()
        sleeper.quit()
        assert sleeper.wait(2000)
    """


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What pytest says about the culprits and a tidy test under the project's own conftest."""
    folder = tmp_path_factory.mktemp("project")
    tests = folder / "tests"
    tests.mkdir()
    shutil.copy(ROOT / "tests" / "conftest.py", tests)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, code in (CULPRITS | {"a_tidy_test": TIDY}).items():
        (tests / f"test_{name}.py").write_text(dedent(code))
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:randomly", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("what", CULPRITS)
def test_a_test_that_leaves_something_behind_fails(report: str, what: str) -> None:
    lines = report.splitlines()
    verdicts = [line for line in lines if line.startswith(("FAILED", "ERROR")) and what in line]
    assert verdicts, report
    assert f"left-{what}" in report


def test_a_test_that_tidies_up_passes(report: str) -> None:
    verdicts = [line.split()[0] for line in report.splitlines() if "test_a_tidy_test.py::" in line]
    assert verdicts == ["PASSED"]
