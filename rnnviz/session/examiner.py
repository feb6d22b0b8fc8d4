"""When to score a model that is being trained, so that training hardly notices."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from rnnviz.session.ration import Ration

LEAST_SECONDS = 3.0
"""Between two scores at least."""
SHARE = 0.006
"""Of the time of training that may go into scoring."""


class Examiner(Ration):
    """Says when a score is due: a costly one seldom, a cheap one every few seconds.

    The first score also computes the baseline, once for a task; its cost says nothing about the
    next, so it is taken for a tenth.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        super().__init__(SHARE, LEAST_SECONDS, clock)
        self._scored = 0

    def begin(self) -> None:
        """Training starts (again): leave it alone for a while."""
        self._next = max(self._next, self.now() + min(self._rest, LEAST_SECONDS))

    def spent(self, seconds: float) -> None:
        """A score took this long."""
        super().spent(seconds if self._scored else seconds / 10)
        self._scored += 1
