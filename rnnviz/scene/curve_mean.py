"""The thick line of the training curve: a mean so short that it stays with what it is a mean of."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnviz.scene.shapes import Floats

SHARE = 0.03
"""Of the iterations in sight that are averaged at most: the mean lags half as far behind."""
_LEAST = 5
"""A mean of fewer shows nothing that the losses themselves do not."""


@dataclass(frozen=True, slots=True)
class MeanLine:
    """A mean at some iterations; `low` and `high` are the same."""

    iteration: Floats
    low: Floats
    high: Floats


def mean_window(first: float, last: float) -> int:
    """Over how many iterations to average from `first` to `last`: 1, 2 or 5 times a power of ten;
    1 where that is too short a history for a mean."""
    most = SHARE * (last - first + 1)
    if not math.isfinite(most) or most < _LEAST:
        return 1
    power = int(10 ** math.floor(math.log10(most)))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= most)


def recent_mean(iterations: Floats, losses: Floats, window: int, points: int) -> MeanLine:
    """The mean of the last `window` iterations at up to `points` of them, the newest included.

    `iterations` (n,) ascends; where a history was thinned, the rows that are left stand for those
    around them. Losses (n,) that are not finite are left out; NaN where none is left.
    """
    count = len(losses)
    ends = np.linspace(0, count, min(points, count) + 1).astype(np.intp)[1:]
    finite = np.isfinite(losses)
    sums = np.concatenate([[0.0], np.cumsum(np.where(finite, losses, 0.0))])
    counts = np.concatenate([[0], np.cumsum(finite)])
    at = iterations[ends - 1]
    begins = np.searchsorted(iterations, at - window, "right")
    with np.errstate(invalid="ignore"):
        mean = (sums[ends] - sums[begins]) / (counts[ends] - counts[begins])
    return MeanLine(at, mean, mean)
