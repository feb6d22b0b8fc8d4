"""What every cell has in common: the buffers that the rest of the engine fills and reads."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import products
from rnnviz.engine.arena import Arena, Columns
from rnnviz.engine.products import Call
from rnnviz.engine.state_columns import StateColumns
from rnnviz.trace.record import Array

Product = Callable[..., Any]
Views = list[tuple[Any, ...]]
"""The arrays of every step, made once: a loop that indexes nothing is the fastest in Python."""

_BLOCK_BYTES = 1 << 19
"""Factors of the way back are made for as many steps at once as stay in the second-level cache."""
_FADE_STEPS = 16
"""How often a gradient that may vanish is looked at."""


@dataclass(frozen=True, slots=True)
class Dims:
    """Sizes of one cell in one pass."""

    steps: int
    hidden: int


class Cell(ABC):
    """One cell and its tape over T steps, in the order in which the cell takes them.

    A pass is: fill ``xp`` and ``h[0]``; ``forward``; fill ``above``; ``backward``; then call what
    ``weight_gradients`` says. The loops over time stand in the cells, because calling a function
    for each step costs as much as one of its additions; each loop body is one step.

    Attributes:
        xp: (T, G·H[, B]) the input's share of the pre-activations, W_xh x_t and ``input_bias``. It
            may stand where ``forward`` puts what it computes from it, which spares the cache a row.
        h: (T+1, H[, B]); ``h[0]`` is the initial state, ``h[t+1]`` the state after step t.
        c: (T+1, H[, B]) the same for the LSTM's cell state, else None.
        above: (T, H[, B]) gradient that arrives at h_t from above, at that step alone.
        c_after: (H[, B]) gradient that arrives at the last c from outside, else None.
        dz: (T, G·H[, B]) gradient at the pre-activations, as the input product sees it.
        dr: (T, G·H[, B]) the same as the recurrent product sees it (differs in the GRU).
        fading: most steps have no loss of their own, so that the gradient may vanish on its way.
        learns_state: whether the initial state is a parameter.
        input_matrix, input_bias: W_xh and b_h as ``xp`` is to be computed with; None where the
            cell adds b_h itself.
        columns: the states by feature, where the output layer needs them, too.
    """

    xp: Array
    dz: Array
    dr: Array
    bias_at_input = True
    """Whether ``xp`` has b_h in it, so that the gradient of b_h is Σ_t dz_t."""
    quiet_input: float = 0.0
    """What ``xp`` is set to after the end of a sequence, so that the state stays finite there."""

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> None:
        self.dims = dims
        self.weights = weights
        self.arena = arena
        self.h = arena.steps(dims.steps + 1, dims.hidden)
        self.c: Array | None = None
        self.above = arena.steps(dims.steps, dims.hidden)
        self.c_after: Array | None = None
        self.input_matrix = weights["W_xh"]
        self.input_bias: Array | None = weights["b_h"]
        self._half, self._one = arena.constant(0.5), arena.constant(1.0)
        self._ones = np.ones(dims.steps * arena.batch, dtype=arena.dtype)
        self.learns_state = "h_init" in weights
        self.fading = False
        self.columns: StateColumns | None = None
        self._views = lru_cache(maxsize=4)(lambda cuts, fading: self._views_back(cuts))

    def load(self) -> None:
        """Make private copies of the weights, where the cell needs them in another form."""
        return

    @abstractmethod
    def forward(self) -> None:
        """All steps, first to last."""

    @abstractmethod
    def backward(self, cuts: tuple[int, ...]) -> None:
        """All steps, last to first; no gradient leaves a step in ``cuts`` for the one before."""

    def views_back(self, cuts: tuple[int, ...]) -> Views:
        """``_views_back``, made once for each way of cutting."""
        views: Views = self._views(cuts, self.fading)
        return views

    def fade(self, edge: Array) -> None:
        """Make a gradient that has vanished exactly zero: ``edge``, what a block hands back.

        Below the smallest normal number a processor is ten times slower. Where most steps
        have no loss of their own nothing refreshes the gradient on its way, so it is looked
        at every few steps; what is dropped is 1e8 times that number at most, far below the
        rounding of any weight gradient that still matters.
        """
        if self.fading and np.abs(edge).max() < np.finfo(edge.dtype).tiny * 1e8:
            edge.fill(0.0)

    @abstractmethod
    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        """The arrays of the way back, in blocks of steps, last block first."""

    def state_rows(self) -> dict[str, Array]:
        """What is carried from step to step, (T+1, ·[, B]) each, initial state first."""
        return {"h": self.h} if self.c is None else {"h": self.h, "c": self.c}

    @property
    def before(self) -> Array:
        """(T, ·[, B]) what the recurrent matrix is applied to at each step."""
        return self.h[:-1]

    @abstractmethod
    def silence(self, padding: NDArray[np.bool_]) -> None:
        """After the end of a sequence (``padding`` (T, 1[, B])): no state, and no gradient later.

        Called between ``forward`` and ``backward``, so that padded steps hand gradients at the
        carried state back unchanged where the cell has a carry, and add none of their own.
        """

    def gradient_columns(self) -> Columns:
        """``dz`` as one matrix (G·H, T·B)."""
        return self.arena.columns(self.dz, "gradient")

    def weight_gradients(self, dz: Array, grads: Mapping[str, Array]) -> list[Call]:
        """What to call for the gradients of all weights but W_xh (and b_h, if ``bias_at_input``),
        deferred to one product over all steps.

        ``dz`` is the matrix of ``gradient_columns``, filled by then.
        """
        previous = self.previous_columns()
        return [*previous.fill, products.weight_gradient(dz, previous.matrix, grads["W_hh"])]

    def previous_columns(self) -> Columns:
        """h_{t-1} of every step as one matrix (H, T·B)."""
        if self.columns is not None:
            return self.columns.before
        return self.arena.columns(self.h[:-1], "input")

    @abstractmethod
    def initial_gradient(self) -> dict[str, Array]:
        """Gradient at the initial state: ``h`` (and ``c``), (H[, B])."""

    @abstractmethod
    def record(self) -> dict[str, Array]:
        """The tape by name (``h``, gates, …), views (T, ·[, B]), for a trace."""

    @abstractmethod
    def sums(self, xp: Array) -> Array:
        """The pre-activations a of all steps, (T, G·H[, B]), for a trace.

        ``xp`` is what ``self.xp`` was before ``forward``. No step needs a once more, so that it
        is not kept during a pass but computed again here, when somebody asks.
        """

    @abstractmethod
    def record_gradients(self) -> dict[str, Array]:
        """Gradients on the tape by name of the quantity (``h``, ``a``, …); recorded passes only."""

    def preactivations(self, matrix: Array, xp: Array) -> Array:
        """a_t = matrix before_t + xp_t of all steps, (T, G·H[, B])."""
        a = np.empty_like(xp)
        for call in products.apply(matrix, self.before, a):
            call()
        return np.add(a, xp, a)

    def scratch(self, features: int) -> Array:
        """(features[, B]) for what a step computes on its way.

        Not where its result will be: two views of the same numbers in one call cost a search
        for overlaps, 0.2 µs.
        """
        one: Array = self.arena.steps(1, features)[0]
        return one

    def each_step(self) -> Array:
        """(T, H[, B]) for a quantity that a step of the way back computes and none needs later.

        All steps share one row, for more would only drive others out of the cache, unless the
        pass is recorded.
        """
        steps = self.dims.steps
        if self.arena.recorded:
            return self.arena.steps(steps, self.dims.hidden)
        one = self.scratch(self.dims.hidden)
        return np.lib.stride_tricks.as_strided(one, (steps, *one.shape), (0, *one.strides))

    def rows_of(self, quantity: Array) -> list[Array]:
        """The rows of ``each_step``: one object where they are one."""
        return list(quantity) if self.arena.recorded else [quantity[0]] * len(quantity)

    def scaled(self, rows: int) -> Callable[[Array, Array, Array], object]:
        """``f(factors, v, out)``: ``out`` = each of ``rows`` runs of ``factors`` times v (H[, B]).

        For one sequence NumPy takes longer to find out how to repeat a short vector (0.6 µs) than
        to write it out several times and multiply once.
        """
        if self.arena.batch > 1:
            return np.multiply
        flat = self.scratch(rows * self.dims.hidden)
        repeated, multiply = flat.reshape(rows, -1), np.multiply

        def scale(factors: Array, v: Array, out: Array) -> None:
            repeated[...] = v
            multiply(factors, flat, out)

        return scale

    def by_rows(self, array: Array, rows: int) -> Array:
        """(R·H[, B]) as ``scaled`` takes it: (R, H, B), for one sequence as it is."""
        if self.arena.batch == 1:
            return array
        return array.reshape(rows, -1, *array.shape[1:])

    def recurrent(self, matrix: Array, vectors: Array | list[Array]) -> list[tuple[Product, Array]]:
        """For each row v of ``vectors`` how to compute ``matrix v``: call ``f(operand, out)``.

        Bound methods save the dispatch of ``np.dot`` (0.5 µs a call). Whatever is the same at
        all steps is one object, and views of a row should be, too: thousands of steps walk
        through more of Python's objects than through numbers.
        """
        if self.arena.batch == 1:
            turned = matrix.T
            return [(vector.dot, turned) for vector in vectors]
        product = matrix.dot
        return [(product, vector) for vector in vectors]

    def private(self, rows: int, columns: int) -> Array:
        """Room for a recurrent matrix that ``load`` fills, in the order its products like best.

        For one sequence a product with a matrix stored by column takes 0.16 µs less; turning
        the matrix round pays from about 1 step for every 400 of its numbers.
        """
        if self.arena.batch == 1 and 400 * self.dims.steps >= rows * columns:
            return self.arena.array(columns, rows).T
        return self.arena.array(rows, columns)

    def blocks(self, factors: int) -> list[tuple[int, int]]:
        """(start, stop) of runs of steps whose ``factors``·H factors fit the cache, last first."""
        steps = self.dims.steps
        row = factors * self.dims.hidden * self.arena.batch * self.arena.dtype.itemsize
        length = min(steps, max(1, _BLOCK_BYTES // row), _FADE_STEPS if self.fading else steps)
        return [(max(0, stop - length), stop) for stop in range(steps, 0, -length)]

    def later(
        self, rows: Array | list[Array], after: Array, cuts: tuple[int, ...], zero: Array
    ) -> list[Array]:
        """For each step what the step after it hands back: ``rows`` one on, ``after`` at the end.

        A cut is a zero handed to the step before it.
        """
        handed = [*rows[1 : self.dims.steps], after]
        for cut in cuts:
            if 0 < cut < self.dims.steps:
                handed[cut - 1] = zero
        return handed
