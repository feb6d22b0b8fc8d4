"""Attention: from each encoder state to a decoder step a line as thick as its weight."""

from __future__ import annotations

from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.rows import Row
from rnnviz.scene.shapes import Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import Theme

FAINTEST = 0.02
"""Weights below this are not drawn."""
THICKEST = 6.0


def attention_rows(layout: GraphLayout) -> tuple[Row, ...]:
    """The top states of the encoder that are looked at (both directions, where there are two)."""
    deepest = layout.spec.layers - 1
    return tuple(row for row in layout.states if row.depth == deepest)


def attended(state: ViewState, layout: GraphLayout, done: int) -> tuple[int, range] | None:
    """The decoder step whose weights are drawn boldly, and the steps that have theirs so far."""
    if "attention" not in state.trace or len(layout.parts) < 2 or layout.detail != "boxes":
        return None
    decoder = layout.parts[1]
    top = next(row for row in attention_rows(layout) if not row.reverse)
    known = state.timeline.known(done, "forward", "state", top.layer, decoder.prefix)
    if not known:
        return None
    chosen = _column(state.selected) if state.selected else -1
    focus = chosen if chosen in known else min(max(state.cursor.column, known[0]), known[-1])
    return focus, known


def attention_shapes(state: ViewState, layout: GraphLayout, done: int) -> list[Shape]:
    """The weights of the step under the cursor or the selection; faintly those of all others."""
    at = attended(state, layout, done)
    if at is None:
        return []
    focus, known = at
    weights = state.trace["attention"]
    encoder, decoder = layout.parts
    top = next(row for row in attention_rows(layout) if not row.reverse)
    shapes: list[Shape] = []
    shown = [focus] if len(known) > 12 else [c for c in known if c != focus] + [focus]
    for column in shown:
        shares = weights[column - decoder.start, state.row]
        color = state.theme.gate if column == focus else _faint(state.theme)
        for source in range(encoder.start, encoder.stop):
            share = float(shares[source - encoder.start])
            if share >= FAINTEST:
                shapes.append(_line(layout, top, source, column, share, color))
    return shapes


def _line(
    layout: GraphLayout, row: Row, source: int, target: int, share: float, color: int
) -> Wire:
    """An arc over the row, from the top of the encoder's box to the decoder's."""
    here, there = layout.box(row, source), layout.box(row, target)
    start = (here.x + here.w * 0.7, here.y - 1.0)
    end = (there.x + there.w * 0.3, there.y - 2.0)
    highest = max(row.top - layout.gap * 0.85, 0.0)
    bow = min(12.0 + 0.16 * (end[0] - start[0]), row.top - highest)
    points = (start, (start[0] + 8.0, start[1] - bow), (end[0] - 8.0, end[1] - bow), end)
    width = max(THICKEST * share, 0.6)
    return Wire(points, color, width, head=False, curved=True)


def _column(node: str) -> int:
    _, _, column = node.rpartition("@")
    return int(column) if column.isdigit() else -1


def _faint(theme: Theme) -> int:
    return (theme.gate & 0x00FFFFFF) | 0x38000000
