"""Words that somebody has selected with the mouse: Ctrl+C is for them, not for the numbers.

A message or a sample does not keep the keys when it is clicked, so that the arrows go on stepping;
what was pressed last says whose selection is meant.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from shiboken6 import isValid

_LINE_ENDS = str.maketrans({"\u2028": "\n", "\u2029": "\n"})


def reader_of(pressed: QObject) -> QLabel | QPlainTextEdit | None:
    """What shows the words on which the mouse was pressed, if they can be selected there."""
    if isinstance(pressed, QLabel):
        by_mouse = Qt.TextInteractionFlag.TextSelectableByMouse
        return pressed if pressed.textInteractionFlags() & by_mouse else None
    around = pressed.parent()
    is_inside = isinstance(around, QPlainTextEdit) and around.viewport() is pressed
    return around if is_inside and isinstance(around, QPlainTextEdit) else None


def selected_words(reader: QObject | None) -> str:
    """The words that are selected there, in lines; empty if none are, or it is gone by now."""
    if reader is None or not isValid(reader):
        return ""
    if isinstance(reader, QLabel):
        return reader.selectedText().translate(_LINE_ENDS)
    if isinstance(reader, QPlainTextEdit):
        return reader.textCursor().selectedText().translate(_LINE_ENDS)
    return ""
