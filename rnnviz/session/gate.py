"""Lets the trainer rest while a picture is drawn: two threads in turn beat two that fight."""

from __future__ import annotations

from threading import Event, Lock

_LONGEST_SECONDS = 0.25


class Gate:
    """Closed while somebody draws; the trainer looks at ``is_closed`` between iterations.

    Python runs one thread at a time, and a thread that gives way in the middle of its drawing, call
    by call, waits for the other each time: drawing then takes five times as long and training
    gains nothing. So training stops at the next iteration and goes on when the frame is done.
    Several may hold it closed, each by a name of its own; it is open when none does.
    Nobody waits for ever: a gate that is never opened again holds the trainer a quarter second.
    """

    def __init__(self) -> None:
        self.is_closed = False
        self._holders: set[str] = set()
        self._lock = Lock()
        self._opened = Event()
        self._opened.set()
        self._resting = Event()

    def close(self, holder: str = "frame") -> None:
        """Drawing begins."""
        with self._lock:
            self._holders.add(holder)
            self._opened.clear()
            self.is_closed = True

    def let_finish(self, seconds: float) -> bool:
        """Wait until the trainer has finished its iteration and rests, but no longer than that.

        Who draws at once pays more: the trainer asks for the interpreter in the middle of it.
        """
        return self._resting.wait(seconds)

    def open(self, holder: str = "frame") -> None:
        """Drawing is done."""
        with self._lock:
            self._holders.discard(holder)
            if not self._holders:
                self.is_closed = False
                self._opened.set()

    def wait(self) -> None:
        """Rest until the gate is open."""
        self._resting.set()
        self._opened.wait(_LONGEST_SECONDS)
        self._resting.clear()
