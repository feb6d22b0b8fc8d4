"""Ctrl-C in the terminal, a kill or a closed terminal end the window as its own button does."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Slot

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")  # the last is unknown to Windows


class EndSignals:
    """Takes note of the signals that ask a program to end, from now until `stop`.

    An exception, which is Python's way to answer Ctrl-C, is lost in a window: it is raised in
    whatever Qt happens to call, and breaks that off half way.
    """

    def __init__(self) -> None:
        self.number = 0
        """The first signal that came; 0 before."""
        self._watch: _Watch | None = None
        self._before: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():
            for name in _NAMES:
                number = getattr(signal, name, None)
                # Who was started to ignore one (nohup, for example) goes on ignoring it.
                if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._note)

    @property
    def exit_code(self) -> int:
        """What a shell expects of a program that such a signal has ended."""
        return 128 + self.number

    def call(self, end: Callable[[], None]) -> None:
        """Have `end` called from Qt's event loop at the first signal, or soon if one came already.

        Needs the application; its event loop sleeps until something is written to a socket.
        """
        if self._before:
            self._watch = _Watch(end)
            if self.number:
                self._watch.wake()

    def stop(self) -> None:
        """Give the signals back."""
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before = {}
        if self._watch is not None:
            self._watch.stop()
            self._watch = None

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.number = self.number or number


class _Watch(QObject):
    """Wakes Qt's event loop when a signal arrives, so that Python can look at it."""

    def __init__(self, end: Callable[[], None]) -> None:
        super().__init__()
        self._end = end
        self._ours, self._theirs = socket.socketpair()
        for each in (self._ours, self._theirs):
            each.setblocking(False)
        self._before = signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._arrived)

    def wake(self) -> None:
        self._theirs.send(b"\0")

    def stop(self) -> None:
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._ours.close()
        self._theirs.close()
        self._notifier.deleteLater()

    @Slot()
    def _arrived(self) -> None:
        self._ours.recv(4096)
        self._end()
