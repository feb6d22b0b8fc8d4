"""Each step's share of a weight gradient, as its Frobenius norm."""

from __future__ import annotations

import numpy as np

from rnnviz.trace.record import Array

_LEAST = {"f": 1e-30, "d": 1e-145, "D": 1e-145}
"""By type of number: sums of squares above this, and below its inverse, have lost nothing."""


class Factor:
    """One side of a step's share ``Σ_b dz_b x_bᵀ``: ``vectors`` (T, F[, B]) of every step."""

    def __init__(self, vectors: Array) -> None:
        self.vectors = vectors
        self.width = int(vectors.shape[1])
        self.batch = int(vectors.shape[2]) if vectors.ndim == 3 else 1
        self._gram: Array | None = None

    @property
    def gram(self) -> Array:
        """v_b·v_b' of every step, (T, B, B); (T,) for one sequence, in float64 at least."""
        if self._gram is None:
            self._gram = self._products()
        return self._gram

    def _products(self) -> Array:
        vectors = self.vectors
        if vectors.ndim == 2:
            wide = np.float64 if vectors.dtype == np.float32 else None
            squares: Array = np.einsum("tf,tf->t", vectors, vectors, dtype=wide)
            return squares
        products: Array = np.matmul(vectors.transpose(0, 2, 1), vectors)
        return products

    @property
    def sizes(self) -> Array:
        """Σ_b ‖v_b‖² of every step, (T,)."""
        if self._gram is None:
            sizes: Array = np.einsum("tfb,tfb->t", self.vectors, self.vectors)
            return sizes
        return self._gram if self._gram.ndim == 1 else np.einsum("tbb->t", self._gram)

    def magnified(self, steps: Array) -> tuple[Factor, Array]:
        """These of some ``steps`` divided by the largest number of each, and those numbers (N,):
        1 where all are 0 or one is not finite."""
        vectors = self.vectors[steps]
        largest = np.abs(vectors).max(axis=tuple(range(1, vectors.ndim)))
        scale = np.where((largest > 0.0) & np.isfinite(largest), largest, 1.0)
        vectors /= scale.reshape(-1, *[1] * (vectors.ndim - 1)).astype(vectors.dtype)
        return Factor(vectors), scale.astype(np.float64)

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

    @property
    def sizes(self) -> Array:
        """Σ_b ‖v_b‖² of every step, (T,)."""
        return np.full(len(self.tokens), self.batch, self._dtype)

    def magnified(self, steps: Array) -> tuple[Factor, Array]:
        """Those of some ``steps``, whose largest number is 1."""
        return TokenFactor(self.tokens[steps], self.width, self._dtype), np.ones(len(steps))

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
    A gradient that vanishes has squares below the range of its floats long before it is zero:
    such steps, and those whose squares are above it, are measured again, magnified.
    """
    dtype = dz.vectors.dtype
    if dz.vectors.ndim == 2 and dtype == np.float32:  # whose squares float64 has room for
        return _norms(dz, x).astype(dtype)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        norms = _norms(dz, x)
        least, unsafe = _LEAST[dtype.char], np.zeros(len(norms), np.bool_)
        for sizes in (dz.sizes, x.sizes):
            unsafe |= ~((sizes > least) & (sizes < 1.0 / least))
        if unsafe.any():
            steps = np.flatnonzero(unsafe)
            (near_dz, one), (near_x, other) = dz.magnified(steps), x.magnified(steps)
            norms[steps] = _norms(near_dz, near_x) * one * other
        return norms.astype(dtype, copy=False)


def _norms(dz: Factor, x: Factor) -> Array:
    """The same, as long as no square leaves the range of its floats."""
    if dz.vectors.ndim == 2:
        norms: Array = np.sqrt(dz.gram * x.gram)
        return norms
    if dz.batch * (dz.width + x.width) > 2 * dz.width * x.width:
        steps = range(len(dz.vectors))
        shares = (x.share(dz.vectors[step], step) for step in steps)
        return np.array([np.linalg.norm(share) for share in shares], dtype=dz.vectors.dtype)
    wide = np.float64 if dz.gram.dtype == np.float32 else None
    total = np.einsum("tab,tab->t", dz.gram, x.gram, dtype=wide)
    # Rounding can leave a tiny negative sum where sequences cancel.
    norms = np.sqrt(np.maximum(total, 0.0))
    return norms
