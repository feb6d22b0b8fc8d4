"""When to score a model that is being trained, so that training hardly notices."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import perf_counter

from rnnviz.session.ration import Ration

LEAST_SECONDS = 3.0
"""Between two scores at least."""
SHARE = 0.006
"""Of the time of training that may go into scoring."""
_FIRST_SECONDS = 1.0
"""So long the first score may take, of which nobody knows yet what it costs."""
_FIRST_SHARE = 0.1
"""Of the time of training that may go into trying for the first score."""


class Examiner(Ration):
    """Says when a score is due: a costly one seldom, a cheap one every few seconds.

    The first score also computes the baseline, once for a task; its cost says nothing about the
    next, so it is taken for a tenth. That of a large network on a long text takes many seconds, in
    which training would stand still as soon as it has begun: the first one is given up after a
    while, and tried again later with twice the patience.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        super().__init__(SHARE, LEAST_SECONDS, clock)
        self._scored = 0
        self._patience = _FIRST_SECONDS

    @property
    def patience(self) -> float:
        """Seconds after which a score is to be given up."""
        return math.inf if self._scored else self._patience

    def begin(self) -> None:
        """Training starts (again): leave it alone for a while."""
        self._next = max(self._next, self.now() + min(self._rest, LEAST_SECONDS))

    def spent(self, seconds: float) -> None:
        """A score took this long."""
        super().spent(seconds if self._scored else seconds / 10)
        self._scored += 1

    def left(self, seconds: float) -> None:
        """A score was given up after so long."""
        if self._scored:
            self.spent(seconds)
            return
        if seconds >= self._patience:
            self._patience *= 2
        self._next = self.now() + max(self._patience / _FIRST_SHARE, LEAST_SECONDS)
