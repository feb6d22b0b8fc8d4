"""Long sequences and many units reduced to what the pixels can show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.axis import TimeAxis
from rnnviz.trace import Part

Values = NDArray[Any]
How = Literal["max", "strongest"]
"""`strongest` keeps what is farthest from zero; over time it is the mean that is shown."""


@dataclass(frozen=True, slots=True)
class Window:
    """The steps of a part that are in sight, and where they stand.

    `start` and `stop` count steps of the part; `edges` are the steps at which the shown columns
    begin (one more than there are columns), `x` and `pitch` place the columns. While a step is
    at least a pixel wide, every step is a column; below, every pixel is one.
    """

    start: int
    stop: int
    edges: NDArray[np.intp]
    x: float
    pitch: float

    @property
    def count(self) -> int:
        return len(self.edges) - 1

    @property
    def reduced(self) -> bool:
        return self.count > 0 and self.stop - self.start > self.count


def window(axis: TimeAxis, part: Part) -> Window | None:
    """What is in sight of a part; None if nothing is."""
    seen = axis.visible
    start = max(seen.start, part.start) - part.start
    stop = min(seen.stop, part.stop) - part.start
    if stop <= start:
        return None
    if axis.pitch >= 1.0:
        edges = np.arange(start, stop + 1, dtype=np.intp)
        return Window(start, stop, edges, axis.left_of(start + part.start), axis.pitch)
    # Pixel columns are anchored to the sequence, not to the window, so that panning moves
    # the picture instead of making it flicker.
    per_pixel = 1.0 / axis.pitch
    first = int(np.floor(start / per_pixel))
    last = int(np.ceil(stop / per_pixel))
    edges = np.floor(np.arange(first, last + 1) * per_pixel).astype(np.intp)
    edges = np.clip(edges, start, stop)
    edges[-1] = stop
    return Window(start, stop, edges, axis.left_of(part.start + first * per_pixel), 1.0)


def highest(values: Values, edges: NDArray[np.intp]) -> Values:
    """(C,): the largest of `values` (T,) between consecutive edges.

    Edges increase, or repeat where a column has no step of its own.
    """
    stop = edges[-1]
    found: Values = np.maximum.reduceat(values[:stop], np.minimum(edges[:-1], stop - 1))
    return found


def halved(values: Values, how: How) -> Values:
    """(ceil(T / 2), R): pairs of steps pooled; a last step without a partner stands for itself."""
    even = len(values) // 2 * 2
    left, right = values[0:even:2], values[1:even:2]
    pairs = np.maximum(left, right) if how == "max" else (left + right) * values.dtype.type(0.5)
    return np.concatenate([pairs, values[even:]])


def largest_finite(values: Values) -> float:
    """The largest size among the values that are numbers; 0 where none is."""
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max(initial=0.0))


@lru_cache(maxsize=256)
def row_starts(count: int, rows: int) -> NDArray[np.intp]:
    """(rows + 1,): where each of `rows` groups of `count` units begins, and the end; read-only."""
    starts = np.linspace(0, count, rows + 1).astype(np.intp)
    starts.flags.writeable = False
    return starts


def unit_rows(values: Values, order: NDArray[np.intp], rows: int, how: How) -> Values:
    """(T, R): units in their order, pooled to at most `rows` rows.

    Where the strongest of both signs are equally strong the sign of the sum decides: of saturated
    units, all ±1, every row would else be +1.
    """
    count = len(order)
    plain = bool((order[1:] > order[:-1]).all()) and count == values.shape[1]
    table = values if plain else values[:, order]
    if count <= rows:
        return table
    starts = row_starts(count, rows)[:-1]
    high: Values = np.maximum.reduceat(table, starts, axis=1)
    if how == "max":
        return high
    low = np.minimum.reduceat(table, starts, axis=1)
    is_positive = high > -low
    tied = high == -low
    if tied.any():
        is_positive |= tied & (np.add.reduceat(table, starts, axis=1) >= 0)
    return np.where(is_positive, high, low)
