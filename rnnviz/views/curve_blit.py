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

    In a column the line covers from its lowest to its highest point there, and half its width
    beyond: the same as stroking it where it is flat or steep, and a hundred times as fast.
    """
    xs, ys = points[:, 0], points[:, 1]
    first = max(int(np.floor(xs[0])), 0)
    last = min(int(np.ceil(xs[-1])), pixels.shape[1])
    if first >= last:
        return
    edges = np.interp(np.arange(first, last + 1), xs, ys)
    high = np.minimum(edges[:-1], edges[1:])
    low = np.maximum(edges[:-1], edges[1:])
    inside = (xs >= first) & (xs < last)
    columns = xs[inside].astype(np.intp) - first
    np.minimum.at(high, columns, ys[inside])
    np.maximum.at(low, columns, ys[inside])
    high, low = high - width / 2, low + width / 2
    top = max(int(np.floor(high.min())), 0)
    bottom = min(int(np.ceil(low.max())), pixels.shape[0])
    if top >= bottom:
        return
    rows = np.arange(top, bottom, dtype=np.float32)[:, None]
    covered = np.minimum(low.astype(np.float32) - rows, 1.0)
    covered += np.minimum(rows + 1.0 - high.astype(np.float32), 1.0) - 1.0
    np.clip(covered, 0.0, 1.0, out=covered)
    area = pixels[top:bottom, first:last]
    touched = np.nonzero(covered)
    share: Shares = covered[touched] * np.float32((color >> 24) / 255.0)
    area[touched] = _mixed(area[touched], color, share)


def _mixed(ground: Pixels, color: int, share: Shares) -> Pixels:
    """The ground with `share` (0 to 1) of the colour over it."""
    mixed = np.full(ground.shape, 0xFF000000, np.uint32)
    for shift in (16, 8, 0):
        under = (ground >> np.uint32(shift) & np.uint32(0xFF)).astype(np.float32)
        over = under + (np.float32(color >> shift & 0xFF) - under) * share
        mixed |= (over + np.float32(0.5)).astype(np.uint32) << np.uint32(shift)
    return mixed
