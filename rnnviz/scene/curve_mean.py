"""The thick line of the training curve: a mean so short that it stays with what it is a mean of."""

from __future__ import annotations

import math

SHARE = 0.03
"""Of the iterations in sight that are averaged at most: the mean lags half as far behind."""
_LEAST = 5
"""A mean of fewer shows nothing that the losses themselves do not."""


def mean_window(first: float, last: float) -> int:
    """Over how many iterations to average from `first` to `last`: 1, 2 or 5 times a power of ten;
    1 where that is too short a history for a mean."""
    most = SHARE * (last - first + 1)
    if not math.isfinite(most) or most < _LEAST:
        return 1
    power = int(10 ** math.floor(math.log10(most)))
    return max(factor * power for factor in (1, 2, 5) if factor * power <= most)
