"""Layer normalisation of products, and its way back, along the last axis (Ba et al. 2016).

LN(v; gain) = gain ⊙ (v − mean v) / √(var v + ε). The GRU normalises r and z together, n by itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import ModelSpec

EPSILON = 1e-5
Vector = NDArray[np.floating[Any]]


def normed_parts(spec: ModelSpec) -> tuple[slice, ...]:
    """Which of the G·H numbers of a step are normalised together."""
    hidden = spec.hidden_size
    if spec.cell == "gru":
        return slice(0, 2 * hidden), slice(2 * hidden, 3 * hidden)
    return (slice(0, max(len(spec.gates), 1) * hidden),)


def normalised(v: Vector, gain: Vector, parts: tuple[slice, ...]) -> Vector:
    """(…, F) LN of the products of steps."""
    out = np.empty_like(v, np.float64)
    for part in parts:
        unit, _ = _unit(v[..., part])
        out[..., part] = gain[part] * unit
    return out


def normalised_back(v: Vector, gain: Vector, given: Vector, parts: tuple[slice, ...]) -> Vector:
    """(…, F) the gradient at v from the gradient `given` at LN(v)."""
    out = np.empty_like(v, np.float64)
    for part in parts:
        unit, scale = _unit(v[..., part])
        at_unit = given[..., part] * gain[part]
        along = _mean(at_unit * unit)
        out[..., part] = scale * (at_unit - _mean(at_unit) - unit * along)
    return out


def _unit(v: Vector) -> tuple[Vector, Vector]:
    centred = np.asarray(v, np.float64) - _mean(v)
    scale = 1.0 / np.sqrt(_mean(centred * centred) + EPSILON)
    return centred * scale, scale


def _mean(v: Vector) -> Vector:
    mean: Vector = v.mean(axis=-1, keepdims=True, dtype=np.float64)
    return mean
