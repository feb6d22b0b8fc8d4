"""The learning rate of the run on the table: changed while it trains, and changed back.

The worker takes a rate over between two iterations, which may last; until then another may have
been asked for. In the past of a run it begins a branch with it: both are one change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QUndoCommand

from rnnviz.session.learner import GivenRate
from rnnviz.session.run import Run


class Answers(NamedTuple):
    """Whom the worker's answer to a new rate is told to."""

    branched: Callable[[Run, Run], None]
    """Of the run before and of the branch that it has begun, if it has."""
    replaced: Callable[[GivenRate], None]
    """Of the rate that it has taken the place of."""


class LearningRate:
    """What is in force or, where the worker does not have it yet, was asked for last."""

    def __init__(self, given: GivenRate) -> None:
        self.given = given
        self._asked: deque[tuple[GivenRate, Answers]] = deque()
        self._left: deque[tuple[GivenRate, Answers]] = deque()
        """Asked for of runs that have been left since."""

    @property
    def value(self) -> float:
        """The rate before the schedule's factor."""
        return self.given.rate

    def ask(self, given: GivenRate, answers: Answers) -> None:
        """The worker is asked for that rate."""
        self.given = given
        self._asked.append((given, answers))

    def settle(self, given: GivenRate, before: GivenRate | None = None) -> bool:
        """The worker has, or refuses, what was asked for first: that rate is in force, instead of
        the one `before` if it has it. Whether it shows, as nothing else is to come."""
        first = self._left or self._asked
        if first:
            is_left = first is self._left
            answers = first.popleft()[1]
            if before is not None:
                answers.replaced(before)
            if is_left:
                return False
        self.follow(given)
        return not self._asked

    def branch(self, before: Run, after: Run) -> bool:
        """A branch has begun; whether it is told to the change of the rate that began it."""
        first = next(iter((*self._left, *self._asked)), None)
        if first is not None:
            first[1].branched(before, after)
        return first is not None

    def leave(self, given: GivenRate) -> None:
        """Another run, which has that rate, is about to come on the table."""
        self._left.extend(self._asked)
        self._asked.clear()
        self.given = given

    def follow(self, given: GivenRate) -> bool:
        """Another run, or another iteration of it, has that rate; whether it is a new one."""
        before = self.value
        if not self._asked:
            self.given = given
        return self.value != before


class ChangeRate(QUndoCommand):
    """Another learning rate for the run on the table, in force at once.

    What it takes the place of is what the worker finds, which may be on its way to another
    iteration: that is what comes back, and not what was in sight when the change was asked for.
    """

    def __init__(
        self,
        before: GivenRate,
        after: GivenRate,
        put_rate: Callable[[GivenRate, Answers], None],
        put_run: Callable[[Run], Run],
    ) -> None:
        super().__init__(f"learning rate {after.rate:g}")
        self._before, self._after = before, after
        self._put_rate, self._put_run = put_rate, put_run
        self._runs: tuple[Run, Run] | None = None
        """Without the change and with it, once it has begun a branch."""

    def redo(self) -> None:
        if self._runs is None:
            self._put_rate(self._after, Answers(self._branch_forth, self._stood_before))
        else:
            self._runs = self._put_run(self._runs[1]), self._runs[1]

    def undo(self) -> None:
        if self._runs is None:
            self._put_rate(self._before, Answers(self._branch_back, self._stood_after))
        else:
            self._runs = self._runs[0], self._put_run(self._runs[0])

    def _branch_forth(self, before: Run, branch: Run) -> None:
        self._runs = before, branch

    def _branch_back(self, before: Run, branch: Run) -> None:
        self._runs = branch, before

    def _stood_before(self, given: GivenRate) -> None:
        self._before = given

    def _stood_after(self, given: GivenRate) -> None:
        self._after = given
