"""Vanish and explode by hand: recurrent weights scaled to a chosen strength."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import UserError

Array = NDArray[Any]


def with_largest_singular_value(weight: Array, target: float, gates: int = 1) -> Array:
    """``weight`` (G·H, H), every gate's block scaled so that its σ₁ is ``target``; same dtype.

    Raises:
        UserError: if the target is not positive and finite or a block is zero.
    """
    return _scaled(weight, target, gates, lambda block: np.linalg.norm(block, 2))


def with_spectral_radius(weight: Array, target: float, gates: int = 1) -> Array:
    """``weight`` (G·H, H), every gate's block scaled so that max |λ| is ``target``; same dtype.

    Raises:
        UserError: if the target is not positive and finite or a block has no eigenvalue but 0.
    """
    return _scaled(weight, target, gates, lambda block: np.abs(np.linalg.eigvals(block)).max())


def _scaled(weight: Array, target: float, gates: int, measure: Callable[[Array], Any]) -> Array:
    if not np.isfinite(target) or target <= 0:
        raise UserError(f"W_hh cannot be scaled to {target}; give a number above 0")
    blocks = np.asarray(weight, dtype=np.float64).reshape(gates, -1, weight.shape[1])
    scaled = []
    for block in blocks:
        now = float(measure(block))
        # Rounding leaves the eigenvalues of a nilpotent matrix near ε^(1/H) instead of at 0;
        # an exactly zero measure is the only case that is certain, and the only one refused.
        if now == 0.0:
            raise UserError("W_hh is zero in this measure, so no factor can scale it")
        scaled.append(block * (target / now))
    return np.concatenate(scaled).astype(weight.dtype)
