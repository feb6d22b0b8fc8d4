"""In which order the units of a strip stand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.strips_layout import StripLayout

Order = NDArray[np.intp]
_SAMPLES = 1500
"""Steps looked at when units are compared: enough for an order, cheap at any T."""


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
    centred = np.asarray(sample, np.float64) - sample.mean(axis=0, dtype=np.float64)
    lengths = np.linalg.norm(centred, axis=0)
    unit = np.divide(centred, lengths, out=np.zeros_like(centred), where=lengths > 1e-12)
    if unit.shape[1] < 3:
        return np.arange(unit.shape[1])
    _, vectors = np.linalg.eigh(unit.T @ unit)
    angles = np.arctan2(vectors[:, -2], vectors[:, -1])
    order = np.argsort(angles, kind="stable")
    around = angles[order]
    gaps = np.diff(np.append(around, around[0] + 2 * np.pi))
    return np.roll(order, -(int(np.argmax(gaps)) + 1))
