"""What is remembered between two starts, and what a broken settings file does: nothing."""

from pathlib import Path

from PySide6.QtCore import QSettings

from rnnviz.app.settings import Settings
from rnnviz.scene.strips_layout import StripLayout


def stored(path: Path) -> Settings:
    return Settings(QSettings(str(path), QSettings.Format.IniFormat))


def test_the_arrangement_of_the_strips_is_remembered_without_its_scroll(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    layout = StripLayout(collapsed=frozenset({"loss"}), scroll=40.0).resized("h_l0", 90.0)
    settings = stored(file)
    settings.strips = layout
    settings.sync()
    again = stored(file).strips
    assert again.collapsed == {"loss"}
    assert again.height_of("h_l0") == 90.0
    assert again.scroll == 0.0


def test_values_nobody_wrote_are_as_on_a_first_start(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    file.write_text("[General]\ntheme=purple\nstill=perhaps\nstrips={broken\nrecent=17\n")
    settings = stored(file)
    assert settings.theme == "system"
    assert settings.still is False
    assert settings.strips == StripLayout()
    assert settings.recent == ["17"]


def test_the_newest_file_is_the_first_of_the_recent_ones_and_none_stands_twice(
    tmp_path: Path,
) -> None:
    settings = stored(tmp_path / "settings.ini")
    for number in range(12):
        settings.remember(f"{number % 10}.txt")
    assert settings.recent[:3] == ["1.txt", "0.txt", "9.txt"]
    assert len(settings.recent) == len(set(settings.recent)) == 8
