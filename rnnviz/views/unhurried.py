"""A widget whose new picture can be built now and painted a little later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget


class UnhurriedWidget(QWidget):
    """Asks for a repaint with `picture_changed`; inside `unhurried()` that waits for `flush`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_held = False
        self._is_stale = False

    def picture_changed(self) -> None:
        """Repaint at the next opportunity, or after `flush` where nobody is in a hurry."""
        self._is_stale = True
        if not self._is_held:
            self.flush()

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """Pictures that change inside are not painted yet."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    def picture_place(self) -> QRect:
        """What of the widget the picture fills: all that is not covered by a widget in it, which
        Qt would paint again with every picture."""
        return self.rect()

    def flush(self) -> None:
        """Ask for the repaint that was put off."""
        if self._is_stale:
            self._is_stale = False
            self.update(self.picture_place())
