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
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from rnnviz.scene.state import ViewState
from rnnviz.scene.steplist import StepList

_NO_PARENT = QModelIndex()


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
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._backward if self._steps.is_backward(index.row()) else self._forward
        return None


class StepListView(QListView):
    """Follows the cursor; `operation_chosen` says which operation was clicked or moved to."""

    operation_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = StepListModel(self)
        self._shown: tuple[object, ...] = ()
        self._following = False
        self.setModel(self._model)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
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
                self._model.set_steps(steps, state.theme.ink, state.theme.gradient)
            index = self._model.index(state.cursor.operation.index)
            count, number = self._model.rowCount(), index.row() + 1
            self.setAccessibleDescription(
                f"{count:,} operations; the cursor is at number {number:,}: {index.data()}"
            )
            if index != self.currentIndex():
                self.setCurrentIndex(index)
                self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        finally:
            self._following = False

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if not self._following and current.isValid():
            self.operation_chosen.emit(current.row())
