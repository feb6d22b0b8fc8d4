"""How often to repaint: painting holds the interpreter, so it may take only its share of time."""

from __future__ import annotations

from collections import deque

_REMEMBERED = 16
"""Frames whose cost decides how far apart the next ones are."""
_HICCUPS = 2
"""How many of them may cost what they like."""


class FrameGovernor:
    """Spaces frames so that building and painting take at most `share` of the time.

    Times are seconds. `interval` never falls below the wanted frame interval and never rises
    above `slowest`, so that the window stays alive on a slow machine too.
    """

    def __init__(self, frames_per_second: float = 60.0, share: float = 0.3) -> None:
        self.wanted = 1.0 / frames_per_second
        self.slowest = 0.25
        self._share = share
        self._spent = 0.0
        self._costs: deque[float] = deque(maxlen=_REMEMBERED)

    def spend(self, seconds: float) -> None:
        """Tell what painting between two ticks cost."""
        self._spent += seconds

    def begin_tick(self) -> None:
        """What was painted since the last tick belongs to that frame, which is over now."""
        self._costs.append(self._spent)
        self._spent = 0.0

    def end_tick(self, seconds: float) -> None:
        """The tick took so long, with all that was painted meanwhile."""
        self._spent = seconds

    @property
    def interval(self) -> float:
        """Seconds between the starts of two frames: by the mean cost of the last ones, without
        the dearest of them, so that a hiccup is not followed by a row of late frames."""
        usual = sorted(self._costs)[: max(len(self._costs) - _HICCUPS, 1)]
        cost = sum(usual) / len(usual) if usual else 0.0
        return min(max(self.wanted, cost / self._share), self.slowest)
