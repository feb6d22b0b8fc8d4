"""The icons of the transport, drawn as paths: no font on a bare machine has these glyphs."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPolygonF

IconName = Literal["start", "back", "play", "pause", "forward", "end"]

_SIZE = 20


def _triangle(x: float, right: bool) -> QPolygonF:
    tip, base = (x + 9.0, x) if right else (x, x + 9.0)
    return QPolygonF([QPointF(base, 4.0), QPointF(tip, 10.0), QPointF(base, 16.0)])


def _bar(x: float, width: float = 2.6) -> QPolygonF:
    return QPolygonF(QRectF(x, 4.0, width, 12.0))


_SHAPES: dict[IconName, tuple[QPolygonF, ...]] = {
    "start": (_bar(3.0), _triangle(7.0, right=False)),
    "back": (_triangle(5.0, right=False),),
    "play": (_triangle(6.0, right=True),),
    "pause": (_bar(5.0, 3.6), _bar(11.4, 3.6)),
    "forward": (_triangle(6.0, right=True),),
    "end": (_triangle(4.0, right=True), _bar(14.4)),
}


def icon(name: IconName, color: int, ratio: float = 2.0) -> QIcon:
    """The icon in one colour (0xAARRGGBB); `ratio` is the device pixels per logical pixel."""
    pixmap = QPixmap(round(_SIZE * ratio), round(_SIZE * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromRgba(color))
    for shape in _SHAPES[name]:
        painter.drawPolygon(shape)
    painter.end()
    return QIcon(pixmap)
