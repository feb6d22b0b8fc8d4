"""A small button with a sign or a word on it, named for those who do not see the sign."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton


def tool_button(text: str, tip: str) -> QToolButton:
    """`tip` is its tool tip and its accessible name; Tab reaches it, a click leaves the keys."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
