"""What a layer reads: one-hot tokens, embedded tokens or vectors, and the way back to them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial

import numpy as np

from rnnviz.engine import products
from rnnviz.engine.arena import Arena, time_major
from rnnviz.engine.products import Call
from rnnviz.engine.step_norms import Factor, TokenFactor
from rnnviz.trace.record import Array

_DENSE_CLASSES = 256
"""Up to this vocabulary Σ dz xᵀ is one dense product with the one-hot rows; above, a sorted sum."""

_BLOCK_BYTES = 1 << 19
"""Columns are looked up for so many steps at a time that they are in the cache when turned."""

_STAGGER = 8
"""Numbers between rows that are turned into columns: rows that begin a power of two apart share few
lines of the cache, and turning them takes up to four times as long."""


class Input(ABC):
    """Input of T steps. ``width`` is D."""

    width: int

    @abstractmethod
    def read(self, tokens: Array | None, x: Array | None) -> None:
        """Take the input of the next pass: ``tokens`` (T, B) or ``x`` (T, B, D)."""

    @property
    def token_ids(self) -> Array | None:
        """(T[, B]), where the input is made of tokens."""
        return None

    def backward(self, dx: Array) -> None:
        """Take the gradient at the vectors, (T, D[, B]), where something is learned below them."""
        return

    @abstractmethod
    def project(self, matrix: Array, bias: Array | None, out: Array) -> None:
        """``out_t = matrix x_t (+ bias)``: ``matrix`` (G, D), ``out`` (T, G[, B])."""

    @abstractmethod
    def weight_gradient(self, dz: Array, out: Array) -> list[Call]:
        """What to call for ``out = Σ_t dz_t x_tᵀ``: ``dz`` (G, T·B), ``out`` (G, D)."""

    @abstractmethod
    def bias_gradient(self, dz: Array, at_weights: Array, out: Array) -> Call:
        """What to call for ``out`` (G,) = Σ_t dz_t; ``at_weights`` (G, D) is what the calls of
        ``weight_gradient`` have found."""

    @abstractmethod
    def vectors(self) -> Array:
        """The input written out, (T, D[, B])."""

    def factor(self, natural: Callable[[Array], Array]) -> Factor:
        """Its side of the weight gradient, the steps brought into ``natural`` order."""
        return Factor(natural(self.vectors()))


class Vectors(Input):
    """Dense input: ``x`` (T, D[, B]), a buffer of its own or the output of the layer below."""

    def __init__(self, arena: Arena, x: Array) -> None:
        self.x = x
        self.width = int(x.shape[1])
        self._arena = arena
        self._ones = np.ones(len(x) * arena.batch, dtype=arena.dtype)

    def read(self, tokens: Array | None, x: Array | None) -> None:
        if x is not None:
            time_major(self.x)[...] = x

    def project(self, matrix: Array, bias: Array | None, out: Array) -> None:
        for call in products.apply(matrix, self.x, out):
            call()
        if bias is not None:
            np.add(out, self._arena.spread(bias, len(out)), out)

    def weight_gradient(self, dz: Array, out: Array) -> list[Call]:
        columns = self._arena.columns(self.x, "input")
        return [*columns.fill, products.weight_gradient(dz, columns.matrix, out)]

    def bias_gradient(self, dz: Array, at_weights: Array, out: Array) -> Call:
        return products.bias_gradient(dz, self._ones, out)

    def vectors(self) -> Array:
        return self.x


class OneHot(Input):
    """Token ids: a product with a one-hot vector is the choice of one column."""

    def __init__(self, arena: Arena, steps: int, width: int) -> None:
        self.width = width
        self._arena = arena
        shape = (steps,) if arena.batch == 1 else (steps, arena.batch)
        self.tokens = np.zeros(shape, dtype=np.intp)
        # Each step has one 1 among its classes, so that Σ_v Σ_t dz_t x_tv is Σ_t dz_t, too.
        self._fewer_classes = width <= self.tokens.size
        self._ones = np.ones(min(width, self.tokens.size), dtype=arena.dtype)
        self._rows: Array | None = None
        if width <= _DENSE_CLASSES:
            self._eye = np.eye(width, dtype=arena.dtype)
            self._rows = arena.array(steps * arena.batch, width)

    def read(self, tokens: Array | None, x: Array | None) -> None:
        if tokens is None:
            return
        if self._arena.recorded:  # read again when somebody asks, and the array is not ours
            self.tokens[...] = tokens.reshape(self.tokens.shape)
        else:
            self.tokens = tokens.reshape(self.tokens.shape)

    @property
    def token_ids(self) -> Array | None:
        return self.tokens

    def project(self, matrix: Array, bias: Array | None, out: Array) -> None:
        # Ids were checked with the batch; "clip" only spares the buffer that "raise" needs.
        columns, arena, length = matrix.T, self._arena, len(matrix)
        single = out.ndim == 2
        if bias is not None and self._fewer_classes:  # the smaller addition
            columns = arena.scratch("columns", self.width, length if single else length + _STAGGER)
            if single:
                columns[...] = bias
                np.add(columns, matrix.T, columns)
            else:
                np.add(matrix.T, bias, columns[:, :length])
            bias = None
        if single:
            columns.take(self.tokens, 0, out, "clip")
        else:
            self._look_up(columns, out)
        if bias is not None:
            np.add(out, arena.spread(bias, len(out)), out)

    def _look_up(self, columns: Array, out: Array) -> None:
        """``out`` (T, G, B) = the first G numbers of the row of ``columns`` for each token."""
        steps, length, batch = out.shape
        at_once = min(max(_BLOCK_BYTES // (batch * columns[0].nbytes), 1), steps)
        block = self._arena.scratch("rows", at_once, batch, columns.shape[1])
        for start in range(0, steps, at_once):
            tokens = self.tokens[start : start + at_once]
            rows = block[: len(tokens)]
            columns.take(tokens, 0, rows, "clip")
            out[start : start + at_once] = rows[:, :, :length].transpose(0, 2, 1)

    def weight_gradient(self, dz: Array, out: Array) -> list[Call]:
        if self._rows is None:
            return [partial(self._scatter, dz.T, out.T)]
        # A dense product with the one-hot rows is faster than a scatter while V is small.
        if self._arena.batch == 1:
            return [self._write_out, products.weight_gradient(dz, self._rows.T, out)]
        # Many columns: the long operand on the left is up to 1.4 times faster.
        by_row = self._arena.scratch("by row", *out.shape)
        product = partial(dz.dot, self._rows, by_row)
        return [self._write_out, product, partial(np.copyto, out, by_row)]

    def _write_out(self) -> None:
        tokens = self.tokens if self.tokens.ndim == 1 else self.tokens.ravel()
        self._eye.take(tokens, 0, self._rows, "clip")

    def _scatter(self, rows: Array, out: Array) -> None:
        scatter_rows(rows, self.tokens.ravel(), out)

    def bias_gradient(self, dz: Array, at_weights: Array, out: Array) -> Call:
        summed = at_weights if self._fewer_classes else dz
        return products.bias_gradient(summed, self._ones, out)

    def vectors(self) -> Array:
        shape = (*self.tokens.shape, self.width)
        written = np.zeros(shape, dtype=self._arena.dtype)
        np.put_along_axis(written, self.tokens[..., None], 1.0, axis=-1)
        return written if written.ndim == 2 else written.transpose(0, 2, 1)

    def factor(self, natural: Callable[[Array], Array]) -> Factor:
        return TokenFactor(natural(self.tokens), self.width, self._arena.dtype)


class Embedded(Vectors):
    """Token ids through a table: x_t is row ``tokens[t]`` of ``table`` (words, E)."""

    def __init__(self, arena: Arena, steps: int, table: Array, table_gradient: Array) -> None:
        super().__init__(arena, arena.steps(steps, table.shape[1]))
        shape = (steps,) if arena.batch == 1 else (steps, arena.batch)
        self.tokens = np.zeros(shape, dtype=np.intp)
        self._table = table
        self._gradient = table_gradient

    def read(self, tokens: Array | None, x: Array | None) -> None:
        if tokens is not None:
            self.tokens = tokens.reshape(self.tokens.shape)
        if self.tokens.ndim == 1:
            self._table.take(self.tokens, 0, self.x, "clip")
        else:
            rows = self._arena.scratch("rows", *self.tokens.shape, self.width)
            self._table.take(self.tokens, 0, rows, "clip")
            self.x[...] = rows.transpose(0, 2, 1)

    @property
    def token_ids(self) -> Array | None:
        return self.tokens

    def backward(self, dx: Array) -> None:
        # Add up in the rows of the tokens that were read.
        rows = dx
        if dx.ndim == 3:
            turned = self._arena.scratch("rows", *self.tokens.shape, self.width)
            turned[...] = dx.transpose(0, 2, 1)
            rows = turned.reshape(-1, self.width)
        ordered = self._arena.scratch("ordered", *rows.shape)
        scatter_rows(rows, self.tokens.ravel(), self._gradient, ordered)


def scatter_rows(rows: Array, ids: Array, out: Array, room: Array | None = None) -> None:
    """``out[ids[k]] += rows[k]``, other rows 0: ``rows`` (N, F), ``ids`` (N,), ``out`` (V, F);
    ``room`` (N, F) to work in.

    Sorted runs, the same order every time: the sums have the same bits.
    """
    out.fill(0)
    order = np.argsort(ids, kind="stable")
    ordered = ids[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    out[ordered[starts]] = np.add.reduceat(rows.take(order, 0, room, "clip"), starts, axis=0)
