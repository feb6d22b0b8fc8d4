"""The inside of one cell at one step: what double-clicking a state opens."""

from __future__ import annotations

from rnnviz.scene import cell_gru, cell_lstm, cell_vanilla
from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData, cell_data
from rnnviz.scene.shapes import Hit, Label, Layer, Picture, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import elided, text_width

HEADER = 30.0
_NAMES = {"rnn": "vanilla cell", "lstm": "LSTM cell", "gru": "GRU cell"}


def has_inside(state: ViewState, node: str) -> bool:
    """Whether a node is a state whose cell can be opened."""
    known = state.trace.spec.cell in _NAMES
    return known and cell_data(state.trace, node, state.row) is not None


def cell_picture(state: ViewState, width: float, height: float, node: str) -> Picture:
    """The cell that computes `node` (``h_l0@3``) with the numbers of that step.

    For a node that is no state, the state of the cursor's column in the lowest layer is shown.
    """
    data = _chosen(state, node)
    spec, theme = state.trace.spec, state.theme
    canvas = Canvas(theme, Rect(0.0, HEADER, width, max(height - HEADER, 1.0)))
    x_name = "x" if data.depth == 0 else "h′"
    if spec.cell == "lstm":
        cell_lstm.draw(canvas, data, x_name)
    elif spec.cell == "gru":
        cell_gru.draw(canvas, data, x_name)
    else:
        cell_vanilla.draw(canvas, data, spec.activation, x_name)
    trail = _trail(state, data)
    room = width - 20.0
    shown = elided(trail, 12.0, room)
    header = Label(
        Rect(10.0, 6.0, text_width(shown, 12.0) + 2.0, 18.0), shown, theme.muted, 12.0, "left"
    )
    hits = tuple(
        Hit(place, f"{data.prefix}h_{data.layer}@{data.column}", name)
        for name, place in canvas.places.items()
    )
    key = ("cell", state.trace, state.row, data.column, data.layer, theme, width, height)
    layer = Layer((*canvas.under, *canvas.over, header), key)
    return Picture(width, height, theme.panel, (layer,), hits, _summary(state, data))


def _chosen(state: ViewState, node: str) -> CellData:
    data = cell_data(state.trace, node, state.row)
    if data is None:
        column = state.cursor.column
        part = next(p for p in state.trace.parts if p.start <= column < p.stop)
        layer = state.trace.spec.layer_names(part.prefix)[0]
        data = cell_data(state.trace, f"{part.prefix}h_{layer}@{column}", state.row)
    assert data is not None, "every column has a state"
    return data


def _trail(state: ViewState, data: CellData) -> str:
    """Breadcrumbs from the sequence down to this cell."""
    parts = ["sequence"]
    if data.prefix:
        parts.append(data.prefix.rstrip("_"))
    if state.trace.spec.layers > 1:
        parts.append(f"layer {data.depth + 1}")
    if data.reverse:
        parts.append("reverse")
    parts += [f"step {data.step}", _NAMES.get(state.trace.spec.cell, "cell")]
    return " › ".join(parts)


def _summary(state: ViewState, data: CellData) -> str:
    size = state.trace.spec.hidden_size
    return f"Inside of a cell: {_trail(state, data)}, {size} hidden units."
