"""Files dropped on the window: good, bad, several at once, folders; the session outlives all."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from rnnviz.app.shell import Shell

Until = Callable[[Callable[[], bool]], None]


def drop(shell: Shell, *paths: Path) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    data = files(*paths)  # the event does not keep it
    event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, left, none)
    shell.window.dropEvent(event)


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def carry(data: QMimeData, target: QWidget) -> None:
    """Take something over a widget and let go of it there, by the way that Qt takes."""
    left, none, copy = (
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.DropAction.CopyAction,
    )
    place = target.rect().center()
    with warnings.catch_warnings():
        # Since 6.12 places are given with a fraction, which older versions do not take.
        warnings.simplefilter("ignore", DeprecationWarning)
        enter = QDragEnterEvent(place, copy, data, left, none)
        move = QDragMoveEvent(place, copy, data, left, none)
    for event in (enter, move, QDropEvent(QPointF(place), copy, data, left, none)):
        QCoreApplication.sendEvent(target, event)


def write(folder: Path, name: str) -> Path:
    path = folder / name
    if name == "folder":
        path.mkdir()
    elif name == "missing.txt":
        pass
    elif name == "array.npy":
        np.save(path, np.array([np.nan, 1.0]))
    else:
        path.write_bytes(b"" if name.startswith("empty") else bytes(range(256)) * 8)
    return path


@pytest.mark.parametrize(
    "name",
    [
        *("empty.txt", "binary.txt", "binary.rnnviz", "binary.npz", "binary.csv", "binary.mp4"),
        *("binary.xyz", "folder", "missing.txt", "array.npy", "empty.rnnviz", "binary.json"),
    ],
)
def test_what_cannot_be_opened_is_said_and_the_run_goes_on(
    shell: Shell, until: Until, tmp_path: Path, name: str
) -> None:
    desk, banner = shell.desk, shell.window.banner
    assert desk is not None
    before, path = desk.run, write(tmp_path, name)
    drop(shell, path)
    until(lambda: banner.isVisible() and not desk.building)
    assert banner.accessibleName() == "error"
    assert "Error:" not in banner.accessibleDescription(), "words, not an exception"
    assert desk.run is before
    desk.once()
    until(lambda: before.iteration == 1)


def test_of_several_files_the_first_is_opened_and_the_others_are_not_passed_over_in_silence(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    for path in paths:
        path.write_text("to be or not to be " * 30)
    drop(shell, *paths)
    banner = shell.window.banner
    assert banner.isVisible()
    assert "“a.txt” alone of 3 files" in banner.text.text()
    assert shell.desk is not None
    until(lambda: shell.desk is not None and shell.desk.run.config.task == str(paths[0]))
    assert banner.isVisible(), "it is about what has come, not about what has gone"
    banner._leave.timeout.emit()
    assert not banner.isVisible()
    drop(shell, tmp_path / "missing.txt", paths[1])
    until(lambda: "no such file" in banner.text.text())


def test_a_file_that_is_dropped_on_a_field_is_opened_and_not_typed_into_it(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    path = tmp_path / "dropped.txt"
    path.write_text("to be or not to be " * 30)
    prompt = shell.window.sample.prompt
    words = QMimeData()
    words.setText("he")
    carry(words, prompt)
    assert prompt.text() == "he", "words may be dropped there"
    carry(files(path), prompt)
    assert "dropped" not in prompt.text()
    until(lambda: shell.desk is not None and shell.desk.run.config.task == str(path))


def test_a_drag_over_any_part_of_the_window_is_the_windows(
    shell: Shell, until: Until, tmp_path: Path
) -> None:
    window = shell.window
    for part in (window.stage.graph, window.inspector, window.curve, window.transport):
        path = tmp_path / f"{type(part).__name__}.txt"
        path.write_text("to be or not to be " * 30)
        carry(files(path), part)
        until(lambda path=path: shell.desk is not None and shell.desk.run.config.task == str(path))
