"""The whole window as a picture: from the screen, or made offscreen for scripts and slides."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.trace import UserError
from rnnviz.trace.atomic import write_atomically


def grab_window(window: QWidget, scale: float = 1.0) -> QImage:
    """The window as it is, `scale` device pixels to a logical pixel."""
    size = window.size()
    image = QImage(
        round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    try:
        window.render(painter, QPoint(0, 0))
    finally:
        painter.end()
    return image


def save_window(window: QWidget, path: Path, scale: float = 1.0) -> None:
    """Write the window as PNG; an old file is replaced only by a complete one.

    Raises:
        UserError: for another ending than .png, or a place that cannot be written to.
    """
    if path.suffix.lower() != ".png":
        raise UserError(f"the window can be saved as .png only, not as {path.name!r}")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    grab_window(window, scale).save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, the library takes str
    data = bytes(buffer.data().data())

    def write(file: IO[bytes]) -> None:
        file.write(data)

    write_atomically(path, write)
