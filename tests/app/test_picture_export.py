"""Exporting a picture from the menu: the file shows what the screen shows."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QRegion
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.picture_dialog import PictureDialog
from rnnviz.app.shell import Shell
from rnnviz.export.view_names import STAGE
from rnnviz.scene.figure import figure_of
from rnnviz.scene.strips import StripsPicture
from rnnviz.views.picture_view import PictureView


def export(
    shell: Shell, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, view: str, path: Path
) -> None:
    shell.window.actions_by_id["export-picture"].trigger()
    qtbot.waitUntil(lambda: shell.window.findChild(PictureDialog) is not None)
    dialog = shell.window.findChild(PictureDialog)
    assert dialog is not None
    dialog.view.setCurrentText(view)
    dialog.scale.setCurrentIndex(0)
    monkeypatch.setattr(FileDialogs, "to_save", lambda *a: path)
    dialog._choose_file()


def on_screen(view: PictureView, *, at_step: bool) -> QImage:
    """What the view shows, painted by it without what is not for paper."""
    assert view.picture is not None
    view.picture = figure_of(view.picture, at_step=at_step)
    shown = QImage(view.size(), QImage.Format.Format_RGB32)
    view.render(shown, QPoint(), QRegion(), QWidget.RenderFlag(0))
    return shown


def in_file(path: Path) -> QImage:
    return QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)


def test_a_view_in_a_file_is_the_one_on_screen(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.window.resize(1280, 800)
    stage = shell.window.stage
    shell.model.seek_column(2)
    layout = stage.strips.strip_layout.toggled("step_norm_W_hh_l0")
    stage.strips.set_strip_layout(layout.moved("loss", 0, ("tokens", "loss")))
    strips = on_screen(stage.strips, at_step=True)
    export(shell, qtbot, monkeypatch, "strips", tmp_path / "strips.png")
    assert in_file(tmp_path / "strips.png") == strips


def test_strips_that_have_to_be_scrolled_are_all_in_the_file(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = shell.window.stage
    stage.strips.set_strip_layout(stage.strips.strip_layout.toggled("step_norm_W_hh_l0"))
    stage.splitter.setSizes([stage.height() - 200, 200])
    shown = stage.strips.picture
    assert isinstance(shown, StripsPicture)
    assert len(shown.placed) < len(shown.every)
    export(shell, qtbot, monkeypatch, "strips", tmp_path / "strips.png")
    assert in_file(tmp_path / "strips.png").height() >= shown.needed
    # Where the path is long, the line has not the whole of it.
    said = shell.window.banner.accessibleDescription
    assert said() == f"Saved the picture as {tmp_path / 'strips.png'}"
    # A picture of the stage is as large as the stage, and says what it has no room for.
    export(shell, qtbot, monkeypatch, "stage", tmp_path / "stage.png")
    assert "(no room for " in said()


def test_the_stage_is_exported_on_the_level_that_it_shows(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.model.set_still(True)
    # With less room than the open strips need on paper the graph would be lower there.
    shell.window.cell_room.set_wanted(False)
    shell.window.stage.toggle_cell()
    cell = on_screen(shell.window.stage.graph, at_step=False)
    export(shell, qtbot, monkeypatch, STAGE, tmp_path / "stage.png")
    stage = in_file(tmp_path / "stage.png")
    assert stage.copy(cell.rect()) == cell
    assert stage.height() == cell.height() + shell.window.stage.strips.height(), "and the strips"


def test_a_figure_marks_a_step_only_where_somebody_stands_within_the_pass(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shell.model.state is not None
    tint = f'fill="#{shell.model.state.theme.accent & 0xFFFFFF:06x}" fill-opacity="0.07'
    frames = []
    for number, position in enumerate((float(shell.model.timeline_length), 7.0)):
        shell.model.seek(position)
        path = tmp_path / f"{number}.svg"
        export(shell, qtbot, monkeypatch, "graph", path)
        text = path.read_text(encoding="utf-8")
        assert "Unrolled graph" in text
        assert "roll up" not in text
        frames.append(text.count(tint))
    assert frames == [0, 1]


def test_the_window_is_a_vector_picture_with_text(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(shell, qtbot, monkeypatch, "window", tmp_path / "w.svg")
    assert ">Unrolled graph</text>" in (tmp_path / "w.svg").read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_to_is_told_in_the_window(
    shell: Shell, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(shell, qtbot, monkeypatch, "graph", tmp_path / "no" / "g.pdf")
    assert "g.pdf" in shell.window.banner.text.text()
