"""The one widget: shows the picture of a state and says where the mouse is in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from rnnviz.scene.grip import number_at
from rnnviz.scene.number_told import number_told
from rnnviz.scene.shapes import Hit, Picture
from rnnviz.scene.state import ViewState
from rnnviz.views.marks import answer_with_tip, frame_focus
from rnnviz.views.painter import Painter, is_vector
from rnnviz.views.plain_tip import plain_tip
from rnnviz.views.unhurried import UnhurriedWidget

Builder = Callable[[ViewState, float, float], Picture]

_ZOOM_PER_NOTCH = 1.2
_COLUMNS_PER_NOTCH = 1.0
_DRAG_FROM = 4.0
_RANGE_PIXELS = 200.0
"""So far up a number is dragged through all of its usual range."""
_DESCRIBED_SECONDS = 2.0


_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_ELSEWHERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)


class PictureView(UnhurriedWidget):
    """Shows ``builder(state, width, height)`` and repaints only when the picture changed.

    With Ctrl a number is dragged up or down: `value_gripped` carries its node (``h_l0@3[5]``),
    `value_dragged` by what share of its range it is moved, `value_released` that it is let go.

    Signals carry node ids (``h_l0@3``), columns counted from 0 and factors; x is in logical
    pixels of this widget. `paint_seconds` is what the last repaint cost; `waiting` are the words
    that stand there before there is a picture.
    """

    node_clicked = Signal(str)
    node_hovered = Signal(str)
    node_activated = Signal(str)
    column_dragged = Signal(int)
    zoom_requested = Signal(float, float)
    scroll_requested = Signal(float)
    value_gripped = Signal(str)
    value_dragged = Signal(float)
    value_released = Signal()

    def __init__(
        self,
        builder: Builder,
        name: str = "",
        *,
        drag_columns: bool = True,
        hint: QSize | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._builder = builder
        self._painter = Painter()
        self._drag_columns = drag_columns
        self._hint = hint if hint is not None else QSize(760, 330)
        self._pressed: QPointF | None = None
        self._dragging = False
        self._gripped_at: float | None = None
        self._hovered = ""
        self.state: ViewState | None = None
        self.picture: Picture | None = None
        self.paint_seconds = 0.0
        self.waiting = ""
        self._described = 0.0
        self._tabbed_to = False
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 60)

    def show(self, state: ViewState | None = None) -> None:
        """Show a state; without one, make the widget visible as any QWidget does."""
        if state is None:
            super().show()
            return
        self.state = state
        self._rebuild()

    def set_builder(self, builder: Builder) -> None:
        """Show another picture of the same states (for example the inside of a cell)."""
        self._builder = builder
        # The words were about what is gone.
        QToolTip.hideText()
        self._rebuild()

    def _rebuild(self) -> None:
        if self.state is None or self.width() < 1 or self.height() < 1:
            return
        picture = self._builder(self.state, float(self.width()), float(self.height()))
        old, self.picture = self.picture, picture
        self._describe(picture)
        if old is None or not _same(old, picture):
            self.picture_changed()

    def _describe(self, picture: Picture) -> None:
        """Say what is shown; while passes stream by, not more often than one could listen."""
        live = self.state is not None and self.state.live
        now = time.perf_counter()
        if live and now - self._described < _DESCRIBED_SECONDS:
            return
        if picture.summary != self.accessibleDescription():
            self._described = now
            self.setAccessibleDescription(picture.summary)

    def sizeHint(self) -> QSize:
        return self._hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rebuild()

    def paintEvent(self, event: QPaintEvent) -> None:
        start = time.perf_counter()
        painter = QPainter(self)
        try:
            if self.picture is None:
                painter.fillRect(self.rect(), self.palette().base())
                painter.setPen(self.palette().placeholderText().color())
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.waiting)
                return
            if is_vector(painter):
                # In a file nothing keeps a scrolled picture inside its frame.
                painter.setClipRegion(event.region())
            self._painter.paint(self.picture, painter)
            if self._tabbed_to and not is_vector(painter):
                frame_focus(painter, self.rect(), self)
        finally:
            painter.end()
        self.paint_seconds = time.perf_counter() - start

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            answer_with_tip(event, self._told(QPointF(event.pos())), self)
            return True
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_requested.emit(1.0 + event.value(), event.position().x())
            self.look_under(event.position())
            return True
        return super().event(event)

    def number_at(self, at: QPointF) -> str:
        """The node of the number at a point (``h_l0@3[5]``), empty where there is none."""
        if self.state is None or self.picture is None:
            return ""
        return number_at(self.state, self.picture, at.x(), at.y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                node = self.number_at(event.position())
                if node:
                    self._gripped_at = event.position().y()
                    self.value_gripped.emit(node)
                    return
            self._pressed = event.position()
            self._dragging = False
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._gripped_at is not None:
            self.value_dragged.emit((self._gripped_at - at.y()) / _RANGE_PIXELS)
            return
        if self._pressed is not None and self._drag_columns and self.state is not None:
            moved = abs(at.x() - self._pressed.x()) + abs(at.y() - self._pressed.y())
            self._dragging = self._dragging or moved >= _DRAG_FROM
            if self._dragging:
                self.column_dragged.emit(self.state.axis.column_at(at.x()))
            return
        hit = self._hit(at)
        self._hover(hit.node if hit is not None else "")
        if QToolTip.isVisible() and hit is not None and hit.tip:
            # Once words are shown they follow the pointer from number to number without delay.
            QToolTip.showText(event.globalPosition().toPoint(), plain_tip(hit.tip), self)
        cursor = Qt.CursorShape.ArrowCursor
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.number_at(at):
            cursor = Qt.CursorShape.SizeVerCursor
        elif hit is not None and hit.node:
            cursor = Qt.CursorShape.PointingHandCursor
        self.setCursor(cursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._gripped_at is not None:
            self._gripped_at = None
            self.value_released.emit()
            return
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        self._pressed = None
        if not self._dragging:
            hit = self._hit(event.position())
            self.node_clicked.emit(hit.node if hit is not None else "")
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        hit = self._hit(event.position())
        if hit is not None and hit.node:
            self.node_activated.emit(hit.node)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover("")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms about the pointer; with Shift, or sideways, it scrolls. Where there is no
        time axis it is left to what the view lies in."""
        if not self._drag_columns:
            event.ignore()
            return
        delta = event.angleDelta()
        sideways = delta.x() if delta.x() else 0
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            sideways = delta.y() or delta.x()
        if sideways and self.state is not None:
            visible = max(self.state.axis.width / self.state.axis.pitch, 1.0)
            step = max(_COLUMNS_PER_NOTCH, visible * 0.1)
            self.scroll_requested.emit(-sideways / 120.0 * step)
        elif delta.y():
            self.zoom_requested.emit(_ZOOM_PER_NOTCH ** (delta.y() / 120.0), event.position().x())
        self.look_under(event.position())
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever came by Tab sees where the keys go now; who clicked knows."""
        super().focusInEvent(event)
        if event.reason() not in _ELSEWHERE:
            self._tabbed_to = event.reason() in _BY_TAB
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _ELSEWHERE:
            # A dialog or another program has it for a while: then it comes back here.
            self._tabbed_to = False
        self.update()

    def _hover(self, node: str) -> None:
        if node != self._hovered:
            self._hovered = node
            self.node_hovered.emit(node)

    def look_under(self, at: QPointF) -> None:
        """The picture has moved under a pointer that has not: what it points at is another."""
        hit = self._hit(at)
        self._hover(hit.node if hit is not None else "")

    def _told(self, at: QPointF) -> Hit | None:
        """The place under the pointer, its words led by the one number that is pointed at."""
        hit = self._hit(at)
        number = number_told(self.state, self.number_at(at)) if self.state is not None else ""
        if hit is None or not number:
            return hit
        return replace(hit, tip=f"{number}\n{hit.tip}" if hit.tip else number)

    def _hit(self, at: QPointF) -> Hit | None:
        return self.picture.hit(at.x(), at.y()) if self.picture is not None else None


def _same(a: Picture, b: Picture) -> bool:
    """Whether two pictures are known to be the same without looking at their shapes."""
    if a is b:
        return True
    if (a.width, a.height, a.background) != (b.width, b.height, b.background):
        return False
    return len(a.layers) == len(b.layers) and all(
        x is y or (x.key is not None and x.key == y.key)
        for x, y in zip(a.layers, b.layers, strict=True)
    )
