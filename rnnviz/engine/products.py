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
        x.dot(matrix.T, out)
    else:  # stored by feature
        matrix.dot(x.T, out.T)


def apply_transposed(matrix: Array, dz: Array, out: Array) -> None:
    """``out_t = matrixᵀ dz_t`` for all steps, what a product hands back to its input: ``matrix``
    (G, F), ``dz`` (T, G[, B]), ``out`` (T, F[, B])."""
    if dz.ndim == 3:
        np.matmul(matrix.T, dz, out)
    elif dz.flags.forc:
        dz.dot(matrix, out)
    else:  # ``dot`` would copy rows that are part of longer ones
        np.matmul(dz, matrix, out)


def weight_gradient(dz: Array, x: Array, out: Array, turned: Array | None = None) -> None:
    """``out = Σ_t dz_t x_tᵀ``: ``dz`` (G, T·B), ``x`` (F, T·B), ``out`` (G, F).

    With ``turned``, scratch memory (F, G), ``x`` is the operand on the left: up to 1.3 times faster
    where it has more rows than ``dz`` and both have many columns.
    """
    if turned is not None:
        _multiply(x, dz.T, turned)
        out[...] = turned.T
    elif out.flags.c_contiguous:
        _multiply(dz, x.T, out)
    else:  # stored by column
        x.dot(dz.T, out.T)


def _multiply(a: Array, b: Array, out: Array) -> None:
    """``out = a b``; ``dot`` would copy what is part of longer rows."""
    if a.flags.forc and b.flags.forc:
        a.dot(b, out)
    else:
        np.matmul(a, b, out)


def bias_gradient(dz: Array, ones: Array, out: Array) -> None:
    """``out`` (G,) = Σ_t dz_t of ``dz`` (G, T·B): a product with ``ones`` (T·B,), which is faster
    than a reduction."""
    dz.dot(ones, out)
