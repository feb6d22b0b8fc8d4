"""Stays in Qt's event loop until the window is closed, also in an application of somebody else's.

A script or notebook may have one: its loop may run already, its other windows stay open, it may go
on without any, and it has a look of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, QThread
from PySide6.QtWidgets import QApplication

from rnnviz.app.theme import THEME_PROPERTY
from rnnviz.views.application import is_own


class Stay:
    """One stay in the event loop of an application, from `until_left` to `leave`."""

    def __init__(self, app: QApplication) -> None:
        runs = QThread.currentThread().loopLevel() > 0
        # Qt runs an application once at a time; a loop inside a loop is another matter.
        self._loop = QEventLoop() if runs else app

    def until_left(self) -> int:
        """Let the application live; returns the code that it is left with."""
        return self._loop.exec()

    def leave(self, code: int = 0) -> None:
        """End the stay, whatever other windows there are."""
        self._loop.exit(code)


@contextmanager
def own_look_after(app: QApplication) -> Iterator[None]:
    """Give an application that was there before the window its own look again in the end."""
    if is_own(app):
        yield
        return
    theme, sheet = app.property(THEME_PROPERTY), app.styleSheet()
    app.setStyleSheet("")  # a style behind a sheet does not say its name
    style, palette, font = app.style().name(), app.palette(), app.font()
    try:
        yield
    finally:
        app.setStyleSheet("")
        if style:
            app.setStyle(style)
        app.setPalette(palette)
        app.setFont(font)
        app.setStyleSheet(sheet)
        app.setProperty(THEME_PROPERTY, theme)
