"""A figure on screen: as wide as there is room, as high as it needs."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rnnviz.scene.shapes import Hit, Picture
from rnnviz.views.frame import Frame
from rnnviz.views.marks import answer_with_tip, frame_focus
from rnnviz.views.painter import Painter, is_vector

_BRUSH = "brush@"
"""The places of which two are the ends of a range."""
_ZOOMS = (3.0, 2.6, 2.3, 2.0, 1.8, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1)
_SCROLLED_ZOOM = 1.3
_LEAST_WIDTH = 420.0
"""An enlarged figure is still laid out for at least so many pixels."""


class FigureView(QWidget):
    """Shows ``draw(width)``; its height follows from the picture. Tells what was clicked."""

    node_clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._draw: Callable[[float], Picture] | None = None
        self._painter = Painter()
        self.picture: Picture | None = None
        self._kind = ""
        self._pressed = ""
        self._room: float | None = None
        self._zoom = 1.0
        self._zoomed: object = None
        self._drawn_for = 0
        self._frame: Frame | None = None
        self._framed: object = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(200)
        self.setFixedHeight(80)

    def set_room(self, room: float | None) -> None:
        """Enlarge everything, letters too, until the picture fills that height: for a lecture
        hall. None: as large as everywhere."""
        if room != self._room:
            self._room = room
            self._rebuild()

    def set_draw(self, draw: Callable[[float], Picture], kind: str = "") -> None:
        """Show another picture; while its kind stays, so does the enlargement."""
        self._draw, self._kind = draw, kind
        self._rebuild()

    def _enlargement(self, draw: Callable[[float], Picture]) -> float:
        if self._room is None:
            return 1.0
        width = float(self.width())
        asked = (self._kind, self._room, width)
        if asked == self._zoomed:
            return self._zoom
        self._zoomed = asked
        possible = [zoom for zoom in _ZOOMS if width / zoom >= _LEAST_WIDTH]
        fitting = (z for z in possible if z * draw(width / z).height <= self._room)
        # What does not fit even so has to be scrolled anyway: then rather legible.
        return next(fitting, next((z for z in possible if z <= _SCROLLED_ZOOM), 1.0))

    def _rebuild(self) -> None:
        if self._draw is None:
            return
        self._drawn_for = self.width()
        self._zoom = self._enlargement(self._draw)
        self.picture = picture = self._draw(self.width() / self._zoom)
        self.setAccessibleDescription(picture.summary)
        height = ceil(picture.height * self._zoom)
        if height != self.height():
            self.setFixedHeight(height)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != self._drawn_for:
            self._rebuild()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture is None:
            return
        painter = QPainter(self)
        try:
            painter.scale(self._zoom, self._zoom)
            if is_vector(painter):
                self._painter.paint(self.picture, painter)
            else:
                # The picture may end within the last row of the widget's pixels.
                ground = QColor.fromRgba(self.picture.background)
                painter.fillRect(QRectF(0.0, self.picture.height - 2.0, self.width(), 4.0), ground)
                painter.drawImage(0, 0, self._pixels(self.picture).image)
                if self.hasFocus():
                    painter.scale(1.0 / self._zoom, 1.0 / self._zoom)
                    frame_focus(painter, self.rect(), self)
        finally:
            painter.end()

    def _pixels(self, picture: Picture) -> Frame:
        """The picture as pixels; a neighbour that moves does not draw it once more."""
        ratio = self.devicePixelRatioF() * self._zoom
        if self._frame is None or self._framed != (picture, ratio):
            self._frame = self._painter.compose(picture, ratio)
            self._framed = picture, ratio
        return self._frame

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            answer_with_tip(event, self._hit(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position())
        is_place = hit is not None and bool(hit.node)
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if is_place else Qt.CursorShape.ArrowCursor
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position())
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = hit.node if is_left and hit is not None else ""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, or the end of a brush: both ends of a range, pressed here and let go there."""
        hit = self._hit(event.position())
        if event.button() == Qt.MouseButton.LeftButton and hit is not None and hit.node:
            both = (self._pressed, hit.node)
            if both[0] != both[1] and all(node.startswith(_BRUSH) for node in both):
                self.node_clicked.emit(self._pressed)
            self.node_clicked.emit(hit.node)
        else:
            super().mouseReleaseEvent(event)

    def _hit(self, at: QPointF) -> Hit | None:
        if self.picture is None:
            return None
        return self.picture.hit(at.x() / self._zoom, at.y() / self._zoom)
