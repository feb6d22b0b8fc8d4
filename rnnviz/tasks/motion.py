"""Clips of shapes that move, rest, bounce off the walls and merge, with a label per frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks import canvas
from rnnviz.tasks.canvas import COLOURS, SHAPES, Floats

ACTIONS = ("still", "left", "right", "up", "down", "bounce", "merge")
STEPS = 20

_STILL, _LEFT, _RIGHT, _UP, _DOWN, _BOUNCE, _MERGE = range(7)
_DIRECTIONS = np.array([[0, 0], [-1, 0], [1, 0], [0, -1], [0, 1]], np.float32)
_PALETTE = np.array(list(COLOURS.values()), np.float32)


class Clips:
    """n clips of ``STEPS`` frames: positions, sizes and labels; drawn at any resolution.

    A main shape changes its motion now and then; at a wall it turns round and the frame in
    which it does is labelled ``bounce``. In some clips a second shape waits or drifts in its
    way: when they touch they become one larger shape, and that frame is labelled ``merge``.
    ``labels`` (n, STEPS) is -1 in the first frame, where nothing can have moved yet.
    """

    def __init__(self, n: int, rng: np.random.Generator) -> None:
        self._shape = rng.integers(0, len(SHAPES), (2, n))
        self._colour = rng.integers(0, len(COLOURS), (2, n))
        self._colour[1] = (self._colour[0] + rng.integers(1, len(COLOURS), n)) % len(COLOURS)
        self._place = np.zeros((STEPS, 2, n, 2), np.float32)
        self._radius = np.zeros((STEPS, 2, n), np.float32)
        self.labels = np.full((n, STEPS), -1, dtype=np.intp)
        place = rng.uniform(-0.6, 0.6, (n, 2)).astype(np.float32)
        radius = rng.uniform(0.2, 0.3, n).astype(np.float32)
        speed = rng.uniform(0.12, 0.2, n).astype(np.float32)
        motion = rng.integers(0, 5, n)
        other = rng.uniform(-0.7, 0.7, (n, 2)).astype(np.float32)
        # The second shape must not overlap the first in the first frame.
        apart = np.hypot(*(other - place).T) > 0.7
        present = (rng.random(n) < 0.6) & apart
        for t in range(STEPS):
            if t > 0:
                changed = rng.random(n) < 0.12
                motion = np.where(changed, rng.integers(0, 5, n), motion)
                # Half of the clips with a second shape steer towards it.
                motion = np.where(
                    changed & present & (rng.random(n) < 0.7), _towards(other - place), motion
                )
                moved = place + _DIRECTIONS[motion] * speed[:, None]
                limit = 1 - radius
                hit = (np.abs(moved) > limit[:, None]).any(axis=1) & (motion != _STILL)
                # Turn round: left and right, up and down swap; the frame stays at the wall.
                moved = np.clip(moved, -limit[:, None], limit[:, None])
                motion = np.where(hit, np.array([0, 2, 1, 4, 3])[motion], motion)
                shown = np.where(hit, _BOUNCE, _seen(moved - place))
                place = moved
                gap = np.hypot(*(other - place).T) - radius - self._radius[t - 1, 1]
                merged = present & (gap < 0)
                shown = np.where(merged, _MERGE, shown)
                radius = np.where(merged, np.minimum(radius * 1.35, 0.42), radius)
                place = np.clip(place, -(1 - radius[:, None]), 1 - radius[:, None])
                present &= ~merged
                self.labels[:, t] = shown
            self._place[t, 0], self._place[t, 1] = place, other
            self._radius[t, 0] = radius
            self._radius[t, 1] = np.where(present, 0.24, 0.0)

    def __len__(self) -> int:
        return len(self.labels)

    def draw(self, size: int, rows: NDArray[np.intp] | None = None) -> Floats:
        """Frames (STEPS, n, size, size, 3), values 0 to 1."""
        rows = np.arange(len(self)) if rows is None else rows
        frames = np.empty((STEPS, len(rows), size, size, 3), np.float32)
        level = np.zeros(len(rows), np.float32)
        for t in range(STEPS):
            frame = canvas.blank(len(rows), size)
            for which in (1, 0):
                canvas.stamp(
                    frame,
                    self._shape[which, rows],
                    self._place[t, which, rows, 0],
                    self._place[t, which, rows, 1],
                    self._radius[t, which, rows],
                    level,
                    _PALETTE[self._colour[which, rows]],
                )
            frames[t] = frame
        return frames


def _towards(way: Floats) -> NDArray[np.intp]:
    """The motion that shortens the longer part of a way (n, 2)."""
    sideways = np.abs(way[:, 0]) > np.abs(way[:, 1])
    across = np.where(way[:, 0] < 0, _LEFT, _RIGHT)
    return np.where(sideways, across, np.where(way[:, 1] < 0, _UP, _DOWN))


def _seen(moved: Floats) -> NDArray[np.intp]:
    """The label of a displacement (n, 2)."""
    return np.where(np.abs(moved).max(axis=1) < 1e-6, _STILL, _towards(moved))
