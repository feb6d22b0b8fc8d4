"""What can be taken along of a figure, behind one small button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton

_ENTRIES = (
    ("copy", "Copy the numbers"),
    ("save", "Save the numbers … (CSV, NumPy)"),
    ("picture", "Save the picture … (PNG, SVG, PDF)"),
)


class FigureMenu(QToolButton):
    """`wanted` tells which: copy, save or picture."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setText("⋯")
        self.setToolTip("Take this figure along: its numbers or its picture")
        self.setAccessibleName("take this figure along")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        for way, text in _ENTRIES:
            menu.addAction(text).setData(way)
        menu.triggered.connect(lambda action: self.wanted.emit(action.data()))
        self.setMenu(menu)
