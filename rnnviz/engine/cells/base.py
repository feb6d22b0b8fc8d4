"""What every cell has in common: the buffers that the rest of the engine fills and reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rnnviz.engine import products
from rnnviz.engine.arena import Arena
from rnnviz.trace.record import Array

Product = Callable[..., Any]
Views = list[tuple[Any, ...]]
"""The arrays of every step, made once: a loop that indexes nothing is the fastest in Python."""


@dataclass(frozen=True, slots=True)
class Dims:
    """Sizes of one cell in one pass. ``record``: every intermediate is kept, not reused."""

    steps: int
    hidden: int
    record: bool


class Cell(ABC):
    """One cell and its tape over T steps, in the order in which the cell takes them.

    A pass is: fill ``xp`` and ``h[0]``; ``forward``; fill ``above``; ``backward``; then the
    weight gradients are products of ``dz``/``dr`` with inputs and previous states.

    Attributes:
        xp: (T, G·H[, B]) the input's share of the pre-activations, W_xh x_t + b_h.
        h: (T+1, H[, B]); ``h[0]`` is the initial state, ``h[t+1]`` the state after step t.
        c: (T+1, H[, B]) the same for the LSTM's cell state, else None.
        above: (T, H[, B]) gradient that arrives at h_t from above, at that step alone.
        dz: (T, G·H[, B]) gradient at the pre-activations, as the input product sees it.
        dr: (T, G·H[, B]) the same as the recurrent product sees it (differs in the GRU).
        input_matrix, input_bias: W_xh and b_h as ``xp`` is to be computed with.
    """

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena, gates: int) -> None:
        steps, hidden = dims.steps, dims.hidden
        self.dims = dims
        self.weights = weights
        self.arena = arena
        self.xp = arena.steps(steps, gates * hidden)
        self.h = arena.steps(steps + 1, hidden)
        self.c: Array | None = None
        self.above = arena.steps(steps, hidden)
        self.dz = arena.steps(steps, gates * hidden)
        self.dr = self.dz
        self.zero = arena.steps(1, gates * hidden)[0]
        self.input_matrix = weights["W_xh"]
        self.input_bias = weights["b_h"]

    def load(self) -> None:
        """Make private copies of the weights, where the cell needs them in another form."""
        return

    @abstractmethod
    def forward(self) -> None:
        """All steps, first to last."""

    @abstractmethod
    def backward(self, cuts: tuple[int, ...]) -> None:
        """All steps, last to first; no gradient leaves a step in ``cuts`` for the one before."""

    def weight_gradients(self, dz: Array, grads: Mapping[str, Array], ones: Array) -> None:
        """Gradients of the recurrent weights, deferred to one product over all steps.

        ``dz`` (G·H, T·B) is ``self.dz`` as columns; W_xh and b_h are done by the strand.
        """
        previous = products.as_columns(self.h[:-1])
        products.weight_gradient(dz, previous, grads["W_hh"])

    @abstractmethod
    def initial_gradient(self) -> dict[str, Array]:
        """Gradient at the initial state: ``h`` (and ``c``), (H[, B])."""

    @abstractmethod
    def record(self) -> dict[str, Array]:
        """The tape by name (``h``, ``a``, gates, …), each (T, ·[, B])."""

    @abstractmethod
    def record_gradients(self) -> dict[str, Array]:
        """Gradients on the tape by name of the quantity (``h``, ``a``, …)."""

    def recurrent(self, matrix: Array, vectors: Array) -> list[tuple[Product, Array]]:
        """For each row v of ``vectors`` how to compute ``matrix v``: call ``f(operand, out)``.

        Bound methods save the dispatch of ``np.dot`` (0.5 µs a call); v·Wᵀ with Wᵀ stored by
        rows is the faster direction of a matrix–vector product.
        """
        if self.arena.batch == 1:
            return [(vector.dot, matrix.T) for vector in vectors]
        return [(matrix.dot, vector) for vector in vectors]
