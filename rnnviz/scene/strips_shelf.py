"""Where the strips of a pass stand, kept for all passes of the same shape."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from rnnviz.scene.shapes import Hit
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_hits import title_hits
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_left_out import LINE
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_place import Placed, in_sight, place
from rnnviz.scene.strips_room import Rows
from rnnviz.trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """The strips of passes of one shape in one arrangement: those `shown` of all `placed`, how
    their `rows` share the room, how far they are scrolled, the places of the titles, and the names
    of what a figure has `left_out`. The same object stays as long as nothing of that changes: a
    key that is cheap to compare."""

    placed: tuple[Placed, ...]
    shown: tuple[Placed, ...]
    rows: Rows
    scroll: float
    titles: tuple[Hit, ...]
    left_out: tuple[str, ...] = ()


def shelf_of(state: ViewState, layout: StripLayout, height: float, memo: StripsMemo) -> Shelf:
    """The strips of the state's trace, placed in `height` pixels."""
    trace = state.trace
    shape = memo.get("shape", lambda: _shape(trace))

    def make() -> Shelf:
        placed, rows = place(catalog(trace), layout, state.axis, height)
        room = height
        if layout.open_only and rows.needed > height:
            # Nobody can scroll a figure: its last line says what is not in it.
            room = height - LINE
            placed, rows = place(catalog(trace), layout, state.axis, room)
        shown = in_sight(placed, layout, room)
        seen = {each.strip.name for each in shown}
        absent = tuple(
            each.strip.caption.name_of_row(shared=bool(each.guest))
            for each in placed
            if layout.open_only and not each.beside and each.strip.name not in seen
        )
        scroll = rows.scrolled(layout.scroll)
        return Shelf(placed, shown, rows, scroll, title_hits(shown), absent)

    return memo.keep(("shelf", shape, layout, state.axis, height), make)


def _shape(trace: Trace) -> Hashable:
    """What decides which strips a trace has and how many rows each has."""
    shapes = ((name, trace.shape(name)) for name in trace)
    sizes = tuple((name, shape) for name, shape in shapes if len(shape) == 3)
    return trace.spec, trace.parts, frozenset(trace.arrays), sizes
