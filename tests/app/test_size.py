"""The size of everything is chosen in the menu and holds from the next start on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from rnnviz.app import handlers
from rnnviz.app.screen_room import fitting_percent
from rnnviz.app.settings import Settings
from rnnviz.app.shell import Shell


def test_the_menu_shows_and_keeps_the_size_and_says_when_it_holds(bare_shell: Shell) -> None:
    actions = bare_shell.window.actions_by_id
    assert actions["size-100"].isChecked()
    actions["size-150"].trigger()
    assert bare_shell.settings.percent == 150
    assert actions["size-150"].isChecked()
    assert not actions["size-100"].isChecked()
    assert "150 %" in bare_shell.window.banner.text.text()


@pytest.mark.parametrize("written", ["", "nonsense", "99", "100000", "-5", "1e2"])
def test_a_size_that_nobody_can_have_chosen_is_the_usual_one(tmp_path: Path, written: str) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    store.setValue("percent", written)
    assert Settings(store).percent == 100


def test_the_next_start_shows_everything_larger(tmp_path: Path) -> None:
    script = (
        "from rnnviz.app.main import open_window\n"
        "from rnnviz.app.settings import Settings\n"
        "def ready(shell):\n"
        "    print(shell.window.devicePixelRatioF())\n"
        "    shell.window.close()\n"
        "settings = Settings()\n"
        "settings.percent = 200\n"
        "raise SystemExit(open_window('hello', settings, on_ready=ready))\n"
    )
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path)}
    environment.pop("QT_SCALE_FACTOR", None)
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["2.0"]


@pytest.mark.parametrize(
    ("asked", "rooms", "shown"),
    [
        (200, [(1280.0, 720.0)], 150),
        (150, [(1280.0, 720.0)], 150),
        (125, [(1280.0, 720.0)], 125),
        (200, [(1920.0, 1040.0)], 200),
        (200, [(1600.0, 900.0)], 175),
        (200, [(1280.0, 720.0), (3840.0, 2160.0)], 200),
        (200, [(800.0, 600.0)], 100),
        (130, [(3840.0, 2160.0)], 130),
        (200, [], 200),
    ],
)
def test_everything_is_shown_as_large_as_the_window_stays_whole_on_a_screen(
    asked: int, rooms: list[tuple[float, float]], shown: int
) -> None:
    assert fitting_percent(asked, rooms) == shown


def test_a_size_without_room_is_kept_for_another_screen_and_told(
    bare_shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "rooms_now", lambda: [(1280.0, 720.0)])
    bare_shell.window.actions_by_id["size-200"].trigger()
    assert bare_shell.settings.percent == 200
    said = bare_shell.window.banner.text.text()
    assert "150 %" in said
    assert "no room" in said
    assert "F8" in said
