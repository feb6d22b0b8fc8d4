"""The list of operations: read, click to go there, and the cursor's line is always in sight."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from rnnviz.scene.captions import whose_words
from rnnviz.scene.legible import legible
from rnnviz.scene.state import ViewState
from rnnviz.scene.steplist import StepList, laid_out

_NO_PARENT = QModelIndex()
PARTS = int(Qt.ItemDataRole.UserRole)
"""Role of a line in two parts, each from long to short: what is computed and how, the result."""
_INK = Qt.ItemDataRole.ForegroundRole
_INSET = 6


class StepListModel(QAbstractListModel):
    """The lines of a pass; a line is made when it comes into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: StepList | None = None
        self._forward = QColor()
        self._backward = QColor()

    def set_steps(self, steps: StepList, forward: int, backward: int) -> None:
        """Another pass, and the ink of its two directions (0xAARRGGBB)."""
        self.beginResetModel()
        self._steps = steps
        self._forward, self._backward = QColor.fromRgba(forward), QColor.fromRgba(backward)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() or self._steps is None else len(self._steps)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if self._steps is None or not 0 <= index.row() < len(self._steps):
            return None
        if role in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.AccessibleTextRole,
        ):
            return self._steps.text(index.row())
        if role == PARTS:
            return self._steps.forms(index.row())
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._backward if self._steps.is_backward(index.row()) else self._forward
        return None


class _LineDelegate(QStyledItemDelegate):
    """A line whose result, on the right, is always in sight: what made it becomes shorter."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        parts = index.data(PARTS)
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        if parts is None:
            return
        room = option.rect.adjusted(_INSET, 0, -_INSET, 0)
        metrics = option.fontMetrics
        ways, results = parts
        made, result = laid_out(ways, results, room.width(), 2 * _INSET, metrics.horizontalAdvance)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        ink = palette.highlightedText().color() if selected else index.data(_INK)
        wide = min(metrics.horizontalAdvance(result), room.width())
        left = room.adjusted(0, 0, -(wide + 2 * _INSET if result else 0), 0)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(ink)
        middle = Qt.AlignmentFlag.AlignVCenter
        elide = Qt.TextElideMode.ElideRight
        result = metrics.elidedText(result, elide, room.width())
        painter.drawText(room, int(middle | Qt.AlignmentFlag.AlignRight), result)
        made = metrics.elidedText(made, elide, max(left.width(), 0))
        painter.drawText(left, int(middle | Qt.AlignmentFlag.AlignLeft), made)
        painter.restore()

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As high as a line; as wide as the list, so that nothing scrolls sideways."""
        return QSize(1, option.fontMetrics.height() + 6)


class StepListView(QListView):
    """Follows the cursor; `operation_chosen` says which operation was clicked or moved to. Over
    the lines stands whose pass they are."""

    operation_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = StepListModel(self)
        self._shown: tuple[object, ...] = ()
        self._following = False
        self._whose = QLabel(self)
        self._whose.setIndent(_INSET)
        self._whose.hide()
        self.setModel(self._model)
        self.setItemDelegate(_LineDelegate(self))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName("Operations of the pass")
        self.selectionModel().currentChanged.connect(self._current_changed)

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def show(self, state: ViewState | None = None) -> None:
        """Show a state; without one, make the widget visible as any QWidget does."""
        if state is None:
            super().show()
            return
        shown = (state.trace, state.timeline, state.row, state.theme.key)
        self._following = True
        try:
            if shown != self._shown:
                self._shown = shown
                steps = StepList(state.trace, state.timeline, state.row)
                self._model.set_steps(steps, state.theme.ink, legible(state.theme.gradient))
                self._say_whose(whose_words(state.trace, state.row), state.theme.muted)
            index = self._model.index(state.cursor.operation.index)
            whose = f"{self._whose.text()}: " if self._whose.text() else ""
            count, number = self._model.rowCount(), index.row() + 1
            self.setAccessibleDescription(
                f"{whose}{count:,} operations; the cursor is at number {number:,}: {index.data()}"
            )
            if index != self.currentIndex():
                self.setCurrentIndex(index)
                self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        finally:
            self._following = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_whose()

    def _say_whose(self, words: str, ink: int) -> None:
        palette = self._whose.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor.fromRgba(ink))
        self._whose.setPalette(palette)
        if words != self._whose.text():
            self._whose.setText(words)
            self._whose.setVisible(bool(words))
            self.setViewportMargins(0, self._whose_height() if words else 0, 0, 0)
            self._place_whose()

    def _whose_height(self) -> int:
        return self.fontMetrics().height() + _INSET

    def _place_whose(self) -> None:
        edge = self.frameWidth()
        self._whose.setGeometry(edge, edge, self.width() - 2 * edge, self._whose_height())

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if not self._following and current.isValid():
            self.operation_chosen.emit(current.row())
