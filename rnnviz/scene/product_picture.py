"""One matrix product, row by column: vector over matrix, the chosen row's terms under it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.scene.as_written import ROUNDED
from rnnviz.scene.breadcrumbs import CELL, GRAPH, HEADER, Crumb, grown, trail_of, trail_text
from rnnviz.scene.captions import pass_words
from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData, cell_data
from rnnviz.scene.cell_moment import moment_of
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.number_fields import NumberPicture
from rnnviz.scene.number_room import numbers_fit
from rnnviz.scene.numbers import grouped, short
from rnnviz.scene.product_backward import backward_product, output_product_back
from rnnviz.scene.product_bars import bar_shapes
from rnnviz.scene.product_choices import choices
from rnnviz.scene.product_data import Product, Vector, is_padding
from rnnviz.scene.product_fields import number_fields
from rnnviz.scene.product_forward import forward_product, output_product
from rnnviz.scene.product_places import SMALL, Places, places_of
from rnnviz.scene.product_sum import figure, sum_shapes
from rnnviz.scene.shapes import Box, Cells, Hit, Layer, Picture, Raster, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_values import nice_bound
from rnnviz.scene.textwidth import text_width

_MOST_HITS = 512
ROW = "row:"
"""Id of a hit: a row of the matrix."""


def product_at(
    state: ViewState, node: str, name: str, *, backward: bool
) -> tuple[Product | None, CellData | None]:
    """The product `name` at a state (``h_l0@3``) or output (``logits@3``), if there is one."""
    trace, row = state.trace, state.row
    column = int(node.rpartition("@")[2])
    if node.startswith("logits@"):
        if _is_over(state, node, None):
            return None, None
        make = output_product_back if backward else output_product
        return make(trace, column, row), None
    data = cell_data(trace, node, row)
    if data is None or _is_over(state, node, data):
        return None, data
    inner = backward_product if backward else forward_product
    return inner(trace, data, name, row), data


def _is_over(state: ViewState, node: str, data: CellData | None) -> bool:
    """Whether the shown sequence has ended before the step of a state or an output."""
    part = state.trace.output_part
    prefix, index = part.prefix, int(node.rpartition("@")[2]) - part.start
    if data is not None:
        prefix, index = data.prefix, data.step - 1
    return is_padding(state.trace, prefix, index, state.row)


def goes_back(state: ViewState, way: str) -> bool:
    """Whether the backward product is shown: when it was chosen, or is what the pass is at.
    After the whole pass it is the forward one, from which one begins to explain."""
    over = state.cursor.done >= len(state.timeline)
    return way == "backward" or (not way and not over and state.cursor.phase == "backward")


def has_product(state: ViewState, node: str, name: str) -> bool:
    """Whether the product can be drawn (forward at least)."""
    return product_at(state, node, name, backward=False)[0] is not None


@np.errstate(invalid="ignore", over="ignore")  # a diverged pass has no numbers, and says so
def product_picture(
    state: ViewState, width: float, height: float, node: str, name: str,
    unit: int = 0, way: str = "",
) -> Picture:  # fmt: skip
    """The product `name` at `node` with row `unit` written out; a hovered row comes first.

    `way` is forward or backward; without it the cursor's phase decides (`goes_back`).
    """
    theme = state.theme
    backward = goes_back(state, way)
    product, data = product_at(state, node, name, backward=backward)
    other, _ = product_at(state, node, name, backward=not backward)
    crumbs = product_crumbs(state, node, name, data)
    line = grown(height)
    header = HEADER * line
    room = Rect(0.0, header, width, max(height - header, 1.0))
    hint = "point at a row, or ↑ ↓ · Esc: out"
    trail = trail_of(theme, crumbs, width - 10.0, hint, pass_words(state.trace), line)
    how = trail.beside
    if product is None:
        canvas = Canvas(theme, room)
        words = "The sequence is over at this step: nothing is computed here."
        if not _is_over(state, node, data):
            words = "This pass holds no gradients." if backward else "This pass does not hold it."
        canvas.label(500.0, 240.0, words, theme.muted, 14.0, align="center")
        layers = (
            Layer((*canvas.over, *trail.shapes)), trail.layer(None),
            Layer(how, role="control"),
        )  # fmt: skip
        return Picture(width, height, theme.panel, layers, trail.hits, words)
    row, made = shown_row(state, product, node, data, unit)
    places = places_of(product, room.h)
    canvas = Canvas(theme, room, places.board)
    _tableau(canvas, product, row, places, made)
    if places.bars is not None:
        bar_shapes(canvas, product, row, places.bars)
    in_lines = sum_shapes(canvas, product, row, places.sum)
    _notes(canvas, product, places)
    buttons = Canvas(theme, room, places.board)
    choices(buttons, state, node, name, product, places, both=other is not None)
    hits = (*trail.hits, *_row_hits(canvas, product, places), *buttons.hits)
    kind = "row of Wᵀ" if backward else "row"
    total = product.total if product.total is not None else product.result
    summary = (
        f"A matrix product: {trail_text(crumbs)}, {'backward' if backward else 'forward'}, "
        f"{product.rows} × {product.columns}; {kind} {row + 1} gives {figure(float(total[row]))}."
    )
    key = (
        "product", state.trace, state.row, node, name, row, made, backward, theme.key,
        width, height,
    )  # fmt: skip
    layers = (
        Layer((*canvas.under, *canvas.over, *trail.shapes), key),
        trail.layer(key),
        Layer((*buttons.over, *how), (key, "buttons"), role="control"),
    )
    column = int(node.rpartition("@")[2])
    fields = (
        *number_fields(canvas, state.trace, product, data, node, places),
        *(replace(each, node=f"{each.node}@{column}") for each in in_lines),
    )
    return NumberPicture(width, height, theme.panel, layers, hits, summary, fields)


def shown_row(
    state: ViewState, product: Product, node: str, data: CellData | None, unit: int
) -> tuple[int, int]:
    """The row that is written out, and up to which row the result has been computed.

    It is the row under the pointer; while the step itself is played, the one it has come to (row
    after row); or else the chosen one.
    """
    last, share = product.rows - 1, 1.0
    if data is not None:
        moment = moment_of(state, data)
        share = moment.backward if product.backward else moment.forward
    elif state.cursor.node == node and not state.still:
        share = state.cursor.progress
    at_work = 0.0 < share < 1.0
    made = min(int(share * product.rows), last) if at_work else last
    if state.hovered.startswith(ROW):
        return min(max(int(state.hovered.removeprefix(ROW)), 0), last), made
    return made if at_work else min(max(unit, 0), last), made


def product_crumbs(
    state: ViewState, node: str, name: str, data: CellData | None
) -> tuple[Crumb, ...]:
    """The way down to this product."""
    from rnnviz.scene.cell_picture import cell_crumbs

    plain = f"W{'_' if len(name) > 1 else ''}{name}"
    if data is None:
        column = int(node.rpartition("@")[2])
        step = column - state.trace.output_part.start + 1
        root = Crumb("sequence", GRAPH, "Back to the unrolled graph")
        return root, Crumb(f"step {step}", GRAPH), Crumb("output"), Crumb(f"{plain} product")
    *above, cell = cell_crumbs(state, data)
    return (*above, Crumb(cell.text, CELL, "Back to the cell"), Crumb(f"{plain} product"))


def _tableau(canvas: Canvas, product: Product, row: int, places: Places, made: int) -> None:
    """Vector above, matrix below it, result (down to row `made`) at the right: columns and rows
    stand in line."""
    theme, matrix, result = canvas.theme, places.matrix, places.result
    bound = nice_bound(float(np.abs(product.matrix).max(initial=0.0)))
    weights = ColorScale(theme.diverging, -bound, bound)
    ink = theme.gradient if product.backward else theme.hidden
    if product.vector_tex.startswith(("x", "¦x")):
        ink = theme.input
    elif product.vector_tex.startswith("y"):
        ink = theme.output
    beside, over = matrix.x - 14.0, places.vector
    cells(canvas, over, product.vector[None], vector_scale(canvas, product), ink)
    middle = over.y + over.h / 2
    canvas.equation(beside, middle, product.vector_tex, ink, 15.0, align="right", most=94.0)
    cells(canvas, matrix, product.matrix, weights, theme.weight)
    middle = matrix.y + matrix.h / 2
    symbol = product.matrix_tex
    canvas.equation(beside, middle - 8.0, symbol, theme.weight, 16.0, align="right", most=94.0)
    size = f"{grouped(product.rows)} × {grouped(product.columns)}"
    canvas.label(beside, middle + 15.0, size, theme.muted, 9.5, align="right")
    canvas.label(places.equals, middle, "=", theme.ink, 15.0, align="center")
    reach = nice_bound(float(np.abs(product.result).max(initial=0.0)))
    scale = ColorScale(theme.diverging, -reach, reach)
    ink = theme.gradient if product.backward else theme.ink
    pitch = matrix.h / product.rows
    done = replace(result, h=pitch * (made + 1))
    cells(canvas, done, product.result[: made + 1, None], scale, ink)
    symbol = rf"{product.matrix_tex}\,{product.vector_tex}"
    x = result.x + result.w / 2
    canvas.equation(x, over.y + over.h / 2, symbol, ink, 13.0, align="center", most=96.0)
    outline = max(pitch, 3.0 / canvas.scale)
    y = matrix.y + row * pitch + pitch / 2 - outline / 2
    for each in (matrix, result):
        place = canvas.rect(each.x - 3.0, y - 1.0, each.w + 6.0, outline + 2.0)
        canvas.over.append(Box(place, 0, theme.accent, max(2.0 * canvas.scale, 1.5), 3.0))


def vector_scale(canvas: Canvas, product: Product) -> ColorScale:
    """Fixed ±1 for states, unless what is read of them is larger (sums, dropout); the range that
    the values need for anything else."""
    most = float(np.abs(product.vector).max(initial=0.0))
    if product.vector_range == "states" and not product.backward and not most > 1.0:
        return canvas.theme.states
    bound = nice_bound(most)
    return ColorScale(canvas.theme.diverging, -bound, bound)


def cells(canvas: Canvas, rect: Rect, values: Vector, scale: ColorScale, color: int) -> None:
    """A framed matrix: cells with numbers where there is room, else a heatmap."""
    theme = canvas.theme
    place = canvas.rect(rect.x, rect.y, rect.w, rect.h)
    frame = place.inset(-2.5 * canvas.scale)
    canvas.over.append(Box(frame, theme.box, color, max(1.6 * canvas.scale, 1.0), 3.0))
    rows, columns = values.shape
    w, h = place.w / columns, place.h / rows
    size = min(canvas.font(10.5), int(h - 2.0))
    numbers = size >= 7 and w >= 17.0 and rows <= SMALL and columns <= SMALL
    numbers = numbers and numbers_fit(values, w - 1.0, size, signed=scale.low < 0)
    if rows <= SMALL and columns <= SMALL:
        xs, ys = np.full(rows, place.x), place.y + h * np.arange(rows)
        shown = np.asarray(values, np.float64)
        canvas.over.append(
            Cells(xs, ys, shown, w - 1.0, h - 1.0, scale, 1.0, numbers=numbers, size=float(size))
        )
        return
    canvas.over.append(Raster(place, thinned(values, int(place.h) + 1, int(place.w) + 1), scale))


def thinned(values: Vector, rows: int, columns: int) -> Vector:
    """No more rows and columns than can be seen; of those that share a pixel, the largest."""
    for axis, most in ((0, rows), (1, columns)):
        count = values.shape[axis]
        if count > 2 * most:
            starts = (np.arange(most) * count) // most
            high = np.maximum.reduceat(values, starts, axis)
            low = np.minimum.reduceat(values, starts, axis)
            values = np.where(np.abs(high) >= np.abs(low), high, low)
    return values


def _notes(canvas: Canvas, product: Product, places: Places) -> None:
    """Under the bars: how to read them, and the ranges of the colours."""
    theme, left = canvas.theme, places.matrix.x
    if places.notes:
        words = "each bar starts where the one before ended: the last is the sum"
        words += f" · {ROUNDED}"
        if text_width(words, canvas.font(10.0)) > (places.sum.x - left) * canvas.sx:
            words = ROUNDED
        canvas.label(left, places.notes[0], words, theme.muted, 10.0)
        bound = nice_bound(float(np.abs(product.matrix).max(initial=0.0)))
        reach = vector_scale(canvas, product).high
        words = f"colours: matrix ±{short(bound, 2)}, vector ±{short(reach, 2)}"
        canvas.label(left, places.notes[1], words, theme.muted, 10.0)
    if product.note and places.bars is not None:
        canvas.label(left, places.bars.y - 18.0, product.note, theme.gradient, 10.5)


def _row_hits(canvas: Canvas, product: Product, places: Places) -> list[Hit]:
    matrix, count = places.matrix, min(product.rows, _MOST_HITS)
    pitch = matrix.h / count
    found = []
    for number in range(count):
        row = number * product.rows // count
        width = places.result.right - matrix.x + 8.0
        place = canvas.rect(matrix.x - 4.0, matrix.y + number * pitch, width, pitch)
        value = figure(float(product.result[row]))
        found.append(Hit(place, f"{ROW}{row}", f"{product.row_words(row)}: {value}"))
    return found
