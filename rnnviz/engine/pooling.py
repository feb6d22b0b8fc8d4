"""What the head looks at: the state of each step, or all states up to it pooled into one.

At step t a pooling head reads what it would read if the sequence ended there; the loss mask
picks the step at which it really ends.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from rnnviz.engine.arena import Arena
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec


class Pooling(ABC):
    """Fills ``features`` from ``top``, hands the gradient at them back; both (T, F[, B])."""

    features: Array

    def __init__(self, top: Array) -> None:
        self.top = top
        self.features = top

    @abstractmethod
    def forward(self) -> None:
        """Fill ``features``."""

    @abstractmethod
    def backward(self, gradient: Array) -> None:
        """Turn ``gradient`` (T, F[, B]) at the features into that at ``top``, in place."""


class EachStep(Pooling):
    """The state itself."""

    def forward(self) -> None:
        return

    def backward(self, gradient: Array) -> None:
        return


class LastOfBoth(Pooling):
    """Each direction's state when it has read everything: h_t forward, h_0 of the reverse."""

    def __init__(self, top: Array, arena: Arena) -> None:
        super().__init__(top)
        self.features = arena.array(*top.shape)
        self._half = top.shape[1] // 2

    def forward(self) -> None:
        n = self._half
        self.features[:, :n] = self.top[:, :n]
        self.features[:, n:] = self.top[0, n:]

    def backward(self, gradient: Array) -> None:
        n = self._half
        gradient[0, n:] = gradient[:, n:].sum(axis=0)
        gradient[1:, n:] = 0.0


class Mean(Pooling):
    """The mean of all states up to t."""

    def __init__(self, top: Array, arena: Arena) -> None:
        super().__init__(top)
        self.features = arena.array(*top.shape)
        self._room = arena.scratch("pooling", *top.shape)
        count = np.arange(1.0, len(top) + 1.0)
        self._count = count.astype(arena.dtype).reshape(-1, *[1] * (top.ndim - 1))

    def forward(self) -> None:
        np.add.accumulate(self.top, 0, out=self.features)
        np.divide(self.features, self._count, self.features)

    def backward(self, gradient: Array) -> None:
        np.divide(gradient, self._count, gradient)
        gradient[::-1] = np.add.accumulate(gradient[::-1], 0, out=self._room)


class Maximum(Pooling):
    """The largest value of each unit up to t; the gradient goes to the step that has it first."""

    def __init__(self, top: Array, arena: Arena) -> None:
        super().__init__(top)
        self.features = arena.array(*top.shape)
        self._room = arena.scratch("pooling", *top.shape)
        self._steps = np.arange(len(top), dtype=np.int32).reshape(-1, *[1] * (top.ndim - 1))
        self._raised = np.ones(top.shape, np.bool_)
        self._at, self._owners = np.empty(top.shape, np.int32), np.empty(top.shape, np.int32)

    def forward(self) -> None:
        np.maximum.accumulate(self.top, 0, out=self.features)

    def backward(self, gradient: Array) -> None:
        np.greater(self.top[1:], self.features[:-1], self._raised[1:])
        np.multiply(self._steps, self._raised, self._at)
        owners, given = self._owners, self._room
        np.maximum.accumulate(self._at, 0, out=owners)
        given[...] = gradient
        gradient.fill(0)
        inner = np.indices(gradient.shape[1:], sparse=True)
        for step in np.flatnonzero(given.any(axis=tuple(range(1, given.ndim)))):
            gradient[(owners[step], *inner)] += given[step]  # one owner a unit: none twice


def make_pooling(spec: ModelSpec, top: Array, arena: Arena) -> Pooling:
    """The pooling of ``spec.head``."""
    if spec.head == "mean":
        return Mean(top, arena)
    if spec.head == "max":
        return Maximum(top, arena)
    if spec.head == "last" and spec.bidirectional:
        return LastOfBoth(top, arena)
    return EachStep(top)
