"""Whatever can be painted, as a PNG, SVG or PDF file: one way onto each kind of device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QFont, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from rnnviz.trace import UserError
from rnnviz.trace.atomic import write_atomically

DPI = 96
"""Logical pixels to an inch, as the screen has them: a page is as large as the picture."""
_LARGEST_PIXELS = 140_000_000
"""Of a PNG: a screen of 3840 × 2160 at 4×, which takes about a gigabyte while it is drawn."""
_LONGEST_SIDE = 32_767
"""Pixels that Qt can paint on in a row."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: `paint` covers `width` × `height` logical pixels; `summary` is in words."""

    width: int
    height: int
    paint: Callable[[QPainter], None]
    summary: str = ""


def write_drawing(drawing: Drawing, path: Path, scale: float = 1.0) -> None:
    """Write a drawing; an old file is replaced only by a complete one.

    `scale` is the number of PNG pixels for a logical pixel.

    Raises:
        UserError: if the ending is unknown, the picture too large, or the place not writable.
    """
    writers: dict[str, Callable[[Drawing, float], bytes]] = {
        ".png": _png,
        ".svg": _svg,
        ".pdf": _pdf,
    }
    check_size(drawing.width, drawing.height, path, scale)
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise UserError(
            f"{path.name!r} is no picture this program writes; end it in .png, .svg or .pdf"
        )
    try:
        data = writer(drawing, scale)
    except MemoryError:
        width, height = round(drawing.width * scale), round(drawing.height * scale)
        raise UserError(
            f"there is not enough memory for a picture of {width:,} × {height:,} pixels; use a "
            "smaller size or scale"
        ) from None

    def write(file: IO[bytes]) -> None:
        file.write(data)

    write_atomically(path, write)


def check_size(width: float, height: float, path: Path, scale: float) -> None:
    """Whether a file can hold a drawing of that size in logical pixels.

    Raises:
        UserError: if it would be a PNG with too many pixels.
    """
    across, down = round(width * scale), round(height * scale)
    many = across * down > _LARGEST_PIXELS or max(across, down) > _LONGEST_SIDE
    if path.suffix.lower() == ".png" and many:
        raise UserError(
            f"the picture would be too large with {across:,} × {down:,} pixels; use a smaller "
            "size or scale, or write .svg or .pdf"
        )


def image_of_drawing(drawing: Drawing, scale: float = 1.0) -> QImage:
    """The drawing as pixels, `scale` of them to a logical pixel.

    Raises:
        MemoryError: if there is no room for them.
    """
    image = QImage(
        round(drawing.width * scale), round(drawing.height * scale), QImage.Format.Format_RGB32
    )
    if image.isNull():
        raise MemoryError
    image.setDevicePixelRatio(scale)
    painter = QPainter(image)
    try:
        drawing.paint(painter)
    finally:
        painter.end()
    return image


def _png(drawing: Drawing, scale: float) -> bytes:
    buffer = _buffer()
    if not image_of_drawing(drawing, scale).save(buffer, "PNG"):  # type: ignore[call-overload]  # the stubs want bytes, the library takes str
        raise MemoryError
    return bytes(buffer.data().data())


def _svg(drawing: Drawing, scale: float) -> bytes:
    buffer = _buffer()
    # Tiny SVG, the default, has no clipping: what is scrolled out of sight would show.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(drawing.width, drawing.height))
    generator.setViewBox(QRectF(0, 0, drawing.width, drawing.height))
    generator.setResolution(DPI)
    generator.setTitle("rnnviz")
    generator.setDescription(drawing.summary)
    painter = QPainter(generator)
    # Every group names the font in force, and the program's own would make the file depend on
    # whether a window has been open.
    font = QFont("sans-serif")
    font.setPixelSize(13)
    painter.setFont(font)
    try:
        drawing.paint(painter)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _pdf(drawing: Drawing, scale: float) -> bytes:
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    points = QSizeF(drawing.width * 72 / DPI, drawing.height * 72 / DPI)
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle("rnnviz")
    painter = QPainter(writer)
    try:
        drawing.paint(painter)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
