"""Lengths of gradients as exponents of ten: right where their squares leave the number range."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.contributions import contributions
from rnnviz.analysis.layers import find, layer_named, true_length
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]
_FLOAT32_LIMIT = -30.0
"""Below this exponent a float32 pass is near its end: the norms are walked back anew."""


def log10_norms(vectors: Array) -> Array:
    """log₁₀ of the Euclidean norm of each row, (n, H) → (n,), with no square that underflows."""
    wide = np.asarray(vectors, np.float64)
    largest = np.abs(wide).max(axis=1, initial=0.0)
    safe = np.where((largest > 0) & np.isfinite(largest), largest, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        norms = np.linalg.norm(wide / safe[:, None], axis=1)
        return np.asarray(np.where(largest > 0, np.log10(norms) + np.log10(safe), -np.inf))


def state_log10_norms(trace: Trace, layer: str, row: int, part: str) -> Array:
    """log₁₀ ‖∂L/∂h_t‖ (n,) of one layer; exact also where the float32 pass has run out."""
    name = layer_named(trace, layer)
    n = true_length(trace, name.prefix, row)
    found = log10_norms(find(trace, f"dL_d{name.array(part)}")[:n, row])
    is_single = trace[name.array("h")].dtype == np.float32
    if is_single and bool((found < _FLOAT32_LIMIT).any()):
        try:
            total = contributions(trace, layer, row, part="c" if part == "c" else "h").log10_total
        except UserError:
            return found
        if len(total) == len(found):
            return np.asarray(total)
    return found
