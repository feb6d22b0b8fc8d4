"""The losses: per step, unmasked; their gradient at the outputs, masked."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from rnnviz.engine.arena import Arena, time_major
from rnnviz.engine.counting import every_step
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec


class Loss(ABC):
    """ℓ_t of every step, L = Σ m_t ℓ_t, and dL/dy_t = m_t ∂ℓ_t/∂y_t.

    Attributes:
        mask: m, (T[, B]).
        steps: ℓ, (T[, B]); 0 where there is no target.
        gradient: (T, V[, B]).
        sparse: less than half of the steps have a loss that counts.
    """

    def __init__(self, arena: Arena, steps: int, width: int) -> None:
        shape = arena.shape(steps)
        self.mask = arena.array(*shape)
        self.steps = arena.array(*shape)
        self.gradient = arena.steps(steps, width)
        self._loaded: Array | None = None
        self.sparse = False
        self._flat_mask, self._flat_steps = self.mask.ravel(), self.steps.ravel()
        self._spread = self.mask.reshape(steps, 1, *shape[1:])  # over the outputs of a step

    def load(self, targets: Array, mask: Array) -> None:
        """Take ``targets`` (T, B) or (T, B, V) and ``mask`` (T, B) for the next pass."""
        if mask is not self._loaded or mask.flags.writeable:
            np.copyto(self.mask, mask.reshape(self.mask.shape), casting="unsafe")
            self._loaded = mask
            self.sparse = bool(2 * np.count_nonzero(mask.any(axis=1)) < len(mask))
        self.load_targets(targets)

    @abstractmethod
    def load_targets(self, targets: Array) -> None:
        """Bring targets into the layout of the pass."""

    @abstractmethod
    def forward(self, outputs: Array) -> None:
        """Fill ``steps`` from ``outputs`` (T, V[, B])."""

    @abstractmethod
    def backward(self) -> None:
        """Fill ``gradient``."""

    def record(self) -> dict[str, Array]:
        """What this loss adds to a trace, by documented name."""
        shape = (len(self.steps), self.steps.size // len(self.steps))
        return {
            "loss": self.steps.reshape(shape),
            "loss_mask": self.mask.reshape(shape),
            "loss_total": np.asarray(self.total()),
        }

    def total(self) -> Array:
        """L, a scalar."""
        product: Array = self._flat_mask.dot(self._flat_steps)
        return product


class CrossEntropy(Loss):
    """Softmax and its negative log-likelihood: ℓ = log Σ_v exp(y_v) − y_target, in nats."""

    def __init__(self, arena: Arena, steps: int, width: int, record: bool) -> None:
        super().__init__(arena, steps, width)
        self.probs = arena.steps(steps, width) if record else self.gradient
        batch = arena.batch
        self._top = arena.steps(steps, 1)
        self._norm = arena.steps(steps, 1)
        first = np.arange(steps)[:, None] * (width * batch) + np.arange(batch)
        self._first = first.reshape(self.steps.shape)  # flat place of class 0 of each step
        self._stride = batch
        self._place = np.zeros(self.steps.shape, dtype=np.intp)
        self._flat = self.gradient.reshape(-1)
        self._log_norm = self._norm.reshape(self.steps.shape)
        self._none: Array | None = None
        self._complete = every_step(steps, batch)  # with B = 1 all its weights are 1

    def load_targets(self, targets: Array) -> None:
        place = targets.reshape(self._place.shape)
        self._none = None
        if self._loaded is not self._complete:  # where every step counts, every step has a target
            self._none = place < 0
            place = np.maximum(place, 0)
        if self._stride > 1:
            place = np.multiply(place, self._stride, self._place)
        np.add(place, self._first, self._place)

    def forward(self, outputs: Array) -> None:
        # The largest output of a step is subtracted first: exp cannot overflow, p is the same.
        probs, top, norm = self.probs, self._top, self._norm
        np.maximum.reduce(outputs, 1, None, out=top, keepdims=True)
        np.subtract(outputs, top, probs)
        probs.take(self._place, None, self.steps, "clip")
        np.exp(probs, probs)
        np.add.reduce(probs, 1, None, out=norm, keepdims=True)
        np.divide(probs, norm, probs)
        np.log(norm, norm)
        np.subtract(self._log_norm, self.steps, self.steps)
        if self._none is not None:
            self.steps[self._none] = 0.0

    def backward(self) -> None:
        if self.probs is not self.gradient:
            np.copyto(self.gradient, self.probs)
        self._flat[self._place] -= 1.0
        if self._loaded is not self._complete or self._stride > 1:
            np.multiply(self.gradient, self._spread, self.gradient)

    def record(self) -> dict[str, Array]:
        return super().record() | {"probs": time_major(self.probs)}


class SquaredError(Loss):
    """ℓ = ½ Σ_v (y_v − target_v)²."""

    def __init__(self, arena: Arena, steps: int, width: int) -> None:
        super().__init__(arena, steps, width)
        self._targets = arena.steps(steps, width)
        self._error = arena.steps(steps, width)

    def load_targets(self, targets: Array) -> None:
        ours = targets[:, 0] if self._targets.ndim == 2 else targets.transpose(0, 2, 1)
        np.copyto(self._targets, ours, casting="unsafe")

    def forward(self, outputs: Array) -> None:
        np.subtract(outputs, self._targets, self._error)
        np.multiply(self._error, self._error, self.gradient)
        np.add.reduce(self.gradient, 1, None, out=self.steps)
        np.multiply(self.steps, 0.5, self.steps)

    def backward(self) -> None:
        np.multiply(self._error, self._spread, self.gradient)


def make_loss(spec: ModelSpec, arena: Arena, steps: int, record: bool) -> Loss:
    """The loss of ``spec`` for T = ``steps``."""
    if spec.loss == "cross-entropy":
        return CrossEntropy(arena, steps, spec.output_size, record)
    return SquaredError(arena, steps, spec.output_size)
