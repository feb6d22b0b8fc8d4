"""The list of keys and the few words about the program."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rnnviz import __version__
from rnnviz.app.actions import shortcut_rows

_MOUSE = [
    ("Move the cursor", "drag in graph or strips"),
    ("Equation and numbers", "click a node"),
    ("Inside of the cell", "double click a state"),
    ("Wider or narrower steps", "wheel"),
    ("Along the steps", "Shift + wheel"),
    ("Travel in training time", "drag in the curve"),
    ("What if it were another", "Ctrl + drag a number"),
    ("Sort units by hand", "Shift + drag a unit"),
    ("Fold or move a strip", "click or drag its title"),
    ("Menu of a strip or the curve", "right click"),
    ("Open a file", "drop it"),
]
_STRIPS = [
    ("Reach them", "Tab"),
    ("Choose a strip", "Up, Down"),
    ("Fold or open it", "Return"),
    ("Move it", "Alt + Up, Down"),
    ("Resize it", "Shift + Up, Down"),
    ("Its menu", "Menu, Shift+F10"),
]
_OTHERS = {"Mouse": _MOUSE, "Strips": _STRIPS}
_COLUMNS = (("File", "Edit", "Help", "Strips"), ("View", "Mouse"), ("Train", "Step"))
"""Which menus stand under one another in the list of keys."""


def shortcuts_dialog(parent: QWidget) -> QDialog:
    """All keys and what the mouse does, at a glance; made from the table of commands."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(dialog)
    area = QScrollArea()
    area.setWidgetResizable(True)
    inside = QWidget()
    inside.setObjectName("panel")
    row = QHBoxLayout(inside)
    row.setSpacing(24)
    for menus in _COLUMNS:
        text = QLabel("".join(map(_group, menus)))
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        text.setAccessibleName(" and ".join(menus))
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(text)
    area.setWidget(inside)
    column.addWidget(area)
    column.addWidget(_close_button(dialog))
    size = inside.sizeHint() + QSize(40, 70)
    dialog.resize(size.boundedTo(parent.size()))
    return dialog


def _group(menu: str) -> str:
    """The commands of a menu that have keys, as a table of two columns."""
    rows = _OTHERS.get(menu) or [row[1:] for row in shortcut_rows() if row[0] == menu]
    cells = "".join(
        f"<tr><td style='padding-right:14px'>{escape(what)}</td><td><b>{escape(keys)}</b></td></tr>"
        for what, keys in rows
    )
    return f"<h4 style='margin-bottom:2px'>{menu}</h4><table cellspacing='1'>{cells}</table>"


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
