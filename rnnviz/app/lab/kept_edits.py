"""Sets of edits that were kept by name: to bring back, to compare, to forget."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QWidget

from rnnviz.app.lab.edit_history import Edits, Fits
from rnnviz.app.lab.kept_shelf import KeptShelf
from rnnviz.app.tool_button import tool_button
from rnnviz.trace import UserError

LEFT = "when the window closed"
"""The name of edits that nobody named."""


class KeptEdits(QWidget):
    """Hidden until something is kept. `recalled` and `forgotten` carry a name.

    Sets outlive the window on a `shelf`, if it has one. Those that another window has kept are
    offered where they fit; they are compared from when they are brought back, for each set that is
    compared costs a pass. `failed` says that the shelf cannot be read or written.
    """

    recalled = Signal(str)
    forgotten = Signal(str)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.shelf: KeptShelf | None = None
        self.brought: dict[str, Edits] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.box = QComboBox()
        self.box.setAccessibleName("edits that were kept")
        self.box.setToolTip("Bring these edits back, to compare them with others that were")
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.forget = tool_button("Forget", "Keep the edits of this name no longer")
        row.addWidget(self.box, 1)
        row.addWidget(self.forget)
        self.box.activated.connect(self._recall)
        self.forget.clicked.connect(self._forget)
        self.hide()

    def offer(self, kept: Mapping[str, Edits], fits: Fits, chosen: str = "") -> None:
        """Show the names of what this window keeps, and of what the shelf has for this pass."""
        try:
            found = () if self.shelf is None else self.shelf.sets()
        except UserError as error:
            found = ()
            self.failed.emit(str(error))
        self.brought = {
            each.name: each.edits
            for each in found
            if each.name not in kept and each.edits and fits(each.edits)
        }
        names = [*kept, *self.brought]
        if [self.box.itemText(k) for k in range(1, self.box.count())] != names:
            # Passes of another length come while the list may be open.
            self.box.clear()
            self.box.addItem("kept edits …")
            self.box.addItems(names)
        self.box.setCurrentIndex(max(self.box.findText(chosen), 0) if chosen else 0)
        self.forget.setEnabled(self.box.currentIndex() > 0)
        self.setVisible(bool(names))

    def remember(self, name: str, edits: Edits, before: Edits | None) -> None:
        """Put a set on the shelf, in place of the one that had its name here."""
        try:
            if self.shelf is not None:
                self.shelf.put(name, edits, self.brought.get(name) if before is None else before)
        except UserError as error:
            self.failed.emit(str(error))

    def leave(self, edits: Edits, kept: Mapping[str, Edits]) -> None:
        """The window closes: edits that hold and were not kept yet go on the shelf as well."""
        if not edits or edits in (*kept.values(), *self.brought.values()):
            return
        name, number = LEFT, 1
        while name in kept or name in self.brought:
            number += 1
            name = f"{LEFT} ({number})"
        self.remember(name, edits, None)

    def discard(self, name: str, edits: Edits) -> None:
        """Take a set off the shelf."""
        try:
            if self.shelf is not None:
                self.shelf.drop(name, edits)
        except UserError as error:
            self.failed.emit(str(error))

    @Slot(int)
    def _recall(self, index: int) -> None:
        self.forget.setEnabled(index > 0)
        if index > 0:
            self.recalled.emit(self.box.itemText(index))

    @Slot()
    def _forget(self) -> None:
        if self.box.currentIndex() > 0:
            self.forgotten.emit(self.box.currentText())
