"""The whole window as a picture: from the screen, or made offscreen for scripts and slides."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter, QPicture
from PySide6.QtWidgets import QTabBar, QWidget

from rnnviz.export.drawing import Drawing, image_of_drawing, write_drawing
from rnnviz.views.painter import is_vector


def grab_window(window: QWidget, scale: float = 1.0) -> QImage:
    """The window as it is, `scale` device pixels to a logical pixel."""
    return image_of_drawing(_drawing(window), scale)


def save_window(window: QWidget, path: Path, scale: float = 1.0) -> None:
    """Write the window as PNG, SVG or PDF; an old file is replaced only by a complete one.

    Raises:
        UserError: for another ending, or a place that cannot be written to.
    """
    write_drawing(_drawing(window), path, scale)


def _drawing(window: QWidget) -> Drawing:
    def paint(painter: QPainter) -> None:
        if not is_vector(painter):
            window.render(painter, QPoint(0, 0))
            return
        # Into a file widgets are not clipped to their frames. The chosen tab paints beyond its
        # own, so the pages come after the tabs; clips that a widget sets survive in a recording.
        for tabs in window.findChildren(QTabBar):
            tabs.lower()
        recording = QPicture()
        recorder = QPainter(recording)
        try:
            window.render(recorder, QPoint(0, 0))
        finally:
            recorder.end()
        painter.drawPicture(0, 0, recording)

    return Drawing(window.width(), window.height(), paint, window.windowTitle())
