"""The inside of one cell at one step: what double-clicking a state opens."""

from __future__ import annotations

from functools import partial

import numpy as np

from rnnviz.scene import cell_gru, cell_jordan, cell_lstm, cell_vanilla
from rnnviz.scene.breadcrumbs import GRAPH, HEADER, Crumb, grown, trail_of, trail_text
from rnnviz.scene.captions import pass_words
from rnnviz.scene.cell_canvas import BOARD, Canvas
from rnnviz.scene.cell_data import CellData, cell_data
from rnnviz.scene.cell_flow import lengths
from rnnviz.scene.cell_marks import lit_layer, node_of, told_of, wire_hits, wires_of
from rnnviz.scene.cell_moment import moment_of
from rnnviz.scene.cell_neighbours import FRAME, SIDE, neighbours
from rnnviz.scene.cell_words import HINT, doing
from rnnviz.scene.graph.memo import of_trace
from rnnviz.scene.late_hits import LateHits
from rnnviz.scene.numbers import short, vector
from rnnviz.scene.product_data import is_padding
from rnnviz.scene.shapes import Hit, Layer, Picture, Rect
from rnnviz.scene.state import ViewState
from rnnviz.trace import Trace
from rnnviz.trace.many import many

_NAMES = {
    "rnn": "vanilla cell", "jordan": "jordan cell", "lstm": "LSTM cell", "gru": "GRU cell",
}  # fmt: skip
_LOW = 310.0
"""Height below which the equations under a cell are left out, logical pixels."""
_STRETCH = 1.6


def has_inside(state: ViewState, node: str) -> bool:
    """Whether a node is a state whose cell can be opened."""
    return cell_data(state.trace, node, state.row) is not None


@np.errstate(invalid="ignore", over="ignore")  # a diverged pass has no numbers, and says so
def cell_picture(state: ViewState, width: float, height: float, node: str) -> Picture:
    """The cell that computes `node` (``h_l0@3``) with the numbers of that step.

    For a node that is no state, the state of the cursor's column in the lowest layer is shown.
    """
    data = _chosen(state, node)
    spec, theme = state.trace.spec, state.theme
    line = grown(height)
    header = HEADER * line
    room = Rect(0.0, header, width, max(height - header, 1.0))
    # Where the view is low the cell itself gets all the room: equations stand in the inspector.
    figures = room.h >= _LOW
    padded = is_padding(state.trace, data.prefix, data.step - 1, state.row)
    board = (BOARD[0] + 2 * SIDE, BOARD[1] if figures else FRAME[1] + FRAME[3] + 4.0)
    moment = moment_of(state, data)
    canvas = Canvas(theme, room, board, -SIDE, stretch=_STRETCH, moment=moment)
    neighbours(canvas, state, data)
    # Nothing was computed in the padding: there is no sum to be written out.
    figures = figures and not padded
    if spec.cell == "lstm":
        cell_lstm.draw(canvas, state.trace, data, figures=figures)
    elif spec.cell == "gru":
        cell_gru.draw(canvas, state.trace, data, figures=figures)
    elif spec.cell == "jordan":
        cell_jordan.draw(canvas, state.trace, data, figures=figures)
    else:
        cell_vanilla.draw(canvas, state.trace, data, figures=figures)
    crumbs = cell_crumbs(state, data)
    words = doing(spec.cell, spec.activation, moment)
    if padded:
        words = "the sequence is over: padding"
    trail = trail_of(theme, crumbs, width - 10.0, words, pass_words(state.trace), line)
    key = ("cell", state.trace, state.row, data.column, data.layer, data.prefix, theme.key,
           width, height, moment)  # fmt: skip
    layer = Layer((*canvas.shapes(), *trail.shapes), key)
    # How to go on from here is no part of a figure, what is going on is.
    said = Layer(trail.beside, (key, words), role="control" if words == HINT else "figure")
    lit = _lit(state, canvas, data)
    summary = _summary(state, data, trail_text(crumbs), words, padded=padded)
    # Below what they connect, which answers where the two meet.
    ways = partial(wire_hits, state.trace, canvas, data)
    vectors = partial(_vectors, state.trace, canvas, data)
    found = LateHits((ways, vectors, lambda: (*canvas.hits, *trail.hits)))
    layers = (layer, trail.layer(key), said, *lit)
    return Picture(width, height, theme.panel, layers, found, summary)


def _vectors(trace: Trace, canvas: Canvas, data: CellData) -> list[Hit]:
    """Where each vector stands."""
    return [
        Hit(place, node_of(trace, data, name), told_of(data, name))
        for name, place in canvas.places.items()
    ]


def _lit(state: ViewState, canvas: Canvas, data: CellData) -> tuple[Layer, ...]:
    """What is pointed at, if anything is."""
    if not state.hovered:
        return ()
    wires = wires_of(state.trace, canvas, data)
    return lit_layer(state, wires, _vectors(state.trace, canvas, data), canvas.hits)


@of_trace
def _values(trace: Trace, node: str, row: int, is_over: bool) -> tuple[str, ...]:
    """What goes into the cell, and once its work is done what comes out."""
    data = cell_data(trace, node, row)
    if data is None:
        return ()
    step, before = data.step, data.before
    read = {"x": f"x_{step}" if data.depth == 0 else "from below"}
    read |= {f"{letter}_before": f"{letter}_{before}" for letter in "hyc"}
    made = {letter: f"{letter}_{step}" for letter in (*trace.spec.gates, "c", "h")}
    told = []
    for verb, names in (("Reads", read), ("Computes", made if is_over else {})):
        vectors = ((name, data.get(key)) for key, name in names.items())
        found = [f"{name} = {vector(values.tolist())}" for name, values in vectors
                 if values is not None]  # fmt: skip
        if found:
            told.append(f"{verb} {', '.join(found)}.")
    return tuple(told)


def _chosen(state: ViewState, node: str) -> CellData:
    data = cell_data(state.trace, node, state.row)
    if data is None:
        column = state.cursor.column
        part = next(p for p in state.trace.parts if p.start <= column < p.stop)
        layer = state.trace.spec.layer_names(part.prefix)[0]
        data = cell_data(state.trace, f"{part.prefix}h_{layer}@{column}", state.row)
    assert data is not None, "every column has a state"
    return data


def cell_crumbs(state: ViewState, data: CellData) -> tuple[Crumb, ...]:
    """The way from the sequence down to this cell."""
    parts = [Crumb("sequence", GRAPH, "Back to the unrolled graph")]
    if data.prefix:
        parts.append(Crumb(data.prefix.rstrip("_")))
    if state.trace.spec.layers > 1:
        parts.append(Crumb(f"layer {data.depth + 1}"))
    if data.reverse:
        parts.append(Crumb("reverse"))
    step = Crumb(f"step {data.step}", GRAPH, "This step in the graph")
    return (*parts, step, Crumb(_NAMES[state.trace.spec.cell]))


def _summary(state: ViewState, data: CellData, trail: str, words: str, *, padded: bool) -> str:
    """Where we are, how long the gradient is that arrives and that leaves, and what goes on."""
    size = state.trace.spec.hidden_size
    told = [f"Inside of a cell: {trail}, {many(size, 'hidden unit')}."]
    found = lengths(state.trace, data)
    arriving, back = found.get("h"), found.get("back")
    if moment_of(state, data).is_back and arriving is not None and back is not None:
        told.append(f"Gradient of length {short(arriving)}, {short(back)} back through W.")
    if not state.live:
        over = moment_of(state, data).is_over and not padded
        told += _values(state.trace, data.node, state.row, over)
    if words != HINT:
        told.append(f"{words[:1].upper()}{words[1:]}.")
    return " ".join(told)
