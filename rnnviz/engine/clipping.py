"""Gradient clipping, in place; the norms before and after are what the training view plots."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from rnnviz.engine.parameters import Parameters
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array


class Norms(NamedTuple):
    """Euclidean norm of the whole gradient before and after clipping."""

    before: float
    after: float


def norm(grads: Parameters | Array) -> float:
    """‖g‖₂; exact where the squares of float32 numbers would overflow or vanish."""
    flat = grads if isinstance(grads, np.ndarray) else grads.flat
    squared = float(np.vdot(flat, flat))  # which does not warn of an overflow, as ``dot`` does
    if 1e-30 < squared < math.inf:
        return math.sqrt(squared)
    largest = float(np.max(np.abs(flat), initial=0.0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    scaled = flat.astype(np.float64) / largest
    return largest * math.sqrt(float(np.dot(scaled, scaled)))


def clip_by_norm(grads: Parameters | Array, limit: float) -> Norms:
    """Scale g by min(1, limit / (‖g‖₂ + 1e-6)) (Pascanu et al. 2013, as PyTorch computes it).

    A gradient with NaN or infinity in it is left as it is, for the caller to see.

    Raises:
        UserError: if the limit is no number above 0, which would turn the gradient round.
    """
    _check(limit)
    flat = grads if isinstance(grads, np.ndarray) else grads.flat
    before = norm(flat)
    factor = limit / (before + 1e-6)
    if factor >= 1.0 or not math.isfinite(before):
        return Norms(before, before)
    np.multiply(flat, flat.dtype.type(factor), flat)
    return Norms(before, before * factor)


def clip_by_value(grads: Parameters | Array, limit: float) -> Norms:
    """Cut every component to [-limit, limit]; NaN stays NaN.

    Raises:
        UserError: if the limit is no number above 0.
    """
    _check(limit)
    flat = grads if isinstance(grads, np.ndarray) else grads.flat
    before = norm(flat)
    with np.errstate(over="ignore"):  # a limit beyond the type's range cuts nothing
        bound = flat.dtype.type(limit)
    np.minimum(flat, bound, out=flat)
    np.maximum(flat, -bound, out=flat)
    return Norms(before, norm(flat))


def _check(limit: float) -> None:
    if not limit > 0.0:
        raise UserError(f"the gradient cannot be clipped to {limit}; use a number above 0")
