"""Dense polylines written by NumPy: between its least and greatest height in every pixel column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.views.frame import Pixels

Shares = NDArray[np.float32]

FROM = 48
"""Points from which a curve that runs from left to right is written here."""


def is_dense(points: NDArray[np.float64]) -> bool:
    """Whether the points are many, numbers, and go from left to right."""
    return (
        len(points) >= FROM
        and bool(np.isfinite(points).all())
        and bool((points[1:, 0] >= points[:-1, 0]).all())
    )


def blit_curve(pixels: Pixels, points: NDArray[np.float64], color: int, width: float) -> None:
    """Write points (N, 2), in pixels, as a line of that width with soft edges.

    In a column the line covers from its lowest to its highest point there, and beyond what its
    width takes at that slope; where it is steep, of the columns beside as much as its width takes.
    """
    xs, ys = points[:, 0], points[:, 1]
    first = max(int(np.floor(xs[0])), 0)
    last = min(int(np.ceil(xs[-1])), pixels.shape[1])
    if first >= last:
        return
    edges = np.interp(np.arange(first, last + 1), xs, ys)
    high = np.minimum(edges[:-1], edges[1:])
    low = np.maximum(edges[:-1], edges[1:])
    # A point on the right edge of the last column belongs to that one.
    inside = (xs >= first) & (xs <= last)
    columns = np.minimum(xs[inside].astype(np.intp), last - 1) - first
    np.minimum.at(high, columns, ys[inside])
    np.maximum.at(low, columns, ys[inside])
    span = low - high
    # Together with the span as high as a stroke at that slope, but no wider than the line is.
    beyond = np.clip((width * np.sqrt(1.0 + span * span) - span) / 2, 0.0, width / 2)
    top = max(int(np.floor((high - beyond).min())), 0)
    bottom = min(int(np.ceil((low + beyond).max())), pixels.shape[0])
    if top >= bottom:
        return
    rows = np.arange(top, bottom, dtype=np.float32)
    covered = _covered(rows, high - beyond, low + beyond)
    # What a steep line takes of the columns at either side: its width is more than one column.
    steep = np.flatnonzero(span > 1.0)
    for away in range(1, int(np.ceil((width + 1.0) / 2)) if len(steep) else 1):
        reach = max(width / 2 - away, 0.0)
        beside = _covered(rows, high[steep] - reach, low[steep] + reach)
        beside *= np.float32(min(width / 2 + 0.5 - away, 1.0))
        for at in (steep - away, steep + away):
            within = slice(*np.searchsorted(at, (0, last - first)))
            at, share = at[within], beside[within]
            covered[at] = np.maximum(covered[at], share)
    area = pixels[top:bottom, first:last].T
    touched = np.nonzero(covered)
    share = covered[touched] * np.float32((color >> 24) / 255.0)
    area[touched] = _mixed(area[touched], color, share)


def _covered(rows: Shares, high: NDArray[np.float64], low: NDArray[np.float64]) -> Shares:
    """(columns, rows) how much of each pixel lies between the two heights of its column."""
    covered: Shares = np.minimum(low.astype(np.float32)[:, None] - rows, 1.0)
    covered += np.minimum(rows - (high - 1.0).astype(np.float32)[:, None], 1.0) - 1.0
    np.clip(covered, 0.0, 1.0, out=covered)
    return covered


def _mixed(ground: Pixels, color: int, share: Shares) -> Pixels:
    """The ground with `share` (0 to 1) of the colour over it."""
    mixed = np.full(ground.shape, 0xFF000000, np.uint32)
    for shift in (16, 8, 0):
        under = (ground >> np.uint32(shift) & np.uint32(0xFF)).astype(np.float32)
        over = under + (np.float32(color >> shift & 0xFF) - under) * share
        mixed |= (over + np.float32(0.5)).astype(np.uint32) << np.uint32(shift)
    return mixed
