"""How often something costly may happen beside training, so that training hardly notices."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from statistics import median_low
from time import perf_counter, thread_time

SHOWING_SHARE = 1 / 60
"""Of the time of training that may go into showing it."""
_REMEMBERED = 5
# Windows counts a thread's time in ticks of 16 ms, longer than most iterations.
_OWN_TIME = perf_counter if sys.platform == "win32" else thread_time


class Ration:
    """Says when something is due that may take ``share`` of the time, and no more often than
    every ``least_seconds``: a costly thing seldom, a cheap one often."""

    def __init__(
        self, share: float, least_seconds: float, clock: Callable[[], float] = perf_counter
    ) -> None:
        self.now = clock
        self._share = share
        self._least = self._rest = least_seconds
        self._next = clock() + least_seconds

    @property
    def is_due(self) -> bool:
        return self.now() >= self._next

    def spent(self, seconds: float) -> None:
        """It took this long."""
        self._rest = max(self._least, seconds / self._share)
        self._next = self.now() + self._rest


class Showing(Ration):
    """When a pass may be recorded and handed out while training runs flat out.

    What that costs is how much longer the recorded iteration and the one after it, which finds the
    caches full of what was recorded, took than two like the next, by ``work``, the processor time
    of this thread: on a busy machine most of the time that goes by is other people's. The middle
    one of the last few costs counts, because now and then something else gets in between; the
    first, for which buffers are made, counts for a tenth.
    """

    def __init__(
        self, clock: Callable[[], float] = perf_counter, work: Callable[[], float] = _OWN_TIME
    ) -> None:
        super().__init__(SHOWING_SHARE, 0.0, clock)
        self.work = work
        self.is_comparing = False
        """Whether the time of a plain iteration is wanted."""
        self._shown, self._is_first = 0.0, True
        self._after: float | None = None
        self._costs: deque[float] = deque(maxlen=_REMEMBERED)

    @property
    def is_due(self) -> bool:
        return not self.is_comparing and super().is_due

    def shown(self, seconds: float) -> None:
        """An iteration that was recorded and handed out took this long."""
        self._shown, self._after, self.is_comparing = seconds, None, True

    def plain(self, seconds: float) -> None:
        """The iteration after it took this long, or the one after that."""
        if self._after is None:
            self._after = seconds
            return
        self.is_comparing = False
        cost = max(self._shown + self._after - 2.0 * seconds, 0.0)
        if self._is_first:
            self._is_first = False
            self.spent(cost / 10)
            return
        self._costs.append(cost)
        self.spent(median_low(self._costs))
