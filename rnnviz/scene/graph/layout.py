"""Where everything in the unrolled graph stands: rows, columns and boxes, from sizes alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.graph.rows import (
    HEADER,
    PAD,
    Detail,
    Row,
    RowKind,
    detail_at,
    fill_of,
    lettering_at,
    reached,
    stack,
)
from rnnviz.scene.graph.silence import NOTHING, Silence, silence_of
from rnnviz.scene.shapes import Floats, Rect
from rnnviz.trace import ModelSpec, Part, Trace


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

    @property
    def lettering(self) -> float:
        """Size of letters and figures against that in a small view."""
        return lettering_at(self.height)

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
        # A low box keeps its height for letters and numbers.
        return box.inset(pad, min(pad, max(2.0, 0.12 * row.height)))


def layout_of(
    trace: Trace, axis: TimeAxis, width: float, height: float, row: int = 0
) -> GraphLayout:
    """The layout of a sequence of a trace; the same object for the same shapes."""
    x_size = {p.prefix: _width(trace, f"{p.prefix}x", trace.spec.input_size) for p in trace.parts}
    outputs = "logits" in trace
    frames = trace.shape("pictures")[0] if "pictures" in trace else 0
    return _layout(
        trace.spec,
        trace.parts,
        axis,
        width,
        height,
        max(x_size.values()),
        (int(trace["logits"].shape[0]), int(trace["logits"].shape[2])) if outputs else (0, 0),
        "loss" in trace,
        frames == trace.columns and "context" not in trace,
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
    tops, heights, gap = stack([w[2] for w in wanted], height, detail)
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
