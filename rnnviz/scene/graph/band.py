"""Far away, thousands of steps: rows as heatmaps, losses and gradients as bars of pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.norms import DECADES, largest, norms_of
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.shapes import Bars, Box, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import largest_finite


def grounds(layout: GraphLayout, fill: int, line: int) -> list[Shape]:
    """The empty places of the rows."""
    shapes: list[Shape] = []
    for row in layout.rows:
        if row.kind == "frames":
            continue
        left = max(layout.axis.left_of(row.first), layout.axis.left)
        right = min(layout.axis.left_of(row.last), layout.axis.left + layout.axis.width)
        if right > left:
            shapes.append(Box(Rect(left, row.top, right - left, row.height), fill, line))
    return shapes


def loss_bars(state: ViewState, layout: GraphLayout, shown: range) -> list[Shape]:
    """The loss of each step that counts as a bar from the bottom of its row; the tallest fills
    it."""
    row = layout.row("loss")
    loss = state.trace.get("loss")
    if row is None or loss is None:
        return []
    every, mask = loss[:, state.row], state.trace.get("loss_mask")
    if mask is not None:
        every = np.where(mask[:, state.row] > 0, every, 0.0)
    values, most = every[shown.start - row.first : shown.stop - row.first], largest_finite(every)
    if not len(values) or (most <= 0.0 and bool(np.isfinite(values).all())):
        return []
    # What is no number fills its place: a loss that is lost must not look like none.
    shares = np.nan_to_num(values / (most or 1.0), nan=1.0, posinf=1.0)
    place = Rect(0.0, row.top + 1.0, 0.0, row.height - 2.0)
    return [_bars(layout, shown, shares, place, state.theme.loss)]


def gradient_bars(
    state: ViewState, layout: GraphLayout, columns: range, stretch: Stretch
) -> list[Shape]:
    """‖∂L/∂h_t‖ of each step on the scale of the arrows' widths, above its row of states."""
    shapes: list[Shape] = []
    if not state.trace.has_gradients:
        return shapes
    most = largest(state.trace, state.row)
    for row in layout.states:
        for part in layout.parts:
            shown = stretch.of_row("backward", row, part.prefix, columns)
            norms = norms_of(state.trace, f"dL_d{part.prefix}h_{row.layer}", state.row)
            if not norms.size or not len(shown):
                continue
            part_norms = norms[shown.start - part.start : shown.stop - part.start]
            with np.errstate(divide="ignore"):
                shares = np.maximum(1.0 + np.log10(part_norms / max(most, 1e-300)) / DECADES, 0.0)
            shares[part_norms <= 0.0] = 0.0
            tall = max(layout.gap - 4.0, 3.0)
            place = Rect(0.0, row.top - tall - 1.0, 0.0, tall)
            shapes.append(_bars(layout, shown, shares, place, state.theme.gradient))
    return shapes


def _bars(
    layout: GraphLayout, columns: range, shares: NDArray[np.floating], place: Rect, color: int
) -> Bars:
    """Bars upward from the bottom of the place, no more than two for each pixel."""
    left, right = layout.axis.left_of(columns.start), layout.axis.left_of(columns.stop)
    most = max(int(2 * (right - left)), 1)
    count = len(columns)
    if count > most:
        # The tallest of those that share a pixel: a spike must not vanish in the distance.
        starts = (np.arange(most) * count) // most
        shares = np.maximum.reduceat(shares, starts)
        count = most
    pitch = (right - left) / count
    width = pitch - (1.0 if pitch >= 4.0 else 0.0)
    heights = np.nan_to_num(np.asarray(shares, np.float64)) * place.h
    seen = heights > 0.25
    rects = np.stack(
        [
            left + np.arange(count) * pitch,
            place.bottom - heights,
            np.full(count, width),
            heights,
        ],
        axis=1,
    )[seen]
    return Bars(rects, np.full(len(rects), color, np.uint32))
