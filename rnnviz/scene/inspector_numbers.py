"""A matrix of the inspector, and in which power of ten its numbers are written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.numbers import power_of_ten
from rnnviz.scene.strips_reduce import Values, row_starts, unit_rows
from rnnviz.scene.textwidth import text_width


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """A matrix or a column vector to show: its symbol (LaTeX), values (R, C) and colour range."""

    tex: str
    values: Values
    scale: ColorScale
    node: str = ""
    before: str = ""
    """What stands between it and the matrix before: ``+``, ``=``, a function's name."""


def common_power(matrix: Matrix) -> int:
    """The power of ten in which the numbers of a matrix are written; 0 where they need none."""
    sizes = np.abs(matrix.values[np.isfinite(matrix.values)])
    most = float(sizes.max(initial=0.0))
    return math.floor(math.log10(most)) if 1e-300 < most < 0.1 else 0


def power_text(power: int) -> str:
    return f"× {power_of_ten(power)}"


def power_width(power: int) -> float:
    """What it takes beside the symbol of a matrix."""
    return 6.0 + text_width(power_text(power), 9.0)


def pooled(values: Values, rows: int, columns: int) -> Values:
    """A matrix with no more rows and columns than pixels: the strongest value of each block."""
    down = values if len(values) <= rows else _strongest(values, rows)
    return unit_rows(down, np.arange(down.shape[1]), columns, "strongest")


def _strongest(values: Values, rows: int) -> Values:
    """What `unit_rows` says of a matrix on its side, in a tenth of the time: whole rows are
    compared with whole rows, as they lie in memory."""
    groups = [values[start:stop] for start, stop in pairwise(row_starts(len(values), rows))]
    high: Values = np.stack([group.max(axis=0) for group in groups])
    low = np.stack([group.min(axis=0) for group in groups])
    is_positive = high > -low
    tied = high == -low
    if tied.any():
        is_positive |= tied & (np.stack([group.sum(axis=0) for group in groups]) >= 0)
    return np.where(is_positive, high, low)
