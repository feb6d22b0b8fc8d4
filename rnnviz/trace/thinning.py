"""Halving a table of samples without losing a spike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def thin_rows(rows: Floats, summed: int = 0) -> Floats:
    """Every four rows (N, columns) become two that keep each column's minimum and maximum.

    They stay in the order in which they came; NaN loses against numbers. The first column
    (the iteration) keeps the places of the first and third row, and the last columns, so many as
    are ``summed``, the sums of the first and the last two. Rows beyond a multiple of four are kept
    as they are.
    """
    cut = len(rows) // 4 * 4
    groups = rows[:cut].reshape(-1, 4, rows.shape[1])
    high_filled = np.where(np.isnan(groups), -np.inf, groups)
    low_filled = np.where(np.isnan(groups), np.inf, groups)
    places = np.sort(np.stack([low_filled.argmin(1), high_filled.argmax(1)], axis=1), axis=1)
    kept = np.take_along_axis(groups, places, axis=1)
    kept[:, 0, 0] = groups[:, 0, 0]
    kept[:, 1, 0] = groups[:, 2, 0]
    if summed:
        kept[:, 0, -summed:] = groups[:, :2, -summed:].sum(1)
        kept[:, 1, -summed:] = groups[:, 2:, -summed:].sum(1)
    return np.concatenate([kept.reshape(-1, rows.shape[1]), rows[cut:]])


def fours_apart(first: Floats) -> Floats:
    """How far apart, on average, the rows of every four are by their first column (N,)."""
    cut = len(first) // 4 * 4
    return np.asarray((first[3:cut:4] - first[:cut:4]) / 3.0, np.float64)


def thin_close(rows: Floats, apart: float, summed: int = 0) -> Floats:
    """`thin_rows`, but only of those fours that are less than that far apart."""
    columns = rows.shape[1]
    close = fours_apart(rows[:, 0]) < apart
    if close.all():
        return thin_rows(rows, summed)
    table, keep = rows.copy(), np.ones(len(rows), bool)
    fours = table[: 4 * len(close)].reshape(-1, 4, columns)
    fours[close, :2] = thin_rows(fours[close].reshape(-1, columns), summed).reshape(-1, 2, columns)
    keep[: 4 * len(close)].reshape(-1, 4)[close, 2:] = False
    return np.asarray(table[keep])
