"""Long sequences and many units reduced to what the pixels can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.axis import TimeAxis
from rnnviz.trace import Part

Values = NDArray[Any]
How = Literal["mean", "max", "strongest"]


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


def pooled(values: Values, edges: NDArray[np.intp], how: How) -> Values:
    """(C, …): `values` (T, …) pooled between consecutive edges; `strongest` keeps the value that
    is farthest from zero. Edges are increasing, or equal where a column has no step of its own."""
    starts = np.minimum(edges[:-1], len(values) - 1)
    if how == "mean":
        stop = edges[-1]
        counts = np.maximum(np.diff(edges), 1).reshape(-1, *(1,) * (values.ndim - 1))
        sums: Values = np.add.reduceat(values[:stop], np.minimum(starts, stop - 1), axis=0)
        means: Values = sums / counts.astype(values.dtype)
        return means
    stop = edges[-1]
    starts = np.minimum(starts, stop - 1)
    high: Values = np.maximum.reduceat(values[:stop], starts, axis=0)
    if how == "max":
        return high
    low = np.minimum.reduceat(values[:stop], starts, axis=0)
    return np.where(high >= -low, high, low)


def halved(values: Values, times: int) -> Values:
    """(T / 4**times, …): means of blocks of steps; what is left over at the end counts as one."""
    for _ in range(times):
        edges = np.append(np.arange(0, len(values), 4), len(values)).astype(np.intp)
        values = pooled(values, edges, "mean")
    return values


def unit_rows(values: Values, order: NDArray[np.intp], rows: int, how: How) -> Values:
    """(T, R): units in their order, pooled to at most `rows` rows."""
    count = len(order)
    if count <= rows:
        plain = bool(np.array_equal(order, np.arange(count)))
        return values if plain else values[:, order]
    edges = np.linspace(0, count, rows + 1).astype(np.intp)
    return np.ascontiguousarray(pooled(values[:, order].T, edges, how).T)
