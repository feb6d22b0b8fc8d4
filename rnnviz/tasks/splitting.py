"""Keeping some rows for testing, the same ones every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from rnnviz.tasks.base import Split

Row = TypeVar("Row")

_HELD_OUT_MOST = 2000


def split_rows(rows: Sequence[Row]) -> dict[Split, list[Row]]:
    """A tenth of the rows, at least one and at most 2,000, is held out; the order is shuffled.

    The draw depends on the number of rows alone.
    """
    order = np.random.default_rng(len(rows)).permutation(len(rows))
    held_out = min(max(len(rows) // 10, 1), _HELD_OUT_MOST)
    return {
        "held-out": [rows[i] for i in order[:held_out]],
        "train": [rows[i] for i in order[held_out:]],
    }
