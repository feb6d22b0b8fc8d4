"""The list of keys and the few words about the program."""

from __future__ import annotations

from collections.abc import Mapping
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
from rnnviz.scene.symbol_list import SYMBOLS

_MOUSE = [
    ("Move the cursor", "drag in graph or strips"),
    ("Equation and numbers", "click a node"),
    ("Inside of the cell", "double click a state"),
    ("Matrix product", "double click a wire or W"),
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


_SYMBOL_COLUMNS = (
    ("States and outputs", "Parameters", "Attention"),
    ("LSTM and GRU", "Losses and gradients"),
    ("Signs and functions", "Update"),
)
"""Which groups of symbols stand under one another."""


def shortcuts_dialog(parent: QWidget) -> QDialog:
    """All keys and what the mouse does, at a glance; made from the table of commands."""
    columns = {" and ".join(menus): "".join(map(_group, menus)) for menus in _COLUMNS}
    return _columns_dialog(parent, "Keyboard shortcuts", columns)


def symbols_dialog(parent: QWidget) -> QDialog:
    """What every letter of the equations stands for."""
    columns = {" and ".join(names): "".join(map(_symbols, names)) for names in _SYMBOL_COLUMNS}
    return _columns_dialog(parent, "Symbols", columns)


def _symbols(group: str) -> str:
    """The symbols of a group as a table of two columns."""
    cells = "".join(
        f"<tr><td style='padding-right:14px; white-space:nowrap'><i>{each.sign}</i></td>"
        f"<td>{each.words}</td></tr>"
        for each in SYMBOLS[group]
    )
    return f"<h4 style='margin-bottom:2px'>{group}</h4><table cellspacing='1'>{cells}</table>"


def _columns_dialog(parent: QWidget, title: str, columns: Mapping[str, str]) -> QDialog:
    """Texts side by side, by the names of what is in them; they scroll where there is no room."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(dialog)
    area = QScrollArea()
    area.setWidgetResizable(True)
    inside = QWidget()
    inside.setObjectName("panel")
    row = QHBoxLayout(inside)
    row.setSpacing(24)
    for name, html in columns.items():
        text = QLabel(html)
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        text.setAccessibleName(name)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(text)
    area.setWidget(inside)
    column.addWidget(area)
    column.addWidget(_close_button(dialog))
    size = inside.sizeHint() + QSize(40, 70)
    for text in inside.findChildren(QLabel):
        text.setWordWrap(True)  # with wide letters lines break before columns are cut off
    dialog.resize(size.boundedTo(parent.size() * 0.96))
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
