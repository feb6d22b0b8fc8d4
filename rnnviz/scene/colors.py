"""Values to colours: fixed-range maps that stay legible for colour-blind eyes and projectors.

The maps are interpolated in CIELAB between a few anchors of our own, so that lightness falls
evenly to both sides of zero; the ends of the diverging maps differ in hue along the axis that
all common colour deficiencies can tell apart (violet–orange on light, blue–orange on dark).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.color_vision import seen
from rnnviz.scene.theme import DARK, LIGHT, Vision

MapName = str
"""A key of ``_ANCHORS``, or one with ``:vision`` after it: the map as those eyes see it."""

VEIL = 0xA8 / 0xFF
"""How much of the ground lies over what the cursor has not reached: seen, but clearly not there."""
_PALE = "~pale"

_ANCHORS: dict[MapName, tuple[str, ...]] = {
    "diverging": ("#4a1486", "#7f5cab", "#b9a6d1", "#ffffff", "#e3b98b", "#cc7c35", "#a64b00"),
    "diverging-dark": ("#8fb4ff", "#5577d8", "#2f4078", "#1c2128", "#7a4a20", "#d07a2c", "#ffb066"),
    "sequential": ("#ffffff", "#cfdcf0", "#8fb0dc", "#4c80c4", "#1f549f", "#08306b"),
    "sequential-dark": ("#1c2128", "#1f3a66", "#2d64ac", "#5490dc", "#94bff5", "#e2efff"),
}


def srgb_to_lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = linear @ to_xyz.T / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)


def _lab_to_srgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    fy = (lab[:, 0] + 16) / 116
    f = np.stack([fy + lab[:, 1] / 500, fy, fy - lab[:, 2] / 200], 1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * np.array(
        [0.95047, 1.0, 1.08883]
    )
    from_xyz = np.array(
        [
            [3.2404542, -1.5371385, -0.4985314],
            [-0.9692660, 1.8760108, 0.0415560],
            [0.0556434, -0.2040259, 1.0572252],
        ]
    )
    linear = np.clip(xyz @ from_xyz.T, 0.0, 1.0)
    srgb: NDArray[np.float64] = np.where(
        linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055
    )
    return srgb


@cache
def lut(name: MapName) -> NDArray[np.uint32]:
    """257 colours 0xFFRRGGBB from the low to the high end of the map; odd, so zero has its own."""
    if name.endswith(_PALE):
        clear = name.removesuffix(_PALE)
        ground = (DARK if clear.partition(":")[0].endswith("-dark") else LIGHT).panel
        return _frozen(veiled(lut(clear), ground))
    name, _, vision = name.partition(":")
    anchors = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in _ANCHORS[name]])
    lab = srgb_to_lab(anchors)
    at = np.linspace(0.0, 1.0, 257)
    stops = np.linspace(0.0, 1.0, len(anchors))
    mixed = np.stack([np.interp(at, stops, lab[:, k]) for k in range(3)], 1)
    rgb = np.rint(_lab_to_srgb(mixed) * 255).astype(np.uint32)
    table: NDArray[np.uint32] = (
        np.uint32(0xFF000000) | rgb[:, 0] << np.uint32(16) | rgb[:, 1] << np.uint32(8) | rgb[:, 2]
    ).astype(np.uint32)
    return _frozen(seen(table, cast(Vision, vision or "typical")))


def _frozen(table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    table.flags.writeable = False
    return table


def veiled(colors: NDArray[np.uint32], ground: int) -> NDArray[np.uint32]:
    """Opaque colours as they look under the veil, which lets `VEIL` of the ground through."""
    shifts = np.array([16, 8, 0], dtype=np.uint32)
    clear = (colors[..., None] >> shifts & np.uint32(0xFF)).astype(np.float64)
    below = np.array([ground >> shift & 0xFF for shift in (16, 8, 0)], dtype=np.float64)
    parts = np.rint(clear * (1 - VEIL) + below * VEIL).astype(np.uint32) << shifts
    pale: NDArray[np.uint32] = np.uint32(0xFF000000) | parts.sum(-1, dtype=np.uint32)
    return pale


@dataclass(frozen=True, slots=True)
class ColorScale:
    """A map with its fixed range; values beyond it take the end colours, NaN is for the painter."""

    map: MapName
    low: float
    high: float

    @property
    def pale(self) -> ColorScale:
        """The same scale under the veil: for what the cursor has not reached."""
        return ColorScale(f"{self.map}{_PALE}", self.low, self.high)

    @property
    def ground(self) -> int:
        """The colour of zero, on which hatching stands."""
        return int(self.colors(np.zeros(1))[0])

    def index(self, values: NDArray[np.floating]) -> NDArray[np.uint16]:
        """Row of the table for each value, 0 … 256; NaN counts as the low end."""
        # Infinity is bounded below like any other; on a scale that is infinite it is no number.
        with np.errstate(over="ignore", invalid="ignore"):
            unit = (values - self.low) * (256.0 / (self.high - self.low))
        # fmax and fmin take the other operand where one is NaN.
        bounded = np.fmin(np.fmax(unit, 0.0), 256.0) + 0.5
        index: NDArray[np.uint16] = bounded.astype(np.uint16)
        return index

    def colors(self, values: NDArray[np.floating]) -> NDArray[np.uint32]:
        """0xFFRRGGBB for each value, in the shape of `values`."""
        colors: NDArray[np.uint32] = lut(self.map)[self.index(values)]
        return colors


def luminance(color: int) -> float:
    """Relative luminance of 0xAARRGGBB, 0 (black) to 1 (white) (WCAG 2.1)."""
    parts = [(color >> shift & 0xFF) / 255 for shift in (16, 8, 0)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: int, b: int) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=4096)
def ink_on(color: int) -> int:
    """Black or white, whichever reads better on the colour."""
    dark, light = 0xFF1B1F24, 0xFFFFFFFF
    return dark if contrast(dark, color) >= contrast(light, color) else light
