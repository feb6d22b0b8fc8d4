"""The display list: everything a view can put on a device, as plain values.

Lengths are logical pixels, angles do not occur, colours are 0xAARRGGBB integers that are
already resolved for the theme. One painter (`rnnviz.views.painter`) draws all of them, on the
screen and in vector files alike.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.colors import ColorScale

Family = Literal["sans", "serif", "mono"]
Align = Literal["left", "center", "right"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rect:
    """An axis-parallel box: left, top, width, height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x < self.right and self.y <= y < self.bottom

    def overlaps(self, other: Rect) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )

    def inset(self, dx: float, dy: float | None = None) -> Rect:
        dy = dx if dy is None else dy
        return Rect(self.x + dx, self.y + dy, self.w - 2 * dx, self.h - 2 * dy)


@dataclass(frozen=True, slots=True)
class Box:
    """A filled and stroked rectangle; fill or stroke 0 means none."""

    rect: Rect
    fill: int = 0
    stroke: int = 0
    width: float = 1.0
    radius: float = 0.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text inside its rect, vertically centred; `size` is the font's pixel size."""

    rect: Rect
    text: str
    color: int
    size: float = 12.0
    align: Align = "center"
    family: Family = "sans"
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Equation:
    """Typeset mathematics (LaTeX) with its left edge and vertical centre in the rect."""

    rect: Rect
    tex: str
    color: int
    size: float = 16.0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Wire:
    """A polyline, or a smooth curve through its points, with an optional arrow head at the end."""

    points: tuple[tuple[float, float], ...]
    color: int
    width: float = 1.5
    head: bool = True
    dashed: bool = False
    curved: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """N vectors of n values, each a row (or column) of small coloured cells, numbers optional.

    xs, ys: (N,) left and top of each vector's first cell; values: (N, n). Cell k of vector j
    stands at ``xs[j] + k * (w + gap)`` (or down the y axis if vertical). What is no number (NaN,
    ∞) draws as hatching.
    """

    xs: Floats
    ys: Floats
    values: NDArray[np.floating]
    w: float
    h: float
    scale: ColorScale
    gap: float = 1.0
    vertical: bool = False
    numbers: bool = False
    size: float = 9.0


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A heatmap: values (R, C) stretched over the rect, one colour a cell, no smoothing; what is
    no number (NaN, ∞) is hatched."""

    rect: Rect
    values: NDArray[np.floating]
    scale: ColorScale


@dataclass(frozen=True, slots=True, eq=False)
class Picture24:
    """A photograph-like image: pixels (h, w, 3) uint8 stretched over the rect."""

    rect: Rect
    pixels: NDArray[np.uint8]
    smooth: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """N filled bars: rects (N, 4) as left, top, width, height; colors (N,) 0xAARRGGBB."""

    rects: Floats
    colors: NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A polyline of many points (N, 2); reduced by the scene to what the pixels can show."""

    points: Floats
    color: int
    width: float = 1.5
    dashed: bool = False


Shape = Box | Label | Equation | Wire | Cells | Raster | Picture24 | Bars | Curve

Role = Literal["figure", "cursor", "control"]
"""What a layer is for: it belongs to the figure; it marks the step at the cursor; or it only
answers to a hand on the screen (`rnnviz.scene.figure` says what of it goes on paper)."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Shapes that change together. The painter keeps a layer's raster until `key` changes.

    A layer that changes with every frame (values, playback) has key None and is never cached.
    The boxes, wires and labels of a `recurring` layer are the same objects again and again: the
    painter may keep the pixels of each. Where they overlap, wires and boxes may change places.
    On paper the shapes of a control give way to those of `paper`, if any.
    """

    shapes: tuple[Shape, ...]
    key: Hashable = None
    clip: Rect | None = None
    recurring: bool = False
    role: Role = "figure"
    paper: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that answers to the mouse: `node` is its stable id (``h_l0@3``), `tip` its words."""

    rect: Rect
    node: str
    tip: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What one view shows now: layers bottom to top, the places that answer, and a summary.

    `summary` says in one or two sentences what is shown (for screen readers); `left_out` names what
    belongs to the picture and has no room in it.
    """

    width: float
    height: float
    background: int
    layers: tuple[Layer, ...]
    hits: Sequence[Hit] = field(default=())
    summary: str = ""
    left_out: tuple[str, ...] = field(default=(), kw_only=True)

    def hit(self, x: float, y: float) -> Hit | None:
        """The topmost place under the point."""
        for hit in reversed(self.hits):
            if hit.rect.contains(x, y):
                return hit
        return None
