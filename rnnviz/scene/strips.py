"""Same steps, same axis: everything the pass recorded, column under column, with one cursor."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from rnnviz.scene.shapes import Box, Hit, Layer, Picture, Rect, Shape, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_bars import bar_scale, bar_shapes, cut_marks, grid_shapes
from rnnviz.scene.strips_catalog import Strip, catalog
from rnnviz.scene.strips_gutter import gutter_shapes
from rnnviz.scene.strips_heat import heat_shapes, order_of
from rnnviz.scene.strips_hits import data_hit, title_hits
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import output_shapes
from rnnviz.scene.strips_place import Placed, in_sight, place
from rnnviz.scene.strips_tokens import token_shapes
from rnnviz.scene.strips_words import strips_summary

_NUMBERED = 26.0
"""Pixels from which a column has room for numbers."""
_VEIL = 0xA8000000
"""Opacity over what the cursor has not reached: seen through, but clearly not there yet."""


@dataclass(frozen=True, slots=True, eq=False)
class StripsPicture(Picture):
    """A picture that finds its millions of cells by arithmetic instead of listing them.

    `needed` is the height of all strips, of which `height` are shown; `placed` are those in sight,
    `every` are all in their order.
    """

    state: ViewState | None = None
    layout: StripLayout = field(default_factory=StripLayout)
    memo: StripsMemo | None = None
    placed: tuple[Placed, ...] = ()
    every: tuple[Placed, ...] = ()
    needed: float = 0.0

    def hit(self, x: float, y: float) -> Hit | None:
        """The title under the point, or the value with its unit, step and token."""
        for title in self.hits:
            if title.rect.contains(x, y):
                return title
        if self.state is None or self.memo is None:
            return None
        return data_hit(self.state, self.placed, self.layout, self.memo, x, y)

    def unit_at(self, placed: Placed, share: float) -> int | None:
        """The unit at a share of a strip's height; None where the strip has no units."""
        if self.state is None or self.memo is None or placed.collapsed:
            return None
        if placed.strip.family != "heat" or placed.strip.name == "attention":
            return None
        order = order_of(self.state, placed.strip, self.layout, self.memo)
        return int(order[min(max(int(share * len(order)), 0), len(order) - 1)])


def strips_picture(
    state: ViewState,
    width: float,
    height: float,
    layout: StripLayout | None = None,
    memo: StripsMemo | None = None,
) -> StripsPicture:
    """The strips in `width` × `height` logical pixels; only what is in sight is built.

    With the `memo` of the last picture, a cursor move builds only the cursor: every strip is a
    layer whose key says what it depends on.
    """
    layout = layout or StripLayout()
    memo = memo or StripsMemo()
    memo.show(state.trace)
    strips = memo.get("catalog", lambda: catalog(state.trace))
    placed, needed = place(strips, layout, state.axis, height)
    shown = in_sight(placed, height)
    layers = (
        _gutter_layer(state, shown, height, memo),
        _data_layer(state, shown, height, layout, memo),
        _cursor_layer(state, shown, height),
    )
    return StripsPicture(
        width, height, state.theme.panel, layers, title_hits(shown),
        strips_summary(state, shown), state, layout, memo, shown, placed, needed,
    )  # fmt: skip


def _gutter_layer(
    state: ViewState, shown: tuple[Placed, ...], height: float, memo: StripsMemo
) -> Layer:
    """Titles and scales; they change with the layout and the trace, not with the cursor."""
    wide = state.axis.pitch >= 14.0
    key: Hashable = ("gutter", state.trace, state.theme.key, state.row, shown, wide, height)

    def make() -> Layer:
        shapes = tuple(shape for each in shown for shape in gutter_shapes(state, each, memo))
        return Layer(shapes, key, Rect(0, 0, max(state.axis.left, 1.0), height))

    return memo.get(key, make)


def _data_layer(
    state: ViewState,
    shown: tuple[Placed, ...],
    height: float,
    layout: StripLayout,
    memo: StripsMemo,
) -> Layer:
    """The data of all strips in sight: one layer that a cursor move leaves alone."""
    units = (layout.sortings, layout.hands, layout.pins)
    key: Hashable = (
        "data", state.trace, state.live, state.theme.key, state.row,
        shown, state.axis, units, height,
    )  # fmt: skip

    def make() -> Layer:
        shapes = tuple(
            shape
            for each in shown
            if not each.collapsed
            for shape in _data_shapes(state, each, layout, memo)
        )
        return Layer(shapes, key, Rect(state.axis.left, 0, state.axis.width, height))

    return memo.get(key, make)


def _data_shapes(
    state: ViewState, placed: Placed, layout: StripLayout, memo: StripsMemo
) -> tuple[Shape, ...]:
    strip, rect = placed.strip, placed.rect
    if strip.family == "tokens":
        return token_shapes(state, strip, rect)
    if strip.family == "heat":
        return heat_shapes(state, strip, rect, layout, memo)
    if strip.family == "outputs":
        return output_shapes(state, strip, rect, layout, memo)
    return (
        *grid_shapes(bar_scale(state, strip, memo), rect, state.theme),
        *bar_shapes(state, strip, rect, memo),
        *cut_marks(state, strip, rect),
    )


def _cursor_layer(state: ViewState, shown: tuple[Placed, ...], height: float) -> Layer:
    """What is not computed yet lies under a veil; one line runs through all strips."""
    axis, cursor = state.axis, state.cursor
    veil = state.theme.panel & 0x00FFFFFF | _VEIL
    shapes: list[Shape] = []
    for placed in shown:
        rect, part = placed.rect, placed.strip.part
        known = None if placed.collapsed else _known(state, placed.strip)
        if known is None:
            continue
        for first, last in ((part.start, known.start), (known.stop, part.stop)):
            left = max(axis.left_of(first), axis.left)
            right = min(axis.left_of(last), axis.left + axis.width)
            if right > left:
                shapes.append(Box(Rect(left, rect.y - 1, right - left, rect.h + 2), veil))
    if axis.left <= (x := axis.center_of(cursor.column)) <= axis.left + axis.width:
        color = state.theme.gradient if cursor.phase == "backward" else state.theme.accent
        # Wide columns have numbers in the middle: there the line must let them through.
        soft = color & 0x00FFFFFF | (0x80000000 if axis.pitch >= _NUMBERED else 0xFF000000)
        shapes.append(Wire(((x, 0.0), (x, height)), soft, 1.5, head=False, dashed=True))
    return Layer(tuple(shapes), None, Rect(axis.left, 0, axis.width, height))


def _known(state: ViewState, strip: Strip) -> range | None:
    """Columns of a strip that the cursor has computed; None where nothing is computed.

    An empty range stands at the end at which its computation begins.
    """
    part, timeline, done = strip.part, state.timeline, state.cursor.done
    if strip.is_input:
        return None
    if strip.family == "norms":
        found = timeline.known(done, "backward", "state", strip.layer, part.prefix)
        return found if len(found) else range(part.stop, part.stop)
    if strip.family == "loss":
        found = timeline.known(done, "forward", "loss")
    elif strip.family == "outputs" or strip.name == "attention":
        found = timeline.known(done, "forward", "output")
    else:
        found = timeline.known(done, "forward", "state", strip.layer, part.prefix)
    return found if len(found) else range(part.start, part.start)
