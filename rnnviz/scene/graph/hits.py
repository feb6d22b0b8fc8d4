"""Places that answer to the mouse, with their words; made only when the mouse asks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.scene.captions import local_step
from rnnviz.scene.graph.bridge import bridge_hits
from rnnviz.scene.graph.gutter import initial_places
from rnnviz.scene.graph.header import fold_hit
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.losses import says_targets, total_box
from rnnviz.scene.graph.nodes import input_tokens, symbol, target_tokens
from rnnviz.scene.graph.norms import norms_of
from rnnviz.scene.graph.places import node_id
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.graph.values import vectors
from rnnviz.scene.graph.weights import is_in_sight, weight_places
from rnnviz.scene.graph.wire_places import wire_hits
from rnnviz.scene.initial_state import initial_node
from rnnviz.scene.late_hits import LateHits
from rnnviz.scene.numbers import short, vector
from rnnviz.scene.shapes import Hit, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_outputs import class_word
from rnnviz.scene.totals import over_batch, own_words
from rnnviz.trace import Part

_MOST_COLUMNS = 400


def graph_hits(state: ViewState, layout: GraphLayout) -> LateHits:
    """The hits of one picture of the graph."""
    return LateHits([lambda: _hits(state, layout)])


def _hits(state: ViewState, layout: GraphLayout) -> Iterator[Hit]:
    yield fold_hit(rolled=False)
    columns = layout.columns
    stride = max(len(columns) // _MOST_COLUMNS, 1)
    if layout.detail == "boxes":
        # Below the boxes, which answer where the two meet.
        yield from wire_hits(state, layout)
        yield from bridge_hits(state, layout)
    for row in layout.rows:
        if row.kind == "frames":
            continue
        for column in columns[::stride]:
            if layout.shows(row, column):
                left = layout.axis.left_of(column)
                if layout.detail == "boxes":
                    rect = layout.box(row, column)
                else:
                    rect = Rect(left, row.top, layout.axis.pitch * stride, row.height)
                yield Hit(rect, node_id(layout, row, column), tip(state, layout, row, column))
    if layout.detail == "boxes":
        for row in layout.states:
            for part, place in weight_places(layout, row):
                if is_in_sight(layout, part, place):
                    yield Hit(place.inset(-2.0), "W", weight_tip(part))
            yield from initial_hits(state, layout, row)
    total = total_box(layout)
    if total is not None and layout.has_loss:
        value = short(float(state.trace["loss_total"]))
        mean, own = over_batch(state.trace), own_words(state.trace, state.row)
        about = f"L = {value}: the sum of all losses that count"
        yield Hit(total, "L", f"{about}, {mean} sequences\n{own}" if mean else about)


def initial_hits(state: ViewState, layout: GraphLayout, row: Row) -> Iterator[Hit]:
    """h_0, and of an LSTM c_0, with its numbers."""
    prefix = layout.parts[0].prefix
    for letter, (place, _) in initial_places(layout, row).items():
        node = initial_node(state.trace, letter, prefix, row.layer, state.row)
        values = state.trace.get(node)
        if values is not None:
            whose = f", layer {row.depth + 1}" if layout.spec.layers > 1 else ""
            said = f"{letter}₀{'′' if row.reverse else ''}{whose}: what the first step starts from"
            yield Hit(place, node, f"{said}\n{letter} = {vector(values[state.row].tolist())}")


def weight_tip(part: Part) -> str:
    """What a W is, in words."""
    whose = f" of the {part.prefix.rstrip('_')}" if part.prefix else ""
    words = "it feeds each and learns from each; double click for its product"
    return f"The one W of all steps{whose}: {words}"


def tip(state: ViewState, layout: GraphLayout, row: Row, column: int) -> str:
    """Name, step, token and values of a node, and its gradient's norm."""
    trace = state.trace
    part = layout.part_of(column)
    step = local_step(trace, column)
    lines = [f"{symbol(layout, row, step, part)}, step {step}"]
    if part.prefix:
        lines[0] += f" of the {part.prefix.rstrip('_')}"
    if row.kind == "state" and layout.spec.layers > 1:
        lines[0] += f", layer {row.depth + 1}"
    if row.kind == "input" and (word := input_tokens(state, layout, [column])[0]):
        lines.append(f"reads “{word}”")
    if row.kind in ("output", "loss") and (word := target_tokens(state, layout, [column])[0]):
        verb = "drew" if trace.mode == "sample" else "should say"
        lines.append(f"{verb} “{word}”")
    if row.kind == "loss":
        value = float(trace["loss"][column - row.first, state.row])
        said = ", the colour of the box" if says_targets(layout) else ""
        lines.append(f"loss {short(value)}{said}")
    else:
        values = vectors(state, row, part, range(column, column + 1))
        if values.size and row.kind == "state" and trace.spec.has_cell_state:
            name = f"{part.prefix}c_{row.layer}"
            cell = vectors(state, row, part, range(column, column + 1), name)
            lines.append(f"above: tanh c = {vector(np.tanh(cell[0]).tolist())}")
            lines.append(f"below: h = {vector(values[0].tolist())}")
        elif values.size:
            lines.append(vector(values[0].tolist()))
        if row.kind == "output" and values.size and "probs" in trace:
            best = int(values[0].argmax())
            said = class_word(state, best)
            lines.append(f"says “{said}” with probability {short(float(values[0, best]))}")
    if row.kind == "state":
        norms = norms_of(trace, f"dL_d{part.prefix}h_{row.layer}", state.row)
        if norms.size:
            lines.append(f"‖∂L/∂h‖ = {short(float(norms[column - part.start]))}")
    return "\n".join(lines)
