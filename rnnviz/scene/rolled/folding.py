"""Where everything stands between the rolled graph (share 0) and the unrolled one (share 1)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.graph.layout import GraphLayout, layout_of
from rnnviz.scene.graph.rows import BOTTOM, HEADER, Row, detail_at, fill_of, reached
from rnnviz.scene.shapes import Rect
from rnnviz.scene.state import ViewState

MOST_CARDS = 160
"""Steps drawn while the graph unfolds; of more, every second, third, … one."""
_WIDEST = 220.0
"""Room for the one cell in a small view, logical pixels."""
_LARGEST = 1.7
"""How much larger than in a row of many the boxes of the one cell may be."""
_LOOP, _NAME, _TITLES = 76.0, 46.0, 62.0
"""Room for a loop of grain 1 with what waits in it, for its name, and for the rows' titles."""
_BETWEEN = 0.9
"""Room between two of its boxes, as a share of the height of the taller one."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Folding(GraphLayout):
    """A layout whose columns stand on each other at share 0 and side by side at share 1.

    `flat` is the unrolled layout; `homes` are the x of the one cell of every part, `room` how wide
    a step may be, `stride` every how manieth step is drawn. A `card` is the ordinary layout in
    which one step stands where it has come to.
    """

    flat: GraphLayout
    share: float
    homes: tuple[float, ...]
    room: float
    stride: int

    def center(self, column: int) -> float:
        """x of the middle of a step."""
        home = self.homes[self.parts.index(self.part_of(column))]
        return between(home, self.flat.axis.center_of(column), self.share)

    def box(self, row: Row, column: float) -> Rect:
        x = self.center(int(column)) + row.shift
        return Rect(x - row.box_width / 2, row.top, row.box_width, row.height)

    @property
    def right(self) -> float:
        """Right edge of the steps, where the total loss stands."""
        loss = self.row("loss")
        half = self.room / 2 if loss is None else loss.box_width / 2
        return between(self.homes[-1] + half + 70.0, self.flat.right, self.share)

    def grain(self, row: Row) -> float:
        """How large loops and what waits in them are drawn beside a row: 1 in a small view, less
        where there is no room for them."""
        half = row.box_width / 2
        beside = (
            self.homes[0] - half - _TITLES if row.reverse else self.width - self.homes[-1] - half
        )
        if not row.reverse and len(self.homes) > 1:
            beside = min(beside, (self.homes[1] - self.homes[0]) / 2)
        return min(max(row.height / 40.0, 1.0), 2.6, max((beside - _NAME) / _LOOP, 0.6))

    def card(self, column: int) -> GraphLayout:
        """The ordinary layout in which this step stands where it is now."""
        axis = self.flat.axis
        first = column + 0.5 - (self.center(column) - axis.left) / self.room
        axis = TimeAxis(axis.columns, axis.left, axis.width, first, self.room)
        given = {each.name: getattr(self, each.name) for each in fields(GraphLayout)}
        return GraphLayout(**given | {"axis": axis})

    def cards(self, fronts: tuple[int, ...]) -> list[int]:
        """Steps to draw, those in front last: at share 0 nothing else can be seen."""
        if self.share <= 0.0:
            return list(fronts)
        shown = set(self.flat.columns[:: self.stride]) | set(fronts)
        whose = {part.prefix: front for part, front in zip(self.parts, fronts, strict=True)}
        return sorted(
            shown, key=lambda column: -abs(column - whose[self.part_of(column).prefix])
        )  # fmt: skip


def between(a: float, b: float, share: float) -> float:
    """a at 0, b at 1."""
    return a * (1.0 - share) + b * share


def eased(share: float, start: float = 0.0, stop: float = 1.0) -> float:
    """0 up to `start`, 1 from `stop` on, slow at both ends."""
    p = min(max((share - start) / (stop - start), 0.0), 1.0)
    return p * p * (3.0 - 2.0 * p)


def folding_of(state: ViewState, width: float, height: float, share: float) -> Folding:
    """The geometry of the state's graph at a share from 0 (rolled) to 1 (unrolled)."""
    share = min(max(share, 0.0), 1.0)
    flat = layout_of(state.trace, state.axis, width, height, state.row)
    axis, parts = flat.axis, len(flat.parts)
    least = min(max(_WIDEST, axis.width * 0.3), max(height * 0.6, _WIDEST))
    widest = max(axis.pitch, min(least, axis.width * 0.6 / parts))
    homes = tuple(
        axis.left + axis.width * (0.5 if parts == 1 else 0.22 + 0.54 * number)
        for number in range(parts)
    )
    alone = TimeAxis(axis.columns, axis.left, axis.width, 0.0, widest)
    one = layout_of(state.trace, alone, width, height)
    near, gap = _closer(one, height)
    stride = max(-(-len(axis.visible) // MOST_CARDS), 1)
    # Boxes become narrow before their cards have come apart, so that the loops are seen to open.
    narrow = eased(share, 0.0, 0.6)
    room = max(between(widest, axis.pitch, narrow), share * axis.pitch * stride)
    pairs = zip(near, flat.rows, strict=True)
    rows = reached([_between(a, b, room, share, flat) for a, b in pairs])
    lowest = next((row for row in rows if row.kind == "state"), rows[-1])
    inset = max(homes[0] - lowest.box_width / 2 - 40.0 - axis.left, 0.0) * (1.0 - share)
    given = {each.name: getattr(flat, each.name) for each in fields(GraphLayout)}
    given |= {
        "rows": rows,
        "gap": between(gap, flat.gap, share),
        "detail": detail_at(room),
        "inset": inset,
    }
    return Folding(**given, flat=flat, share=share, homes=homes, room=room, stride=stride)


def _closer(one: GraphLayout, height: float) -> tuple[tuple[Row, ...], float]:
    """The rows of the one cell as large as the view allows and close together, and their gap."""
    if one.detail != "boxes" or not one.rows:
        return one.rows, one.gap
    room = max(height - HEADER - BOTTOM * one.lettering - 6.0, 40.0)
    heights = [row.height for row in one.rows]
    gap = _BETWEEN * max(heights)
    grown = min(room / (sum(heights) + gap * (len(heights) - 0.35)), _LARGEST)
    if grown <= 1.0:
        return one.rows, one.gap
    gap *= grown
    y = HEADER + 6.0 + 0.65 * gap
    y += max(room - grown * sum(heights) - gap * (len(heights) - 0.35), 0.0) / 2
    placed = []
    for row in one.rows:
        placed.append(replace(row, top=float(round(y)), height=float(round(grown * row.height))))
        y += grown * row.height + gap
    return tuple(placed), gap


def _between(one: Row, many: Row, room: float, share: float, flat: GraphLayout) -> Row:
    """A row on its way from the rolled to the unrolled graph."""
    height = between(one.height, many.height, share)
    shift = between(one.shift, many.shift, share)
    apart = max(abs(each.shift) for each in flat.rows)
    fill, box_width = fill_of(
        many.kind, flat.spec, many.count, room, height, detail_at(room), apart
    )
    return replace(
        many,
        top=between(one.top, many.top, share),
        height=height,
        shift=shift,
        fill=fill,
        box_width=box_width,
    )
