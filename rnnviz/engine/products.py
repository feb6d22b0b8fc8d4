"""The matrix products that are done once per pass, for all T steps together.

Every pass multiplies the same arrays. Hence these functions multiply nothing: each says what is
to be called, and whoever keeps the call is spared the views and the questions about the layout
(0.5 µs). Products are methods: ``np.dot`` spends another 0.5 µs on finding out whom to call.

Only the recurrent product has to wait for its turn. Everything else (inputs to all steps,
outputs of all steps, and all weight gradients) is one product over T·B columns.
Arrays of a pass are (T, F) for one sequence and (T, F, B) for more (see ``arena``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil

import numpy as np

from rnnviz.engine import blas
from rnnviz.trace.record import Array

Call = Callable[[], object]

_SMALL = 1200
"""Numbers in a result up to which OpenBLAS multiplies rows by rows as they are, without packing
them, in its kernels for AVX-512."""
_UNPACKING = ("SkylakeX", "Cooperlake", "SapphireRapids")
_MOST_PIECES = 4
"""Of more, each costs a call and they gain less."""
_SHORTEST_ROWS = 32
"""OpenBLAS packs shorter ones in any case."""


def apply(matrix: Array, x: Array, out: Array) -> list[Call]:
    """``out_t = matrix x_t`` for all steps: ``matrix`` (G, F), ``x`` (T, F[, B])."""
    if x.ndim == 3:
        return [partial(np.matmul, matrix, x, out)]
    a, b, result = (x, matrix, out) if out.flags.c_contiguous else (matrix, x, out.T)
    length = _rows_at_once(a, b)
    starts = range(0, len(a), length)
    return [
        partial(a[start : start + length].dot, b.T, result[start : start + length])
        for start in starts
    ]


def _rows_at_once(a: Array, b: Array) -> int:
    """How many rows of ``a`` (M, K) to multiply with those of ``b`` (N, K) in one product: where
    BLAS does not pack what makes a small result, two or three take 0.6 of the time of one."""
    rows, most = len(a), _SMALL // len(b)
    by_rows = a.flags.c_contiguous and b.flags.c_contiguous and a.dtype.char in "fd"
    if rows <= most or not most or not by_rows or a.shape[1] < _SHORTEST_ROWS:
        return rows
    pieces = ceil(rows / most)
    return ceil(rows / pieces) if pieces <= _MOST_PIECES and blas.kernel() in _UNPACKING else rows


def apply_transposed(matrix: Array, dz: Array, out: Array) -> Call:
    """``out_t = matrixᵀ dz_t`` for all steps, what a product hands back to its input: ``matrix``
    (G, F), ``dz`` (T, G[, B]), ``out`` (T, F[, B])."""
    if dz.ndim == 3:
        return partial(np.matmul, matrix.T, dz, out)
    if dz.flags.forc:
        return partial(dz.dot, matrix, out)
    # ``dot`` would copy rows that are part of longer ones.
    return partial(np.matmul, dz, matrix, out)


def weight_gradient(dz: Array, x: Array, out: Array) -> Call:
    """``out = Σ_t dz_t x_tᵀ``: ``dz`` (G, T·B), ``x`` (F, T·B), ``out`` (G, F)."""
    if out.flags.c_contiguous:
        return _product(dz, x.T, out)
    return partial(x.dot, dz.T, out.T)  # stored by column


def turned_weight_gradient(dz: Array, x: Array, out: Array, turned: Array) -> list[Call]:
    """The same with ``x`` as the operand on the left: up to 1.3 times faster where it has more rows
    than ``dz`` and both have many columns. ``turned``: scratch memory (F, G)."""
    return [_product(x, dz.T, turned), partial(np.copyto, out, turned.T)]


def _product(a: Array, b: Array, out: Array) -> Call:
    """``out = a b``; ``dot`` would copy what is part of longer rows."""
    if a.flags.forc and b.flags.forc:
        return partial(a.dot, b, out)
    return partial(np.matmul, a, b, out)


def bias_gradient(dz: Array, ones: Array, out: Array) -> Call:
    """``out`` (G,) = Σ_t dz_t of ``dz`` (G, T·B): a product with ``ones`` (T·B,), which is faster
    than a reduction."""
    return partial(dz.dot, ones, out)
