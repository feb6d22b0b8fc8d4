"""Each step's share of a weight gradient, as its Frobenius norm, without forming the matrix."""

from __future__ import annotations

import numpy as np

from rnnviz.trace.record import Array


def gram(vectors: Array) -> Array:
    """v_b·v_b' of every step: ``vectors`` (T, F[, B]) to (T, B, B), (T,) for one sequence."""
    if vectors.ndim == 2:
        squares: Array = np.einsum("tf,tf->t", vectors, vectors)
        return squares
    products: Array = np.matmul(vectors.transpose(0, 2, 1), vectors)
    return products


def gram_of_tokens(tokens: Array, dtype: np.dtype[np.generic]) -> Array:
    """`gram` of the one-hot vectors of ``tokens`` (T[, B]): 1 where two are the same."""
    if tokens.ndim == 1:
        return np.ones(len(tokens), dtype)
    same: Array = tokens[:, :, None] == tokens[:, None, :]
    return same.astype(dtype)


def step_norm(dz: Array, x: Array) -> Array:
    """``‖Σ_b dz_t[:, b] x_t[:, b]ᵀ‖_F`` for every step, (T,), from the `gram` of both.

    One sequence: ‖dz_t‖·‖x_t‖. More: √Σ_{b,b'} (dz_b·dz_b')(x_b·x_b').
    """
    if dz.ndim == 1:
        norms: Array = np.sqrt(dz * x)
        return norms
    total = np.einsum("tab,tab->t", dz, x)
    # Rounding can leave a tiny negative sum where sequences cancel.
    norms = np.sqrt(np.maximum(total, 0.0))
    return norms
