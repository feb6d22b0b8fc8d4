"""Many equal cells in rows and columns, written in one go."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.views.frame import Pixels

Places = NDArray[np.intp]


def blit_grid(
    pixels: Pixels, colors: Pixels, lefts: Places, tops: Places, width: int, height: int
) -> bool:
    """Write colors (R, C) as cells of `width` × `height` pixels at lefts (C,) and tops (R,).

    Both ascend; where cells would overlap the later one wins. False if they do not ascend.
    """
    if (lefts[1:] < lefts[:-1]).any() or (tops[1:] < tops[:-1]).any():
        return False
    x0, x1 = max(int(lefts[0]), 0), min(int(lefts[-1]) + width, pixels.shape[1])
    y0, y1 = max(int(tops[0]), 0), min(int(tops[-1]) + height, pixels.shape[0])
    if x0 >= x1 or y0 >= y1:
        return True
    columns, inside_x = _which(lefts, width, x0, x1)
    rows, inside_y = _which(tops, height, y0, y1)
    block = colors[:, columns][rows] if colors.shape[0] > 1 else colors[:, columns]
    area = pixels[y0:y1, x0:x1]
    if inside_x.all() and inside_y.all():
        area[...] = block
    else:
        np.copyto(area, block, where=inside_x & inside_y[:, None])
    return True


def _which(starts: Places, length: int, low: int, high: int) -> tuple[Places, NDArray[np.bool_]]:
    """For every pixel from `low` to `high` the cell it belongs to, and whether it is in it."""
    at = np.arange(low, high)
    index = np.searchsorted(starts, at, "right") - 1
    return index, at < starts[index] + length
