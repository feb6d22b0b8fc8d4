"""A run in training time: forward step by step, back by snapshots and replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NoReturn, Self

import msgspec

from rnnviz.session.checkpoints import Checkpoints, Snapshot
from rnnviz.session.config import LARGEST
from rnnviz.session.held_out import HeldOut
from rnnviz.session.learner import GivenRate
from rnnviz.session.setup import Plan
from rnnviz.session.trainer import Trainer, TrainingDiverged
from rnnviz.trace import Trace, UserError
from rnnviz.trace.history import History, Row
from rnnviz.trace.whole import is_whole, whole


class TrainingTime:
    """A trainer with its history and checkpoints, which stands after ``iteration`` updates.

    ``furthest`` is how far it has been, beyond ``iteration`` after travelling back; ``rates``
    holds the learning rates set by hand, by the iteration after which they hold.
    """

    def __init__(self, made: Plan, *, fresh: bool = True) -> None:
        self.history = History()
        self.held_out = HeldOut()
        self._begin(made, fresh)

    def _begin(self, made: Plan, fresh: bool = True) -> None:
        self.trainer = Trainer(made, fresh)
        self.furthest = 0
        self.rates: dict[int, GivenRate] = {}
        self.checkpoints = Checkpoints.for_parameters(self.trainer.net.params.flat.size)
        self.checkpoints.add(self.trainer.snapshot())

    def reset_checkpoints(self) -> None:
        """Make the present the first snapshot: for weights that came from elsewhere."""
        self.checkpoints = Checkpoints(interval=self.checkpoints.interval)
        self.checkpoints.add(self.trainer.snapshot())

    @property
    def iteration(self) -> int:
        """Updates made so far."""
        return self.trainer.iteration

    @property
    def limit(self) -> int:
        """The iterations that the configuration asks for."""
        return self.trainer.plan.training.iterations

    @property
    def learning_rate(self) -> float:
        """η before the schedule's factor."""
        return self.trainer.learner.base_rate

    def worth(self, iterations: int | None) -> int | None:
        """How many of so many iterations (None: without an end) have an η above 0."""
        end = self.trainer.learner.idle_from
        if end is None:
            return iterations
        left = max(end - self.iteration, 0)
        return left if iterations is None else min(left, iterations)

    @property
    def idleness(self) -> str:
        """Why more iterations would change nothing, and what to do; empty if they would."""
        if self.worth(None) != 0:
            return ""
        end = self.trainer.learner.idle_from
        return (
            f"η is 0 from iteration {end:,} on, where this run's schedule ends: "
            "no more is learned; set another learning rate to train on"
        )

    @property
    def data_problem(self) -> str | None:
        """Why this run cannot train on, or None."""
        return self.trainer.data_problem

    def step(self) -> Row:
        """Train one iteration.

        Raises:
            TrainingDiverged: if the loss or the gradient is not finite; nothing has changed then.
            UserError: if the training data are missing.
        """
        try:
            row = self.trainer.step()
        except TrainingDiverged as error:
            self._stay(error)
        self._keep(row)
        return row

    def traced_step(self) -> Trace:
        """Train one iteration, the same to the bit, and return its pass.

        Raises:
            TrainingDiverged: as `step`.
        """
        try:
            row, trace = self.trainer.traced_step()
        except TrainingDiverged as error:
            self._stay(error)
        self._keep(row)
        return trace

    def iterate(self, iterations: int | None = None) -> Iterator[Row]:
        """Train, one iteration for every ``next()``; without a number, without an end.

        Raises:
            UserError: if there is a number and it is not whole, or negative.
        """
        if iterations is not None:
            whole("iterations", iterations)
        done = 0
        while iterations is None or done < iterations:
            yield self.step()
            done += 1

    def train(self, iterations: int | None = None) -> Self:
        """Train that many iterations, or up to what the configuration asks for; returns itself."""
        count = max(self.limit - self.iteration, 0) if iterations is None else iterations
        for _ in self.iterate(count):
            pass
        return self

    @property
    def given_rate(self) -> GivenRate:
        """What `set_learning_rate` brings back the present η with."""
        return self.trainer.learner.given_rate

    def set_learning_rate(self, learning_rate: float, *, scheduled: bool = False) -> None:
        """Use another η from the next iteration on, scaled by the schedule until that is at 0 or,
        if it is ``scheduled``, also from there on.

        Raises:
            UserError: if it is not a positive number that float32 has room for.
        """
        if not 0 < learning_rate <= LARGEST:  # not a number is neither
            raise UserError(
                f"the learning rate is {learning_rate}; use a number above 0, up to {LARGEST:g}"
            )
        self._forget_future(self.iteration)
        given = GivenRate(learning_rate, scheduled)
        self.rates[self.iteration] = given
        self.trainer.learner.take_rate(given, self.iteration)

    def _keep(self, row: Row) -> None:
        if row.iteration <= self.furthest:
            self._forget_future(row.iteration - 1)
        self.furthest = row.iteration
        self.history.append(row)
        if self.checkpoints.is_due(row.iteration):
            self.checkpoints.add(self.trainer.snapshot())

    def _stay(self, error: TrainingDiverged) -> NoReturn:
        """Stand again where the last good update left the run, so that it can be looked at."""
        self._replay(self.checkpoints.before(self.iteration), self.iteration)
        raise error

    def _forget_future(self, iteration: int) -> None:
        self.history.truncate(iteration)
        self.held_out.forget_after(iteration)
        self.checkpoints.forget_after(iteration)
        self.rates = {at: rate for at, rate in self.rates.items() if at <= iteration}
        self.furthest = iteration

    def travel(self, iteration: int, cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Go to the state after that iteration: the nearest snapshot, then the same steps again.

        What comes later stays reachable until training goes on from here. Returns False if
        ``cancelled()`` ended the replay on the way; the run then stands somewhere before.

        Raises:
            UserError: if the run has not been there, or must compute and its data are missing.
        """
        self._check_reach(iteration)
        snapshot = self.checkpoints.before(iteration)
        if self.data_problem is not None and iteration not in (self.iteration, snapshot.iteration):
            raise UserError(self.data_problem)
        if snapshot.iteration <= self.iteration <= iteration:
            return self._replay(None, iteration, cancelled)
        return self._replay(snapshot, iteration, cancelled)

    def revisit(
        self, iteration: int, cancelled: Callable[[], bool] = lambda: False
    ) -> Trace | None:
        """Travel there, and return the pass that iteration made: its loss is that of the history.

        Where nothing leads there (the beginning, weights set by hand, missing data) it is the
        pass of the next iteration. None if ``cancelled()`` ended the replay on the way.

        Raises:
            UserError: as `travel`.
        """
        self._check_reach(iteration)
        if iteration == self.checkpoints.earliest or self.data_problem is not None:
            return self.trainer.preview() if self.travel(iteration, cancelled) else None
        if not self.travel(iteration - 1, cancelled):
            return None
        _, trace = self.trainer.traced_step()
        self._stepped()
        return trace

    def last_pass(self, cancelled: Callable[[], bool] = lambda: False) -> Trace | None:
        """The pass that the last iteration made, made again beside the run from a snapshot before
        it: what a run that was opened shows, so that its loss is that of the history.

        None if nothing leads there (the beginning, weights set by hand, missing data), or
        ``cancelled()`` ended the replay on the way.
        """
        if self.iteration <= self.checkpoints.earliest or self.data_problem is not None:
            return None
        twin = Trainer(self.trainer.plan, fresh=False)
        twin.restore(self.checkpoints.before(self.iteration - 1))
        while True:
            self._take_rate(twin)
            if twin.iteration == self.iteration - 1:
                return twin.traced_step()[1]
            if cancelled():
                return None
            twin.step()

    def _check_reach(self, iteration: int) -> None:
        if not (is_whole(iteration) and 0 <= iteration <= self.furthest):
            raise UserError(f"iteration {iteration} is not between 0 and {self.furthest}")
        if iteration < self.checkpoints.earliest:
            raise UserError(
                f"iteration {iteration} was before the weights were set by hand at iteration "
                f"{self.checkpoints.earliest}; undo brings back the run as it was trained"
            )

    def _replay(
        self,
        snapshot: Snapshot | None,
        iteration: int,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> bool:
        trainer = self.trainer
        if snapshot is not None:
            trainer.restore(snapshot)
        self._take_rate(trainer)
        while trainer.iteration < iteration:
            if cancelled():
                return False
            trainer.step()
            self._stepped()
        return True

    def _stepped(self) -> None:
        self._take_rate(self.trainer)
        if self.checkpoints.is_due(self.iteration):
            self.checkpoints.add(self.trainer.snapshot())

    def _take_rate(self, trainer: Trainer) -> None:
        given = self.rates.get(trainer.iteration)
        if given is not None:
            trainer.learner.take_rate(given, trainer.iteration)

    def reset(self, seed: int | None = None) -> None:
        """Back to the beginning, with the same seed or another; the history is forgotten.

        Raises:
            UserError: if the seed is not a whole number from 0.
        """
        if seed is None and self.checkpoints.earliest == 0:
            self._replay(self.checkpoints.before(0), 0)
            self.rates.clear()
            self._forget_future(0)
            given = GivenRate(self.trainer.plan.training.learning_rate)
            self.trainer.learner.take_rate(given, 0)
            return
        made, problem = self.trainer.plan, self.data_problem
        seed = made.config.seed if seed is None else seed
        whole("the seed", seed)
        self.history.truncate(0)
        self.held_out.forget_after(-1)
        self._begin(replace(made, config=msgspec.structs.replace(made.config, seed=seed)))
        self.trainer.data_problem = problem
