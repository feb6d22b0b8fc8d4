"""How often to repaint: painting holds the interpreter, so it may take only its share of time."""

from __future__ import annotations


class FrameGovernor:
    """Spaces frames so that building and painting take at most `share` of the time.

    Times are seconds. `interval` never falls below the wanted frame interval and never rises
    above `slowest`, so that the window stays alive on a slow machine too.
    """

    def __init__(self, frames_per_second: float = 60.0, share: float = 0.25) -> None:
        self.wanted = 1.0 / frames_per_second
        self.slowest = 0.25
        self._share = share
        self._spent = 0.0
        self._cost = 0.0

    def spend(self, seconds: float) -> None:
        """Tell what painting between two ticks cost."""
        self._spent += seconds

    def begin_tick(self) -> None:
        """What was painted since the last tick belongs to that frame, which is over now; the
        smoothed cost decides, so that one hiccup changes little."""
        self._cost += 0.2 * (self._spent - self._cost)
        self._spent = 0.0

    def end_tick(self, seconds: float) -> None:
        """The tick took so long, with all that was painted meanwhile."""
        self._spent = seconds

    @property
    def interval(self) -> float:
        """Seconds between the starts of two frames."""
        return min(max(self.wanted, self._cost / self._share), self.slowest)
