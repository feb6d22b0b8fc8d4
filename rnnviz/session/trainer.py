"""One training iteration after the other: data, pass, clipping, update."""

from __future__ import annotations

import copy
import math
from dataclasses import replace
from numbers import Real
from typing import Any

import numpy as np

from rnnviz.engine import Batch, State, feed_back
from rnnviz.session.batch_pictures import batch_pictures
from rnnviz.session.checkpoints import Snapshot
from rnnviz.session.config import LARGEST
from rnnviz.session.learner import MEASURED_EVERY, Learner
from rnnviz.session.setup import Plan
from rnnviz.tasks import Stream
from rnnviz.trace import Trace, UserError
from rnnviz.trace.history import Row

SMOOTHING = 0.99
"""Share of the past in the smoothed loss (an exponential mean, its start corrected as in Adam)."""

_STATE = "state/"


class TrainingDiverged(UserError):
    """The loss or the gradient of ``iteration`` is not finite; that update was not made."""

    def __init__(self, iteration: int, what: str) -> None:
        super().__init__(
            f"training diverged at iteration {iteration}: {what}; "
            "go back and use a lower learning rate, or clip the gradient"
        )
        self.iteration = iteration


class Trainer:
    """All that changes while training, and nothing else; ``iteration`` counts the updates."""

    def __init__(self, plan: Plan, fresh: bool = True) -> None:
        self.plan = plan
        self.net = plan.new_network() if fresh else plan.blank_network()
        self.learner = Learner(self.net, plan.training)
        self.iteration = 0
        self.data_problem: str | None = None
        self._forcing = plan.training.teacher_forcing
        self._samples = plan.training.scheduled_sampling
        self._cut = plan.training.cut
        self._rng = np.random.default_rng([plan.config.seed, 1])
        self._drops = plan.spec.dropout > 0
        self._draws = self._drops or self._forcing < 1.0
        self._carries = False
        self._carried: State | None = None
        self._mean_loss = 0.0
        self._stream: Stream | None = None
        self._place: dict[str, Any] | None = None

    @property
    def stream(self) -> Stream:
        """The training data.

        Raises:
            UserError: if the data are missing or cannot fill a batch, or if the model cannot be
                cut as the longest of them would be.
        """
        if self._stream is None:
            stream = self.new_stream()
            place = stream.state()
            # Whether windows follow one another shows in the second one at the latest.
            for _ in range(2):
                stream.next_batch()
            self._carries = stream.carry
            stream.restore(place)
            self._stream = stream
        return self._stream

    def new_stream(self) -> Stream:
        """The training data from their beginning; nothing changes.

        Raises:
            UserError: as `stream`.
        """
        if self.data_problem is not None:
            raise UserError(self.data_problem)
        training, seed = self.plan.training, self.plan.config.seed
        stream = self.plan.task.stream(training.batch_size, training.window, seed)
        # Said before the first step and not at whichever happens to be the first long one.
        self.net.cuts(stream.longest, self._cut)
        return stream

    def step(self) -> Row:
        """Train one iteration.

        Raises:
            TrainingDiverged: before the update; the data stream has moved on all the same.
        """
        # Overflow is found by looking at the loss and the norm; warnings would only repeat it.
        with np.errstate(all="ignore"):
            return self._step()

    def _step(self) -> Row:
        batch, state = self._next_batch(self._rng)
        loss = self.net.loss_and_gradients(batch, state, self._masks(), self._cut)
        norms = self._clipped(loss)
        rate = self.learner.learning_rate(self.iteration)
        if self.iteration % MEASURED_EVERY == 0:
            return self._advance(loss, norms, self.learner.apply_measured(rate), rate)
        self.learner.apply(rate)
        return self._advance(loss, norms, (math.nan, math.nan), rate)

    def traced_step(self) -> tuple[Row, Trace]:
        """Train one iteration, the same to the bit, and record its pass.

        Raises:
            TrainingDiverged: as `step`.
        """
        with np.errstate(all="ignore"):
            return self._traced_step()

    def _traced_step(self) -> tuple[Row, Trace]:
        batch, state = self._next_batch(self._rng)
        trace = self.record(batch, state, self._masks(), self.iteration + 1)
        loss = float(trace["loss_total"])
        norms = self._clipped(loss)
        rate = self.learner.learning_rate(self.iteration)
        sizes = self.learner.apply_measured(rate)
        update = self.learner.update_record(rate, norms, sizes)
        if self.iteration % MEASURED_EVERY:
            sizes = (math.nan, math.nan)
        return self._advance(loss, norms, sizes, rate), replace(trace, update=update)

    def preview(self) -> Trace:
        """The pass that the next step will make; nothing changes."""
        if self.data_problem is not None:
            kept = self.upcoming_batch()
            state = self.state_to_read_in(kept.batch_size)
            return self.record(kept, state, None, self.iteration)
        # Draws are made from a copy of the generator, masks after choices, as in a real step.
        rng = copy.deepcopy(self._rng)
        batch, state = self._peek(rng)
        return self.record(batch, state, rng if self._drops else None, self.iteration)

    def upcoming_batch(self, ahead: int = 0) -> Batch:
        """The batch of the next step, or of the step after ``ahead`` others, as the data have it;
        where the data are missing, the one that was kept. Nothing changes."""
        if self.data_problem is not None:
            task = self.plan.task
            return task.example_batch(task.examples("train")[0])
        if not ahead:
            return self._peek(copy.deepcopy(self._rng))[0]
        stream, place = self.new_stream(), self.stream.state()
        stream.restore(place)
        stream.skip(ahead)
        return stream.next_batch()

    def _peek(self, rng: np.random.Generator) -> tuple[Batch, State | None]:
        stream = self.stream
        place = stream.state()
        upcoming = self._next_batch(rng)
        stream.restore(place)
        return upcoming

    def record(
        self,
        batch: Batch,
        state: State | None,
        masks: np.random.Generator | None,
        iteration: int,
    ) -> Trace:
        """One pass with its words and pictures."""
        task = self.plan.task
        # A whole text in both directions, which is longer than a window, is not cut into windows.
        cut = self._cut if self.net.can_be_cut else None
        with np.errstate(all="ignore"):
            trace = self.net.trace(
                batch,
                task.labels(batch),
                state,
                masks,
                cut,
                iteration=iteration,
                title=task.info.title,
                copy=False,
            )
        pictures = batch_pictures(task, batch)
        return trace if pictures is None else trace.joined({"pictures": pictures})

    def state_to_read_in(self, sequences: int = 1) -> State | None:
        """Where training stands, for as many ``sequences`` that are read or written now: each its
        own where training has as many, otherwise its first one's. None, the network's own start,
        where windows do not follow one another.

        A network that reads a long text in windows begins anew once in thousands of iterations: in
        its own start state it may do what it never does in training, and keep doing it.
        """
        if self._carried is None or self._carried.batch_size == sequences:
            return self._carried
        return self._carried.select(np.zeros(sequences, np.intp))

    def snapshot(self) -> Snapshot:
        """Everything that decides how training goes on from here."""
        arrays = self.learner.arrays()
        for name, array in (self._carried or {}).items():
            arrays[_STATE + name] = np.array(array)
        facts: dict[str, Any] = {"mean_loss": self._mean_loss, "rate": self.learner.base_rate}
        if self.learner.is_free:
            facts["rate_is_free"] = True
        place = self._place if self._stream is None else self._stream.state()
        if place is not None:
            facts["stream"] = place
        if self._draws:
            facts["rng"] = self._rng.bit_generator.state
        return Snapshot(self.iteration, arrays, facts)

    def restore(self, snapshot: Snapshot) -> None:
        """Stand where a snapshot was taken.

        Raises:
            UserError: if it does not belong to this run.
        """
        facts = snapshot.facts
        carried = {
            name.removeprefix(_STATE): array
            for name, array in snapshot.arrays.items()
            if name.startswith(_STATE)
        }
        self._check_state(carried)
        rate, mean_loss = facts["rate"], facts["mean_loss"]
        if isinstance(rate, bool) or not isinstance(rate, Real) or not 0.0 < float(rate) <= LARGEST:
            raise UserError(f"its learning rate is {rate}")
        if not isinstance(mean_loss, Real):
            raise UserError(f"its mean loss is {mean_loss}")
        self.learner.restore(snapshot.arrays)
        self._carried = State(carried) if carried else None
        self._mean_loss = float(mean_loss)
        self.learner.base_rate = float(rate)
        self.learner.is_free = bool(facts.get("rate_is_free"))
        if self._draws and "rng" in facts:
            self._rng.bit_generator.state = facts["rng"]
        self._place = facts.get("stream")
        if self._place is None:
            self._stream = None
        elif self.data_problem is None:
            self.stream.restore(self._place)
        self.iteration = snapshot.iteration

    def adopt_place(self, other: Trainer) -> None:
        """Stand where another trainer of the same task stands, with one's own weights."""
        self.iteration = other.iteration
        self.learner.base_rate = other.learner.base_rate
        self.learner.is_free = other.learner.is_free
        self.data_problem = other.data_problem
        if other._stream is not None:
            self.stream.restore(other._stream.state())
        if other._carried is not None:
            dtype = self.net.dtype
            self._carried = State({k: v.astype(dtype) for k, v in other._carried.items()})

    def _check_state(self, carried: dict[str, Any]) -> None:
        State(carried).check(self.plan.spec, self.plan.training.batch_size, self.net.dtype)
        for name, array in carried.items():
            if array.dtype != self.net.dtype:
                raise UserError(f"the carried state {name} has type {array.dtype}")

    def _next_batch(self, rng: np.random.Generator) -> tuple[Batch, State | None]:
        stream = self.stream
        batch = stream.next_batch()
        state = self._carried if stream.carry else None
        if self._forcing < 1.0:
            batch = feed_back(
                self.net, batch, self._forcing, rng, sampled=self._samples, state=state
            )
        return batch, state

    def _masks(self) -> np.random.Generator | None:
        return self._rng if self._drops else None

    def _clipped(self, loss: float) -> tuple[float, float]:
        norms = self.learner.clip()
        if not math.isfinite(loss):
            raise TrainingDiverged(self.iteration + 1, f"the loss is {loss}")
        if not math.isfinite(norms[0]):
            raise TrainingDiverged(self.iteration + 1, "a gradient is not finite")
        return norms

    def _advance(
        self, loss: float, norms: tuple[float, float], sizes: tuple[float, float], rate: float
    ) -> Row:
        if self._carries:
            self._carried = self.net.final_state
        self.iteration = done = self.iteration + 1
        self._mean_loss = mean = SMOOTHING * self._mean_loss + (1.0 - SMOOTHING) * loss
        smoothed = mean / (1.0 - SMOOTHING**done)
        return Row(done, loss, smoothed, norms[0], norms[1], sizes[0], sizes[1], rate)
