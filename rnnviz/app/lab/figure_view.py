"""A figure on screen: as wide as there is room, as high as it needs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from rnnviz.scene.shapes import Hit, Picture
from rnnviz.views.painter import Painter


class FigureView(QWidget):
    """Shows ``draw(width)``; its height follows from the picture. Tells what was clicked."""

    node_clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._draw: Callable[[float], Picture] | None = None
        self._painter = Painter()
        self.picture: Picture | None = None
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(200)
        self.setFixedHeight(80)

    def set_draw(self, draw: Callable[[float], Picture]) -> None:
        """Show another picture."""
        self._draw = draw
        self._rebuild()

    def _rebuild(self) -> None:
        if self._draw is None:
            return
        self.picture = picture = self._draw(float(self.width()))
        self.setAccessibleDescription(picture.summary)
        height = round(picture.height)
        if height != self.height():
            self.setFixedHeight(height)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._rebuild()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.picture is None:
            return
        painter = QPainter(self)
        try:
            self._painter.paint(self.picture, painter)
        finally:
            painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            hit = self._hit(QPointF(event.pos()))
            if hit is not None and hit.tip:
                QToolTip.showText(event.globalPos(), hit.tip, self)
            else:
                QToolTip.hideText()
                event.ignore()
            return True
        return super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position())
        is_place = hit is not None and bool(hit.node)
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if is_place else Qt.CursorShape.ArrowCursor
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position())
        if event.button() == Qt.MouseButton.LeftButton and hit is not None and hit.node:
            self.node_clicked.emit(hit.node)
        else:
            super().mouseReleaseEvent(event)

    def _hit(self, at: QPointF) -> Hit | None:
        return self.picture.hit(at.x(), at.y()) if self.picture is not None else None
