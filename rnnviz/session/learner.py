"""A network and what changes it: clipping, schedule, optimiser."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Network
from rnnviz.engine.clipping import clip_by_norm, clip_by_value, norm
from rnnviz.engine.optimizers import make_optimizer
from rnnviz.session.setup import Training
from rnnviz.trace import Update, UserError

Array = NDArray[Any]

MEASURED_EVERY = 16
"""Iterations between two measurements of ‖θ‖ and ‖Δθ‖, which would else cost a small model 5 %."""


class GivenRate(NamedTuple):
    """η before the schedule's factor, and whether it is ``scheduled`` even where that has fallen to
    0: one that is set by hand there is not, and one that was there before was."""

    rate: float
    scheduled: bool = False


class Learner:
    """Applies the gradients that lie in ``net.grads``.

    ``base_rate`` is η before the schedule's factor. One that is set by hand after the schedule has
    fallen to 0 ``is_free`` of it: there is nothing left that it could be scaled by.
    """

    def __init__(self, net: Network, training: Training) -> None:
        self.net = net
        self.training = training
        self.base_rate = training.learning_rate
        self.is_free = False
        self.optimizer = make_optimizer(
            training.optimizer,
            net.params,
            learning_rate=training.learning_rate,
            **training.optimizer_options,
        )
        schedule = training.schedule
        self._schedule = None if schedule.kind == "constant" and not schedule.warmup else schedule

    @property
    def idle_from(self) -> int | None:
        """After so many updates η is 0, and nothing more is learned; None if it never is."""
        return None if self._schedule is None or self.is_free else self._schedule.idle_from

    @property
    def given_rate(self) -> GivenRate:
        """What brings back the present η when it is taken."""
        return GivenRate(self.base_rate, not self.is_free)

    def take_rate(self, given: GivenRate, done: int) -> None:
        """Use another η after ``done`` updates."""
        end = None if self._schedule is None else self._schedule.idle_from
        self.base_rate = given.rate
        self.is_free = end is not None and done >= end and not given.scheduled

    def learning_rate(self, done: int) -> float:
        """η of the update after ``done`` updates."""
        if self._schedule is None or self.is_free:
            return self.base_rate
        return self.base_rate * self._schedule(done)

    def clip(self) -> tuple[float, float]:
        """Clip the gradient; its norm before and after."""
        grads, training = self.net.grads, self.training
        if training.clip_value is not None:
            before, after = clip_by_value(grads, training.clip_value)
            if training.clip_norm is not None and math.isfinite(before):
                after = clip_by_norm(grads, training.clip_norm).after
            return before, after
        if training.clip_norm is not None:
            return clip_by_norm(grads, training.clip_norm)
        size = norm(grads)
        return size, size

    def apply(self, learning_rate: float) -> None:
        """One update of the parameters."""
        self.optimizer.learning_rate = learning_rate
        self.optimizer.step(self.net.grads)

    def apply_measured(self, learning_rate: float) -> tuple[float, float]:
        """The same update, to the bit; returns ‖θ‖ before and ‖Δθ‖."""
        before = self.net.params.flat.copy()
        self.apply(learning_rate)
        return norm(before), norm(self.net.params.flat - before)

    def update_record(
        self, learning_rate: float, norms: tuple[float, float], sizes: tuple[float, float]
    ) -> Update:
        """What the optimiser did, for a trace; ``norms`` of the gradient before and after
        clipping, ``sizes`` as `apply_measured` returns them."""
        return Update(
            optimizer=self.optimizer.name,
            learning_rate=learning_rate,
            grad_norm=norms[0],
            clipped_norm=norms[1],
            clip=self.training.clip_norm,
            param_norm=sizes[0],
            update_norm=sizes[1],
            weight_decay=self.optimizer.weight_decay,
        )

    def arrays(self) -> dict[str, Array]:
        """Parameters and the optimiser's averages, in memory of their own."""
        averages = self.optimizer.state_arrays()
        kept = {f"optimizer/{name}": np.asarray(value) for name, value in averages.items()}
        return {"parameters": self.net.params.flat.copy(), **kept}

    def restore(self, arrays: dict[str, Array]) -> None:
        """Take back what ``arrays()`` gave.

        Raises:
            UserError: if sizes or names do not fit.
        """
        flat, given = self.net.params.flat, arrays["parameters"]
        if given.shape != flat.shape or given.dtype != flat.dtype:
            raise UserError(
                f"the saved parameters are {given.shape} {given.dtype}; "
                f"this model has {flat.shape} {flat.dtype}"
            )
        flat[:] = given
        mark = "optimizer/"
        self.optimizer.load_state(
            {name.removeprefix(mark): a for name, a in arrays.items() if name.startswith(mark)}
        )
