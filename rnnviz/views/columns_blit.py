"""Thousands of thin bars at once: a bar a pixel column, written by one comparison."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.views.frame import Pixels

FROM = 128
"""Bars from which it is worth it; fewer are written one by one."""


def blit_columns(pixels: Pixels, edges: NDArray[np.intp], colors: NDArray[np.uint32]) -> bool:
    """Write bars (N, 4) given as left, top, right, bottom pixels; False if they do not fit.

    They fit if there are many, none is wider than a pixel and all stand on the same line.
    """
    if len(edges) < FROM or (edges[:, 2] - edges[:, 0] > 1).any():
        return False
    ground = int(edges[0, 3])
    if (edges[:, 3] != ground).any():
        return False
    height, width = pixels.shape
    lefts = edges[:, 0]
    inside = (lefts >= 0) & (lefts < width)
    lefts, tops, colors = lefts[inside], edges[inside, 1], colors[inside]
    tops = np.minimum(tops, ground - 1)
    if not len(lefts):
        return True
    first, last = max(int(tops.min()), 0), min(ground, height)
    if first >= last:
        return True
    filled = np.arange(first, last)[:, None] >= tops[None, :]
    block = pixels[first:last, lefts]
    pixels[first:last, lefts] = np.where(filled, colors[None, :], block)
    return True
