"""The graph's picture: layers from what never changes to what changes with every frame."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache

from rnnviz.scene.graph import band, computed, cuts, gutter, losses, nodes, symbols, weights, wires
from rnnviz.scene.graph.attention import attended, attention_shapes
from rnnviz.scene.graph.bridge import bridge_wires
from rnnviz.scene.graph.focus import chosen_shapes, focus_shapes
from rnnviz.scene.graph.header import button_shapes, heading_shapes, note_shapes
from rnnviz.scene.graph.hits import graph_hits
from rnnviz.scene.graph.layout import GraphLayout, layout_of
from rnnviz.scene.graph.lit import lit_shapes
from rnnviz.scene.graph.motion import motion_shapes
from rnnviz.scene.graph.progress import known, past_and_present
from rnnviz.scene.graph.values import scale_of
from rnnviz.scene.graph.words import summary
from rnnviz.scene.sampled import drawn_steps, inputs_known
from rnnviz.scene.shapes import Layer, Picture, Rect, Role, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import Theme

_last: dict[Hashable, Layer] = {}
"""The layers of the picture before: those with the same key are not built again."""


def graph_picture(state: ViewState, width: float, height: float) -> Picture:
    """The unrolled graph of the state's trace at the state's cursor."""
    layout = layout_of(state.trace, state.axis, width, height, state.row)
    layers = tuple(_layers(state, layout))
    _last.clear()
    _last.update((layer.key, layer) for layer in layers)
    hits = graph_hits(state, layout)
    return Picture(width, height, state.theme.panel, layers, hits, summary(state, layout))


def _layers(state: ViewState, layout: GraphLayout) -> Iterable[Layer]:
    timeline, theme, cursor = state.timeline, state.theme, state.cursor
    done, mode = cursor.done, state.trace.mode
    clip = None if state.axis.fits else _clip(layout)
    look = _look(layout, theme)
    whose: Hashable = (state.trace, state.row, state.live, look)
    forward = min(done, timeline.backward_start)
    complete = len(known(timeline, done, "forward", "loss", "", None)) == timeline.output_steps
    # The note tells the sum in the W of the layer at work, which may be one whose share is to come.
    at_work = (cursor.phase, cursor.operation.layer, cursor.operation.prefix)
    note = (*at_work, *(len(stretch) for stretch in _collected(state, layout)))
    past, now = past_and_present(timeline, forward, state.live)
    back, here = past_and_present(timeline, max(done, timeline.backward_start), state.live)
    near = _with_neighbours(layout)
    lasting = losses.counted_columns(state, layout, near)
    scale = scale_of(state, layout.states[0]) if layout.states else None
    if "attention" in state.trace:
        # Below everything else: the lines run across wires, names and boxes.
        at = attended(state, layout, done)
        yield _layer(("attention", whose, at), clip, lambda: attention_shapes(state, layout, done))
    yield _layer(("ground", look, mode), clip, lambda: _ground(layout, theme, mode))
    yield _layer(("titles", look), None, lambda: _titles(layout, theme))
    yield _layer(("edges", look, lasting), None, lambda: _edges(layout, lasting, theme))
    yield _layer(("heading", look, scale), None, lambda: heading_shapes(state, layout))
    yield _layer(("button", look), None, lambda: button_shapes(theme), role="control")
    yield _layer(
        ("words", whose, inputs_known(state), drawn_steps(state)),
        clip,
        lambda: _words(state, layout),
        recurring=state.live,
    )
    yield _layer(("frames", whose), clip, lambda: _frames(state, layout))
    yield _layer(("margins", whose, complete), None, lambda: _margins(state, layout, complete))
    yield _layer(
        ("past", whose, past.done), clip, lambda: computed.value_layer(state, layout, past, near)
    )
    yield _layer(
        ("now", whose, now.done), clip, lambda: computed.value_layer(state, layout, now, near)
    )
    if state.live:
        yield _layer(
            ("letters", whose, past.done),
            clip,
            lambda: computed.letter_layer(state, layout, past, near),
            recurring=True,
        )
    yield _layer(
        ("back", whose, back.done),
        clip,
        lambda: computed.gradient_layer(state, layout, back, near),
        recurring=state.live and layout.detail == "boxes",
    )
    yield _layer(
        ("here", whose, here.done),
        clip,
        lambda: [
            *computed.gradient_layer(state, layout, here, near),
            *_cuts(state, layout),
        ],
    )
    yield _layer(("notes", whose, note), None, lambda: _notes(state, layout, done))
    yield _layer(
        ("focus", look, cursor.operation),
        clip,
        lambda: focus_shapes(state, layout),
        role="cursor",
    )
    yield _layer(("lit", look, state.hovered), clip, lambda: _lit(state, layout), role="control")
    yield _layer(
        ("chosen", whose, cursor, state.selected, state.still),
        clip,
        lambda: [*chosen_shapes(state, layout), *motion_shapes(state, layout)],
    )


@lru_cache(maxsize=16)
def _look(layout: GraphLayout, theme: Theme) -> object:
    """One object for a layout in a theme: a key that is cheap to hash and to compare."""
    return object()


def _collected(state: ViewState, layout: GraphLayout) -> Iterable[range]:
    """Columns whose share each W has collected."""
    for row in layout.states:
        for part in layout.parts:
            done = state.cursor.done
            yield known(state.timeline, done, "backward", "state", row.layer, part.prefix)


def _layer(
    key: Hashable,
    clip: Rect | None,
    make: Callable[[], Iterable[Shape]],
    recurring: bool = False,
    role: Role = "figure",
) -> Layer:
    kept = _last.get(key)
    return kept if kept is not None else Layer(tuple(make()), key, clip, recurring, role)


def _lit(state: ViewState, layout: GraphLayout) -> list[Shape]:
    """What lights up under the mouse, where there is room for outlines."""
    boxes = layout.detail == "boxes"
    return lit_shapes(layout, state.hovered, state.theme) if boxes else []


def _clip(layout: GraphLayout) -> Rect:
    area = layout.time_area
    return Rect(area.x - 1.0, 0.0, area.w + 2.0, layout.height)


def _with_neighbours(layout: GraphLayout) -> range:
    """Columns in sight and one more on each side, whose wires reach into the sight."""
    seen = layout.columns
    return range(max(seen.start - 1, 0), min(seen.stop + 1, layout.axis.columns))


def _ground(layout: GraphLayout, theme: Theme, mode: str) -> list[Shape]:
    """What depends on the shape of the pass alone."""
    columns = _with_neighbours(layout)
    if layout.detail != "boxes":
        return band.grounds(layout, theme.box, theme.line)
    shapes: list[Shape] = [*weights.weight_wires(layout, columns, theme.weight)]
    shapes += [*wires.forward_wires(layout, columns, theme), *bridge_wires(layout, theme)]
    if mode == "sample":
        shapes += wires.sampling_wires(layout, columns, theme)
    shapes += nodes.boxes(layout, columns, theme)
    shapes += losses.pill_shapes(layout, columns, theme)
    shapes += nodes.names(layout, columns, theme)
    return shapes


def _words(state: ViewState, layout: GraphLayout) -> Sequence[Shape]:
    """What the sequence brings along before anything is computed."""
    columns = _with_neighbours(layout)
    return [*nodes.tokens(state, layout, columns), *symbols.symbol_shapes(state, layout, columns)]


def _frames(state: ViewState, layout: GraphLayout) -> list[Shape]:
    """The pictures that it brings along."""
    return gutter.frame_pictures(state, layout, _with_neighbours(layout))


def _edges(layout: GraphLayout, lasting: tuple[int, ...], theme: Theme) -> list[Wire]:
    """The ways of the losses that count into the total."""
    return losses.total_wires(layout, _with_neighbours(layout), lasting, theme.loss)


def _titles(layout: GraphLayout, theme: Theme) -> list[Shape]:
    """What stands beside the steps whatever the pass."""
    return [*gutter.row_titles(layout, theme), *gutter.initial_boxes(layout, theme)]


def _cuts(state: ViewState, layout: GraphLayout) -> list[Shape]:
    """Where the way back is cut, on top of everything that goes back."""
    return cuts.cut_shapes(state, layout, _with_neighbours(layout))


def _margins(state: ViewState, layout: GraphLayout, complete: bool) -> list[Shape]:
    """Gutter and total: what stands beside the steps."""
    return [
        *gutter.initial_values(state, layout),
        *gutter.context_shapes(state, layout),
        *losses.total_shapes(state, layout, complete),
    ]


def _notes(state: ViewState, layout: GraphLayout, done: int) -> list[Shape]:
    """The header's scales and notes, and the W boxes with what they have collected."""
    return [*note_shapes(state, layout, done), *weights.weight_shapes(state, layout, done)]
