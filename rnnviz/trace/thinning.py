"""Halving a table of samples without losing a spike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def thin_rows(rows: Floats) -> Floats:
    """Every four rows (N, columns) become two that keep each column's minimum and maximum.

    They stay in the order in which they came; NaN loses against numbers. The first column
    (the iteration) keeps the places of the first and third row. Rows beyond a multiple of
    four are kept as they are.
    """
    cut = len(rows) // 4 * 4
    groups = rows[:cut].reshape(-1, 4, rows.shape[1])
    high_filled = np.where(np.isnan(groups), -np.inf, groups)
    low_filled = np.where(np.isnan(groups), np.inf, groups)
    places = np.sort(np.stack([low_filled.argmin(1), high_filled.argmax(1)], axis=1), axis=1)
    kept = np.take_along_axis(groups, places, axis=1)
    kept[:, 0, 0] = groups[:, 0, 0]
    kept[:, 1, 0] = groups[:, 2, 0]
    return np.concatenate([kept.reshape(-1, rows.shape[1]), rows[cut:]])
