"""How often to repaint: painting holds the interpreter, so it may take only its share of time."""

from __future__ import annotations


class FrameGovernor:
    """Spaces frames so that painting takes at most `share` of the time while training runs.

    Times are seconds. `interval` never falls below the wanted frame interval and never rises
    above `slowest`, so that the window stays alive on a slow machine too.
    """

    def __init__(self, frames_per_second: float = 60.0, share: float = 0.2) -> None:
        self.wanted = 1.0 / frames_per_second
        self.slowest = 0.25
        self._share = share
        self._cost = 0.0

    def painted(self, seconds: float) -> None:
        """Tell what a frame cost; a smoothed cost decides, so that one hiccup changes little."""
        self._cost += 0.2 * (seconds - self._cost)

    @property
    def interval(self) -> float:
        """Seconds between the starts of two frames."""
        return min(max(self.wanted, self._cost / self._share), self.slowest)
