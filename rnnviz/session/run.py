"""A training run: what it learns, how far it is, and everything that can be asked of it."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from rnnviz.engine import Batch, Network
from rnnviz.session.checkpoints import Checkpoints, Snapshot
from rnnviz.session.config import Dtype, RunConfig
from rnnviz.session.data_identity import fingerprint
from rnnviz.session.held_out import HeldOut, HeldOutPoint
from rnnviz.session.learner import GivenRate
from rnnviz.session.sampling import Decoding, sample, sampled_text
from rnnviz.session.setup import Plan, check_asked, plan
from rnnviz.session.trainer import TrainingDiverged
from rnnviz.session.training_time import TrainingTime
from rnnviz.tasks import Example, Score, Task
from rnnviz.trace import ModelSpec, Trace, UserError
from rnnviz.trace.history import History

if TYPE_CHECKING:
    from rnnviz.session.kept_sets import KeptSets

__all__ = ["Run", "TrainingDiverged"]


class Run(TrainingTime):
    """Task, network, optimiser, data stream, history and checkpoints, in step.

    ``iteration`` counts the updates made; ``furthest`` is how far the run has been, beyond
    ``iteration`` after travelling back. The same configuration gives the same bits, whether
    traces are taken, the run is saved and continued, or time is travelled in between.
    """

    def __init__(self, made: Plan, *, fresh: bool = True) -> None:
        super().__init__(made, fresh=fresh)
        self._data: dict[str, str] | None = None
        self.kept_sets: KeptSets = ()

    @classmethod
    def create(cls, config: RunConfig | None = None, *, task: Task | None = None) -> Run:
        """A run at its beginning.

        Raises:
            UserError: if the configuration cannot work, a chosen window on these data included.
        """
        made = plan(config if config is not None else RunConfig(), task)
        check_asked(made)
        run = cls(made)
        if run.plan.training.cut is not None:
            # What a task suggests fits its data; what somebody chose is compared with them here
            # and not at the first step, when the run has already taken the place of another.
            run.trainer.new_stream()
        return run

    # --- what it is made of ----------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """The configuration with everything that follows from it."""
        return self.trainer.plan

    @property
    def config(self) -> RunConfig:
        return self.plan.config

    @property
    def task(self) -> Task:
        return self.plan.task

    @property
    def spec(self) -> ModelSpec:
        return self.plan.spec

    @property
    def net(self) -> Network:
        return self.trainer.net

    # --- looking ---------------------------------------------------------------------------------

    def trace(self, example: Example | Batch | str | None = None) -> Trace:
        """The pass that the next iteration will make, or that of an example or a typed text.

        Nothing changes: the next `step` computes what it would have computed anyway.

        Raises:
            UserError: if a text cannot be read, or the data are missing.
        """
        if example is None:
            return self.trainer.preview()
        batch = self.batch_of(example)
        state = self.trainer.state_to_read_in(batch.batch_size)
        return self.trainer.record(batch, state, None, self.iteration)

    def batch_of(self, example: Example | Batch | str) -> Batch:
        """An example of the task or a typed text as a batch of one sequence.

        Raises:
            UserError: if it is neither, or the text cannot be read.
        """
        if isinstance(example, Batch):
            return example
        if isinstance(example, str):
            return self.task.parse(example)
        if isinstance(example, Example):
            return self.task.example_batch(example)
        raise UserError(
            f"an example is one of run.task.examples('train'), a Batch or a text, and not "
            f"{example!r:.40}"
        )

    def sample(
        self,
        prompt: str = "",
        steps: int = 100,
        temperature: float = 1.0,
        seed: int = 0,
        *,
        top_k: int | None = None,
        beam: int | None = None,
    ) -> Trace:
        """Let the model feed itself: softmax → sample → feed back; a trace in mode ``sample``.

        ``temperature`` 0 takes the likeliest token at every step; ``top_k`` draws among that
        many; ``beam`` searches that many answers side by side. Training is not touched.

        Raises:
            UserError: if this model cannot read what it writes, or a value is out of range.
        """
        with np.errstate(all="ignore"):
            return sample(self, prompt, steps, Decoding(temperature, seed, top_k, beam))

    def sampled_text(self, trace: Trace) -> str:
        """What the model wrote in a trace of mode ``sample``."""
        return sampled_text(self.task, trace)

    def answer(self, example: Example | Batch | str) -> str:
        """What the model says to an example or a typed text, in words (greedy decoding).

        Raises:
            UserError: if a text cannot be read as an input of this task.
        """
        with np.errstate(all="ignore"):
            batch = self.batch_of(example)
            state = self.trainer.state_to_read_in(batch.batch_size)
            return self.task.answers(self.net, batch, state)[0]

    def evaluate(self) -> Score:
        """The score on held-out data.

        Raises:
            UserError: if the data are missing.
        """
        if self.data_problem is not None:
            raise UserError(self.data_problem)
        with np.errstate(all="ignore"):
            return self.task.evaluate(self.net, self.trainer.state_to_read_in())

    def examine(self) -> tuple[Score, float | None]:
        """The score and the loss on held-out data, kept as a point of ``held_out``.

        Raises:
            UserError: if the data are missing.
        """
        score = self.evaluate()
        with np.errstate(all="ignore"):
            window, state = self.plan.training.window, self.trainer.state_to_read_in()
            loss = self.task.held_out_loss(self.net, window, state)
        point = HeldOutPoint(self.iteration, math.nan if loss is None else loss, score.value)
        self.held_out.add(point, score)
        return score, loss

    def data_identity(self) -> dict[str, str]:
        """Hashes by which the training data are recognised when a saved run is opened."""
        if self._data is None:
            self._data = fingerprint(self.plan)
        return self._data

    def resume(
        self,
        *,
        snapshots: Sequence[Snapshot],
        interval: int,
        rates: dict[int, GivenRate],
        history: History,
        held_out: HeldOut,
        data: dict[str, str],
        problem: str | None,
    ) -> None:
        """Stand where a saved run stood: after the last of ``snapshots``.

        Raises:
            UserError: if the parts do not belong together.
        """
        at = [snapshot.iteration for snapshot in snapshots]
        if sorted(set(at)) != at or at[0] < 0 or interval < 1:
            raise UserError("its snapshots are out of order")
        self.trainer.data_problem = problem
        self.checkpoints = Checkpoints(interval=interval)
        for snapshot in snapshots:
            self.trainer.restore(snapshot)
            self.checkpoints.add(snapshot)
        self.history, self.rates, self._data = history, rates, data
        self.held_out = held_out
        self.furthest = self.iteration
        self._take_rate(self.trainer)

    def anew(self) -> Run:
        """The same plan at its beginning, with the same seed: a new run; this one stays as it is.

        Raises:
            UserError: if it does not fit into memory.
        """
        twin = Run(self.plan)
        twin.trainer.data_problem = self.data_problem
        twin.kept_sets = self.kept_sets
        return twin

    def branch(self) -> Run:
        """A new run that stands here with the same past: it goes on without the future that this
        one has been to, and this one stays as it is.

        Raises:
            UserError: if it does not fit into memory.
        """
        now = self.iteration
        twin = Run(self.plan, fresh=False)
        past = [self.checkpoints.before(at) for at in self.checkpoints.iterations if at < now]
        history = History.from_array(self.history.to_array())
        history.truncate(now)
        held_out = self.held_out.copy()
        held_out.forget_after(now)
        twin.resume(
            snapshots=[*past, self.trainer.snapshot()],
            interval=self.checkpoints.interval,
            rates={at: rate for at, rate in self.rates.items() if at <= now},
            history=history,
            held_out=held_out,
            data=self.data_identity(),
            problem=self.data_problem,
        )
        twin.kept_sets = self.kept_sets
        return twin

    def in_precision(self, dtype: Dtype) -> Run:
        """The same model in another precision, to look at and to sample from: a new run that
        starts with these weights and has no history.

        Raises:
            UserError: if it does not fit into memory.
        """
        twin = self.blank(dtype)
        twin.adopt(self)
        return twin

    def blank(self, dtype: Dtype | None = None) -> Run:
        """A run of the same plan, perhaps in another precision, that has no numbers yet.

        Nothing that changes while this one trains is looked at.

        Raises:
            UserError: if it does not fit into memory.
        """
        config = msgspec.structs.replace(self.config, dtype=dtype or self.config.dtype)
        return Run(replace(self.plan, config=config), fresh=False)

    def adopt(self, other: Run) -> None:
        """Stand where another run of the same shape stands, with its weights and without its
        history."""
        self.net.params.assign(dict(other.net.params))
        self.trainer.adopt_place(other.trainer)
        self.kept_sets = other.kept_sets
        self.reset_checkpoints()
        self.furthest = self.iteration

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything to a run file; an old file is replaced only by a complete one.

        Raises:
            UserError: if the place cannot be written to.
        """
        from rnnviz.session.files import save_run

        save_run(self, path)
