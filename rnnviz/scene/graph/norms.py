"""How long the gradients are that reach the states, and how wide an arrow that makes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.handover import handed_over, handover_index
from rnnviz.scene.strips_reduce import largest_finite
from rnnviz.trace import Trace

DECADES = 4.0
"""Norms this many powers of ten below the largest still have some width of their own."""
NARROWEST, WIDEST = 1.2, 11.0
_PIECE = 1 << 18
"""Numbers copied at a time."""

Norms = NDArray[np.float64]


@of_trace
def norms_of(trace: Trace, name: str, row: int) -> Norms:
    """(T,) Euclidean norms of a (T, B, n) array for one sequence of the batch."""
    array = trace.get(name)
    if array is None:
        return np.zeros(0)
    norms = np.empty(len(array))
    for piece in _pieces(array):
        # In float64 a norm below float32's range stays apart from an exact zero.
        norms[piece] = _lengths(array[piece, row].astype(np.float64))
    return norms


def _pieces(array: NDArray[Any]) -> Iterator[slice]:
    """Stretches of a (T, B, n) array short enough that copies of them cost no memory to speak of:
    the trace of thousands of steps may fill most of what there is."""
    steps = max(_PIECE // max(array.shape[2], 1), 1)
    for start in range(0, len(array), steps):
        yield slice(start, start + steps)


def _lengths(values: Norms) -> Norms:
    """(T,) lengths of the rows of (T, n)."""
    found: Norms = np.sqrt(np.einsum("th,th->t", values, values))
    return found


@of_trace
def carried_norms(trace: Trace, layer: str, prefix: str, row: int) -> Norms:
    """(T,) norms of what reaches each state from its successor in time: total minus direct."""
    total = trace.get(f"dL_d{prefix}h_{layer}")
    direct = trace.get(f"dL_d{prefix}h_direct_{layer}")
    if total is None:
        return np.zeros(0)
    if direct is None:
        return norms_of(trace, f"dL_d{prefix}h_{layer}", row)
    norms = np.empty(len(total))
    for piece in _pieces(total):
        norms[piece] = _lengths(
            np.subtract(total[piece, row], direct[piece, row], dtype=np.float64)
        )
    return _with_handover(trace, norms, "h", layer, prefix, row)


@of_trace
def attended_norms(trace: Trace, layer: str, row: int) -> Norms:
    """(T,) norms of what reaches an encoder's states through the attention of all later steps."""
    name = f"dL_dencoder_h_direct_{layer}"
    norms, direct = norms_of(trace, name, row).copy(), trace.get(name)
    given, at = handed_over(trace, "h", layer, row), handover_index(trace, layer, row)
    if given is not None and direct is not None:
        norms[at] = float(np.linalg.norm(direct[at, row].astype(np.float64) - given))
    return norms


def _with_handover(
    trace: Trace, norms: Norms, letter: str, layer: str, prefix: str, row: int
) -> Norms:
    """The encoder's last step has a successor, too: the decoder's first."""
    given = handed_over(trace, letter, layer, row) if prefix == "encoder_" else None
    if given is not None:
        norms[handover_index(trace, layer, row)] = float(np.linalg.norm(given))
    return norms


@of_trace
def carried_cell_norms(trace: Trace, layer: str, prefix: str, row: int) -> Norms:
    """(T,) norms of what reaches each c of an LSTM from its successor in time.

    That is f_{t+1} ⊙ ∂L/∂c_{t+1}, with peepholes also w_ci ⊙ ∂L/∂a_i + w_cf ⊙ ∂L/∂a_f.
    """
    total, forget = trace.get(f"dL_d{prefix}c_{layer}"), trace.get(f"{prefix}f_{layer}")
    if total is None or forget is None:
        return np.zeros(0)
    da = trace.get(f"dL_d{prefix}a_{layer}")
    size, norms = total.shape[2], np.empty(len(total))
    for piece in _pieces(total):
        carry = np.multiply(forget[piece, row], total[piece, row], dtype=np.float64)
        for number, gate in enumerate(("ci", "cf")):
            weight = trace.get(f"{prefix}w_{gate}_{layer}")
            if weight is not None and da is not None:
                carry += weight * da[piece, row, number * size : (number + 1) * size]
        norms[piece] = _lengths(carry)
    found = _from_successor(trace, norms, layer)
    return _with_handover(trace, found, "c", layer, prefix, row)


@of_trace
def fed_back_norms(trace: Trace, layer: str, row: int) -> Norms:
    """(T,) norms of what reaches each output of a jordan network from the next step's state:
    W_yhᵀ ∂L/∂a_{t+1}."""
    da, weight = trace.get(f"dL_da_{layer}"), trace.get(f"W_yh_{layer}")
    if da is None or weight is None:
        return np.zeros(0)
    norms = np.empty(len(da))
    for piece in _pieces(da):
        norms[piece] = _lengths(da[piece, row].astype(np.float64) @ weight)
    return _from_successor(trace, norms, layer)


def _from_successor(trace: Trace, norms: Norms, layer: str) -> Norms:
    """What each step hands back, moved to the step that receives it; nothing over a cut."""
    if layer.endswith("_reverse"):
        return np.concatenate([[0.0], norms[:-1]])
    cuts = trace.get("cuts")
    if cuts is not None:
        norms = norms.copy()
        norms[cuts] = 0.0
    return np.concatenate([norms[1:], [0.0]])


@of_trace
def largest(trace: Trace, row: int) -> float:
    """The largest gradient norm at any h or c: the widest arrow."""
    found = [0.0]
    for part in trace.parts:
        for layer in trace.spec.layer_names(part.prefix):
            for letter in "hc" if trace.spec.has_cell_state else "h":
                norms = norms_of(trace, f"dL_d{part.prefix}{letter}_{layer}", row)
                found.append(largest_finite(norms))
    return max(found)


def arrow_width(norm: float, most: float, widest: float = WIDEST) -> float:
    """Width in pixels on a log scale, 0 for an exact zero (drawn as a thin dashed line)."""
    if norm <= 0.0 or most <= 0.0 or not math.isfinite(norm) or not math.isfinite(most):
        return 0.0
    share = 1.0 + math.log10(min(norm / most, 1.0)) / DECADES
    width = NARROWEST + (widest - NARROWEST) * max(share, 0.0)
    # Half pixels: arrows of one width are painted together.
    return max(round(2.0 * width) / 2.0, NARROWEST)


def arrow_widths(norms: Norms, most: float, widest: float = WIDEST) -> list[float]:
    """`arrow_width` of many norms at once."""
    if most <= 0.0:
        return [0.0] * len(norms)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = 1.0 + np.log10(np.minimum(norms / most, 1.0)) / DECADES
        widths = NARROWEST + (widest - NARROWEST) * np.maximum(shares, 0.0)
        widths = np.maximum(np.round(2.0 * widths) / 2.0, NARROWEST)
    widths[~((norms > 0.0) & np.isfinite(norms))] = 0.0
    found: list[float] = widths.tolist()
    return found
