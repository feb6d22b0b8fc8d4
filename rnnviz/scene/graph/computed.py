"""What a stretch of the pass has computed: the forward values, then the gradients."""

from __future__ import annotations

from rnnviz.scene.graph import band, losses, weights
from rnnviz.scene.graph.answers import answer_shapes
from rnnviz.scene.graph.gradients import gradient_shapes
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.progress import Stretch
from rnnviz.scene.graph.values import value_shapes
from rnnviz.scene.shapes import Shape
from rnnviz.scene.state import ViewState


def value_layer(
    state: ViewState,
    layout: GraphLayout,
    stretch: Stretch,
    columns: range,
    *,
    any_step: bool = False,
) -> list[Shape]:
    """What the forward pass computes in a stretch; `any_step` names no step in particular."""
    shapes: list[Shape] = []
    if stretch.since == stretch.done:
        return shapes
    for row in layout.rows:
        if row.kind == "loss":
            run = stretch.of_row("forward", row, None, columns)
            if layout.detail != "boxes":
                shapes += band.loss_bars(state, layout, run)
                continue
            for part_of_run in layout.runs(row, run):
                shapes += losses.loss_shapes(state, layout, part_of_run, any_step=any_step)
            continue
        for part in layout.parts:
            run = stretch.of_row("forward", row, part.prefix, columns)
            for part_of_run in layout.runs(row, run):
                if row.fill == "answer" and "probs" in state.trace:
                    shapes += answer_shapes(state, layout, row, part_of_run)
                else:
                    shapes += value_shapes(state, layout, row, part_of_run)
    return shapes


def gradient_layer(
    state: ViewState, layout: GraphLayout, stretch: Stretch, columns: range
) -> list[Shape]:
    """What the backward pass computes in a stretch."""
    if stretch.since == stretch.done:
        return []
    if layout.detail != "boxes":
        return band.gradient_bars(state, layout, columns, stretch)
    return [
        *weights.collecting_shapes(state, layout, columns, stretch),
        *gradient_shapes(state, layout, columns, stretch),
    ]
