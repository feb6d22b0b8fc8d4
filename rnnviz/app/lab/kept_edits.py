"""Sets of edits that were kept by name: to bring back, to compare, to forget."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from rnnviz.app.tool_button import tool_button


class KeptEdits(QWidget):
    """Hidden until something is kept. `recalled` and `forgotten` carry a name."""

    recalled = Signal(str)
    forgotten = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.box = QComboBox()
        self.box.setAccessibleName("edits that were kept")
        self.box.setToolTip("Bring these edits back; the figure compares all that are kept")
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.forget = tool_button("Forget", "Keep the edits of this name no longer")
        row.addWidget(self.box, 1)
        row.addWidget(self.forget)
        self.box.activated.connect(self._recall)
        self.forget.clicked.connect(self._forget)
        self.hide()

    def offer(self, names: Sequence[str], chosen: str = "") -> None:
        """Show these names."""
        self.box.clear()
        self.box.addItem("kept edits …")
        self.box.addItems(list(names))
        self.box.setCurrentIndex(max(self.box.findText(chosen), 0) if chosen else 0)
        self.forget.setEnabled(self.box.currentIndex() > 0)
        self.setVisible(bool(names))

    @Slot(int)
    def _recall(self, index: int) -> None:
        self.forget.setEnabled(index > 0)
        if index > 0:
            self.recalled.emit(self.box.itemText(index))

    @Slot()
    def _forget(self) -> None:
        if self.box.currentIndex() > 0:
            self.forgotten.emit(self.box.currentText())
