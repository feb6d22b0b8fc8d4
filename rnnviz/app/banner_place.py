"""Where a message stands: beside the menus, where it covers nothing, or over a panel's edge."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QLabel, QMenuBar, QWidget

_GAP = 20
"""Pixels between the menus, a message and the words in the corner."""
_MOST_LINES = 3
"""More would hide the stage; the tip has what found no room."""
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest)


class BannerPlace(QObject):
    """Knows the window around a message; `moved` says that the places are others now."""

    moved = Signal()

    def __init__(self, banner: QWidget) -> None:
        super().__init__(banner)
        self._banner = banner
        self._menus: QMenuBar | None = None
        self._over: QWidget | None = None
        self.is_high = False
        """Whether the upper edge of the panel is free, and not the lower one."""

    def settle(self, menus: QMenuBar, over: QWidget) -> None:
        """The menus of the window and the panel in it."""
        self._menus, self._over = menus, over
        corner = menus.cornerWidget(Qt.Corner.TopRightCorner)
        for widget in (menus, over, corner):
            if widget is not None:
                widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self.moved.emit()
        return super().eventFilter(watched, event)

    @property
    def row(self) -> QRect | None:
        """The free room in the row of the menus; None where the window has no such row."""
        menus, around = self._menus, self._banner.parentWidget()
        if menus is None or around is None or menus.isNativeMenuBar() or not menus.isVisible():
            return None
        left = max((menus.actionGeometry(each).right() for each in menus.actions()), default=0)
        corner = menus.cornerWidget(Qt.Corner.TopRightCorner)
        right = menus.width()
        if isinstance(corner, QLabel):
            # Its words stand at its right; it is wider than they are.
            words = corner.fontMetrics().horizontalAdvance(corner.text())
            right = corner.x() + corner.contentsRect().right() - words
        free = QRect(left + _GAP, 0, right - left - 2 * _GAP, menus.height())
        return free.translated(menus.mapTo(around, QPoint(0, 0)))

    @property
    def width(self) -> int:
        """Of the panel."""
        return 0 if self._over is None else self._over.width()

    def edge(self, height: int) -> QRect:
        """So much of the panel, at its free edge."""
        around = self._banner.parentWidget()
        if self._over is None or around is None:
            return QRect()
        corner = self._over.mapTo(around, QPoint(0, 0))
        below = 0 if self.is_high else self._over.height() - height
        return QRect(corner.x(), corner.y() + below, self._over.width(), height)


def line_fit(label: QLabel, room: int) -> Callable[[str], bool]:
    """Whether words find room in the few lines of so many pixels that a message may take."""
    metrics, wrap = label.fontMetrics(), Qt.TextFlag.TextWordWrap
    # Half a line more: the height of a line is rounded.
    most = round((_MOST_LINES + 0.5) * metrics.lineSpacing())

    def fits(words: str) -> bool:
        taken = metrics.boundingRect(QRect(0, 0, room, 10 * most), wrap, words)
        return taken.height() <= most and taken.width() <= room

    return fits
