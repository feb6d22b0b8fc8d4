"""Dialogs begin where files of that purpose were last, and a name gets the ending of its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.settings import Settings

KINDS = {"PNG (*.png)": ".png", "SVG (*.svg)": ".svg"}


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def soon(act: Callable[[QFileDialog], None]) -> None:
    """Do something with the dialog that is about to open, with its real widgets."""

    def find() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog):
            act(dialog)
        else:
            QTimer.singleShot(20, find)

    QTimer.singleShot(0, find)


def named(name: str, kind: str = "") -> Callable[[QFileDialog], None]:
    def act(dialog: QFileDialog) -> None:
        if kind:
            dialog.selectNameFilter(kind)
            dialog.filterSelected.emit(kind)
        if name:
            dialog.findChild(QLineEdit).setText(name)  # type: ignore[union-attr]  # every one has it
        dialog.accept()

    return act


def test_the_first_time_it_is_the_users_documents_and_then_where_it_was(
    parent: QWidget, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = tmp_path / "Documents"
    documents.mkdir()
    monkeypatch.setattr(
        "rnnviz.app.settings.QStandardPaths.writableLocation", lambda _: str(documents)
    )
    dialogs = FileDialogs(settings)
    soon(named("a"))
    first = dialogs.to_save(parent, "figure", "Export", "graph.png", KINDS)
    assert first == documents / "a.png"
    other = tmp_path / "slides"
    other.mkdir()
    soon(named(str(other / "b.png")))
    assert dialogs.to_save(parent, "figure", "Export", "graph.png", KINDS) == other / "b.png"
    assert settings.folder("figure") == other
    assert settings.folder("film") == documents, "every purpose has its own"
    other.rmdir()
    assert settings.folder("figure") == documents, "what is gone is not offered"


def test_a_name_gets_the_ending_of_the_kind_and_an_old_file_is_asked_about(
    parent: QWidget, settings: Settings, tmp_path: Path
) -> None:
    settings.remember_folder("figure", tmp_path)
    dialogs = FileDialogs(settings)
    soon(named("", "SVG (*.svg)"))
    assert dialogs.to_save(parent, "figure", "Export", "graph.png", KINDS) == tmp_path / "graph.svg"
    (tmp_path / "mine.svg").write_text("old")
    asked: list[str] = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            asked.append(box.text())
            box.button(QMessageBox.StandardButton.Yes).click()
        else:
            QTimer.singleShot(20, answer)

    def act(dialog: QFileDialog) -> None:
        QTimer.singleShot(20, answer)
        named("mine", "SVG (*.svg)")(dialog)

    soon(act)
    assert dialogs.to_save(parent, "figure", "Export", "graph.png", KINDS) == tmp_path / "mine.svg"
    assert len(asked) == 1
    assert "mine.svg" in asked[0]


def test_who_cancels_changes_nothing(parent: QWidget, settings: Settings, tmp_path: Path) -> None:
    settings.remember_folder("run", tmp_path)
    soon(lambda dialog: dialog.reject())
    assert FileDialogs(settings).to_save(parent, "run", "Save", "a.rnnviz", KINDS) is None
    assert settings.folder("run") == tmp_path
