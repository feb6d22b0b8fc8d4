"""The total loss and the shown sequence's own part of it.

L = Σ_b Σ_t m[t,b] L[t,b] with m = 1/B is the mean over the batch of what the sequences sum up to by
themselves. The losses of the steps on screen are those of one sequence: with a batch they add up to
its own sum, not to L.
"""

from __future__ import annotations

import numpy as np

from rnnviz.scene.numbers import fixed, short
from rnnviz.trace import Trace


def own_total(trace: Trace, row: int) -> float | None:
    """Σ_t m L of one sequence, as if it were alone in its batch; None without losses."""
    loss, mask = trace.get("loss"), trace.get("loss_mask")
    if loss is None or mask is None:
        return None
    row = min(row, loss.shape[1] - 1)
    weight = mask[:, row].astype(np.float64) * loss.shape[1]
    counts = weight > 0
    with np.errstate(invalid="ignore", over="ignore"):  # a diverged pass has no sum, and says so
        return float(np.sum(weight[counts] * loss[counts, row]))


def loss_figure(value: float) -> str:
    """A loss with two decimals, or with a power of ten where these say nothing."""
    plain = 0.095 <= abs(value) < 1000 or not np.isfinite(value)
    return fixed(value, 2) if plain else short(value, 2)


def over_batch(trace: Trace) -> str:
    """``mean of 64`` where L is over a batch, else nothing."""
    return f"mean of {trace.batch_size}" if trace.batch_size > 1 else ""


def own_words(trace: Trace, row: int) -> str:
    """What the shown sequence adds up to by itself, where that is not L; else nothing."""
    own = own_total(trace, row) if trace.batch_size > 1 else None
    if own is None:
        return ""
    return f"this sequence alone: {short(own)}"
