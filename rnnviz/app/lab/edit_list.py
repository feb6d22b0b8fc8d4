"""The edits that hold, one a line: to choose, to name and to take away."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from rnnviz.app.lab.edit_history import Edits
from rnnviz.app.lab.edit_words import edit_command, edit_words
from rnnviz.trace import ModelSpec

_MOST_LINES = 4


class EditList(QListWidget):
    """`named` carries the line and the name that it was given, `removed` the line to take away."""

    named = Signal(int, str)
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._told: tuple[str, ...] = ()
        self.setAccessibleName("edits that hold; Delete takes one away, F2 names it")
        self.setEditTriggers(
            QListWidget.EditTrigger.EditKeyPressed | QListWidget.EditTrigger.DoubleClicked
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        delete = QShortcut(QKeySequence.StandardKey.Delete, self)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.remove)
        self.itemChanged.connect(self._name)

    def tell(self, edits: Edits, spec: ModelSpec | None) -> None:
        """Show these edits of a pass of that model; the same line stays chosen."""
        words = () if spec is None else tuple(edit_words(edit, spec) for edit in edits)
        self.blockSignals(True)
        current = self.currentRow()
        self.clear()
        for edit, text in zip(edits, words, strict=False):
            assert spec is not None
            item = QListWidgetItem(text)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(
                f"{edit_words(replace(edit, label=''), spec)}; F2 or double click names it, "
                "Delete takes it away\nrnnviz analyze --what what-if "
                f"{f'--row {edit.row} ' if edit.row else ''}--edit '{edit_command(edit)}'"
            )
            self.addItem(item)
        self._told = words
        self.setCurrentRow(min(current, len(words) - 1))
        self.blockSignals(False)
        self.setVisible(bool(words))
        line = self.fontMetrics().height() + 4
        self.setFixedHeight(line * min(max(len(words), 1), _MOST_LINES) + 6)

    @Slot()
    def remove(self) -> None:
        """Ask for the chosen edit to go, or for the last where none is chosen."""
        row = self.currentRow() if self.currentRow() >= 0 else self.count() - 1
        if row >= 0:
            self.removed.emit(row)

    @Slot(QListWidgetItem)
    def _name(self, item: QListWidgetItem) -> None:
        row = self.row(item)
        if 0 <= row < len(self._told) and item.text() != self._told[row]:
            self.named.emit(row, item.text())
