"""A fixed description of a picture for a network without convolutions: colours and edges."""

from __future__ import annotations

import numpy as np

from rnnviz.tasks.canvas import Floats

_COLOUR_CELLS = 8
_EDGE_CELLS = 6
_DIRECTIONS = 6


def feature_count(side: int) -> int:
    """Numbers per picture of ``side`` × ``side`` pixels (a multiple of 24)."""
    assert side % (_COLOUR_CELLS * 3) == 0
    return 3 * _COLOUR_CELLS**2 + _DIRECTIONS * _EDGE_CELLS**2


def picture_features(pictures: Floats) -> Floats:
    """Mean colours of 8 × 8 cells and edge strengths in six directions of 6 × 6 cells.

    ``pictures`` (n, side, side, 3) with values 0 to 1 → (n, C). The edges are a histogram of
    oriented gradients (Dalal and Triggs, 2005) without block normalisation; the direction of an
    edge counts in the two nearest bins, in proportion.
    """
    n, side = pictures.shape[:2]
    colours = _cells(pictures - pictures[:, :1, :1], _COLOUR_CELLS).reshape(n, -1)
    dy, dx = np.gradient(pictures, axis=(1, 2))
    strength = np.hypot(dx, dy)
    # The channel with the steepest slope decides the direction of the edge.
    steepest = strength.argmax(axis=-1)[..., None]
    along = np.take_along_axis(np.arctan2(dy, dx), steepest, -1)[..., 0]
    strength = np.take_along_axis(strength, steepest, -1)[..., 0]
    position = np.mod(along / np.pi, 1.0) * _DIRECTIONS
    edges = np.empty((n, side, side, _DIRECTIONS), np.float32)
    for direction in range(_DIRECTIONS):
        away = np.abs(position - direction)
        away = np.minimum(away, _DIRECTIONS - away)
        edges[..., direction] = strength * np.clip(1 - away, 0, 1)
    features = np.concatenate([colours * 2, _cells(edges, _EDGE_CELLS).reshape(n, -1) * 6], axis=1)
    return features.astype(np.float32)


def _cells(values: Floats, count: int) -> Floats:
    """Means over ``count`` × ``count`` cells, (n, count, count, channels)."""
    n, side, _, channels = values.shape
    width = side // count
    result: Floats = values.reshape(n, count, width, count, width, channels).mean(axis=(2, 4))
    return result
