"""The rows of the graph: how high, how detailed, and how wide the boxes in them are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from rnnviz.scene.timeline import OpKind
from rnnviz.trace import ModelSpec

RowKind = Literal["loss", "output", "state", "input", "frames"]
Detail = Literal["boxes", "columns", "band"]
Fill = Literal["numbers", "cells", "strip", "token", "answer", "none"]

HEADER = 30.0
"""Height of the line with title and scales, logical pixels."""
BOTTOM = 22.0
"""Room under the lowest row for the tokens."""
BOXES_FROM = 17.0
"""Column pitch from which steps are boxes with wires."""
COLUMNS_FROM = 4.0
"""Column pitch from which steps are vectors of their own; below, rows are bands."""
_NARROW = 64.0
"""Width below which the distribution over many classes says nothing, logical pixels."""
_LETTERED = 27.5
"""Height of a box that has room for numbers and the letters over them."""
_CLOSEST = 0.75
"""Least gap between two rows, in heights of a box: arrows between them must be seen."""
LETTERED = 0.85
"""Font size of words in a box as a share of its height: they do not touch its edge."""
PAD = 4.0
"""Between a box's edge and its values."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the graph: all steps of one quantity. `layer` is ``l0``, ``l0_reverse``, …"""

    kind: RowKind
    layer: str
    top: float
    height: float
    fill: Fill
    box_width: float
    shift: float
    count: int
    first: int
    last: int

    @property
    def corner(self) -> float:
        """Radius of the corners of its boxes."""
        return min(6.0, self.box_width * 0.2)

    @property
    def middle(self) -> float:
        return self.top + self.height / 2

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def reverse(self) -> bool:
        return self.layer.endswith("_reverse")

    @property
    def depth(self) -> int:
        """Number of the layer, 0 at the bottom."""
        return int(self.layer[1:].split("_")[0]) if self.layer else 0

    @property
    def kind_of_operation(self) -> OpKind:
        """The operations of the timeline that compute this row."""
        return "input" if self.kind == "frames" else self.kind

    def has(self, column: int) -> bool:
        return self.first <= column < self.last


def reached(rows: list[Row]) -> tuple[Row, ...]:
    """With two directions wires run beside the middle: inputs and outputs are as wide as these."""
    rails = [row.box_width for row in rows if row.shift != 0.0]
    least = max(rails, default=0.0)
    return tuple(
        replace(row, box_width=least)
        if row.kind in ("input", "output") and row.box_width < least
        else row
        for row in rows
    )


def detail_at(pitch: float) -> Detail:
    """How much of a step is drawn at that column pitch."""
    return "boxes" if pitch >= BOXES_FROM else "columns" if pitch >= COLUMNS_FROM else "band"


def lettering_at(height: float) -> float:
    """How much larger letters and figures are in a large picture (a projector, a slide)."""
    return round(min(max(height / 400.0, 1.0), 2.4), 2)


def stack(
    weights: list[float], height: float, detail: Detail
) -> tuple[list[float], list[float], float]:
    """Tops and heights of the rows from top to bottom, and the gap between them."""
    room = max(height - HEADER - BOTTOM * lettering_at(height) - 6.0, 40.0)
    gaps = len(weights) - 0.35
    share = {"boxes": 1.15, "columns": 0.5, "band": 0.3}[detail]
    if detail == "boxes":
        # In a low picture the boxes come closer rather than lose their letters.
        share = min(max((room / _LETTERED - sum(weights)) / gaps, _CLOSEST), share)
    unit = room / (sum(weights) + share * gaps)
    # A large picture (a projector, a slide) has larger boxes, not only more air.
    caps = {"boxes": min(max(34.0, room * 0.11), 120.0), "columns": 90.0, "band": 160.0}[detail]
    heights = [min(unit, caps) * weight for weight in weights]
    gap = (room - sum(heights)) / max(gaps, 0.65)
    gap = min(gap, max(120.0, room * 0.15))
    spare = max(room - sum(heights) - gap * gaps, 0.0)
    tops: list[float] = []
    y = HEADER + 6.0 + gap * 0.65 + spare / 2
    for own in heights:
        tops.append(float(round(y)))
        y += own + gap
    return tops, [max(float(round(h)), 3.0) for h in heights], gap


def fill_of(
    kind: RowKind,
    spec: ModelSpec,
    count: int,
    pitch: float,
    height: float,
    detail: Detail,
    shift: float,
) -> tuple[Fill, float]:
    """What a box of the row shows and how wide it is."""
    # Losses and pictures are no vectors, from near or far.
    fill: Fill = "none" if kind in ("loss", "frames") else "strip"
    if detail == "band":
        return fill, pitch
    if detail == "columns":
        return fill, max(round(pitch) - 1.0, 1.0)
    most = pitch - (24.0 if pitch >= 76 else max(pitch * 0.3, 6.0)) - 2 * shift
    if kind == "loss":
        return fill, min(most, max(74.0, 2.0 * height))
    if kind == "frames":
        return fill, min(most, height)
    if count <= 8 and height >= 18:
        cell = (most - 2 * PAD) / count - 2.0
        if cell >= 19.0:
            cell = min(cell, 30.0 if height < 40 else min(max(44.0, 0.9 * height), 110.0))
            return "numbers", count * (cell + 2.0) - 2.0 + 2 * PAD
    one_hot = kind == "input" and spec.input_kind == "one-hot"
    if one_hot and count > 8:
        return "token", min(most, 64.0)
    if count <= 24 and (most - 2 * PAD) / count >= 5.0:
        cell = min((most - 2 * PAD) / count - 1.0, 14.0)
        return "cells", count * (cell + 1.0) - 1.0 + 2 * PAD
    wide = min(most, max(96.0, 1.6 * height))
    if kind == "output" and spec.loss == "cross-entropy" and wide < max(_NARROW, 1.5 * count):
        return "answer", wide
    return "strip", wide
