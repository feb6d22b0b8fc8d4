"""The graph's picture: layers from what never changes to what changes with every frame."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from rnnviz.scene.graph import band, cuts, gutter, losses, nodes, weights, wires
from rnnviz.scene.graph.attention import attention_shapes
from rnnviz.scene.graph.focus import focus_shapes
from rnnviz.scene.graph.gradients import gradient_shapes
from rnnviz.scene.graph.header import header_shapes
from rnnviz.scene.graph.hits import GraphHits
from rnnviz.scene.graph.layout import GraphLayout, layout_of
from rnnviz.scene.graph.motion import motion_shapes
from rnnviz.scene.graph.values import value_shapes
from rnnviz.scene.graph.words import summary
from rnnviz.scene.shapes import Layer, Picture, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import Theme


def graph_picture(state: ViewState, width: float, height: float) -> Picture:
    """The unrolled graph of the state's trace at the state's cursor."""
    layout = layout_of(state.trace, state.axis, width, height)
    done = state.cursor.done
    clip = None if state.axis.fits else _clip(layout)
    theme = state.theme
    ground = _ground(layout, theme, state.trace.mode)
    look: Hashable = (layout, theme)
    known: Hashable = (*_identity(state), done)
    layers = (
        Layer(ground, ("ground", look, state.trace.mode), clip),
        Layer(_values(state, layout, done), ("values", look, known), clip),
        Layer(_margins(state, layout, done), ("margins", look, known, state.cursor.phase)),
        Layer(
            tuple(focus_shapes(state, layout)) + tuple(motion_shapes(state, layout)),
            ("focus", look, known, state.cursor, state.selected, state.hovered, state.still),
            clip,
        ),
    )
    hits = GraphHits(state, layout)
    return Picture(width, height, theme.panel, layers, hits, summary(state, layout))


def _identity(state: ViewState) -> tuple[Hashable, ...]:
    return state.trace, state.row, state.selected if "attention" in state.trace else ""


def _clip(layout: GraphLayout) -> Rect:
    area = layout.time_area
    return Rect(area.x - 1.0, 0.0, area.w + 2.0, layout.height)


@lru_cache(maxsize=8)
def _ground(
    layout: GraphLayout, theme: Theme, mode: str
) -> tuple[Shape, ...]:
    """What depends on the shape of the pass alone."""
    columns = _with_neighbours(layout)
    if layout.detail != "boxes":
        return tuple(band.grounds(layout, theme.box, theme.line))
    inside: list[Shape] = [*weights.weight_wires(layout, columns, theme.weight)]
    inside += wires.forward_wires(layout, columns, theme)
    if mode == "sample":
        inside += wires.sampling_wires(layout, columns, theme)
    inside += nodes.boxes(layout, columns, theme)
    inside += nodes.names(layout, columns, theme)
    return tuple(inside)


def _with_neighbours(layout: GraphLayout) -> range:
    """Columns in sight and one more on each side, whose wires reach into the sight."""
    seen = layout.columns
    return range(max(seen.start - 1, 0), min(seen.stop + 1, layout.axis.columns))


def _values(state: ViewState, layout: GraphLayout, done: int) -> tuple[Shape, ...]:
    """What the pass has computed so far."""
    shapes: list[Shape] = []
    columns = _with_neighbours(layout)
    timeline = state.timeline
    known_losses = timeline.known(done, "forward", "loss")
    for row in layout.rows:
        if row.kind == "loss":
            continue
        for part in layout.parts:
            known = timeline.known(done, "forward", row.kind_of_operation, row.layer, part.prefix)
            run = range(max(columns.start, known.start), min(columns.stop, known.stop))
            if run:
                shapes += value_shapes(state, layout, row, run)
    shapes += nodes.tokens(state, layout, columns)
    shapes += gutter.frame_pictures(state, layout, columns)
    if layout.detail == "boxes":
        shapes += losses.loss_shapes(state, layout, columns, known_losses)
        shapes += attention_shapes(state, layout, done)
        shapes += weights.collecting_shapes(state, layout, columns, done)
        shapes += gradient_shapes(state, layout, columns, done)
    else:
        shapes += band.loss_bars(state, layout, columns, known_losses)
        shapes += band.gradient_bars(state, layout, columns, done)
    shapes += cuts.cut_shapes(state, layout, columns)
    return tuple(shapes)


def _margins(state: ViewState, layout: GraphLayout, done: int) -> tuple[Shape, ...]:
    """Header, gutter and the total: what stands beside the steps."""
    known = state.timeline.known(done, "forward", "loss")
    columns = _with_neighbours(layout)
    return (
        *header_shapes(state, layout, done),
        *gutter.row_titles(state, layout),
        *gutter.initial_states(state, layout),
        *gutter.context_shapes(state, layout),
        *weights.weight_shapes(state, layout, done),
        *losses.total_wires(state, layout, columns),
        *losses.total_shapes(state, layout, known),
    )
