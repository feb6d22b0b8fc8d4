"""A small sheet of paper to draw on with the mouse: a brush, or shapes pulled to their size."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from rnnviz.session.questions import Pixels
from rnnviz.tasks.canvas import PAPER, SHAPES

SIDE = 256
_BRUSH = 18.0
TOOLS = ("brush", *SHAPES)


class DrawingPad(QWidget):
    """`drawn` tells the picture (SIDE, SIDE, 3) after every stroke and every shape, `emptied` that
    nothing is drawn any more."""

    drawn = Signal(object)
    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(SIDE, SIDE)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("paper to draw on")
        self.tool = "brush"
        self.color = QColor(30, 30, 34)
        self._paper = QColor.fromRgbF(*PAPER)
        self._done: list[QImage] = []
        self._image = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
        self._image.fill(self._paper)
        self._from: QPointF | None = None
        self._to = QPointF()

    @property
    def is_blank(self) -> bool:
        return not self._done

    def pixels(self) -> Pixels:
        """The picture as it is now."""
        image = self._image.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8)
        rows = rows.reshape(SIDE, image.bytesPerLine())[:, : 3 * SIDE]
        return rows.reshape(SIDE, SIDE, 3).copy()

    @Slot()
    def clear(self) -> None:
        """A fresh sheet."""
        self._done.clear()
        self._image.fill(self._paper)
        self.update()
        self.emptied.emit()

    @Slot()
    def take_back(self) -> None:
        """Without the last stroke."""
        if not self._done:
            return
        self._image = self._done.pop()
        self.update()
        if self._done:
            self.drawn.emit(self.pixels())
        else:
            self.emptied.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._done.append(self._image.copy())
        self._from = self._to = event.position()
        if self.tool == "brush":
            self._stroke(event.position())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        if self.tool == "brush":
            self._stroke(event.position())
        self._to = event.position()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            return
        if self.tool != "brush":
            painter = QPainter(self._image)
            self._shape(painter, self._from, event.position())
            painter.end()
        self._from = None
        self.update()
        self.drawn.emit(self.pixels())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        if self._from is not None and self.tool != "brush":
            self._shape(painter, self._from, self._to)
        painter.end()

    def _stroke(self, to: QPointF) -> None:
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.color, _BRUSH)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(self._to, to)
        painter.end()

    def _shape(self, painter: QPainter, middle: QPointF, edge: QPointF) -> None:
        """The shape around where the mouse went down, as large as it was pulled."""
        radius = max(math.hypot(edge.x() - middle.x(), edge.y() - middle.y()), SIDE / 10)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(self.color)
        painter.setPen(QPen(self.color.darker(150), 2.0))
        if self.tool == "circle":
            painter.drawEllipse(middle, radius, radius)
        elif self.tool == "square":
            half = radius * 0.89
            painter.drawRect(QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half))
        else:
            corners, inner = (3, 1.0) if self.tool == "triangle" else (5, 0.45)
            painter.drawPolygon(_star(middle, radius * 1.2, corners, inner))


def _star(middle: QPointF, radius: float, corners: int, inner: float) -> QPolygonF:
    """A star, or with ``inner`` 1 a regular polygon, one corner up."""
    points = []
    for corner in range(2 * corners):
        if corner % 2 and inner == 1.0:
            continue
        reach = radius * (inner if corner % 2 else 1.0)
        angle = math.pi * corner / corners - math.pi / 2
        points.append(middle + QPointF(math.cos(angle), math.sin(angle)) * reach)
    return QPolygonF(points)
