"""Buffers for one shape of pass, carved out of a few big blocks and reused by every pass."""

from __future__ import annotations

from functools import partial
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from rnnviz.engine.products import Call
from rnnviz.trace.record import Array

_FIRST_BYTES = 1 << 18  # small models need no more, and have one such block for each shape
_BLOCK_BYTES = 4 << 20  # NumPy asks for huge pages from 4 MiB on
_HUGE_PAGE = 2 << 20  # where a block has to start to be made of them: 2–5 % faster passes
_MOST_REPEATED = 1 << 16  # numbers: what is written out to spare a call time has to stay in cache
_ALIGNMENT = 64  # one cache line, and one AVX-512 register


def aligned_zeros(size: int, dtype: DTypeLike, alignment: int = _ALIGNMENT) -> Array:
    """(``size``,) zeros that start at a cache line, as NumPy's own do not.

    Operations that write where they read are up to a third faster there.
    """
    wanted = np.dtype(dtype)
    room = np.zeros(size * wanted.itemsize + alignment, dtype=np.uint8)
    start = -room.ctypes.data % alignment
    return room[start : start + size * wanted.itemsize].view(wanted)


class Columns(NamedTuple):
    """An array of a pass as one matrix (F, T·B): a view, or a copy that ``fill`` makes."""

    matrix: Array
    fill: tuple[Call, ...] = ()


class Arena:
    """Hands out aligned arrays that stay where they are; nothing is allocated during a pass.

    ``batch`` decides the layout of everything that has one value per sequence: with one
    sequence an array is (T, F), so that every step is a plain vector; with more it is
    (T, F, B), *feature-major*, so that the gates of a step are contiguous row blocks.
    ``recorded``: the pass will be looked at, so that also what no later step needs is kept.
    """

    def __init__(self, batch: int, dtype: DTypeLike, *, recorded: bool = False) -> None:
        self.batch = batch
        self.recorded = recorded
        self.dtype = np.dtype(dtype)
        self._block = np.empty(0, dtype=np.uint8)
        self._used = 0
        self._scratch: dict[tuple[str, tuple[int, ...]], Array] = {}

    def array(self, *shape: int) -> Array:
        """A zeroed array of that very shape."""
        size = prod(shape) * self.dtype.itemsize
        start = -(-self._used // _ALIGNMENT) * _ALIGNMENT
        if start + size > self._block.size:
            self._block = self._another(size)
            start = 0
        self._used = start + size
        return self._block[start : self._used].view(self.dtype).reshape(shape)

    def _another(self, size: int) -> Array:
        if self._block.size == 0 and size <= _FIRST_BYTES:
            return aligned_zeros(_FIRST_BYTES, np.uint8)
        return aligned_zeros(max(size, _BLOCK_BYTES), np.uint8, _HUGE_PAGE)

    def steps(self, steps: int, *features: int) -> Array:
        """``features`` numbers per step and sequence: (T, F) or (T, F, B)."""
        return self.array(*self.shape(steps, *features))

    def shape(self, *sizes: int) -> tuple[int, ...]:
        """``sizes``, followed by B where there is more than one sequence."""
        return sizes if self.batch == 1 else (*sizes, self.batch)

    def scratch(self, role: str, *shape: int) -> Array:
        """An array that is overwritten by the next user of the same role and shape."""
        key = (role, shape)
        found = self._scratch.get(key)
        if found is None:
            found = self._scratch[key] = self.array(*shape)
        return found

    def columns(self, x: Array, role: str) -> Columns:
        """``x`` (T, F[, B]) as one matrix, in scratch memory where every pass has to copy it.

        Roles: ``gradient`` and ``input`` are the two sides of a weight gradient.
        """
        if x.ndim == 2:
            if x.flags.c_contiguous:
                return Columns(x.T)
            # Every product with rows that are part of longer ones would make such a copy.
            rows = self.scratch(role, *x.shape)
            return Columns(rows.T, (partial(np.copyto, rows, x),))
        steps, features, batch = x.shape
        copy = self.scratch(role, features, steps, batch)
        row = np.dtype((np.void, batch * self.dtype.itemsize))  # B numbers as one thing to copy
        fill = partial(np.copyto, copy.view(row), x.view(row).transpose(1, 0, 2))
        return Columns(copy.reshape(features, steps * batch), (fill,))

    def column(self, vector: Array) -> Array:
        """A bias (F,) in the shape that broadcasts over the sequences of a step."""
        return vector if self.batch == 1 else vector[:, None]

    def repeated(self, *shape: int) -> Array | None:
        """Room to write out what an operation on an array of that ``shape`` would repeat, or None.

        For one sequence that is 0.3 µs quicker than to let NumPy find out how to repeat; for more,
        what is repeated is long, or stands in ``spread``.
        """
        return self.array(*shape) if self.batch == 1 and prod(shape) <= _MOST_REPEATED else None

    def spread(self, bias: Array, steps: int) -> Array:
        """A bias (F,) written out in scratch memory, to be added to (T, F[, B]): for every step of
        one short sequence (T, F), see ``repeated``, or for every sequence of a step (F, B).

        Adding the latter to T steps is T long runs instead of T·F short ones.
        """
        if self.batch == 1:
            if steps * len(bias) > _MOST_REPEATED:
                return bias
            rows = self.scratch("bias", steps, len(bias))
            rows[...] = bias
            return rows
        written = self.scratch("bias", len(bias), self.batch)
        written[...] = bias[:, None]
        return written

    def by_step(self, matrix: Array) -> Array:
        """The view (T, F[, B]) of a matrix (F, T·B)."""
        if self.batch == 1:
            return matrix.T
        return matrix.reshape(len(matrix), -1, self.batch).transpose(1, 0, 2)

    def constant(self, value: float) -> Array:
        """A number of this arena's type: ufuncs take it 0.25 µs faster than one of Python's."""
        return np.array(value, dtype=self.dtype)


def time_major(array: Array) -> Array:
    """The view (T, B, F) of a pass's array (T, F) or (T, F, B)."""
    return array[:, None, :] if array.ndim == 2 else array.transpose(0, 2, 1)


def batch_major(array: Array) -> Array:
    """The view (B, F) of one step (F,) or (F, B)."""
    return array[None, :] if array.ndim == 1 else array.T
