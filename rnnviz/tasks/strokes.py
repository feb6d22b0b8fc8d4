"""Digits drawn with a pen: stroke letterforms, bent and turned differently each time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks.canvas import Floats, plane

Pen = list[tuple[float, float]]
_POINTS = 28


def _arc(cx: float, cy: float, rx: float, ry: float, start: float, stop: float) -> Pen:
    """Points of an elliptic arc; degrees, 0 to the right, clockwise on screen."""
    turn = np.radians(np.linspace(start, stop, 16))
    return [(cx + rx * float(np.cos(a)), cy + ry * float(np.sin(a))) for a in turn]


# Several ways to write each digit, in a box from (-0.5, -0.8) to (0.5, 0.8), y down.
_FORMS: dict[int, list[Pen]] = {
    0: [_arc(0, 0, 0.5, 0.8, -90, 270), _arc(0, 0, 0.38, 0.8, -60, 300)],
    1: [
        [(-0.3, -0.45), (0.08, -0.8), (0.08, 0.8)],
        [(0, -0.8), (0, 0.8)],
        [(-0.3, -0.5), (0.05, -0.8), (0.05, 0.8), (-0.3, 0.8), (0.4, 0.8)],
    ],
    2: [
        [*_arc(0, -0.38, 0.45, 0.42, 190, 370), (-0.45, 0.8), (0.5, 0.8)],
        [*_arc(0, -0.36, 0.4, 0.44, 215, 390), (-0.4, 0.74), (0, 0.7), (0.5, 0.78)],
    ],
    3: [
        [*_arc(-0.02, -0.4, 0.42, 0.4, 205, 440), *_arc(-0.02, 0.4, 0.48, 0.4, -80, 150)],
        [(-0.42, -0.8), (0.4, -0.8), (-0.05, -0.15), *_arc(-0.02, 0.35, 0.46, 0.45, -70, 150)],
    ],
    4: [
        [(0.1, -0.8), (-0.5, 0.3), (0.5, 0.3), (0.22, 0.3), (0.22, -0.3), (0.22, 0.8)],
        [(-0.4, -0.8), (-0.45, 0.1), (0.45, 0.1), (0.35, 0.1), (0.38, -0.8), (0.3, 0.8)],
    ],
    5: [
        [(0.45, -0.8), (-0.35, -0.8), (-0.4, -0.15), *_arc(-0.02, 0.3, 0.48, 0.48, -120, 140)],
        [(0.4, -0.78), (-0.3, -0.8), (-0.36, -0.1), *_arc(-0.05, 0.28, 0.42, 0.5, -100, 150)],
    ],
    6: [
        [*_arc(0.35, 0.25, 0.82, 1.05, 265, 185), *_arc(0, 0.38, 0.45, 0.42, 180, 540)],
        [(0.3, -0.8), (-0.25, 0.0), *_arc(0, 0.38, 0.4, 0.42, 200, 545)],
    ],
    7: [
        [(-0.48, -0.8), (0.48, -0.8), (-0.12, 0.8)],
        [(-0.45, -0.8), (0.45, -0.8), (0.12, 0.02), (-0.25, 0.02), (0.32, 0.02), (-0.15, 0.8)],
    ],
    8: [
        [*_arc(0, -0.4, 0.38, 0.38, 90, -270), *_arc(0, 0.4, 0.46, 0.42, -90, 270)],
        [*_arc(0, -0.42, 0.36, 0.36, 60, -240), *_arc(0, 0.38, 0.44, 0.44, -65, 245)],
    ],
    9: [
        [*_arc(0, -0.38, 0.43, 0.42, 0, -360), (0.4, 0.1), (0.3, 0.8)],
        [*_arc(0, -0.4, 0.42, 0.4, 10, -340), *_arc(-0.15, 0.2, 0.56, 0.6, -35, 120)],
    ],
}


def _evenly(pen: Pen) -> NDArray[np.float64]:
    """The same line as ``_POINTS`` points at equal distances, (_POINTS, 2)."""
    points = np.array(pen)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    at = np.linspace(0, along[-1], _POINTS)
    return np.stack([np.interp(at, along, points[:, i]) for i in (0, 1)], axis=1)


_LINES = [[_evenly(pen) for pen in _FORMS[digit]] for digit in range(10)]


def pen_lines(digits: NDArray[np.intp], rng: np.random.Generator) -> Floats:
    """A pen line for each digit, turned, slanted, scaled, shifted and bent, (n, points, 2)."""
    n = len(digits)
    pick = rng.random(n)
    lines = np.stack(
        [_LINES[d][int(p * len(_LINES[d]))] for d, p in zip(digits, pick, strict=True)]
    )
    turn = rng.normal(0, 0.12, n)
    slant = rng.normal(0.1, 0.18, n)
    scale = rng.uniform(0.72, 1.02, (n, 2))
    cos, sin = np.cos(turn), np.sin(turn)
    x = lines[..., 0] * scale[:, :1] - slant[:, None] * lines[..., 1] * scale[:, 1:]
    y = lines[..., 1] * scale[:, 1:]
    bend = rng.normal(0, 0.05, (4, n, 1))
    phase = rng.uniform(0, 2 * np.pi, (2, n, 1))
    x = x + bend[0] * np.sin(2.5 * y + phase[0]) + bend[1] * y * y
    y = y + bend[2] * np.sin(2.5 * x + phase[1]) + bend[3] * x
    shift = rng.uniform(-0.12, 0.12, (2, n, 1))
    turned = np.stack([cos[:, None] * x - sin[:, None] * y, sin[:, None] * x + cos[:, None] * y])
    result: Floats = (np.moveaxis(turned + shift, 0, -1) * 0.92).astype(np.float32)
    return result


def ink(lines: Floats, width: Floats, size: int) -> Floats:
    """How much ink each pixel gets from round pens of these widths (n,), (n, size, size)."""
    px, py = plane(size)
    x, y = px.ravel()[None, :, None], py.ravel()[None, :, None]
    result = np.empty((len(lines), size, size), np.float32)
    step = max(1, 4_000_000 // (size * size * _POINTS))
    for start in range(0, len(lines), step):
        part = slice(start, start + step)
        a, b = lines[part, None, :-1], lines[part, None, 1:]
        ax, ay = a[..., 0], a[..., 1]
        bx, by = b[..., 0] - ax, b[..., 1] - ay
        along = ((x - ax) * bx + (y - ay) * by) / (bx * bx + by * by + np.float32(1e-9))
        along = np.clip(along, 0, 1)
        square = (x - ax - along * bx) ** 2 + (y - ay - along * by) ** 2
        near = np.sqrt(square.min(axis=-1)) - width[part, None] / 2
        result[part] = np.clip(0.5 - near * (size / 2), 0, 1).reshape(-1, size, size)
    return result
