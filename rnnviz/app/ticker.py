"""The window's own clock: one tick a frame, spaced by the governor, slow when nothing moves."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from rnnviz.app.governor import FrameGovernor

Pace = Literal["frame", "slice", "poll", "soon", "rest"]

_IDLE_SECONDS = 0.04
_SOON_MS = 4
_POLL_MS = 1
_EARLY_MS = 0.5


class Ticker(QObject):
    """Calls `frame(seconds since the last frame)` again and again, at the pace it asks for:
    "frame" (training or playing) is the governor's, "slice" as soon as everybody else has had a
    turn, "soon" when an answer is about to come, "poll" when a hand waits for it, "rest" a gentle
    one that still answers commands at once to the eye.
    """

    def __init__(
        self, frame: Callable[[float], Pace], governor: FrameGovernor, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._frame = frame
        self._governor = governor
        self._last = perf_counter()
        self._spent = 0.0
        self._in_frame = False
        self._polls = False
        self._running = False
        self._timer = QTimer(self)
        self._timer.setObjectName("frame")
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._running = True
        self._last = perf_counter()
        self._timer.start(0)

    def hurry(self) -> None:
        """Something was asked for by hand: look for its answer at once."""
        if self._timer.isActive() and self._timer.remainingTime() > _POLL_MS:
            self._timer.start(_POLL_MS)

    def stop(self) -> None:
        self._running = False
        self._timer.stop()

    @Slot()
    def _tick(self) -> None:
        begun = perf_counter()
        pace: Pace = "rest"
        since = begun - self._last
        if not self._in_frame:
            self._last = begun
            if not self._polls:
                # Looking for an answer is part of the frame before, not a cheap frame of its own.
                self._spent = 0.0
                self._governor.begin_tick()
        try:
            pace = self._frame(since)
        finally:
            # A fault in one frame is reported by Qt; the window must live on all the same.
            self._spent += perf_counter() - begun
            self._governor.end_tick(self._spent)
            self._in_frame, self._polls = pace == "slice", pace == "poll"
            if self._running:
                wanted = {
                    "frame": self._governor.interval,
                    "soon": _SOON_MS / 1000,
                    "poll": _POLL_MS / 1000,
                }.get(pace, _IDLE_SECONDS)
                rest = 0.0 if self._in_frame else wanted - (perf_counter() - self._last)
                # Timers count whole milliseconds, and the trainer hands the interpreter over up to
                # a millisecond late: a frame may come a little early, but not late by design.
                self._timer.start(max(int(rest * 1000 - _EARLY_MS), 0))
