"""The learning rate of the run on the table: changed while it trains, and changed back.

The worker takes a rate over between two iterations, which may last; until then another may have
been asked for. In the past of a run it begins a branch with it: both are one change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from rnnviz.session.run import Run

Branched = Callable[[Run, Run], None]
"""Told of the run before and of the branch that a new rate has begun."""


class LearningRate:
    """What is in force or, where the worker does not have it yet, was asked for last."""

    def __init__(self, value: float) -> None:
        self.value = value
        self._asked: deque[tuple[float, Branched]] = deque()
        self._left: deque[tuple[float, Branched]] = deque()
        """Asked for of runs that have been left since."""

    def ask(self, value: float, branched: Branched) -> None:
        """The worker is asked for that rate."""
        self.value = value
        self._asked.append((value, branched))

    def settle(self, value: float) -> bool:
        """The worker has, or refuses, what was asked for first: that rate is in force. Whether it
        shows, as nothing else is to come."""
        if self._left:
            self._left.popleft()
            return False
        if self._asked:
            self._asked.popleft()
        self.follow(value)
        return not self._asked

    def branch(self, before: Run, after: Run) -> bool:
        """A branch has begun; whether it is told to the change of the rate that began it."""
        first = next(iter((*self._left, *self._asked)), None)
        if first is not None:
            first[1](before, after)
        return first is not None

    def leave(self, value: float) -> None:
        """Another run, which has that rate, is about to come on the table."""
        self._left.extend(self._asked)
        self._asked.clear()
        self.value = value

    def follow(self, value: float) -> bool:
        """Another run, or another iteration of it, has that rate; whether it is a new one."""
        before = self.value
        if not self._asked:
            self.value = value
        return self.value != before


class ChangeRate(QUndoCommand):
    """Another learning rate for the run on the table, in force at once."""

    def __init__(
        self,
        before: float,
        after: float,
        put_rate: Callable[[float, Branched], None],
        put_run: Callable[[Run], Run],
    ) -> None:
        super().__init__(f"learning rate {after:g}")
        self._before, self._after = before, after
        self._put_rate, self._put_run = put_rate, put_run
        self._runs: tuple[Run, Run] | None = None
        """Without the change and with it, once it has begun a branch."""

    def redo(self) -> None:
        if self._runs is None:
            self._put_rate(self._after, self._branch_forth)
        else:
            self._runs = self._put_run(self._runs[1]), self._runs[1]

    def undo(self) -> None:
        if self._runs is None:
            self._put_rate(self._before, self._branch_back)
        else:
            self._runs = self._runs[0], self._put_run(self._runs[0])

    def _branch_forth(self, before: Run, branch: Run) -> None:
        self._runs = before, branch

    def _branch_back(self, before: Run, branch: Run) -> None:
        self._runs = branch, before
