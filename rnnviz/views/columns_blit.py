"""Thousands of thin bars at once: a bar a pixel column, written by one comparison."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.views.frame import Pixels

FROM = 128
"""Bars from which it is worth it; fewer are written one by one."""


def blit_columns(pixels: Pixels, edges: NDArray[np.intp], colors: NDArray[np.uint32]) -> bool:
    """Write bars (N, 4) given as left, top, right, bottom pixels; False if they do not fit.

    They fit if there are many and none is wider than a pixel.
    """
    if len(edges) < FROM or (edges[:, 2] - edges[:, 0] > 1).any():
        return False
    height, width = pixels.shape
    inside = (edges[:, 0] >= 0) & (edges[:, 0] < width)
    lefts, tops, bottoms = edges[inside, 0], edges[inside, 1], edges[inside, 3]
    colors = colors[inside]
    bottoms = np.maximum(bottoms, tops + 1)
    if not len(lefts):
        return True
    first, last = max(int(tops.min()), 0), min(int(bottoms.max()), height)
    if first >= last:
        return True
    rows = np.arange(first, last)[:, None]
    filled = (rows >= tops[None, :]) & (rows < bottoms[None, :])
    block = pixels[first:last, lefts]
    pixels[first:last, lefts] = np.where(filled, colors[None, :], block)
    return True
