"""How well what a decoder asks for fits what an encoder has: the scores of attention, and back.

Shapes: ``query`` (B, T_out, H), ``memory`` (B, T_in, E), scores and their gradient
(B, T_out, T_in); all of them contiguous.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from rnnviz.engine.parameters import Parameters
from rnnviz.trace.record import Array


class Room:
    """Arrays that one pass after the other writes into, by role; another shape takes the place."""

    def __init__(self, dtype: np.dtype[np.generic]) -> None:
        self._dtype = dtype
        self._held: dict[str, Array] = {}

    def array(self, role: str, *shape: int) -> Array:
        """The array of that role, with whatever was last written there."""
        found = self._held.get(role)
        if found is None or found.shape != shape:
            found = self._held[role] = np.empty(shape, self._dtype)
        return found


class Score(ABC):
    """One kind of score; ``params`` and ``grads`` hold its weights, ``room`` its results."""

    def __init__(self, params: Parameters, grads: Parameters, room: Room) -> None:
        self.params = params
        self.grads = grads
        self.room = room

    @abstractmethod
    def forward(self, query: Array, memory: Array, scores: Array) -> None:
        """Fill ``scores``."""

    @abstractmethod
    def backward(
        self, query: Array, memory: Array, gradient: Array, at_query: Array, at_memory: Array
    ) -> None:
        """After ``forward``: from ``gradient`` at the scores to those at ``query`` and ``memory``,
        in their shapes, and those of the weights."""


class Dot(Score):
    """q·k, with k = W_mem memory where widths differ."""

    def forward(self, query: Array, memory: Array, scores: Array) -> None:
        self._keys = memory
        if "W_mem" in self.params:
            matrix = self.params["W_mem"]
            self._keys = self.room.array("keys", *memory.shape[:2], len(matrix))
            np.matmul(memory, matrix.T, self._keys)
        np.matmul(query, swapped(self._keys), scores)

    def backward(
        self, query: Array, memory: Array, gradient: Array, at_query: Array, at_memory: Array
    ) -> None:
        np.matmul(gradient, self._keys, at_query)
        if "W_mem" not in self.params:
            np.matmul(swapped(gradient), query, at_memory)
            return
        at_keys = self.room.array("at keys", *self._keys.shape)
        np.matmul(swapped(gradient), query, at_keys)
        np.matmul(rows(at_keys).T, rows(memory), self.grads["W_mem"])
        np.matmul(at_keys, self.params["W_mem"], at_memory)


class General(Score):
    """q·W_a k (Luong et al. 2015)."""

    def forward(self, query: Array, memory: Array, scores: Array) -> None:
        self._asked = self.room.array("asked", *query.shape[:2], memory.shape[2])
        np.matmul(query, self.params["W_a"], self._asked)
        np.matmul(self._asked, swapped(memory), scores)

    def backward(
        self, query: Array, memory: Array, gradient: Array, at_query: Array, at_memory: Array
    ) -> None:
        np.matmul(swapped(gradient), self._asked, at_memory)
        at_asked = self._asked  # whose numbers nobody needs any more
        np.matmul(gradient, memory, at_asked)
        np.matmul(rows(query).T, rows(at_asked), self.grads["W_a"])
        np.matmul(at_asked, self.params["W_a"].T, at_query)


class Additive(Score):
    """v_a·tanh(W_a q + U_a k) (Bahdanau et al. 2015)."""

    def forward(self, query: Array, memory: Array, scores: Array) -> None:
        asked, there = self._inner(query, memory)
        np.matmul(query, self.params["W_a"].T, asked)
        np.matmul(memory, self.params["U_a"].T, there)
        self._mixed = self.room.array("mixed", *scores.shape, asked.shape[2])
        np.add(asked[:, :, None], there[:, None], self._mixed)
        np.tanh(self._mixed, self._mixed)
        np.matmul(self._mixed, self.params["v_a"][0], scores)

    def backward(
        self, query: Array, memory: Array, gradient: Array, at_query: Array, at_memory: Array
    ) -> None:
        grads, mixed, vector = self.grads, self._mixed, self.params["v_a"][0]
        np.matmul(gradient.reshape(-1), rows(mixed), grads["v_a"][0])
        np.multiply(mixed, mixed, mixed)  # nobody needs these any more: what follows takes place
        np.subtract(1.0, mixed, mixed)
        np.multiply(mixed, vector, mixed)
        np.multiply(mixed, gradient[..., None], mixed)
        at_asked, at_there = self._inner(query, memory)
        np.add.reduce(mixed, 2, out=at_asked)
        np.add.reduce(mixed, 1, out=at_there)
        np.matmul(rows(at_asked).T, rows(query), grads["W_a"])
        np.matmul(rows(at_there).T, rows(memory), grads["U_a"])
        np.matmul(at_asked, self.params["W_a"], at_query)
        np.matmul(at_there, self.params["U_a"], at_memory)

    def _inner(self, query: Array, memory: Array) -> tuple[Array, Array]:
        """Room for W_a q and U_a k, and for the gradients at them."""
        width = len(self.params["W_a"])
        asked = self.room.array("asked", *query.shape[:2], width)
        return asked, self.room.array("there", *memory.shape[:2], width)


def swapped(array: Array) -> Array:
    """The view with its last two axes exchanged."""
    return array.swapaxes(-1, -2)


def rows(array: Array) -> Array:
    """The view (N, F) of a contiguous array (…, F)."""
    return array.reshape(-1, array.shape[-1])
