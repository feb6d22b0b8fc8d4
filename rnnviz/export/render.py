"""Any view of a pass as PNG, SVG or PDF, from the paint code of the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from rnnviz.export.pictures import VIEWS, view_picture
from rnnviz.scene.curve import HistoryView
from rnnviz.scene.shapes import Picture
from rnnviz.scene.theme import ThemeName
from rnnviz.trace import Trace, UserError
from rnnviz.trace.atomic import write_atomically
from rnnviz.views.application import application
from rnnviz.views.painter import Painter

__all__ = ["VIEWS", "render", "write_picture"]

_PDF_DPI = 96
_LARGEST_PIXELS = 256_000_000


def render(
    trace: Trace,
    view: str,
    path: Path,
    *,
    step: int | None = None,
    theme: ThemeName = "light",
    size: tuple[int, int] = (1600, 1000),
    history: HistoryView | None = None,
    scale: float = 1.0,
    product: str = "",
) -> None:
    """Draw one view of a pass into a file; its ending (.png, .svg, .pdf) says how.

    `step` counts from 1 as on screen; `size` is in logical pixels, `scale` is the number of PNG
    pixels for each. Makes a QApplication if there is none.

    Raises:
        UserError: if the view, the step or the ending is unknown, or the file cannot be written.
    """
    application()
    picture = view_picture(
        view, trace, size, step=step, theme_name=theme, history=history, product=product
    )
    write_picture(picture, path, scale)


def write_picture(picture: Picture, path: Path, scale: float = 1.0) -> None:
    """Write a picture; an old file is replaced only by a complete one.

    Raises:
        UserError: if the ending is unknown or the file cannot be written.
    """
    writers: dict[str, Callable[[Picture, float], bytes]] = {
        ".png": _png,
        ".svg": _svg,
        ".pdf": _pdf,
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UserError(
            f"{path.name!r} is no picture this program writes; end it in .png, .svg or .pdf"
        )
    if picture.width * picture.height * scale * scale > _LARGEST_PIXELS:
        raise UserError("the picture would be too large; use a smaller size or scale")
    data = writer(picture, scale)

    def write(file: IO[bytes]) -> None:
        file.write(data)

    write_atomically(path, write)


def _png(picture: Picture, scale: float) -> bytes:
    image = QImage(
        round(picture.width * scale), round(picture.height * scale), QImage.Format.Format_RGB32
    )
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    try:
        Painter().paint(picture, painter)
    finally:
        painter.end()
    buffer = _buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs want bytes, the library takes str
    return bytes(buffer.data().data())


def _svg(picture: Picture, scale: float) -> bytes:
    buffer = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(round(picture.width), round(picture.height)))
    generator.setViewBox(QRectF(0, 0, picture.width, picture.height))
    generator.setResolution(_PDF_DPI)
    generator.setTitle("rnnviz")
    generator.setDescription(picture.summary)
    painter = QPainter(generator)
    try:
        Painter().paint(picture, painter)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _pdf(picture: Picture, scale: float) -> bytes:
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(_PDF_DPI)
    points = QSizeF(picture.width * 72 / _PDF_DPI, picture.height * 72 / _PDF_DPI)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle("rnnviz")
    painter = QPainter(writer)
    try:
        Painter().paint(picture, painter)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
