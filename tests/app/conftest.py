"""A window on "hello" that a test drives with real keys; closed, with its worker, at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication

from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from tests.app.in_turns import InTurns

PATIENCE_SECONDS = 20.0
_GIVE_WAY_SECONDS = 0.001
"""Between two looks, so that who is waited for gets the interpreter."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings in a file of the test's own."""
    return Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def until(qapp: QApplication) -> Callable[[Callable[[], bool]], None]:
    """Let the window live until something is true; fail if it does not become true."""

    def wait(is_so: Callable[[], bool]) -> None:
        end = monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert monotonic() < end, "waited in vain"
            QCoreApplication.processEvents()
            sleep(_GIVE_WAY_SECONDS)

    return wait


@pytest.fixture
def bare_shell(qapp: QApplication, settings: Settings) -> Iterator[Shell]:
    """A window with nothing on the table yet."""
    shell = Shell(qapp, settings)
    shell.window.resize(1280, 720)
    shell.window.show()
    shell.start()
    yield shell
    shell.window.close()
    shell.window.deleteLater()
    shell.deleteLater()


@pytest.fixture
def shell(bare_shell: Shell, until: Callable[[Callable[[], bool]], None]) -> Shell:
    """A window on an untrained "hello" with its first pass on the stage."""
    bare_shell.attach(Run.create(RunConfig(task="hello", seed=0)))
    until(lambda: bare_shell.model.state is not None)
    return bare_shell


@pytest.fixture
def turns(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[InTurns]:
    made = InTurns(monkeypatch, qapp, Run.create(RunConfig(task="hello", seed=0)))
    yield made
    assert made.desk.close()
    made.desk.deleteLater()
