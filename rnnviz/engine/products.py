"""The matrix products that are done once per pass, for all T steps together.

Products are called as methods: ``np.dot`` spends 0.5 µs on finding out whom to call.

Only the recurrent product has to wait for its turn. Everything else (inputs to all steps,
outputs of all steps, and all weight gradients) is one product over T·B columns.
Arrays of a pass are (T, F) for one sequence and (T, F, B) for more (see ``arena``).
"""

from __future__ import annotations

import numpy as np

from rnnviz.trace.record import Array


def apply(matrix: Array, x: Array, out: Array) -> None:
    """``out_t = matrix x_t`` for all steps: ``matrix`` (G, F), ``x`` (T, F[, B])."""
    if x.ndim == 3:
        np.matmul(matrix, x, out)
    elif out.flags.c_contiguous:
        _multiply(x, matrix.T, out)
    else:  # stored by feature
        _multiply(matrix, x.T, out.T)


def apply_transposed(matrix: Array, dz: Array, out: Array) -> None:
    """``out_t = matrixᵀ dz_t`` for all steps: what a product hands back to its input."""
    if dz.ndim == 2:
        _multiply(dz, matrix, out)
    else:
        np.matmul(matrix.T, dz, out)


def weight_gradient(dz: Array, x: Array, out: Array) -> None:
    """``out = Σ_t dz_t x_tᵀ``: ``dz`` (G, T·B), ``x`` (F, T·B), ``out`` (G, F)."""
    if out.flags.c_contiguous:
        _multiply(dz, x.T, out)
    else:  # stored by column
        _multiply(x, dz.T, out.T)


def bias_gradient(dz: Array, ones: Array, out: Array) -> None:
    """``out = Σ_t dz_t``: a product with ones is faster than a reduction, if it need not copy."""
    if dz.flags.forc:
        dz.dot(ones, out)
    else:
        np.add.reduce(dz, 1, None, out=out)


def _multiply(left: Array, right: Array, out: Array) -> None:
    """``dot`` is called faster, but copies matrices whose rows are part of longer ones."""
    if left.flags.forc and right.flags.forc:
        left.dot(right, out)
    else:
        np.matmul(left, right, out)
