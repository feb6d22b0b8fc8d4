"""Each step's share of a weight gradient, as its Frobenius norm, without forming the matrix."""

from __future__ import annotations

import numpy as np

from rnnviz.trace.record import Array


def step_norm(dz: Array, x: Array) -> Array:
    """``‖Σ_b dz_t[:, b] x_t[:, b]ᵀ‖_F`` for every step: ``dz`` (T, G[, B]), ``x`` (T, F[, B]).

    One sequence: ‖dz_t‖·‖x_t‖. More: √Σ_{b,b'} (dz_b·dz_b')(x_b·x_b') from two B×B Gram
    matrices, or the product itself where that is smaller. Returns (T,).
    """
    if dz.ndim == 2:
        squares = np.einsum("tg,tg->t", dz, dz) * np.einsum("tf,tf->t", x, x)
        norms: Array = np.sqrt(squares)
        return norms
    grams = np.matmul(dz.transpose(0, 2, 1), dz)
    other = np.matmul(x.transpose(0, 2, 1), x)
    total = np.einsum("tab,tab->t", grams, other)
    # Rounding can leave a tiny negative sum where sequences cancel.
    norms = np.sqrt(np.maximum(total, 0.0))
    return norms
