"""What a cell hands on in time, each on a lane of its own: h, and the LSTM's c above it."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.theme import Theme


@dataclass(frozen=True, slots=True)
class Lane:
    """One quantity between neighbouring steps: heights of its wire and of its gradient's arrow,
    as shares of the row's height."""

    letter: str
    forward: float
    backward: float
    thickest: float
    """Most that the arrow may take of the row's height."""


_PLAIN = (Lane("h", 0.3, 0.72, 0.36),)
_LOW = (Lane("h", 0.5, 0.72, 0.36),)
_CELL_AND_STATE = (Lane("c", 0.13, 0.36, 0.16), Lane("h", 0.64, 0.87, 0.16))
_TWO_FROM = 22.0
"""Height of a row from which c and h have a wire each."""


def lanes(layout: GraphLayout, row: Row) -> tuple[Lane, ...]:
    """The lanes of a row of states, top to bottom; the last is that of h."""
    if layout.spec.has_cell_state and row.height >= _TWO_FROM:
        return _CELL_AND_STATE
    return _PLAIN if row.height >= 14 else _LOW


def lane_color(lane: Lane, theme: Theme) -> int:
    return theme.cell if lane.letter == "c" else theme.hidden
