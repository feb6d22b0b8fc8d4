"""Filled shapes with soft edges, drawn for many pictures at once at any resolution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHAPES = ("circle", "square", "triangle", "star")
PAPER = (0.965, 0.957, 0.937)
COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.84, 0.19, 0.18),
    "orange": (0.96, 0.60, 0.12),
    "yellow": (0.98, 0.85, 0.22),
    "green": (0.22, 0.63, 0.33),
    "blue": (0.16, 0.42, 0.78),
    "purple": (0.53, 0.27, 0.66),
}


def blank(n: int, size: int) -> Floats:
    """n sheets of paper, (n, size, size, 3) with values 0 to 1."""
    return np.tile(np.asarray(PAPER, np.float32), (n, size, size, 1))


def plane(size: int) -> tuple[Floats, Floats]:
    """Pixel centres of a picture, x to the right and y down, from -1 to 1; each (size, size)."""
    axis = np.linspace(-1 + 1 / size, 1 - 1 / size, size, dtype=np.float32)
    x: Floats = np.tile(axis, (size, 1))
    return x, x.T


def stamp(
    canvas: Floats,
    kind: NDArray[np.intp],
    x: Floats,
    y: Floats,
    radius: Floats,
    angle: Floats,
    colour: Floats,
) -> None:
    """Paint one shape into each picture, in place.

    ``kind`` (n,) indexes ``SHAPES``; centre, radius (in half picture widths) and angle
    (radians) are (n,), colour is (n, 3). A radius of 0 paints nothing. The rim is darker.
    """
    size = canvas.shape[1]
    px, py = plane(size)
    edge = 2.0 / size
    for index in range(len(SHAPES)):
        rows = np.flatnonzero((kind == index) & (radius > 0))
        # A few hundred pictures at a time stay in the cache.
        for part in np.array_split(rows, max(1, len(rows) * size * size // 500_000)):
            if len(part) == 0:
                continue
            scale = radius[part, None, None]
            dx = (px - x[part, None, None]) / scale
            dy = (py - y[part, None, None]) / scale
            cos, sin = np.cos(angle[part, None, None]), np.sin(angle[part, None, None])
            distance = _distance(SHAPES[index], cos * dx + sin * dy, cos * dy - sin * dx) * scale
            inside = np.clip(0.5 - distance / edge, 0, 1)[..., None]
            core = np.clip(0.5 - (distance + 0.12 * scale) / edge, 0, 1)[..., None]
            ink = colour[part, None, None, :] * (0.72 + 0.28 * core)
            canvas[part] += inside * (ink - canvas[part])


def _distance(shape: str, x: Floats, y: Floats) -> Floats:
    """Signed distance to a shape of radius 1, negative inside (exact near its edges)."""
    if shape == "circle":
        return np.hypot(x, y) - np.float32(1)
    if shape == "square":
        return np.maximum(np.abs(x), np.abs(y)) - np.float32(0.85)
    if shape == "triangle":
        slant = np.float32(np.sqrt(3) / 2) * np.abs(x) - np.float32(0.5) * y
        three: Floats = np.maximum(slant - np.float32(0.55), y - np.float32(0.6))
        return three
    # Five-pointed star: fold the plane into one tenth and measure to its single edge.
    fifth = np.float32(2 * np.pi / 5)
    turn = np.arctan2(x, -y)
    folded = np.abs(np.mod(turn + fifth / 2, fifth) - fifth / 2)
    r = np.hypot(x, y)
    tip, notch = 1.15, 0.52
    nx, ny = notch * np.sin(np.pi / 5), tip - notch * np.cos(np.pi / 5)
    length = np.hypot(nx, ny)
    result: Floats = ((r * np.cos(folded) - tip) * nx + r * np.sin(folded) * ny) / length
    return result.astype(np.float32)


def to_bytes(canvas: Floats) -> NDArray[np.uint8]:
    """Values 0 to 1 as bytes."""
    return np.rint(np.clip(canvas, 0, 1) * 255).astype(np.uint8)


def resize(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """The middle square of a picture (h, w, 3), averaged or repeated to (size, size, 3)."""
    side = min(picture.shape[:2])
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    square = picture[top : top + side, left : left + side].astype(np.float32)
    # Area averaging by cumulative sums: exact for any pair of sizes.
    marks = np.linspace(0, side, size + 1)
    for axis in (0, 1):
        total = np.concatenate(
            [np.zeros_like(np.take(square, [0], axis)), np.cumsum(square, axis)], axis
        )
        low = np.floor(marks).astype(int)
        part = (marks - low).astype(np.float32)
        shape = [1, 1, 1]
        shape[axis] = -1
        at = np.take(total, low, axis) * (1 - part.reshape(shape)) + np.take(
            total, np.minimum(low + 1, side), axis
        ) * part.reshape(shape)
        square = np.diff(at, axis=axis) * (size / side)
    return np.rint(np.clip(square, 0, 255)).astype(np.uint8)


def shrunken(pictures: NDArray[np.uint8], size: int) -> Floats:
    """Pictures (n, s, s, 3), s a multiple of ``size``, as pixel vectors from -1 to 1, (n, C)."""
    n, side = pictures.shape[:2]
    block = side // size
    cells = pictures.reshape(n, size, block, size, block, 3).mean(axis=(2, 4), dtype=np.float32)
    result: Floats = cells.reshape(n, -1) / np.float32(127.5) - np.float32(1)
    return result
