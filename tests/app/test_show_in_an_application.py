"""`rnnviz.show` in a script that has an application of its own: the window is a guest there."""

from pathlib import Path

import pytest

from tests.app.own_process import ends_well

_HOST = """
import gc, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
import rnnviz
from rnnviz.app.window import MainWindow

app = QApplication([])

def close_when_filled():
    for window in app.topLevelWidgets():
        if isinstance(window, MainWindow) and hasattr(window, "stage"):
            return window.close()
    QTimer.singleShot(50, close_when_filled)
"""


def test_it_opens_while_the_application_already_runs_which_goes_on_afterwards(
    tmp_path: Path,
) -> None:
    script = """
mine = QLabel("mine")
mine.show()
seen = []

def pressed():
    QTimer.singleShot(0, close_when_filled)
    seen.append((rnnviz.show("hello"), mine.isVisible()))
    QTimer.singleShot(0, mine.close)

QTimer.singleShot(0, pressed)
code = app.exec()
assert (code, seen) == (0, [(0, True)]), (code, seen)
"""
    ends_well(_HOST + script, tmp_path)


@pytest.mark.parametrize(
    "host",
    [
        "app.setQuitOnLastWindowClosed(False)",
        "mine = QLabel('mine'); mine.show()",
    ],
)
def test_it_returns_when_its_window_is_closed_whatever_else_the_application_has(
    host: str, tmp_path: Path
) -> None:
    script = f"""
{host}
QTimer.singleShot(0, close_when_filled)
assert rnnviz.show("hello") == 0
"""
    ends_well(_HOST + script, tmp_path)


def test_the_application_has_its_own_look_and_pace_again_afterwards(tmp_path: Path) -> None:
    script = """
app.setStyle("Windows")
app.setStyleSheet("QLabel { color: red }")
gc.disable()

def look():
    colour = app.palette().window().color().name()
    pace = gc.isenabled(), sys.getswitchinterval()
    return app.styleSheet(), colour, app.font().toString(), *pace

before = look()
QTimer.singleShot(0, close_when_filled)
rnnviz.show("hello")
assert look() == before, look()
app.setStyleSheet("")
assert app.style().name() == "windows"
"""
    ends_well(_HOST + script, tmp_path)


def test_a_loop_that_is_ended_from_elsewhere_leaves_no_window_and_no_thread(
    tmp_path: Path,
) -> None:
    script = """
import threading
QTimer.singleShot(1000, app.quit)
rnnviz.show("parity")
assert not [w for w in app.topLevelWidgets() if w.isVisible()]
assert threading.enumerate() == [threading.main_thread()], threading.enumerate()
"""
    ends_well(_HOST + script, tmp_path)


def test_a_window_that_is_closed_before_its_panels_are_there_ends_the_program(
    tmp_path: Path,
) -> None:
    script = """
from PySide6.QtCore import QTimer
from rnnviz.app import main

first_frame = main.first_frame

def closed_at_once(*given):
    window = first_frame(*given)
    QTimer.singleShot(0, window.close)
    return window

main.first_frame = closed_at_once
raise SystemExit(main.open_window("hello"))
"""
    ends_well(script, tmp_path)
