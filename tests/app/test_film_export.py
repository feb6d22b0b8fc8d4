"""Exporting a played pass from the menu, through its real dialog."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressDialog
from pytestqt.qtbot import QtBot

from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.film_export import FilmDialog
from rnnviz.app.shell import Shell
from rnnviz.export.animation import Film


def opened_dialog(shell: Shell, qtbot: QtBot) -> FilmDialog:
    shell.window.actions_by_id["export-film"].trigger()
    qtbot.waitUntil(lambda: shell.window.findChild(FilmDialog) is not None)
    dialog = shell.window.findChild(FilmDialog)
    assert dialog is not None
    dialog.speed.setValue(40.0)
    dialog.rate.setValue(10)
    return dialog


def choose(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(FileDialogs, "to_save", lambda *a: path)


def test_the_dialog_tells_the_length_of_the_film_it_will_write(shell: Shell, qtbot: QtBot) -> None:
    dialog = opened_dialog(shell, qtbot)
    film = dialog.film
    assert dialog.length.text().startswith(f"{film.frames} frames")
    dialog.speed.setValue(20.0)
    assert dialog.film.frames > film.frames
    assert dialog.length.text().startswith(f"{dialog.film.frames} frames")
    dialog.reject()


def test_a_chosen_file_holds_the_played_pass(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = pytest.importorskip("PIL.Image")
    dialog = opened_dialog(shell, qtbot)
    size = dialog.film.size
    choose(monkeypatch, tmp_path / "pass.gif")
    dialog._choose_file()
    with image.open(tmp_path / "pass.gif") as film:
        assert film.n_frames > 2
        assert abs(film.size[0] - size[0]) <= 1
    assert "pass.gif" in shell.window.banner.text.text()


def test_the_dialog_is_gone_while_the_film_is_written(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened_dialog(shell, qtbot)
    choose(monkeypatch, tmp_path / "pass.gif")
    seen: list[bool] = []

    def write(film: Film, path: Path, go_on: Callable[[int, int], bool]) -> bool:
        seen.append(dialog.isVisible())
        return all(go_on(done, 3) for done in range(4))

    monkeypatch.setattr("rnnviz.app.film_export.animate", write)
    dialog._choose_file()
    assert seen == [False]
    assert "pass.gif" in shell.window.banner.text.text()


def test_the_film_is_of_the_stage_as_it_stands(shell: Shell, qtbot: QtBot) -> None:
    stage = shell.window.stage
    layout = stage.strips.strip_layout.toggled("h_l0").moved("loss", 0, ("x", "loss"))
    stage.strips.set_strip_layout(layout)
    shell.model.select("h_l0@2")
    stage.levels.fold()
    film = opened_dialog(shell, qtbot).film
    assert film.view == "stage"
    framing = film.framing
    assert framing.strips == layout
    assert framing.selected == "h_l0@2"
    assert framing.unrolled == 0.0
    assert shell.model.state is not None
    assert framing.axis == shell.model.state.axis


def test_a_film_has_the_size_of_a_projector_or_the_one_chosen_last(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened_dialog(shell, qtbot)
    assert (dialog.film.size, dialog.film.scale) == ((1920, 1080), 1.0)
    told = [dialog.size_choice.itemText(n) for n in range(dialog.size_choice.count())]
    for words in told:
        width, height = map(int, words.partition(",")[0].split(" × "))
        assert (width % 2, height % 2) == (0, 0)
    dialog.size_choice.setCurrentText("3840 × 2160")
    assert (dialog.film.size, dialog.film.scale) == ((1920, 1080), 2.0)
    dialog.reject()
    qtbot.waitUntil(lambda: shell.window.findChild(FilmDialog) is None)
    dialog = opened_dialog(shell, qtbot)
    assert dialog.film.scale == 1.0
    stage = shell.window.stage
    sides = stage.graph.width(), stage.graph.height() + stage.strips.height()
    dialog.size_choice.setCurrentIndex(told.index(next(w for w in told if "screen" in w)))
    assert dialog.film.size == tuple(side - side % 2 for side in sides)
    choose(monkeypatch, tmp_path / "pass.xyz")
    dialog._choose_file()
    qtbot.waitUntil(lambda: shell.window.findChild(FilmDialog) is None)
    assert "as on screen" in opened_dialog(shell, qtbot).size_choice.currentText()


def test_cancel_leaves_no_file(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened_dialog(shell, qtbot)
    choose(monkeypatch, tmp_path / "pass.gif")

    def press_cancel() -> None:
        bar = shell.window.findChild(QProgressDialog)
        assert bar is not None
        bar.cancel()

    QTimer.singleShot(0, press_cancel)
    dialog._choose_file()
    # What was chosen is remembered: that file is no film.
    assert [each.name for each in tmp_path.iterdir() if each.name != "settings.ini"] == []
    assert "cancelled" in shell.window.banner.text.text()


def test_a_file_that_cannot_be_written_is_told_in_the_window(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened_dialog(shell, qtbot)
    choose(monkeypatch, tmp_path / "pass.avi")
    dialog._choose_file()
    assert ".mp4" in shell.window.banner.text.text()
    # What was chosen is remembered: that file is no film.
    assert [each.name for each in tmp_path.iterdir() if each.name != "settings.ini"] == []
