"""A fixed description of a picture for a network without convolutions: what each colour covers."""

from __future__ import annotations

import numpy as np

from rnnviz.tasks.canvas import COLOURS, Floats, plane

SIDE = 32
"""Pixels along the side of the pictures that are described."""

_CELLS = 4
_MOMENTS = 6
FEATURES = len(COLOURS) * (_CELLS**2 + _MOMENTS)
"""C, numbers per picture."""

_PALEST = 0.12
_SMALLEST_SHARE = 0.008


def picture_features(pictures: Floats) -> Floats:
    """Pictures (n, SIDE, SIDE, 3) with values 0 to 1 → (n, FEATURES).

    Pixels are shared out to the named colours by their hue. Of each colour: its cover in 4 × 4
    cells; whether it is there, its centre and its size; and two measures of how compact it is
    that do not change with size, place or turn: the length of its outline for the root of its
    area, and its moment of inertia for its area (the first of Hu's invariants, 1962).
    """
    masks = _colour_masks(pictures)
    n, count = masks.shape[:2]
    sums = masks.reshape(n, count, -1) @ _basis() / SIDE**2
    area = sums[..., 0]
    there = (area > _SMALLEST_SHARE).astype(np.float32)
    weight = there / np.maximum(area, _SMALLEST_SHARE)
    centre_x, centre_y = sums[..., 1] * weight, sums[..., 2] * weight
    inertia = (sums[..., 3] * weight - centre_x**2 - centre_y**2) * weight
    down = np.diff(masks, axis=2)[:, :, :, 1:]
    right = np.diff(masks, axis=3)[:, :, 1:, :]
    outline = np.sqrt(down * down + right * right).mean(axis=(2, 3)) * np.sqrt(weight)
    moments = [
        there,
        2 * centre_x,
        2 * centre_y,
        2 * np.sqrt(area),
        # Centred and scaled to the values of simple shapes.
        there * np.clip((outline - 0.13) * 80, -4, 8),
        there * np.clip((inertia - 0.71) * 30, -4, 8),
    ]
    features = np.concatenate([2 * sums[..., 4:] * _CELLS**2, np.stack(moments, -1)], axis=-1)
    return features.reshape(n, -1).astype(np.float32)


def _basis() -> Floats:
    """What each pixel adds to 1, x, y, x² + y² and to its cell, (SIDE², 4 + cells)."""
    x, y = plane(SIDE)
    cell = (np.arange(SIDE) * _CELLS // SIDE).astype(int)
    owner = (cell[:, np.newaxis] * _CELLS + cell).ravel()
    one: Floats = np.ones_like(x)
    sums = np.stack([one, x, y, x * x + y * y]).reshape(4, -1).T
    cells = np.eye(_CELLS**2)[owner]
    return np.concatenate([sums, cells], axis=1).astype(np.float32)


def _colour_masks(pictures: Floats) -> Floats:
    """How much of each pixel belongs to each named colour, (n, colours, h, w)."""
    red, green, blue = pictures[..., 0], pictures[..., 1], pictures[..., 2]
    spread = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    which, row, column = np.nonzero(spread > _PALEST)
    hue, spread = _hue(pictures[which, row, column])
    named, full = _hue(np.array(list(COLOURS.values()), np.float32))
    away = np.abs(hue[:, np.newaxis] - named)
    nearest = np.minimum(away, 1 - away).argmin(axis=-1)
    cover = (spread - _PALEST) / (full[nearest] * np.float32(0.6) - _PALEST)
    masks = np.zeros((len(pictures), len(COLOURS), *pictures.shape[1:3]), np.float32)
    masks[which, nearest, row, column] = np.minimum(cover, 1)
    return masks


def _hue(colours: Floats) -> tuple[Floats, Floats]:
    """Hue in turns and how far the channels lie apart, of colours (…, 3)."""
    red, green, blue = colours[..., 0], colours[..., 1], colours[..., 2]
    top = np.maximum(np.maximum(red, green), blue)
    spread = top - np.minimum(np.minimum(red, green), blue)
    safe = np.maximum(spread, np.float32(1e-6))
    hue = np.where(
        top == red,
        np.mod((green - blue) / safe, 6),
        np.where(top == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    result: Floats = (hue / 6).astype(np.float32)
    return result, spread
