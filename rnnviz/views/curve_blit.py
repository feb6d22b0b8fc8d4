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
    rows = np.arange(top, bottom, dtype=np.float32)[:, None]
    covered = _covered(rows, high - beyond, low + beyond)
    # What a steep line takes of the columns at either side: its width is more than one column.
    steep = span > 1.0
    for away in range(1, int(np.ceil((width + 1.0) / 2)) if steep.any() else 1):
        reach = max(width / 2 - away, 0.0)
        beside = _covered(rows, *(np.where(steep, y, 0.0) for y in (high - reach, low + reach)))
        beside *= np.float32(min(width / 2 + 0.5 - away, 1.0))
        left, right = np.s_[:, :-away], np.s_[:, away:]
        np.maximum(covered[right], beside[left], out=covered[right])
        np.maximum(covered[left], beside[right], out=covered[left])
    _mix(pixels[top:bottom, first:last], color, covered)


def _covered(rows: Shares, high: NDArray[np.float64], low: NDArray[np.float64]) -> Shares:
    """(rows, columns) how much of each pixel lies between the two heights of its column."""
    covered: Shares = np.minimum(low.astype(np.float32) - rows, 1.0)
    covered += np.minimum(rows - (high - 1.0).astype(np.float32), 1.0) - 1.0
    np.clip(covered, 0.0, 1.0, out=covered)
    return covered


def _mix(ground: Pixels, color: int, covered: Shares) -> None:
    """Lay the colour over the ground, as much of it as is ``covered`` (0 to 1); over all pixels,
    because picking those that are touched takes longer."""
    share = (covered * np.float32((color >> 24) * 256 / 255) + np.float32(0.5)).astype(np.uint32)
    rest = np.uint32(256) - share
    mixed = np.full(ground.shape, 0xFF000000, np.uint32)
    for mask in (0x00FF00FF, 0x0000FF00):  # red and blue together, and green
        own, over, half = (np.uint32(each & mask) for each in (mask, color, 0x00808080))
        mixed |= ((ground & own) * rest + over * share + half >> np.uint32(8)) & own
    ground[...] = mixed
