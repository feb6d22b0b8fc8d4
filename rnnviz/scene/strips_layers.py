"""The strips in layers: what many passes share at the bottom, the cursor on top."""

from __future__ import annotations

from collections.abc import Hashable

from rnnviz.scene.axis import MARGIN
from rnnviz.scene.captions import pass_words
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.sampled import drawn_steps, inputs_known
from rnnviz.scene.shapes import Label, Layer, Picture24, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_bars import BarScale, bar_scale, bar_shapes, cut_marks, grid_shapes
from rnnviz.scene.strips_cursor import cursor_lines
from rnnviz.scene.strips_gutter import folded_title, gutter_shapes, own_sum
from rnnviz.scene.strips_heat import heat_shapes, order_of
from rnnviz.scene.strips_known import known_columns
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_left_out import LINE
from rnnviz.scene.strips_lit import lit_elsewhere, lit_steps
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import drawn_shapes, output_shapes
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_room import TOP
from rnnviz.scene.strips_shelf import Shelf
from rnnviz.scene.strips_silence import padding_shapes, unasked_shapes
from rnnviz.scene.strips_tokens import step_numbers, token_shapes
from rnnviz.scene.strips_values import color_scale
from rnnviz.scene.strips_veil import veil
from rnnviz.scene.textwidth import text_width

_WHOSE_LINE = 12.0


def strip_layers(
    state: ViewState, shelf: Shelf, height: float, layout: StripLayout, memo: StripsMemo
) -> tuple[Layer, ...]:
    """Gutter, ground, words, data, veil and cursor; the keys say what each depends on."""
    return (
        _gutter_layer(state, shelf, height, layout, memo),
        _folded_layer(state, shelf, height, memo),
        _ground_layer(state, shelf, height, memo),
        _whose_layer(state, shelf, height, memo),
        _words_layer(state, shelf, height, memo),
        _data_layer(state, shelf, height, layout, memo),
        *_drawn_layer(state, shelf, height, memo),
        _veil_layer(state, shelf, height, layout, memo),
        _cursor_layer(state, shelf, height),
        _lit_layer(state, shelf, height),
    )


def _gutter_layer(
    state: ViewState, shelf: Shelf, height: float, layout: StripLayout, memo: StripsMemo
) -> Layer:
    """Titles and scales; they change with the layout and the scales, not with the cursor."""
    wide = state.axis.pitch >= 14.0
    scales = tuple(_scale_of(state, each, memo) for each in shelf.shown)
    classes = state.trace.labels.classes
    rows = tuple(
        order_of(state, each.strip, layout, memo).tobytes()
        for each in shelf.shown
        if each.strip.family == "heat" and layout.sorting_of(each.strip.name) != "index"
    )
    attends = any(each.strip.name == "attention" for each in shelf.shown)
    read = state.trace.labels.inputs[state.row : state.row + 1] if attends else ()
    key: Hashable = (
        "gutter", state.theme.key, scales, classes, shelf, wide, height, rows, read, layout.pins,
        own_sum(state), state.trace.mode,
    )  # fmt: skip

    def make() -> Layer:
        shapes = tuple(
            shape for each in shelf.shown for shape in gutter_shapes(state, each, layout, memo)
        )
        return Layer(shapes, key, Rect(0, 0, max(state.axis.left, 1.0), height))

    return memo.keep(key, make)


def _folded_layer(state: ViewState, shelf: Shelf, height: float, memo: StripsMemo) -> Layer:
    """The titles of what is folded away: places to click, which say nothing on paper."""
    key: Hashable = ("folded", state.theme.key, shelf, height, state.axis.left)

    def make() -> Layer:
        folded = (each for each in shelf.shown if each.collapsed)
        shapes = tuple(shape for each in folded for shape in folded_title(state, each))
        return Layer(shapes, key, Rect(0, 0, max(state.axis.left, 1.0), height), role="control")

    return memo.keep(key, make)


def _scale_of(state: ViewState, placed: Placed, memo: StripsMemo) -> BarScale | ColorScale | None:
    """What the gutter of a strip says about its numbers."""
    if placed.collapsed or placed.strip.family == "tokens":
        return None
    if placed.strip.family in ("loss", "norms"):
        return bar_scale(state, placed.strip, memo)
    return color_scale(state, placed.strip, memo)


def _ground_layer(state: ViewState, shelf: Shelf, height: float, memo: StripsMemo) -> Layer:
    """Step numbers, and the lines behind the bars: the same for pass after pass."""
    scales = tuple(
        _scale_of(state, p, memo) for p in shelf.shown if p.strip.family in ("loss", "norms")
    )
    key: Hashable = ("ground", state.theme.key, scales, shelf, state.axis, height)

    def make() -> Layer:
        shapes: list[Shape] = []
        for placed in shelf.shown:
            strip, rect = placed.strip, placed.rect
            if placed.collapsed:
                continue
            if strip.family == "tokens":
                shapes += step_numbers(state, strip, rect)
            elif strip.family in ("loss", "norms"):
                shapes += grid_shapes(bar_scale(state, strip, memo), rect, state.theme)
        return Layer(tuple(shapes), key, _time_area(state, height))

    return memo.keep(key, make)


def _whose_layer(state: ViewState, shelf: Shelf, height: float, memo: StripsMemo) -> Layer:
    """Right of the last step which iteration's pass this is."""
    words = pass_words(state.trace).split()
    key: Hashable = ("whose", tuple(words), state.theme.key, state.axis, height, shelf.scroll)

    def make() -> Layer:
        x, y = state.axis.left + state.axis.width + 8.0, TOP - shelf.scroll
        shapes: list[Shape] = []
        for number, word in enumerate(words):
            place = Rect(x, y + number * _WHOSE_LINE, MARGIN - 18.0, _WHOSE_LINE)
            size = min(10.0, 10.0 * place.w / text_width(word, 10.0))
            shapes.append(Label(place, word, state.theme.muted, size, "left"))
        return Layer(tuple(shapes), key, Rect(x, 0.0, MARGIN - 8.0, height))

    return memo.keep(key, make)


def _words_layer(state: ViewState, shelf: Shelf, height: float, memo: StripsMemo) -> Layer:
    """The words of the input."""
    key: Hashable = (
        "words", state.trace, state.live, state.theme.key, state.row, shelf, state.axis, height,
        inputs_known(state),
    )  # fmt: skip

    def make() -> Layer:
        shapes = tuple(
            shape
            for each in shelf.shown
            if each.strip.family == "tokens" and not each.collapsed
            for shape in token_shapes(state, each.strip, each.rect)
        )
        # Frames of a video differ from pass to pass: they are no stamps.
        recurring = state.live and not any(isinstance(shape, Picture24) for shape in shapes)
        return Layer(shapes, key, _time_area(state, height), recurring)

    return memo.get(key, make)


def _time_area(state: ViewState, height: float) -> Rect:
    return Rect(state.axis.left, 0, state.axis.width, height)


def _data_layer(
    state: ViewState,
    shelf: Shelf,
    height: float,
    layout: StripLayout,
    memo: StripsMemo,
) -> Layer:
    """The data of all strips in sight: one layer that a cursor move leaves alone."""
    units = (layout.sortings, layout.hands, layout.pins)
    key: Hashable = (
        "data", state.trace, state.live, state.theme.key, state.row,
        shelf, state.axis, units, height,
    )  # fmt: skip

    def make() -> Layer:
        shapes = tuple(
            shape
            for each in shelf.shown
            if not each.collapsed and each.strip.family != "tokens"
            for shape in _data_shapes(state, each, layout, memo)
        )
        return Layer(shapes, key, _time_area(state, height))

    return memo.get(key, make)


def _drawn_layer(
    state: ViewState, shelf: Shelf, height: float, memo: StripsMemo
) -> tuple[Layer, ...]:
    """In a sample what the model has drawn so far."""
    if state.trace.mode != "sample":
        return ()
    key: Hashable = (
        "drawn", state.trace, state.live, state.theme.key, state.row, shelf, state.axis, height,
        drawn_steps(state),
    )  # fmt: skip

    def make() -> Layer:
        outputs = (p for p in shelf.shown if p.strip.family == "outputs" and not p.collapsed)
        shapes = [s for p in outputs for s in drawn_shapes(state, p.strip, p.rect, memo)]
        return Layer(tuple(shapes), key, _time_area(state, height))

    return (memo.get(key, make),)


def _data_shapes(
    state: ViewState, placed: Placed, layout: StripLayout, memo: StripsMemo
) -> tuple[Shape, ...]:
    strip, rect = placed.strip, placed.rect
    padding = padding_shapes(state, strip, rect)
    if strip.family == "heat":
        return (*heat_shapes(state, strip, rect, layout, memo), *padding)
    if strip.family == "outputs":
        pale = unasked_shapes(state, strip, rect)
        return (*output_shapes(state, strip, rect, layout, memo), *pale, *padding)
    return (
        *bar_shapes(state, strip, rect, memo),
        *padding,
        *cut_marks(state, strip, rect),
    )


def _veil_layer(
    state: ViewState, shelf: Shelf, height: float, layout: StripLayout, memo: StripsMemo
) -> Layer:
    """What is not computed yet lies under a veil."""
    shapes: list[Shape] = []
    for placed in shelf.shown:
        known = None if placed.collapsed else known_columns(state, placed.strip)
        if known is not None:
            shapes += veil(state, placed, known, layout, memo)
    return Layer(tuple(shapes), None, _time_area(state, height))


def _cursor_layer(state: ViewState, shelf: Shelf, height: float) -> Layer:
    """One line runs through all strips."""
    axis, shapes = state.axis, tuple[Shape, ...]()
    if axis.left <= axis.center_of(state.cursor.column) <= axis.left + axis.width:
        bottom = height - LINE if shelf.left_out else height
        shapes = tuple(cursor_lines(state, shelf.shown, bottom))
    return Layer(shapes, None, _time_area(state, height), role="cursor")


def _lit_layer(state: ViewState, shelf: Shelf, height: float) -> Layer:
    elsewhere = lit_elsewhere(state, shelf.placed, shelf.shown, height)
    shapes = (*lit_steps(state, shelf.shown), *elsewhere)
    return Layer(shapes, None, _time_area(state, height), role="control")
