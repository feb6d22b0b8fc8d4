"""Cells as sprites: every colour with every number on it is painted once and copied after that."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from rnnviz.scene.colors import MapName, ink_on, lut
from rnnviz.scene.numbers import Figures, figures_for, number_text, rounded_as_written
from rnnviz.scene.shapes import Cells
from rnnviz.scene.textwidth import text_width
from rnnviz.views.fonts import font, has_accents
from rnnviz.views.frame import Pixels

MOST_SPRITES = 20_000
"""Sprites kept before the sheet is emptied; at 24 × 20 pixels about 40 MB."""

_LARGE = 999.5
"""From here on a number is written without decimals, which the code of a sprite does not hold."""
_HALF = 1 << 20
"""Rounded values are counted from here in a sprite's code; 0 is the code of an exact zero."""

_Bucket = tuple[MapName, int, int, float, float, Figures]


class SpriteSheet:
    """Painted cells, made when first seen, by map, cell size, font size, pixel ratio, figures."""

    def __init__(self) -> None:
        self._buckets: dict[_Bucket, dict[int, Pixels]] = {}
        self._count = 0

    def rows(self, cells: Cells, width: int, height: int, ratio: float) -> list[list[Pixels]]:
        """(N, n) sprites (height, width) of numbered cells, device pixels."""
        figures = figures_for(cells.w, cells.size, signed=cells.scale.low < 0)
        key = (cells.scale.map, width, height, cells.size, ratio, figures)
        bucket = self._buckets.setdefault(key, {})
        # NaN becomes the lower bound here and is hatched over afterwards.
        values = np.fmin(np.fmax(cells.values, -9e4), 9e4)
        written = rounded_as_written(values, figures)
        rounded = np.clip(np.rint(written * 10.0**figures.decimals), 1 - _HALF, _HALF - 1)
        numbers = np.where(values == 0.0, 0, rounded.astype(np.int64) + _HALF)
        shades = cells.scale.index(values)
        codes = shades.astype(np.int64) << 22 | numbers
        found = []
        for code_row in codes.tolist():
            row = []
            for code in code_row:
                sprite = bucket.get(code)
                if sprite is None:
                    sprite = self._make(bucket, code, key)
                row.append(sprite)
            found.append(row)
        with np.errstate(invalid="ignore"):
            large = np.argwhere(np.abs(cells.values) >= _LARGE)
        for j, k in large.tolist():
            text = number_text(float(cells.values[j, k]), figures)
            shade = int(lut(cells.scale.map)[shades[j, k]])
            found[j][k] = _large(shade, text, width, height, cells.size, ratio)
        return found

    def _make(self, bucket: dict[int, Pixels], code: int, key: _Bucket) -> Pixels:
        if self._count >= MOST_SPRITES:
            for each in self._buckets.values():
                each.clear()
            self._count = 0
        name, width, height, size, ratio, figures = key
        number = code & (_HALF * 4 - 1)
        value = 0.0 if number == 0 else (number - _HALF) / 10.0**figures.decimals
        text = "0" if number == 0 else number_text(value or 1e-9, figures)
        color = int(lut(name)[code >> 22])
        sprite = _painted(color, text, width, height, size, ratio)
        bucket[code] = sprite
        self._count += 1
        return sprite


@lru_cache(maxsize=1024)
def _large(color: int, text: str, width: int, height: int, size: float, ratio: float) -> Pixels:
    return _painted(color, text, width, height, size, ratio)


def _painted(color: int, text: str, width: int, height: int, size: float, ratio: float) -> Pixels:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor.fromRgba(color))
    painter = QPainter(image)
    try:
        paint_number(painter, QRectF(0, 0, width / ratio, height / ratio), text, color, size)
    finally:
        painter.end()
    return np.frombuffer(image.constBits(), np.uint32).reshape(height, width).copy()


def paint_number(painter: QPainter, rect: QRectF, text: str, color: int, size: float) -> None:
    """A cell's number in the ink that reads on its colour, smaller where it is too long."""
    wide = text_width(text, size)
    if len(text) > 6 and wide > rect.width():
        size *= max(rect.width() / wide, 0.5)
    painter.setFont(font("sans", size, accents=has_accents(text)))
    painter.setPen(QColor.fromRgba(ink_on(color)))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), text)


def hatching(shape: tuple[int, ...], color: NDArray[np.uint32] | int) -> Pixels:
    """(h, w) pixels of diagonal stripes: the place of a value that is not a number."""
    h, w = shape
    stripes = (np.arange(w)[None, :] + np.arange(h)[:, None]) % 6 < 2
    return np.where(stripes, np.uint32(0xFF8C959F), color).astype(np.uint32)
