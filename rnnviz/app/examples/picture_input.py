"""A picture file as pixels, read by Qt, with one plain sentence where that fails."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QImageReader

from rnnviz.session.questions import Pixels
from rnnviz.trace import UserError

LONGEST_SIDE = 1024
_LARGEST = 25_000_000
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp")


def read_picture(path: Path) -> Pixels:
    """The pixels (h, w, 3), scaled down to at most ``LONGEST_SIDE`` a side.

    Raises:
        UserError: if there is no such file, or it is no picture of a sensible size.
    """
    if not os.path.isfile(path):
        raise UserError(f"there is no file {path}; check the path")
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size: QSize = reader.size()
    if size.isValid() and size.width() * size.height() > _LARGEST:
        raise UserError(
            f"{path} has {size.width()} × {size.height()} pixels; {_LARGEST:,} in all are the limit"
        )
    image = reader.read()
    if image.isNull():
        why = reader.errorString().lower()
        raise UserError(f"{path} cannot be read as a picture ({why}); save it as PNG or JPEG")
    return pixels_of(image)


def pixels_of(image: QImage) -> Pixels:
    """An image as pixels (h, w, 3)."""
    longest = max(image.width(), image.height())
    if longest > LONGEST_SIDE:
        share = LONGEST_SIDE / longest
        image = image.scaled(
            max(round(image.width() * share), 1), max(round(image.height() * share), 1)
        )
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    height, width = plain.height(), plain.width()
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(height, plain.bytesPerLine())
    return rows[:, : 3 * width].reshape(height, width, 3).copy()
