"""Typeset mathematics on any device: glyph outlines filled in the colour of the equation.

Outlines are vectors everywhere, so an equation is as sharp on a projector as in a PDF; they are
made once for each equation, whatever its size and colour.
"""

from __future__ import annotations

from functools import cache, lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QRawFont, QTransform

from rnnviz.resources import equation_font
from rnnviz.scene.equations_typeset import typeset
from rnnviz.scene.legible import legible
from rnnviz.scene.shapes import Equation

_UNITS = 1000.0
"""Font size at which outlines are read: large, so that they are exact."""


@cache
def _font() -> QRawFont:
    file = equation_font()
    font = QRawFont(str(file), _UNITS, QFont.HintingPreference.PreferNoHinting)
    if not font.isValid():
        raise FileNotFoundError(f"{file} is not a font")
    return font


@lru_cache(maxsize=1024)
def _glyph(index: int) -> QPainterPath:
    return _font().pathForGlyph(index)


@lru_cache(maxsize=1024)
def equation_path(tex: str) -> QPainterPath:
    """Outline of an equation at font size 1000 from x = 0, its baseline on y = 0."""
    entry = typeset(tex)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for index, x, y, size in entry.glyphs:
        placed = QTransform(size, 0, 0, size, x * _UNITS, y * _UNITS)
        path.addPath(placed.map(_glyph(index)))
    for x, y, w, h in entry.rules:
        path.addRect(QRectF(x * _UNITS, y * _UNITS, w * _UNITS, h * _UNITS))
    return path


def paint_equation(painter: QPainter, equation: Equation) -> None:
    """Paint at the left edge (or as aligned) and the vertical centre of the equation's rect.

    An equation that is wider than its rect shrinks to it.
    """
    entry = typeset(equation.tex)
    rect, size = equation.rect, equation.size
    wide = entry.width * size
    if wide > rect.w + 0.01 and wide > 0:
        size *= rect.w / wide
    free = rect.w - entry.width * size
    left = rect.x + {"left": 0.0, "center": free / 2, "right": free}[equation.align]
    baseline = rect.center[1] + (entry.ascent - entry.descent) / 2 * size
    painter.save()
    painter.translate(left, baseline)
    painter.scale(size / _UNITS, size / _UNITS)
    painter.fillPath(equation_path(equation.tex), QColor.fromRgba(legible(equation.color)))
    painter.restore()
