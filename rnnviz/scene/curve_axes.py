"""The axes of the training curve: round numbers, linear or logarithmic."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from rnnviz.scene.numbers import grouped, nice_step, power_of_ten, short, tick_text, ticks
from rnnviz.scene.shapes import Floats, Rect
from rnnviz.scene.strips_reduce import Values


@dataclass(frozen=True, slots=True)
class LossAxis:
    """Losses to pixels: `low` and `high` in nats, or their decimal logarithms if `log`."""

    log: bool
    low: float
    high: float

    def y(self, values: Values, plot: Rect) -> Floats:
        """y of each value in the plot, clipped to it."""
        wide = np.asarray(values, np.float64)
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                wide = np.log10(wide)
        share = np.clip((wide - self.low) / (self.high - self.low), 0.0, 1.0)
        return np.asarray(plot.bottom - share * plot.h, np.float64)

    def ticks(self, plot: Rect) -> tuple[tuple[float, str], ...]:
        """Value and text of the ticks that find room."""
        most = max(2, int(plot.h / 22))
        if not self.log:
            found = ticks(self.low, self.high, most)
            step = found[1] - found[0] if len(found) > 1 else 1.0
            return tuple((value, tick_text(value, step)) for value in found)
        span = self.high - self.low
        if span >= 1.0:
            step_of = max(1, math.ceil(span / most))
            exponents = range(math.ceil(self.low), math.floor(self.high) + 1, step_of)
            return tuple((10.0**e, power_of_ten(e)) for e in exponents)
        found = ticks(10**self.low, 10**self.high, most)
        return tuple((value, short(value, 2)) for value in found if value > 0)


def loss_axis(low: float, high: float, baseline: float | None, *, log: bool) -> LossAxis:
    """An axis that shows losses from `low` to `high`, and the baseline where it is near."""
    if not math.isfinite(high):
        low, high = 0.0, baseline or 1.0
    if baseline is not None and (high >= 0.4 * baseline or not log):
        high = max(high, baseline * 1.05)
    if log:
        positive = low if low > 0 else max(high, 1e-9) * 1e-4
        bottom, top = math.log10(positive) - 0.05, math.log10(max(high, positive)) + 0.05
        return LossAxis(True, bottom, max(top, bottom + 0.3))
    return LossAxis(False, 0.0 if low >= 0 else low, max(high * 1.05, 1e-9))


def iteration_ticks(first: float, last: float, plot: Rect) -> tuple[tuple[int, str], ...]:
    """Round iterations with their texts, as many as find room."""
    span = last - first
    if span <= 0:
        return ((int(first), grouped(int(first))),)
    widest = len(grouped(int(last))) * 7.0 + 24.0
    step = max(1.0, nice_step(span, max(1, int(plot.w / widest))))
    begin, end = math.ceil(first / step), math.floor(last / step)
    return tuple((int(n * step), grouped(int(n * step))) for n in range(begin, end + 1))
