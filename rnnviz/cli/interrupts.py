"""Ctrl-C, or being asked to end otherwise, lets the iteration in hand finish: nothing is lost."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rnnviz.ctrl_c import ENDING, hear, listen

BOUNCE_SECONDS = 0.5
"""A second Ctrl-C this soon is the same one: a key held down, or a shell that sends it twice."""


class Interrupts:
    """True once Ctrl-C was pressed or the program was asked to end otherwise. A second time, later,
    interrupts as usual; none does while the work done so far is brought to safety (``hold``)."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._held = False

    def __bool__(self) -> bool:
        return self._first is not None

    def hold(self) -> None:
        """From now on only take note: what follows must not be cut off."""
        self._held = True

    def note(self, number: int, frame: FrameType | None) -> None:
        """The signal handler."""
        now = time.monotonic()
        if self._first is None:
            self._first = now
            hear(number)
        elif not self._held and now - self._first >= BOUNCE_SECONDS:
            raise KeyboardInterrupt


@contextmanager
def collected_interrupts() -> Iterator[Interrupts]:
    """Take note of Ctrl-C instead of being interrupted by it."""
    asked = Interrupts()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    listen(asked.note)
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interrupted_after() -> Iterator[None]:
    """For work that must not be cut off in its middle: Ctrl-C waits until it is done.

    An exception in a function that Qt calls, for example to paint, is printed and lost.

    Raises:
        KeyboardInterrupt: at the end, if Ctrl-C was pressed meanwhile.
    """
    with collected_interrupts() as asked:
        yield
    if asked:
        raise KeyboardInterrupt
