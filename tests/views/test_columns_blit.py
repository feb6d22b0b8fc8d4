"""Many thin bars at once leave the same pixels as the same bars one after the other."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.views.columns_blit import FROM, blit_columns

_WIDTH, _HEIGHT = 240, 60


def _one_by_one(edges: np.ndarray, colors: np.ndarray) -> np.ndarray:
    pixels = np.zeros((_HEIGHT, _WIDTH), np.uint32)
    for (x0, y0, x1, y1), color in zip(edges.tolist(), colors.tolist(), strict=True):
        x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
        if x1 > 0 and y1 > 0:
            pixels[max(y0, 0) : y1, max(x0, 0) : x1] = color
    return pixels


@pytest.mark.parametrize("widest", [0, 1, 2])
@pytest.mark.parametrize("seed", range(5))
def test_thin_bars_that_overlap_are_written_as_one_by_one(widest: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    lefts = np.sort(random.choice(_WIDTH + 10, FROM, replace=False) - 5)
    lefts[1::7] = lefts[:-1:7]
    tops = random.integers(-5, _HEIGHT, FROM)
    rights = lefts + random.integers(0, widest + 1, FROM)
    bottoms = tops + random.integers(0, 30, FROM)
    edges = np.stack([lefts, tops, rights, bottoms], 1).astype(np.intp)
    colors = random.integers(0, 2**32, FROM, dtype=np.uint32)
    pixels = np.zeros((_HEIGHT, _WIDTH), np.uint32)
    assert blit_columns(pixels, edges, colors)
    assert (pixels == _one_by_one(edges, colors)).all()


def test_bars_in_no_order_and_wide_bars_are_left_to_others() -> None:
    lefts = np.arange(FROM)
    edges = np.stack([lefts, np.zeros(FROM), lefts + 1, np.ones(FROM)], 1).astype(np.intp)
    colors, pixels = np.ones(FROM, np.uint32), np.zeros((_HEIGHT, _WIDTH), np.uint32)
    assert not blit_columns(pixels, edges[::-1], colors)
    edges[:, 2] += 20
    assert not blit_columns(pixels, edges, colors)
    assert not pixels.any()
