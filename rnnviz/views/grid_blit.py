"""Many equal cells in rows and columns, written without a call a cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.views.frame import Pixels

Places = NDArray[np.intp]


def blit_grid(
    pixels: Pixels, colors: Pixels, lefts: list[int], tops: list[int], width: int, height: int
) -> bool:
    """Write colors (R, C) as cells of `width` × `height` pixels at C lefts and R tops.

    False if some of it lies outside, or if one place is not further on than the one before.
    """
    if min(lefts) < 0 or max(lefts) + width > pixels.shape[1]:
        return False
    if tops[0] < 0 or tops[-1] + height > pixels.shape[0] or tops[-1] - tops[0] < len(tops) - 1:
        return False
    if len(tops) == 1:
        row = pixels[tops[0] : tops[0] + height]
        for x, argb in zip(lefts, colors[0].tolist(), strict=True):
            row[:, x : x + width] = argb
        return True
    if height == 1 and tops[-1] - tops[0] == len(tops) - 1:
        band = pixels[tops[0] : tops[0] + len(tops)]
        for x, column in zip(lefts, np.ascontiguousarray(colors.T)[:, :, None], strict=True):
            band[:, x : x + width] = column
        return True
    for y, colors_of_row in zip(tops, colors.tolist(), strict=True):
        row = pixels[y : y + height]
        for x, argb in zip(lefts, colors_of_row, strict=True):
            row[:, x : x + width] = argb
    return True
