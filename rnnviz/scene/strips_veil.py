"""What the cursor has not reached: under a veil, with numbers that can still be read."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.scene.colors import VEIL
from rnnviz.scene.shapes import Box, Cells, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_bars import bar_numbers, bar_row
from rnnviz.scene.strips_heat import heat_shapes
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_marks import target_marks
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import shows_top_five
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_silence import padded_columns

_ALPHA = round(VEIL * 0xFF) << 24


def veil(
    state: ViewState, placed: Placed, known: range, layout: StripLayout, memo: StripsMemo
) -> list[Shape]:
    """A veil over the columns of a strip that are not `known`, and its numbers.

    What the veil covers shines through; the numbers on it are in the ink that reads there.
    """
    axis, rect, part = state.axis, placed.rect, placed.strip.part
    ground = state.theme.panel & 0x00FFFFFF | _ALPHA
    shapes: list[Shape] = []
    for first, last in ((part.start, known.start), (known.stop, part.stop)):
        left = max(axis.left_of(first), axis.left)
        right = min(axis.left_of(last), axis.left + axis.width)
        if right > left:
            shapes.append(Box(Rect(left, rect.y - 1, right - left, rect.h + 2), ground))
            columns = range(first, last)
            if placed.strip.family == "heat":
                shapes += _pale_cells(state, placed, columns, layout, memo)
            elif placed.strip.family == "outputs" and not shows_top_five(state, placed.strip):
                cells = _pale_cells(state, placed, columns, layout, memo)
                marks = target_marks(state, placed.strip, rect, columns) if cells else []
                shapes += [*cells, *marks]
    if placed.strip.family in ("loss", "norms"):
        shapes += _bar_numbers(state, placed, known, memo)
    return shapes


def _bar_numbers(state: ViewState, placed: Placed, known: range, memo: StripsMemo) -> list[Label]:
    """The number of each bar in sight, known or not."""
    strip, rect = placed.strip, placed.rect

    def make() -> tuple[tuple[Label | None, ...], tuple[Label | None, ...]]:
        row = bar_row(state, strip, rect, memo)
        if row is None:
            return (), ()
        return bar_numbers(state, row, rect), bar_numbers(state, row, rect, pale=True)

    key = ("numbers", strip.name, state.row, state.axis, rect, state.theme.key, state.live)
    clear, pale = memo.get(key, make)
    first = max(state.axis.visible.start, strip.part.start)
    padded = padded_columns(state, strip) if clear else range(0)
    chosen = (
        clear[at] if first + at in known else pale[at]
        for at in range(len(clear))
        if first + at not in padded
    )
    return [label for label in chosen if label is not None]


def _pale_cells(
    state: ViewState, placed: Placed, columns: range, layout: StripLayout, memo: StripsMemo
) -> list[Cells]:
    """The numbered cells of some columns (of the whole axis) as they read under the veil."""
    strip, rect = placed.strip, placed.rect
    first = max(state.axis.visible.start, strip.part.start)
    stop = min([columns.stop, *padded_columns(state, strip)[:1]])
    chosen = slice(max(columns.start - first, 0), max(stop - first, 0))

    def make() -> Cells | None:
        shapes = heat_shapes(state, strip, rect, layout, memo)
        return next((shape for shape in shapes if isinstance(shape, Cells)), None)

    units = (layout.sortings, layout.hands, layout.pins)
    key = ("cells", strip.name, state.row, state.axis, rect, state.theme.key, state.live, units)
    cells = memo.get(key, make)
    if cells is None or not cells.numbers or not len(cells.xs[chosen]):
        return []
    return [
        replace(
            cells, xs=cells.xs[chosen], ys=cells.ys[chosen], values=cells.values[chosen],
            scale=cells.scale.pale,
        )
    ]  # fmt: skip
