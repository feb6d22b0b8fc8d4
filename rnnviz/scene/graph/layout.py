"""Where everything in the unrolled graph stands: rows, columns and boxes, from sizes alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.graph.silence import NOTHING, Silence, silence_of
from rnnviz.scene.shapes import Floats, Rect
from rnnviz.scene.timeline import OpKind
from rnnviz.trace import ModelSpec, Part, Trace

RowKind = Literal["loss", "output", "state", "input", "frames"]
Detail = Literal["boxes", "columns", "band"]
Fill = Literal["numbers", "cells", "strip", "token", "none"]

HEADER = 30.0
"""Height of the line with title and scales, logical pixels."""
BOTTOM = 24.0
"""Room under the lowest row for the tokens."""
BOXES_FROM = 17.0
"""Column pitch from which steps are boxes with wires."""
COLUMNS_FROM = 4.0
"""Column pitch from which steps are vectors of their own; below, rows are bands."""
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


@dataclass(frozen=True, slots=True, eq=False)
class GraphLayout:
    """The geometry of one trace's graph in a view of width × height logical pixels.

    Laid out from the shape of the pass only, so that traces of the same shape share it.
    """

    width: float
    height: float
    axis: TimeAxis
    spec: ModelSpec
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]
    gap: float
    detail: Detail
    has_loss: bool
    silence: Silence = NOTHING
    inset: float = 0.0
    """How far the boxes of the gutter (W, h_0) stand right of their usual place."""

    def of_kind(self, kind: RowKind) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.kind == kind)

    @property
    def states(self) -> tuple[Row, ...]:
        """State rows, bottom layer first."""
        return tuple(row for row in reversed(self.rows) if row.kind == "state")

    def row(self, kind: RowKind, layer: str = "") -> Row | None:
        """The row of that kind and layer, if there is one."""
        return next((r for r in self.rows if r.kind == kind and r.layer == layer), None)

    def box(self, row: Row, column: float) -> Rect:
        """The box of a step in a row."""
        center = self.axis.center_of(column) + row.shift
        return Rect(center - row.box_width / 2, row.top, row.box_width, row.height)

    def lefts(self, row: Row, run: range) -> Floats:
        """Left edges of the boxes of some columns of a row."""
        first = self.axis.center_of(run.start) + row.shift - row.box_width / 2
        return first + self.axis.pitch * np.arange(len(run), dtype=np.float64)

    @property
    def columns(self) -> range:
        """Columns in sight."""
        return self.axis.visible

    @property
    def right(self) -> float:
        """Right edge of the last column, or of the view on time where more follows."""
        return min(self.axis.left_of(self.axis.columns), self.axis.left + self.axis.width)

    @property
    def time_area(self) -> Rect:
        """What the steps may use; everything else belongs to gutter and header."""
        a = self.axis
        return Rect(a.left, HEADER, a.width, max(self.height - HEADER, 1.0))

    def pads(self, column: int) -> bool:
        """Whether a column is padding after the sequence's end."""
        return column in self.silence.padding

    def shows(self, row: Row, column: int) -> bool:
        """Whether something happens in a row at a column: no padding, no output unasked for."""
        quiet = self.silence
        return row.has(column) and column not in (
            quiet.unasked if row.kind in ("output", "loss") else quiet.padding
        )

    def after(self, row: Row, column: int) -> int | None:
        """The column to which a row's state goes on, past padding; None at the end."""
        step = -1 if row.reverse else 1
        follows = column + step
        while row.has(follows) and self.pads(follows):
            follows += step
        return follows if row.has(follows) else None

    def before(self, row: Row, column: int) -> int | None:
        """The column from which it came; None at the beginning."""
        step = 1 if row.reverse else -1
        came = column + step
        while row.has(came) and self.pads(came):
            came += step
        return came if row.has(came) else None

    def runs(self, row: Row, run: range) -> list[range]:
        """The parts of a run of columns in which the row shows something."""
        if self.silence is NOTHING:
            return [run] if run else []
        found: list[range] = []
        for column in run:
            if not self.shows(row, column):
                continue
            if found and found[-1].stop == column:
                found[-1] = range(found[-1].start, column + 1)
            else:
                found.append(range(column, column + 1))
        return found

    def part_of(self, column: int) -> Part:
        for part in self.parts:
            if part.start <= column < part.stop:
                return part
        return self.parts[-1]

    def body(self, row: Row, box: Rect) -> Rect:
        """The room for values inside a box."""
        pad = PAD if row.box_width >= 24 and row.height >= 16 else 2.0
        return box.inset(pad)


def layout_of(
    trace: Trace, axis: TimeAxis, width: float, height: float, row: int = 0
) -> GraphLayout:
    """The layout of a sequence of a trace; the same object for the same shapes."""
    x_size = {p.prefix: _width(trace, f"{p.prefix}x", trace.spec.input_size) for p in trace.parts}
    outputs = "logits" in trace
    frames = trace.get("pictures")
    return _layout(
        trace.spec,
        trace.parts,
        axis,
        width,
        height,
        max(x_size.values()),
        (int(trace["logits"].shape[0]), int(trace["logits"].shape[2])) if outputs else (0, 0),
        "loss" in trace,
        frames is not None and frames.shape[0] == trace.columns and "context" not in trace,
        _silence(trace, axis, row),
    )


def _silence(trace: Trace, axis: TimeAxis, row: int) -> Silence:
    if detail_at(axis.pitch) == "band":
        return NOTHING
    seen = axis.visible
    return silence_of(trace, row, range(max(seen.start - 1, 0), seen.stop + 1))


def _width(trace: Trace, name: str, fallback: int) -> int:
    found = trace.get(name)
    return int(found.shape[2]) if found is not None else fallback


@lru_cache(maxsize=16)
def _layout(
    spec: ModelSpec,
    parts: tuple[Part, ...],
    axis: TimeAxis,
    width: float,
    height: float,
    inputs: int,
    outputs: tuple[int, int],
    has_loss: bool,
    frames: bool,
    silence: Silence,
) -> GraphLayout:
    detail = detail_at(axis.pitch)
    last, stop = parts[-1], axis.columns
    start, out_steps = 0, outputs[0]
    first_out = last.stop - out_steps if out_steps else stop
    wanted: list[tuple[RowKind, str, float, int, int, int]] = []
    if has_loss and out_steps:
        wanted.append(("loss", "", 0.75, 1, first_out, last.stop))
    if out_steps:
        wanted.append(("output", "", 1.0, outputs[1], first_out, last.stop))
    layers = spec.layer_names(parts[0].prefix)
    for name in reversed(layers):
        ends = parts[0].stop if name.endswith("_reverse") and len(parts) > 1 else stop
        weight = 1.7 if spec.has_cell_state else 1.15
        wanted.append(("state", name, weight, spec.hidden_size, start, ends))
    wanted.append(("input", "", 1.0, inputs, start, stop))
    if frames:
        # The only picture of a pass may be larger than one of many frames.
        wanted.append(("frames", "", 1.6 if stop > 1 else 2.6, 0, start, stop))
    tops, heights, gap = _stack([w[2] for w in wanted], height, detail)
    both = len(spec.directions(parts[0].prefix)) == 2 and detail == "boxes"
    shift = min(max(axis.pitch * 0.07, 2.0), 11.0) if both else 0.0
    rows = []
    for (kind, layer, _, count, low, high), top, tall in zip(wanted, tops, heights, strict=True):
        fill, box_width = fill_of(kind, spec, count, axis.pitch, tall, detail, shift)
        own = 0.0
        if kind == "state" and both:
            own = shift if layer.endswith("_reverse") else -shift
        rows.append(Row(kind, layer, top, tall, fill, box_width, own, count, low, high))
    return GraphLayout(
        width,
        height,
        axis,
        spec,
        parts,
        reached(rows),
        gap,
        detail,
        has_loss and out_steps > 0,
        silence,
    )


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


def _stack(
    weights: list[float], height: float, detail: Detail
) -> tuple[list[float], list[float], float]:
    """Tops and heights of the rows from top to bottom, and the gap between them."""
    room = max(height - HEADER - BOTTOM - 6.0, 40.0)
    share = {"boxes": 1.15, "columns": 0.5, "band": 0.3}[detail]
    unit = room / (sum(weights) + share * (len(weights) - 0.35))
    # A large picture (a projector, a slide) has larger boxes, not only more air.
    caps = {"boxes": min(max(34.0, room * 0.075), 60.0), "columns": 90.0, "band": 160.0}[detail]
    heights = [min(unit, caps) * weight for weight in weights]
    gap = (room - sum(heights)) / max(len(weights) - 0.35, 0.65)
    gap = min(gap, max(120.0, room * 0.2))
    spare = max(room - sum(heights) - gap * (len(weights) - 0.35), 0.0)
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
    if detail == "band":
        return "strip", pitch
    if detail == "columns":
        return "strip", max(round(pitch) - 1.0, 1.0)
    most = pitch - (24.0 if pitch >= 76 else max(pitch * 0.3, 6.0)) - 2 * shift
    if kind == "loss":
        return "none", min(most, 74.0)
    if kind == "frames":
        return "none", min(most, height)
    if count <= 8 and height >= 18:
        cell = (most - 2 * PAD) / count - 2.0
        if cell >= 19.0:
            cell = min(cell, 30.0 if height < 40 else 44.0)
            return "numbers", count * (cell + 2.0) - 2.0 + 2 * PAD
    one_hot = kind == "input" and spec.input_kind == "one-hot"
    if one_hot and count > 8:
        return "token", min(most, 64.0)
    if count <= 24 and (most - 2 * PAD) / count >= 5.0:
        cell = min((most - 2 * PAD) / count - 1.0, 14.0)
        return "cells", count * (cell + 1.0) - 1.0 + 2 * PAD
    return "strip", min(most, 96.0)
