"""The losses: per step, unmasked; their gradient at the outputs, masked."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy import add, divide, exp, log, multiply, subtract

from rnnviz.engine.arena import Arena, time_major
from rnnviz.engine.counting import every_step
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec

largest = np.maximum.reduce

_MODERATE = 32.0
"""Scores between ± this are exponentiated as they are: in float32, too, every p is then a normal
number. To find out takes a tenth of the time of the largest score of each step (0.3 and 2.3 µs)."""


class Loss(ABC):
    """L_t of every step, L = Σ m_t L_t, and dL/dy_t = m_t ∂L_t/∂y_t.

    Scores and their gradient are (V, T·B): see ``head``.

    Attributes:
        mask: m, (T·B,).
        steps: L, (T·B,); 0 where there is no target.
        at_scores: (V, T·B) the gradient.
        gradient: (T, V[, B]), its view by steps.
        sparse: less than half of the steps have a loss that counts.
    """

    def __init__(self, arena: Arena, steps: int, width: int) -> None:
        self._shape = (steps, arena.batch)
        self.mask = arena.array(steps * arena.batch)
        self.steps = arena.array(steps * arena.batch)
        self.at_scores = arena.array(width, steps * arena.batch)
        self.gradient = arena.by_step(self.at_scores)
        self._loaded: Array | None = None
        self.sparse = False

    def load(self, targets: Array, mask: Array) -> None:
        """Take ``targets`` (T, B) or (T, B, V) and ``mask`` (T, B) for the next pass."""
        if mask is not self._loaded or mask.flags.writeable:
            np.copyto(self.mask, mask.reshape(self.mask.shape))
            self._loaded = mask
            self.sparse = bool(2 * np.count_nonzero(mask.any(axis=1)) < len(mask))
        self.load_targets(targets)

    @abstractmethod
    def load_targets(self, targets: Array) -> None:
        """Bring targets (T, B) or (T, B, V) into the layout of the pass."""

    @abstractmethod
    def forward(self, scores: Array) -> None:
        """Fill ``steps`` from ``scores`` (V, T·B)."""

    @abstractmethod
    def backward(self) -> None:
        """Fill ``at_scores``."""

    def record(self) -> dict[str, Array]:
        """What this loss adds to a trace, by documented name: (T, B), (T, B, V) and a scalar."""
        return {
            "loss": self.steps.reshape(self._shape),
            "loss_mask": self.mask.reshape(self._shape),
            "loss_total": np.asarray(self.total()),
        }

    def total(self) -> Array:
        """L, a scalar in the unit of the losses (nats for cross-entropy)."""
        product: Array = self.mask.dot(self.steps)
        return product


class CrossEntropy(Loss):
    """Softmax and its negative log-likelihood: L = log Σ_v exp(y_v) − y_target, in nats."""

    def __init__(self, arena: Arena, steps: int, width: int) -> None:
        super().__init__(arena, steps, width)
        columns = steps * arena.batch
        self._by_step = arena.by_step
        self._room = arena.repeated(*self.at_scores.shape)
        self._top = arena.array(columns)
        self._norm = arena.array(columns)
        self._picked = arena.array(columns)
        self._ones = np.ones(width, dtype=arena.dtype)
        self._columns, self._stride = np.arange(columns), np.array(columns)
        self._place = np.zeros(columns, dtype=np.intp)  # flat place of the target's score
        self._flat = self.at_scores.reshape(-1)
        self._zero, self._one = arena.constant(0.0), arena.constant(1.0)
        self._none: Array | None = None
        self._probs = arena.array(width, columns) if arena.recorded else None
        self._complete = every_step(steps, arena.batch)  # with B = 1 all its weights are 1

    def load_targets(self, targets: Array) -> None:
        classes = targets.reshape(-1)
        self._none = None
        if self._loaded is not self._complete:  # where every step counts, every step has a target
            self._none = classes < 0
            classes = np.maximum(classes, 0)
        multiply(classes, self._stride, self._place)
        add(self._place, self._columns, self._place)

    def forward(self, scores: Array) -> None:
        probs, norm = self.at_scores, self._norm
        moderate = _are_moderate(scores)
        if moderate:
            exp(scores, probs)
        else:
            self._subtract_largest(scores)
            probs.take(self._place, None, self.steps, "clip")
            exp(probs, probs)
        self._ones.dot(probs, norm)  # a product with ones is faster than a reduction
        if self._room is None:
            divide(probs, norm, probs)
        else:
            self._room[...] = norm
            divide(probs, self._room, probs)
        self._flat.take(self._place, None, self._picked, "clip")
        if moderate:
            log(self._picked, self.steps)
            subtract(self._zero, self.steps, self.steps)  # log 1 negated were -0, told as such
        else:  # where p may be 0
            log(norm, norm)
            subtract(norm, self.steps, self.steps)
        if self._none is not None:
            self.steps[self._none] = 0.0

    def _subtract_largest(self, scores: Array) -> None:
        """The largest score of a step is subtracted first: exp cannot overflow, p is the same."""
        probs, top = self.at_scores, self._top
        largest(scores, 0, None, out=top)
        if self._room is None:
            subtract(scores, top, probs)
        else:
            probs[...] = top
            subtract(scores, probs, probs)

    def backward(self) -> None:
        if self._probs is not None:
            self._probs[...] = self.at_scores
        subtract(self._picked, self._one, self._picked)
        self._flat[self._place] = self._picked
        if self._loaded is not self._complete or self._shape[1] > 1:
            multiply(self.at_scores, self.mask, self.at_scores)

    def record(self) -> dict[str, Array]:
        assert self._probs is not None
        return super().record() | {"probs": time_major(self._by_step(self._probs))}


class SquaredError(Loss):
    """L = ½ Σ_v (y_v − target_v)²."""

    def __init__(self, arena: Arena, steps: int, width: int) -> None:
        super().__init__(arena, steps, width)
        self._targets = arena.array(width, steps * arena.batch)
        self._error = arena.array(width, steps * arena.batch)
        self._half = np.full(width, 0.5, dtype=arena.dtype)

    def load_targets(self, targets: Array) -> None:
        ours = targets.reshape(-1, targets.shape[2]).T
        np.copyto(self._targets, ours, casting="unsafe")

    def forward(self, scores: Array) -> None:
        np.subtract(scores, self._targets, self._error)
        np.multiply(self._error, self._error, self.at_scores)
        self._half.dot(self.at_scores, self.steps)

    def backward(self) -> None:
        np.multiply(self._error, self.mask, self.at_scores)


def _are_moderate(scores: Array) -> bool:
    """Whether no score (their real parts, in the complex-step check) is large; NaN is."""
    low, high = scores.item(scores.argmin()).real, scores.item(scores.argmax()).real
    moderate: bool = low > -_MODERATE and high < _MODERATE
    return moderate


def make_loss(spec: ModelSpec, arena: Arena, steps: int) -> Loss:
    """The loss of ``spec`` for T = ``steps``."""
    if spec.loss == "cross-entropy":
        return CrossEntropy(arena, steps, spec.output_size)
    return SquaredError(arena, steps, spec.output_size)
