"""Garbage is collected in the GUI thread only.

Python's cyclic collector runs in whatever thread happens to allocate; in the worker it could
destroy Qt objects there. So automatic collection is off and a timer of the GUI thread collects.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 250
"""Often enough that what a collection finds is looked through in a part of a frame."""


class GuiCollector(QObject):
    """Collects the youngest generations four times a second, the oldest when it has grown."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setObjectName("garbage collection")
        self._timer.setInterval(_INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        counts = gc.get_count()
        if counts[0] > self._thresholds[0]:
            gc.collect(1 if counts[1] > self._thresholds[1] else 0)
        if counts[2] > self._thresholds[2]:
            gc.collect(2)

    def stop(self) -> None:
        """Stop the timer and hand collection back to the interpreter."""
        self._timer.stop()
        if self._was_enabled:
            gc.enable()
