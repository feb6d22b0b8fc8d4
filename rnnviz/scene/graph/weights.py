"""The one shared W: it feeds every step, and in the backward pass it collects from every step."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from rnnviz.scene.captions import subscript
from rnnviz.scene.graph.layout import GraphLayout, Row
from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.graph.norms import arrow_widths
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Box, Label, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width
from rnnviz.trace import Trace

MOST_PRODUCTS = 4_000_000
"""Multiplications up to which the growing sum of the weight gradient is computed."""
MOST_PAIRS = 256
"""Steps times sequences up to which it is computed from products of pairs."""
TITLE_WIDTH = 52.0
"""Left part of the gutter that belongs to row titles, logical pixels."""


def bus_height(layout: GraphLayout, row: Row) -> float:
    """y of the amber line above a row of states."""
    return row.top - min(max(layout.gap * 0.5, 4.0), 24.0)


def weight_box(layout: GraphLayout, row: Row) -> Rect:
    """The place of W for a row, in the gutter beside its line."""
    height = min(max(layout.gap * 0.6, 8.0), 26.0)
    left = 8.0 + TITLE_WIDTH
    width = min(max(layout.axis.left - left - 14.0, 16.0), 44.0)
    return Rect(left, bus_height(layout, row) - height / 2, width, height)


def weight_name(layout: GraphLayout, row: Row) -> str:
    """``W``, with several layers ``W₁``, for the reverse direction ``W′``."""
    name = "W" if layout.spec.layers == 1 else f"W{subscript(row.depth + 1)}"
    return f"{name}′" if row.reverse else name


def drop_at(layout: GraphLayout, row: Row, column: int) -> float:
    """x where W's wire meets the box of a step: its left part, away from the other wires."""
    box = layout.box(row, column)
    return box.x + min(8.0, box.w * 0.18)


def weight_wires(layout: GraphLayout, columns: range, color: int) -> list[Shape]:
    """Dashed lines from each W over its whole row, with a tip into every box."""
    shapes: list[Shape] = []
    width = 1.2 if layout.axis.pitch >= 40 else 0.9
    for row in layout.states:
        inside = [c for c in columns if row.has(c)]
        if not inside or layout.detail != "boxes":
            continue
        y = bus_height(layout, row)
        ends = drop_at(layout, row, inside[-1])
        start = weight_box(layout, row).right
        shapes.append(Wire(((start, y), (ends, y)), color, width, head=False, dashed=True))
        for column in inside:
            x = drop_at(layout, row, column)
            shapes.append(Wire(((x, y), (x, row.top - 1.0)), color, width, head=layout.gap > 16))
    return shapes


def weight_shapes(state: ViewState, layout: GraphLayout, done: int) -> list[Shape]:
    """The W boxes with what they have collected so far."""
    shapes: list[Shape] = []
    if layout.detail != "boxes":
        return shapes
    theme = state.theme
    updating = state.cursor.phase == "update"
    for row in layout.states:
        box = weight_box(layout, row)
        width = 3.0 if updating else 1.5
        shapes.append(Box(box, theme.selection, theme.weight, width, min(5.0, box.h / 3)))
        share = collected_share(state, row, done)
        barred = share > 0.0 and box.h >= 21.0
        if barred:
            bar = Rect(box.x + 3.0, box.bottom - 5.0, (box.w - 6.0) * min(share, 1.0), 3.0)
            shapes.append(Box(bar, theme.gradient))
        room = Rect(box.x, box.y, box.w, box.h - 5.0) if barred else box
        size = min(13.0, room.h - 3.0)
        name = weight_name(layout, row)
        if text_width(name, size, "serif") <= box.w - 2.0 and size >= 7.0:
            shapes.append(Label(room, name, theme.weight, size, family="serif", italic=True))
    return shapes


def collecting_shapes(
    state: ViewState, layout: GraphLayout, columns: range, stretch: Stretch
) -> list[Shape]:
    """From every step that gets its gradient, an orange line to W as wide as its share."""
    shapes: list[Shape] = []
    if not state.trace.has_gradients or layout.detail != "boxes":
        return shapes
    for number, row in enumerate(layout.rows):
        if row.kind != "state":
            continue
        for part in layout.parts:
            matrix = "W_yh" if layout.spec.cell == "jordan" else "W_hh"
            norms = state.trace.get(f"step_norm_{part.prefix}{matrix}_{row.layer}")
            if norms is None or not norms.size:
                continue
            most = float(np.max(norms))
            run = stretch.of_row("backward", row, part.prefix, columns)
            found = norms[run.start - part.start : run.stop - part.start]
            for column, width in zip(run, arrow_widths(found, most, 4.0), strict=True):
                if width > 0.0:
                    shapes.append(_share(layout, number, column, width, state.theme.gradient))
    return shapes


@lru_cache(maxsize=8192)
def _share(layout: GraphLayout, number: int, column: int, width: float, color: int) -> Wire:
    """The line from a step's box up to the line of W."""
    row = layout.rows[number]
    x = drop_at(layout, row, column)
    return Wire(((x, row.top), (x, bus_height(layout, row))), color, width, head=False)


@of_trace
def partial_sums(trace: Trace, layer: str, prefix: str) -> tuple[float, ...]:
    """Norms of the sum of ∂L/∂W_hh over the last 1, 2, … steps the backward pass has visited.

    Step t adds (∂L/∂a_t) h_{t-1}ᵀ, summed over the batch; for the GRU the rows of n carry the
    reset gate, so only its gates' rows r and z are summed here. Empty where it costs too much.
    """
    da, h = trace.get(f"dL_d{prefix}a_{layer}"), trace.get(f"{prefix}h_{layer}")
    h0 = trace.get(f"{prefix}h0_{layer}")
    if da is None or h is None or h0 is None or trace.spec.cell == "jordan":
        return ()
    if da.size * h.shape[2] > MOST_PRODUCTS:
        return ()
    reverse = layer.endswith("_reverse")
    before = np.concatenate([h[1:], h0[None]] if reverse else [h0[None], h[:-1]])
    if trace.spec.cell == "gru":
        da = da[:, :, : 2 * h.shape[2]]
    if da.shape[0] * da.shape[1] <= MOST_PAIRS:
        return _sums_of_pairs(da if reverse else da[::-1], before if reverse else before[::-1])
    total = np.zeros((da.shape[2], h.shape[2]))
    sums = []
    for t in range(len(da)) if reverse else range(len(da) - 1, -1, -1):
        total += da[t].T @ before[t]
        sums.append(float(np.linalg.norm(total)))
    return tuple(sums)


def _sums_of_pairs(da: np.ndarray, before: np.ndarray) -> tuple[float, ...]:
    """The same without a matrix a step: ‖Σ_s a_s h_sᵀ‖² = Σ_{s,s'} (a_s·a_s')(h_s·h_s')."""
    steps, batch = da.shape[:2]
    a = da.reshape(steps * batch, -1).astype(np.float64)
    h = before.reshape(steps * batch, -1).astype(np.float64)
    pairs = ((a @ a.T) * (h @ h.T)).reshape(steps, batch, steps, batch).sum(axis=(1, 3))
    squares = np.diagonal(pairs.cumsum(axis=0).cumsum(axis=1))
    return tuple(np.sqrt(np.maximum(squares, 0.0)).tolist())


def collected(state: ViewState, row: Row, done: int) -> tuple[float, float]:
    """Norm of the weight gradient collected so far and the largest on the way; 0, 0 if unknown."""
    for part in state.trace.parts:
        known = state.timeline.known(done, "backward", "state", row.layer, part.prefix)
        if known:
            sums = partial_sums(state.trace, row.layer, part.prefix)
            if sums:
                return sums[len(known) - 1], max(sums)
    return 0.0, 0.0


def collected_share(state: ViewState, row: Row, done: int) -> float:
    sofar, most = collected(state, row, done)
    return sofar / most if most > 0 else 0.0


def weight_note(state: ViewState, layout: GraphLayout, done: int) -> str:
    """What W is doing now, in a few words for the header."""
    update = state.trace.update
    if state.cursor.phase == "update" and update is not None:
        what = f"W ← W − η ∂L/∂W    η = {short(update.learning_rate)}"
        if not state.is_readable(len(layout.columns)):
            return what
        return f"{what}, ‖∂L/∂W‖ = {short(update.grad_norm)}, ‖ΔW‖ = {short(update.update_norm)}"
    if state.cursor.phase == "backward" and layout.states:
        sofar, _ = collected(state, layout.states[0], done)
        if sofar > 0.0:
            return f"collected in W_hh so far: ‖Σ ∂L/∂W_hh‖ = {short(sofar)}"
    return ""
