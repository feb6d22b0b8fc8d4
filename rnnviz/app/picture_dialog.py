"""Which view, which file, how large: what an exported picture needs to know."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QWidget,
)

from rnnviz.app.file_dialogs import FileDialogs

_SCALES = (1.0, 2.0, 3.0, 4.0)
PICTURES = {"PNG (*.png)": ".png", "SVG (*.svg)": ".svg", "PDF (*.pdf)": ".pdf"}


class PictureDialog(QDialog):
    """`wanted` tells (view, file, scale) once the user has chosen a place for it."""

    wanted = Signal(str, str, float)

    def __init__(self, parent: QWidget, views: Sequence[str], dialogs: FileDialogs) -> None:
        super().__init__(parent)
        self._dialogs = dialogs
        self.setWindowTitle("Export picture")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        form = QFormLayout(self)
        self.view = QComboBox()
        self.view.addItems(list(views))
        form.addRow("View", self.view)
        self.scale = QComboBox()
        for scale in _SCALES:
            self.scale.addItem(f"{scale:g}×", scale)
        self.scale.setCurrentIndex(1)
        form.addRow("Scale of PNG pictures", self.scale)
        note = QLabel("PNG for slides; SVG and PDF keep text as text and lines sharp at any size.")
        note.setObjectName("muted")
        note.setWordWrap(True)
        form.addRow(note)
        box = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        box.accepted.connect(self._choose_file)
        box.rejected.connect(self.reject)
        form.addRow(box)

    @Slot()
    def _choose_file(self) -> None:
        view = self.view.currentText()
        title, name = "Export picture", f"{view}.png"
        path = self._dialogs.to_save(self, "figure", title, name, PICTURES)
        if path is not None:
            scale = float(self.scale.currentData())
            self.accept()
            self.wanted.emit(view, str(path), scale)
