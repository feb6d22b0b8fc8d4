"""How one example stands in the list: its picture, its words, the answer and its mark."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from rnnviz.app.examples.example_list import REPLY
from rnnviz.app.examples.words import verdict
from rnnviz.app.theme import mixed
from rnnviz.scene.theme import Theme
from rnnviz.session.questions import Reply

ROW_HEIGHT = 38
_PICTURE = 32
_PAD = 6


class ExamplePainter(QStyledItemDelegate):
    """Two lines a row; the chosen row has a bar at its left side and a tinted ground."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(120, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme = self._theme
        if theme is None:
            return
        place: QRect = option.rect
        state: QStyle.StateFlag = option.state
        palette: QPalette = option.palette
        font: QFont = option.font
        painter.save()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen:
            ground = mixed(theme.accent, theme.panel, 0.16)
            painter.fillRect(place, QColor.fromRgba(ground))
            painter.fillRect(place.adjusted(0, 0, 3 - place.width(), 0), palette.highlight())
        left = place.left() + _PAD + 2
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap):
            frame = QRect(left, place.top() + 3, _PICTURE, _PICTURE)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(frame, picture)
            painter.setPen(QColor.fromRgba(theme.line))
            painter.drawRect(frame)
            left = frame.right() + _PAD + 1
        width = place.right() - left - _PAD
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(font)
        metrics = painter.fontMetrics()
        upper = QRect(left, place.top() + 2, width, ROW_HEIGHT // 2 - 2)
        lower = upper.translated(0, ROW_HEIGHT // 2 - 2)
        title = str(index.data() or "").replace("\n", "⏎")
        painter.setPen(QColor.fromRgba(theme.ink))
        painter.drawText(
            upper, flags, metrics.elidedText(title, Qt.TextElideMode.ElideRight, width)
        )
        reply = index.data(REPLY)
        text, color = "…", theme.muted
        if isinstance(reply, Reply):
            text = verdict(reply).replace("\n", "⏎")
            color = {True: theme.good, False: theme.bad, None: theme.output}[reply.is_right]
        painter.setPen(QColor.fromRgba(color))
        painter.drawText(lower, flags, metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
        painter.restore()
