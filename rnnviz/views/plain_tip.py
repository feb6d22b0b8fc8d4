"""Tips are words of somebody's data, and not the markup that they may look like."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import Qt


def plain_tip(words: str) -> str:
    """What makes Qt show a tip letter by letter: it takes words with ``<b>`` in them for markup,
    leaves the sign out and makes the rest bold."""
    if not Qt.mightBeRichText(words):
        return words
    return f"<div style='white-space: pre'>{escape(words)}</div>"
