"""Thousands of thin bars at once: pixel column by pixel column, written by one comparison."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.views.frame import Pixels

FROM = 128
"""Bars from which it is worth it; fewer are written one by one."""
_MOST_TURNS = 8
"""Comparisons at most: one for each pixel column of a bar and each bar on the same pixel."""

Edges = NDArray[np.intp]


def blit_columns(pixels: Pixels, edges: Edges, colors: NDArray[np.uint32]) -> bool:
    """Write bars (N, 4) given as left, top, right, bottom pixels; False if they do not fit.

    They fit if there are many, all of them thin, and they stand from left to right.
    """
    if len(edges) < FROM:
        return False
    lefts, widths = edges[:, 0], np.maximum(edges[:, 2] - edges[:, 0], 1)
    # Which bar each is of those that begin in the same pixel column.
    rank = np.arange(len(lefts)) - np.searchsorted(lefts, lefts)
    widest, ranks = int(widths.max()), int(rank.max()) + 1
    if widest * ranks > _MOST_TURNS or (lefts[1:] < lefts[:-1]).any():
        return False
    # Where bars overlap the later one stays: it begins further right, or has the higher rank.
    for column in reversed(range(widest)):
        for turn in range(ranks):
            there = (widths > column) & (rank == turn)
            _blit_column(pixels, edges[there], colors[there], column)
    return True


def _blit_column(pixels: Pixels, edges: Edges, colors: NDArray[np.uint32], column: int) -> None:
    """Write one pixel column of each bar, the one that is so many pixels from its left."""
    height, width = pixels.shape
    lefts = edges[:, 0] + column
    inside = (lefts >= 0) & (lefts < width)
    lefts, tops, bottoms = lefts[inside], edges[inside, 1], edges[inside, 3]
    if not len(lefts):
        return
    bottoms = np.maximum(bottoms, tops + 1)
    high, low = max(int(tops.min()), 0), min(int(bottoms.max()), height)
    if high >= low:
        return
    first = int(lefts.min())
    count = int(lefts.max()) + 1 - first
    spans, shades = np.zeros((2, count), np.int32), np.zeros(count, np.uint32)
    spans[0, lefts - first], spans[1, lefts - first] = tops, bottoms
    shades[lefts - first] = colors[inside]
    rows = np.arange(high, low, dtype=np.int32)[:, None]
    filled = (rows >= spans[0]) & (rows < spans[1])
    np.copyto(pixels[high:low, first : first + count], shades, where=filled)
