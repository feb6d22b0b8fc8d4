"""A frame around the control that has the focus, for those that show it too faintly themselves.

Tabs, lists and choices of the desktop style change a few grey pixels when they have the focus: on a
projector nobody would see where the keys go.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QTabBar, QWidget

from rnnviz.views.painter import is_vector

_FAINT = (QTabBar, QComboBox, QAbstractItemView)
_WIDTH = 2


class FocusFrames(QObject):
    """Gives the focused control of any window its frame, and takes it away again."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for frame in old.findChildren(FocusFrame, options=direct) if old is not None else ():
            frame.hide()
            frame.deleteLater()
        # An open list shows its own choice.
        if isinstance(new, _FAINT) and new.window().windowType() != Qt.WindowType.Popup:
            FocusFrame(new)


class FocusFrame(QWidget):
    """Lies over its parent, whatever size that takes, and lets the mouse through."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around.installEventFilter(self)
        if isinstance(around, QTabBar):
            around.currentChanged.connect(self._place)
        self._place()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            if not is_vector(painter):
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(self.palette().highlight(), _WIDTH))
                painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        finally:
            painter.end()

    @Slot()
    def _place(self) -> None:
        around = self.parentWidget()
        if around is None:
            return
        place: QRect = around.rect()
        if isinstance(around, QTabBar):
            place = around.tabRect(around.currentIndex())
        self.setGeometry(place)
        self.raise_()
