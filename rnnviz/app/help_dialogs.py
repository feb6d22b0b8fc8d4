"""The list of keys and the few words about the program."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rnnviz import __version__
from rnnviz.app.actions import shortcut_rows


def shortcuts_dialog(parent: QWidget) -> QDialog:
    """All keys in one table, made from the table of actions."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(dialog)
    rows = shortcut_rows()
    table = QTableWidget(len(rows), 3, dialog)
    table.setHorizontalHeaderLabels(["Menu", "What", "Keys"])
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    for line, row in enumerate(rows):
        for place, text in enumerate(row):
            table.setItem(line, place, QTableWidgetItem(text))
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setStretchLastSection(True)
    column.addWidget(table)
    column.addWidget(_close_button(dialog))
    dialog.resize(560, 640)
    return dialog


def about_dialog(parent: QWidget) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle("About rnnviz")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(dialog)
    text = QLabel(
        f"<h3>rnnviz {__version__}</h3>"
        "<p>Opens a recurrent neural network up: its unrolled graph, its states and<br>"
        "its gradients at every step, while it learns in front of you.</p>"
        "<p>Every number comes from the network on screen. MIT licence.</p>"
    )
    column.addWidget(text)
    column.addWidget(_close_button(dialog))
    return dialog


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    box.rejected.connect(dialog.reject)
    return box
