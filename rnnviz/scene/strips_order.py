"""In which order the units of a strip stand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.strips_layout import StripLayout

Order = NDArray[np.intp]
_SAMPLES = 1500
"""Steps looked at when units are compared: enough for an order, cheap at any T."""
_COMPARED = 500
"""Of these for every pair of units."""
_BLOCK = 12
"""Directions that are followed at once to find the leading two."""
_ROUNDS = 16


def unit_order(layout: StripLayout, name: str, values: NDArray[Any]) -> Order:
    """Unit numbers from top to bottom for `values` (T, H): pinned ones, then the chosen order."""
    sorting = layout.sorting_of(name)
    count = values.shape[1]
    sample = values[:: max(1, len(values) // _SAMPLES)]
    order = np.arange(count)
    if sorting == "activity":
        order = np.argsort(-np.abs(sample).mean(axis=0), kind="stable")
    elif sorting == "similarity":
        order = _by_similarity(sample)
    elif sorting == "hand":
        hand = [unit for unit in layout.hand_of(name) if 0 <= unit < count]
        known = set(hand)
        order = np.array([*hand, *(unit for unit in range(count) if unit not in known)])
    pins = [unit for unit in layout.pins_of(name) if 0 <= unit < count]
    if pins:
        order = np.array([*pins, *(unit for unit in order.tolist() if unit not in pins)])
    return order.astype(np.intp)


def _by_similarity(sample: NDArray[Any]) -> Order:
    """Units along the circle of the two leading directions of their correlation.

    Units that rise and fall together get neighbouring angles; the circle is cut where the gap
    between neighbours is widest.
    """
    if sample.shape[1] < 3:
        return np.arange(sample.shape[1])
    compared = sample[:: max(1, len(sample) // _COMPARED)]
    with np.errstate(invalid="ignore", over="ignore"):
        centred = np.asarray(compared, np.float64) - compared.mean(axis=0, dtype=np.float64)
        lengths = np.linalg.norm(centred, axis=0)
        unit = np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > 1e-12)
    # An angle needs no more than single precision, in which products take half the time; what is
    # no number is like nothing.
    narrow = np.nan_to_num(unit.astype(np.float32))
    first, second = _leading(narrow.T @ narrow)
    angles = np.arctan2(second, first)
    order = np.argsort(angles, kind="stable")
    around = angles[order]
    gaps = np.diff(np.append(around, around[0] + 2 * np.pi))
    return np.roll(order, -(int(np.argmax(gaps)) + 1))


def _leading(gram: NDArray[np.float32]) -> NDArray[np.float64]:
    """(2, H) the two leading eigenvectors of a symmetric (H, H), by subspace iteration with a
    Rayleigh–Ritz step at its end (Golub and Van Loan, Matrix Computations, 8.2): all H of them
    would cost twenty times as much, while a window waits. Their largest components are positive,
    so that like passes have like orders.
    """
    count = len(gram)
    start = np.random.default_rng(0).standard_normal((count, min(_BLOCK, count)))
    basis, _ = np.linalg.qr(start.astype(np.float32))
    for _ in range(_ROUNDS):
        basis, _ = np.linalg.qr(gram @ basis)
    _, turned = np.linalg.eigh((basis.T @ gram @ basis).astype(np.float64))
    vectors = (basis @ turned[:, :-3:-1]).T
    at_most = np.abs(vectors).argmax(axis=1)
    found: NDArray[np.float64] = vectors * np.sign(vectors[np.arange(2), at_most])[:, None]
    return found
