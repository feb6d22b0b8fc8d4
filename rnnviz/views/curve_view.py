"""The training curve as a widget: drag the marker to travel back in training time."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from rnnviz.scene.curve import CurveOptions, CurvePicture, curve_picture
from rnnviz.scene.curve_history import HistoryView
from rnnviz.scene.theme import Theme
from rnnviz.views.marks import frame_focus
from rnnviz.views.painter import Painter, is_vector
from rnnviz.views.unhurried import UnhurriedWidget

_SIDEWAYS = Qt.CursorShape.SizeHorCursor
_TRAVEL = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    *(Qt.Key.Key_Home, Qt.Key.Key_End),
)
_REACH = 12.0
"""Pixels beside the marker within which it is taken hold of."""
_MEANT = 8.0
"""Pixels that a drag which began elsewhere must go: a click alone never travels."""
_HOW = "Drag the marker, or use the arrows, to travel to another iteration"
_PAGE = 0.1
"""Share of all iterations that Page Up and Page Down travel."""


class CurveView(UnhurriedWidget):
    """Shows a history; `iteration_dragged` while the marker moves, `iteration_released` after.

    The marker is dragged, or comes to a drag that begins beside it. A click beside it moves
    nothing: training time is not left by accident.
    With the keyboard: the arrows go one iteration, Page Up and Down a tenth, Home and End to the
    ends, when the curve has the focus.
    """

    iteration_dragged = Signal(int)
    iteration_released = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._painter = Painter()
        self._history: HistoryView | None = None
        self._theme: Theme | None = None
        self._iteration = 0
        self._options = {"log": False, "gradient": False}
        self._classes, self._counted = 0, 1.0
        self._held_out: tuple[tuple[float, float], ...] = ()
        self._training = False
        self._dragging = False
        self._pressed: float | None = None
        self.picture: CurvePicture | None = None
        self.paint_seconds = 0.0
        self.setAccessibleName("Training curve")
        self.setMouseTracking(True)
        self.setToolTip(_HOW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 64)

    def show_history(
        self,
        history: HistoryView,
        *,
        iteration: int,
        training: bool,
        theme: Theme,
        classes: int = 0,
        counted: float = 1.0,
        held_out: tuple[tuple[float, float], ...] = (),
    ) -> None:
        """Show a history with the marker at an iteration; `classes` and the number of losses
        that count in a sequence draw the line of guessing."""
        self._history = history
        self._theme = theme
        self._training = training
        self._classes, self._counted = classes, counted
        self._held_out = held_out
        if not self._dragging:
            self._iteration = iteration
        self._rebuild()

    def show_nothing(self) -> None:
        """Forget the history: a recorded pass has none."""
        self._history = None
        self.picture = None
        self.setAccessibleDescription("There is no training curve.")
        self.update()

    def set_logarithmic(self, on: bool) -> None:
        """The loss on a logarithmic axis, or on a linear one."""
        self._options["log"] = on
        self._rebuild()

    def set_gradient(self, on: bool) -> None:
        """The gradient norm over the loss, or not."""
        self._options["gradient"] = on
        self._rebuild()

    def sizeHint(self) -> QSize:
        return QSize(900, 120)

    def _rebuild(self) -> None:
        if self._history is None or self._theme is None:
            return
        options = CurveOptions(
            log=self._options["log"],
            gradient=self._options["gradient"],
            classes=self._classes,
            counted=self._counted,
            held_out=self._held_out,
            training=self._training and not self._dragging,
        )
        self.picture = curve_picture(
            self._history, self._iteration, self._theme,
            float(max(self.width(), 1)), float(max(self.height(), 1)), options,
        )  # fmt: skip
        self.setAccessibleDescription(self.picture.summary)
        self.picture_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rebuild()

    def paintEvent(self, event: QPaintEvent) -> None:
        start = time.perf_counter()
        painter = QPainter(self)
        try:
            if self.picture is None:
                painter.fillRect(self.rect(), self.palette().base())
                return
            self._painter.paint(self.picture, painter)
            if self.hasFocus() and not is_vector(painter):
                frame_focus(painter, self.rect(), self)
        finally:
            painter.end()
        self.paint_seconds = time.perf_counter() - start

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._can_travel():
            self._pressed = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._pressed is None:
            self.setCursor(_SIDEWAYS if self._is_at_marker(x) else Qt.CursorShape.ArrowCursor)
            return
        far = abs(x - self._pressed)
        self._dragging |= far >= _MEANT or (far > 0 and self._is_at_marker(self._pressed))
        if self._dragging:
            self._travel(x)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        if self._dragging:
            self._dragging = False
            self.iteration_released.emit(self._iteration)
            self._rebuild()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that travel from the window's shortcuts while the curve has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if not plain and Qt.Key(event.key()) in _TRAVEL and self._can_travel():
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        picture = self.picture
        if picture is None or not self._can_travel():
            super().keyPressEvent(event)
            return
        page = max(1, round((picture.last - picture.first) * _PAGE))
        moves = {
            Qt.Key.Key_Left: self._iteration - 1,
            Qt.Key.Key_Right: self._iteration + 1,
            Qt.Key.Key_PageUp: self._iteration - page,
            Qt.Key.Key_PageDown: self._iteration + page,
            Qt.Key.Key_Home: round(picture.first),
            Qt.Key.Key_End: round(picture.last),
        }
        goal = moves.get(Qt.Key(event.key()))
        if goal is None:
            super().keyPressEvent(event)
            return
        self._iteration = min(max(goal, round(picture.first)), round(picture.last))
        self.iteration_released.emit(self._iteration)
        self._rebuild()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.curve_menu()
        menu.exec(event.globalPos())
        menu.deleteLater()

    def curve_menu(self) -> QMenu:
        """How the curve can be shown."""
        menu = QMenu(self)
        log = menu.addAction("&Logarithmic axis")
        log.setCheckable(True)
        log.setChecked(self._options["log"])
        log.toggled.connect(self.set_logarithmic)
        norm = menu.addAction("&Gradient norm")
        norm.setCheckable(True)
        norm.setChecked(self._options["gradient"])
        norm.toggled.connect(self.set_gradient)
        return menu

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _can_travel(self) -> bool:
        return self._history is not None and len(self._history) > 0 and self.picture is not None

    def _is_at_marker(self, x: float) -> bool:
        picture = self.picture
        return picture is not None and abs(x - picture.x_of(self._iteration)) <= _REACH

    def _travel(self, x: float) -> None:
        if self.picture is None:
            return
        goal = self.picture.iteration_at(x)
        if goal != self._iteration:
            self._iteration = goal
            self.iteration_dragged.emit(goal)
            self._rebuild()
