"""Filled shapes with soft edges, drawn for many pictures at once at any resolution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHAPES = ("circle", "square", "triangle", "star")
_REACH = 1.25  # of a radius: the corners of squares and triangles stand out
_COARSE = 48  # pixels along the side of a small picture
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
    for index in range(len(SHAPES)):
        rows = np.flatnonzero((kind == index) & (radius > 0))
        # Shapes of similar size together, each painted only in the patch that it can touch.
        rows = rows[np.argsort(radius[rows], kind="stable")]
        for part in np.array_split(rows, max(1, len(rows) // 100)):
            if len(part) == 0:
                continue
            side = min(size, int(np.ceil(_REACH * float(radius[part[-1]]) * size)) + 2)
            left = _first_pixel(x[part], side, size)
            top = _first_pixel(y[part], side, size)
            inside, core = _cover(SHAPES[index], part, x, y, radius, angle, left, top, side, size)
            ink = colour[part, None, None, :] * (0.72 + 0.28 * core)[..., None]
            at = (
                part[:, None, None],
                (top[:, None] + np.arange(side))[:, :, None],
                (left[:, None] + np.arange(side))[:, None, :],
            )
            below = canvas[at]
            canvas[at] = below + inside[..., None] * (ink - below)


def _first_pixel(centre: Floats, side: int, size: int) -> NDArray[np.intp]:
    """Where a patch of ``side`` pixels around each centre begins, within the picture."""
    first = np.rint((centre + 1) / 2 * size - side / 2).astype(np.intp)
    return np.clip(first, 0, size - side)


def _cover(
    shape: str,
    part: NDArray[np.intp],
    x: Floats,
    y: Floats,
    radius: Floats,
    angle: Floats,
    left: NDArray[np.intp],
    top: NDArray[np.intp],
    side: int,
    size: int,
) -> tuple[Floats, Floats]:
    """How much of each pixel of a patch the shape and its inner part cover, (n, side, side)."""
    # In small pictures tips are sampled twice as finely, or they would grow by half a pixel.
    finer = 2 if size <= _COARSE and shape in ("triangle", "star") else 1
    steps = (np.arange(side * finer, dtype=np.float32) + np.float32(0.5)) / np.float32(finer)
    px = (left[:, None] + steps).astype(np.float32) * np.float32(2 / size) - 1
    py = (top[:, None] + steps).astype(np.float32) * np.float32(2 / size) - 1
    scale = radius[part, None, None]
    dx = (px - x[part, None])[:, None, :] / scale
    dy = (py - y[part, None])[:, :, None] / scale
    cos, sin = np.cos(angle[part, None, None]), np.sin(angle[part, None, None])
    distance = _distance(shape, cos * dx + sin * dy, cos * dy - sin * dx) * scale
    edge = np.float32(2 / size / finer)
    covers = []
    for shrunk in (0.0, 0.12):
        fine = np.clip(0.5 - (distance + np.float32(shrunk) * scale) / edge, 0, 1)
        cells = fine.reshape(len(part), side, finer, side, finer)
        covers.append(cells.mean(axis=(2, 4), dtype=np.float32))
    return covers[0], covers[1]


# Corners, and how far corners and the points half-way between them are from the centre.
_POLYGONS = {"square": (4, 1.2, 0.85), "triangle": (3, 1.2, 0.6), "star": (5, 1.15, 0.5)}


def _distance(shape: str, x: Floats, y: Floats) -> Floats:
    """Distance to the outline of a shape of radius 1, negative inside; a corner points up, but
    squares stand on a side.
    """
    r = np.hypot(x, y)
    if shape == "circle":
        return r - np.float32(1)
    corners, tip, notch = _POLYGONS[shape]
    # Fold the plane into half of the sector of one corner and measure to its single edge.
    sector = np.float32(2 * np.pi / corners)
    turn = np.arctan2(x, -y) + (sector / 2 if shape == "square" else np.float32(0))
    folded = np.abs(np.mod(turn + sector / 2, sector) - sector / 2)
    ex, ey = notch * np.cos(np.pi / corners) - tip, notch * np.sin(np.pi / corners)
    px, py = r * np.cos(folded) - np.float32(tip), r * np.sin(folded)
    along = np.clip((px * ex + py * ey) / (ex * ex + ey * ey), 0, 1)
    away = np.hypot(px - along * ex, py - along * ey)
    result: Floats = np.where(px * ey - py * ex > 0, away, -away).astype(np.float32)
    return result


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
