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

    def ask(self, value: float, branched: Branched) -> None:
        """The worker is asked for that rate."""
        self.value = value
        self._asked.append((value, branched))

    def arrive(self, value: float) -> bool:
        """The worker has that rate; whether it has all that were asked for."""
        while self._asked and self._asked.popleft()[0] != value:
            pass
        if not self._asked:
            self.value = value
        return not self._asked

    def branch(self, before: Run, after: Run) -> bool:
        """A branch has begun; whether it is told to the change of the rate that began it."""
        if self._asked:
            self._asked[0][1](before, after)
        return bool(self._asked)

    def follow(self, value: float) -> bool:
        """Another run, or another iteration of it, has that rate; whether it is a new one."""
        before = self.value
        if not self._asked:
            self.value = value
        return self.value != before

    def give_up(self, value: float) -> bool:
        """What was asked for may not come: that is in force. Whether anything was."""
        had = bool(self._asked)
        self._asked.clear()
        return self.follow(value) or had


class ChangeRate(QUndoCommand):
    """Another learning rate for the run on the table, in force at once."""

    def __init__(
        self,
        before: float,
        after: float,
        put_rate: Callable[[float, Branched], None],
        put_run: Callable[[Run], None],
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
            self._put_run(self._runs[1])

    def undo(self) -> None:
        if self._runs is None:
            self._put_rate(self._before, self._branch_back)
        else:
            self._put_run(self._runs[0])

    def _branch_forth(self, before: Run, branch: Run) -> None:
        self._runs = before, branch

    def _branch_back(self, before: Run, branch: Run) -> None:
        self._runs = branch, before
