"""The one QApplication of the process, made when first needed and kept."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

_kept: list[QApplication] = []


def application() -> QApplication:
    """The application there is, or a new one.

    Pictures need no widgets, yet a bare QGuiApplication would stand in the way of every window
    that the same process opens later; so there is only this kind.
    """
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication([sys.argv[0] if sys.argv else "rnnviz"])
    made.setApplicationName("rnnviz")
    made.setApplicationDisplayName("rnnviz")
    # Without a reference from here it would end with its first caller.
    _kept.append(made)
    return made
