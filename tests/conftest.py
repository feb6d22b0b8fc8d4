"""The ground every test stands on: one BLAS thread, no screen, and nothing left running after it.

Works in an environment without Qt, too: what concerns Qt happens only where Qt is imported.
"""

import gc
import logging
import os
import signal
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

if not os.environ.get("QT_QPA_PLATFORM"):  # an empty one is no choice either
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # NumPy's BLAS: see addopts in pyproject.toml

settings.register_profile("rnnviz", deadline=None, print_blob=True)
settings.load_profile("rnnviz")

GRACE_SECONDS = 2.0  # for a thread that was told to stop and is on its way out


def pytest_addoption(parser: pytest.Parser) -> None:
    """Keep the options of pytest-qt known where it is not installed."""
    if find_spec("pytestqt") is None:
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "for pytest-qt, which is not installed here")


@pytest.fixture(scope="session", autouse=True)
def heard_signals() -> Iterator[None]:
    """Processes that tests start hear signals, even where the tests themselves were started with
    Ctrl-C or hanging up ignored, as a shell does in the background: that is handed on, and a
    program that respects it would wait for ever."""
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    ignored = [number for number in numbers if signal.getsignal(number) == signal.SIG_IGN]
    for number in ignored:
        usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, usual)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture
def rng() -> np.random.Generator:
    """A random generator that is the same in every run."""
    return np.random.default_rng(20240711)


@pytest.fixture(autouse=True)
def nothing_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which a warning or an error was logged, unless it looks at ``caplog``."""
    records: list[logging.LogRecord] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    collector = Collector(logging.WARNING)
    logging.getLogger().addHandler(collector)
    yield
    logging.getLogger().removeHandler(collector)
    if records and "caplog" not in request.fixturenames:
        said = "; ".join(f"{record.name}: {record.getMessage()}" for record in records)
        pytest.fail(f"unexpected log: {said}", pytrace=False)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a Python thread alive."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        if not isinstance(thread, threading._DummyThread):
            thread.join(GRACE_SECONDS)
    names = [t.name for t in left if t.is_alive() and not isinstance(t, threading._DummyThread)]
    if names:
        pytest.fail(f"threads left running: {', '.join(names)}", pytrace=False)


class Started:
    """Qt objects whose ``start`` was called from Python, for as long as they live."""

    def __init__(self, qt_class: Any) -> None:
        self._objects: weakref.WeakSet[Any] = weakref.WeakSet()
        self._class, self._start = qt_class, qt_class.start
        objects, start = self._objects, self._start

        def start_and_remember(this: Any, *args: Any, **kwargs: Any) -> Any:
            objects.add(this)
            return start(this, *args, **kwargs)

        qt_class.start = start_and_remember

    def restore(self) -> None:
        self._class.start = self._start

    def still(self, is_on: Callable[[Any], bool]) -> set[Any]:
        from shiboken6 import isValid

        return {each for each in list(self._objects) if isValid(each) and is_on(each)}


@pytest.fixture(scope="session")
def qt_started() -> Iterator[tuple[Started, Started] | None]:
    """The threads and the timers started in this test run; None without Qt."""
    if "PySide6.QtCore" not in sys.modules:
        yield None
        return
    from PySide6.QtCore import QThread, QTimer

    threads, timers = Started(QThread), Started(QTimer)
    yield threads, timers
    threads.restore()
    timers.restore()


@pytest.fixture(autouse=True)
def nothing_of_qt_left(
    request: pytest.FixtureRequest, qt_started: tuple[Started, Started] | None
) -> Iterator[None]:
    """Fail a test that leaves a QThread running or a QTimer ticking; delete what was to be deleted.

    Set up before every other fixture of the test and torn down after them, so that the widgets of
    ``qtbot`` are closed by then.
    """
    if qt_started is None:
        yield
        return
    threads, timers = qt_started
    threads_before = threads.still(lambda thread: thread.isRunning())
    timers_before = timers.still(lambda timer: timer.isActive())
    yield
    if {"qapp", "qtbot"} & set(request.fixturenames):
        delete_deferred()
    left_timers = timers.still(lambda timer: timer.isActive()) - timers_before
    for timer in left_timers:
        timer.stop()
    left_threads = threads.still(lambda thread: thread.isRunning()) - threads_before
    left_threads = {t for t in left_threads if not t.wait(int(GRACE_SECONDS * 1000))}
    if left_threads or left_timers:
        names = [each.objectName() or repr(each) for each in (*left_threads, *left_timers)]
        pytest.fail(f"left running: {', '.join(names)}", pytrace=False)


def delete_deferred() -> None:
    """Carry out every ``deleteLater`` and collect cycles now, in the GUI thread."""
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
