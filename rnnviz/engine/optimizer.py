"""What all optimisers share: one flat vector, its averages, chunks that fit the cache, state."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from rnnviz.engine.arena import aligned_zeros
from rnnviz.engine.parameters import Parameters
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array

CHUNK = 65536
"""Numbers handled at a time, so that the vectors of a chunk stay in cache from one operation to
the next; smaller chunks cost more in calls than they save in memory traffic."""

FLUSH_EVERY = 64
"""Iterations between two sweeps that set averages near the denormal range to zero. Numbers there
are up to a hundred times slower to compute with, and no sweep changes an update visibly."""


class Optimizer(ABC):
    """Owns the averages that belong to ``params`` and updates ``params`` in place.

    After the first ``step`` nothing is allocated. ``learning_rate`` may be set at any time.
    """

    name: ClassVar[str]
    averages: ClassVar[tuple[str, ...]] = ()
    default_learning_rate: ClassVar[float] = 0.01

    def __init__(
        self, params: Parameters | Array, learning_rate: float, weight_decay: float = 0.0
    ) -> None:
        self._theta = _flat(params)
        if self._theta.ndim != 1 or not self._theta.flags.c_contiguous:
            raise ValueError("an optimiser works on one contiguous vector")
        self.iterations = 0
        self.learning_rate = learning_rate
        self._weight_decay = within("weight_decay", weight_decay, 0.0, math.inf)
        size, dtype = self._theta.size, self._theta.dtype
        self._vectors = [aligned_zeros(size, dtype) for _ in self.averages]
        self._scratch = aligned_zeros(min(CHUNK, size), dtype)
        self._small = np.empty(self._scratch.size, np.bool_)
        smallest = 1e4 * float(np.finfo(self._theta.dtype).tiny)
        self._tiny = self._constant(smallest)
        self._least_epsilon = math.sqrt(smallest)
        self._bound: Array | None = None
        self._chunks: list[tuple[Array, ...]] = []

    @property
    def learning_rate(self) -> float:
        """η; read at every step."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = within("learning_rate", value, 0.0, math.inf)

    @property
    def weight_decay(self) -> float:
        """λ, whichever way the rule uses it."""
        return self._weight_decay

    def step(self, grads: Parameters | Array) -> None:
        """Update the parameters with the gradient ``grads``, which is left unchanged.

        Raises:
            ValueError: if it is not as long as the parameters, or of another type.
        """
        flat = grads if isinstance(grads, np.ndarray) else grads.flat
        if flat is not self._bound:
            self._bind(flat)
        self.iterations += 1
        self._begin()
        for chunk in self._chunks:
            self._update(*chunk)
        if self.iterations % FLUSH_EVERY == 0:
            self._flush()

    def state_arrays(self) -> dict[str, Array]:
        """Everything needed to continue as if never stopped, in memory of its own: the averages,
        as long as the parameters each, and ``iterations``, a scalar."""
        state = {name: v.copy() for name, v in zip(self.averages, self._vectors, strict=True)}
        return {**state, "iterations": np.array(self.iterations, np.int64)}

    def load_state(self, arrays: Mapping[str, Array]) -> None:
        """Continue from ``state_arrays()``.

        Raises:
            UserError: if an array is missing or surplus, or has the wrong size or type.
        """
        wanted = {*self.averages, "iterations"}
        if set(arrays) != wanted:
            raise UserError(
                f"the saved state of the optimiser {self.name} must hold "
                f"{', '.join(sorted(wanted))}; it holds {', '.join(sorted(arrays)) or 'nothing'}"
            )
        count = np.asarray(arrays["iterations"])
        if count.shape != () or count.dtype.kind not in "iu" or count < 0:
            raise UserError("the optimiser's saved count of iterations is not a whole number")
        for name in self.averages:
            given = arrays[name]
            if given.shape != self._theta.shape or given.dtype != self._theta.dtype:
                raise UserError(
                    f"the optimiser's saved {name} has shape {given.shape} and type {given.dtype}; "
                    f"this model needs {self._theta.shape} and {self._theta.dtype}"
                )
        for name, vector in zip(self.averages, self._vectors, strict=True):
            vector[:] = arrays[name]
        self.iterations = int(count)

    def _bind(self, grads: Array) -> None:
        if grads.shape != self._theta.shape or grads.dtype != self._theta.dtype:
            raise ValueError(
                f"gradient {grads.shape} {grads.dtype} does not match "
                f"parameters {self._theta.shape} {self._theta.dtype}"
            )
        vectors = (self._theta, grads, *self._vectors)
        self._chunks = []
        for start in range(0, self._theta.size, CHUNK):
            parts = tuple(vector[start : start + CHUNK] for vector in vectors)
            self._chunks.append((*parts, self._scratch[: parts[0].size]))
        self._bound = grads

    def _nonzero(self, epsilon: float) -> float:
        """An ε that keeps a number whose gradient has always been 0 from becoming 0/0: at least the
        root of the smallest average (1e-17 in float32, 1e-152 in float64)."""
        return max(within("epsilon", epsilon, 0.0, math.inf), self._least_epsilon)

    def _constant(self, value: float) -> Array:
        # A 0-d array of the right type: ufuncs take it faster than a Python number.
        return np.array(value, self._theta.dtype)

    def _flush(self) -> None:
        for _, _, *averages, scratch in self._chunks:
            small = self._small[: scratch.size]
            for average in averages:
                np.abs(average, scratch)
                np.less(scratch, self._tiny, small)
                np.copyto(average, 0.0, where=small)

    @abstractmethod
    def _begin(self) -> None:
        """Compute the scalars of this iteration."""

    @abstractmethod
    def _update(self, *chunk: Array) -> None:
        """Update one chunk: θ, g, the averages, and a scratch vector as long as they are."""


def _flat(params: Parameters | Array) -> Array:
    return params if isinstance(params, np.ndarray) else params.flat


def within(name: str, value: float, low: float, high: float) -> float:
    """``value`` if low ≤ value < high.

    Raises:
        UserError: if it is not; NaN never is.
    """
    if not low <= value < high:
        upper = f" up to, not including, {high:g}" if math.isfinite(high) else " upwards"
        raise UserError(f"{name} is {value}; use a number from {low:g}{upper}")
    return float(value)
