"""Each step's share of a weight gradient, as its Frobenius norm."""

from __future__ import annotations

import numpy as np

from rnnviz.trace.record import Array


class Factor:
    """One side of a step's share ``Σ_b dz_b x_bᵀ``: ``vectors`` (T, F[, B]) of every step."""

    def __init__(self, vectors: Array) -> None:
        self.vectors = vectors
        self.width = int(vectors.shape[1])
        self.batch = int(vectors.shape[2]) if vectors.ndim == 3 else 1
        self._gram: Array | None = None

    @property
    def gram(self) -> Array:
        """v_b·v_b' of every step, (T, B, B); (T,) for one sequence."""
        if self._gram is None:
            self._gram = self._products()
        return self._gram

    def _products(self) -> Array:
        vectors = self.vectors
        if vectors.ndim == 2:
            squares: Array = np.einsum("tf,tf->t", vectors, vectors)
            return squares
        products: Array = np.matmul(vectors.transpose(0, 2, 1), vectors)
        return products

    def share(self, dz: Array, step: int) -> Array:
        """``Σ_b dz_b x_bᵀ`` of a step, (G, F), with these as x; ``dz`` (G, B)."""
        share: Array = dz @ self.vectors[step].T
        return share


class TokenFactor(Factor):
    """The same of the one-hot vectors of ``tokens`` (T[, B]), which are not written out."""

    def __init__(self, tokens: Array, width: int, dtype: np.dtype[np.generic]) -> None:
        self.tokens, self.width, self._dtype = tokens, width, dtype
        self.batch = int(tokens.shape[1]) if tokens.ndim == 2 else 1
        self._gram = None

    def _products(self) -> Array:
        """1 where two are the same."""
        tokens = self.tokens
        if tokens.ndim == 1:
            return np.ones(len(tokens), self._dtype)
        same: Array = tokens[:, :, None] == tokens[:, None, :]
        return same.astype(self._dtype)

    def share(self, dz: Array, step: int) -> Array:
        """Its columns of tokens that are there; the others are zero."""
        tokens = self.tokens[step]
        order = np.argsort(tokens, kind="stable")
        ordered = tokens[order]
        begins = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
        share: Array = np.add.reduceat(dz[:, order], begins, axis=1)
        return share


def step_norm(dz: Factor, x: Factor) -> Array:
    """``‖Σ_b dz_t[:, b] x_t[:, b]ᵀ‖_F`` for every step, (T,).

    One sequence: ‖dz_t‖·‖x_t‖. Some: √Σ_{b,b'} (dz_b·dz_b')(x_b·x_b'), without the matrix. More
    than the matrix is large: by the matrix, because pairs are as many as the square of B.
    """
    if dz.vectors.ndim == 2:
        norms: Array = np.sqrt(dz.gram * x.gram)
        return norms
    if dz.batch * (dz.width + x.width) > 2 * dz.width * x.width:
        steps = range(len(dz.vectors))
        shares = (x.share(dz.vectors[step], step) for step in steps)
        return np.array([np.linalg.norm(share) for share in shares], dtype=dz.vectors.dtype)
    total = np.einsum("tab,tab->t", dz.gram, x.gram)
    # Rounding can leave a tiny negative sum where sequences cancel.
    norms = np.sqrt(np.maximum(total, 0.0))
    return norms
