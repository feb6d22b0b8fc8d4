"""One matrix product, row by column: vector over matrix, the chosen row's terms under it."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.breadcrumbs import CELL, GRAPH, HEADER, Crumb, crumb_shapes, trail_text
from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData, cell_data
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.numbers import decimals_for, number_text, short
from rnnviz.scene.product_backward import backward_product, output_product_back
from rnnviz.scene.product_bars import bar_shapes
from rnnviz.scene.product_data import Product, Vector, is_padding, product_names
from rnnviz.scene.product_forward import forward_product, output_product
from rnnviz.scene.product_sum import figure, sum_shapes
from rnnviz.scene.shapes import Box, Cells, Hit, Layer, Picture, Raster, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_values import nice_bound
from rnnviz.scene.textwidth import text_width

LEFT, TOP = 112.0, 96.0
WIDE, HIGH = 400.0, 160.0
SMALL = 12
"""Rows or columns up to which each has a cell of its own with a number in it."""
_MOST_HITS = 512
ROW, PRODUCT, WAY = "row:", "product:", "way:"
"""Ids of hits: a row, another product of the cell, forward or backward."""


def product_at(
    state: ViewState, node: str, name: str, *, backward: bool
) -> tuple[Product | None, CellData | None]:
    """The product `name` at a state (``h_l0@3``) or output (``logits@3``), if there is one."""
    trace, row = state.trace, state.row
    column = int(node.rpartition("@")[2])
    if node.startswith("logits@"):
        make = output_product_back if backward else output_product
        return make(trace, column, row), None
    data = cell_data(trace, node, row)
    if data is None or is_padding(trace, data.prefix, data.step - 1, row):
        return None, data
    inner = backward_product if backward else forward_product
    return inner(trace, data, name, row), data


def has_product(state: ViewState, node: str, name: str) -> bool:
    """Whether the product can be drawn (forward at least)."""
    return product_at(state, node, name, backward=False)[0] is not None


def product_picture(
    state: ViewState, width: float, height: float, node: str, name: str,
    unit: int = 0, way: str = "",
) -> Picture:  # fmt: skip
    """The product `name` at `node` with row `unit` written out; a hovered row comes first.

    `way` is forward or backward; without it the cursor's phase decides.
    """
    theme = state.theme
    backward = way == "backward" or (not way and state.cursor.phase == "backward")
    product, data = product_at(state, node, name, backward=backward)
    other, _ = product_at(state, node, name, backward=not backward)
    crumbs = product_crumbs(state, node, name, data)
    canvas = Canvas(theme, Rect(0.0, HEADER, width, max(height - HEADER, 1.0)))
    shapes, hits = crumb_shapes(theme, crumbs, width - 10.0)
    if product is None:
        words = "The sequence is over at this step: nothing is computed here."
        if data is None or not is_padding(state.trace, data.prefix, data.step - 1, state.row):
            words = "This pass holds no gradients." if backward else "This pass does not hold it."
        canvas.label(500.0, 240.0, words, theme.muted, 14.0, align="center")
        layer = Layer((*canvas.over, *shapes))
        return Picture(width, height, theme.panel, (layer,), tuple(hits), words)
    row = chosen_row(state, unit, product.rows)
    _tableau(canvas, product, row)
    w, _ = extent(product)
    bar_shapes(canvas, product, row, LEFT, w)
    sum_shapes(canvas, product, row)
    _notes(canvas, product)
    _choices(canvas, state, node, name, product, other is not None)
    hits += [*_row_hits(canvas, product), *canvas.hits]
    kind = "column" if backward else "row"
    total = product.total if product.total is not None else product.result
    summary = (
        f"A matrix product: {trail_text(crumbs)}, {'backward' if backward else 'forward'}, "
        f"{product.rows} × {product.columns}; {kind} {row} gives {figure(float(total[row]))}."
    )
    key = (
        "product", state.trace, state.row, node, name, row, backward, theme.key, width, height,
    )  # fmt: skip
    layer = Layer((*canvas.under, *canvas.over, *shapes), key)
    return Picture(width, height, theme.panel, (layer,), tuple(hits), summary)


def chosen_row(state: ViewState, unit: int, rows: int) -> int:
    """The row under the pointer, or else the chosen one."""
    if state.hovered.startswith(ROW):
        unit = int(state.hovered.removeprefix(ROW))
    return min(max(unit, 0), rows - 1)


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


def extent(product: Product) -> tuple[float, float]:
    """Width and height of the matrix on the board."""
    wide = min(52.0 * product.columns, WIDE) if product.columns <= SMALL else WIDE
    high = min(30.0 * product.rows, HIGH) if product.rows <= SMALL else HIGH
    return wide, high


def _tableau(canvas: Canvas, product: Product, row: int) -> None:
    """Vector above, matrix below it, result at the right: columns and rows stand in line."""
    theme = canvas.theme
    wide, high = extent(product)
    bound = nice_bound(float(np.abs(product.matrix).max(initial=0.0)))
    weights = ColorScale(theme.diverging, -bound, bound)
    ink = theme.gradient if product.backward else theme.hidden
    if product.vector_tex.startswith(("x", "¦x")):
        ink = theme.input
    elif product.vector_tex.startswith("y"):
        ink = theme.output
    cells(
        canvas,
        (LEFT, TOP - 42.0, wide, 26.0),
        product.vector[None],
        vector_scale(canvas, product),
        ink,
    )
    canvas.equation(
        LEFT - 14.0, TOP - 29.0, product.vector_tex, ink, 15.0, align="right", most=94.0
    )
    cells(canvas, (LEFT, TOP, wide, high), product.matrix, weights, theme.weight)
    middle = TOP + high / 2
    canvas.equation(
        LEFT - 14.0, middle - 8.0, product.matrix_tex, theme.weight, 16.0, align="right", most=94.0
    )
    size = f"{product.rows} × {product.columns}"
    canvas.label(LEFT - 14.0, middle + 12.0, size, theme.muted, 9.5, align="right")
    x = LEFT + wide + 34.0
    canvas.label(x - 17.0, middle, "=", theme.ink, 15.0, align="center")
    reach = nice_bound(float(np.abs(product.result).max(initial=0.0)))
    scale = ColorScale(theme.diverging, -reach, reach)
    ink = theme.gradient if product.backward else theme.ink
    cells(canvas, (x, TOP, 52.0, high), product.result[:, None], scale, ink)
    symbol = rf"{product.matrix_tex}\,{product.vector_tex}"
    canvas.equation(x + 26.0, TOP - 20.0, symbol, ink, 13.0, align="center", most=96.0)
    pitch = high / product.rows
    outline = max(pitch, 3.0 / canvas.scale)
    y = TOP + row * pitch + pitch / 2 - outline / 2
    for left, span in ((LEFT, wide), (x, 52.0)):
        place = canvas.rect(left - 3.0, y - 1.0, span + 6.0, outline + 2.0)
        canvas.over.append(Box(place, 0, theme.accent, max(2.0 * canvas.scale, 1.5), 3.0))


def vector_scale(canvas: Canvas, product: Product) -> ColorScale:
    """Fixed ±1 for states; the range that the values need for anything else."""
    if product.vector_range == "states" and not product.backward:
        return canvas.theme.states
    bound = nice_bound(float(np.abs(product.vector).max(initial=0.0)))
    return ColorScale(canvas.theme.diverging, -bound, bound)


def cells(
    canvas: Canvas, rect: tuple[float, float, float, float], values: Vector, scale: ColorScale,
    color: int,
) -> None:  # fmt: skip
    """A framed matrix: cells with numbers where there is room, else a heatmap."""
    theme = canvas.theme
    place = canvas.rect(*rect)
    frame = place.inset(-2.5 * canvas.scale)
    canvas.over.append(Box(frame, theme.box, color, max(1.6 * canvas.scale, 1.0), 3.0))
    rows, columns = values.shape
    w, h = place.w / columns, place.h / rows
    size = min(canvas.font(10.5), int(h - 2.0))
    decimals = decimals_for(w - 1.0, size)
    numbers = size >= 7 and w >= 17.0 and rows <= SMALL and columns <= SMALL
    if numbers:
        texts = (number_text(float(v), decimals) for v in values.ravel())
        numbers = all(text_width(text, size) <= w for text in texts)
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


def _notes(canvas: Canvas, product: Product) -> None:
    """Under the bars: how to read them, and the ranges of the colours."""
    theme = canvas.theme
    words = "each bar starts where the one before ended: the last is the sum"
    canvas.label(LEFT, 464.0, words, theme.muted, 10.0)
    bound = nice_bound(float(np.abs(product.matrix).max(initial=0.0)))
    reach = vector_scale(canvas, product).high
    words = f"colours: matrix ±{short(bound, 2)}, vector ±{short(reach, 2)}"
    canvas.label(LEFT, 481.0, words, theme.muted, 10.0)
    if product.note:
        canvas.label(LEFT, 289.0, product.note, theme.gradient, 10.5)


def _choices(
    canvas: Canvas, state: ViewState, node: str, name: str, product: Product, both: bool
) -> None:
    """Along the bottom: the other products of this cell, and the two directions."""
    theme, x, y = canvas.theme, LEFT, 505.0
    names = ("hy",) if node.startswith("logits@") else product_names(state.trace.spec)
    for other in names if len(names) > 1 else ():
        text = f"W_{other}"
        room = max(text_width(text, canvas.font(11.0)) / canvas.scale + 14.0, 44.0)
        chosen = other == name
        place = canvas.rect(x, y - 11.0, room, 22.0)
        fill = theme.selection if chosen else theme.panel
        stroke = theme.weight if chosen else theme.line
        canvas.over.append(Box(place, fill, stroke, 1.2, 5.0 * canvas.scale))
        canvas.label(x + room / 2, y, text, theme.weight, 11.0, align="center")
        canvas.hits.append(Hit(place, f"{PRODUCT}{other}", f"The product with {text}"))
        x += room + 6.0
    if not both:
        return
    x = 988.0
    for way, text, color in (
        ("backward", "backward: Wᵀδ", theme.gradient), ("forward", "forward: W·v", theme.hidden),
    ):  # fmt: skip
        room = text_width(text, canvas.font(11.0)) / canvas.scale + 16.0
        x -= room
        chosen = (way == "backward") == product.backward
        place = canvas.rect(x, y - 11.0, room, 22.0)
        canvas.over.append(
            Box(place, theme.box if chosen else theme.panel, color if chosen else theme.line,
                1.2, 5.0 * canvas.scale)
        )  # fmt: skip
        canvas.label(x + room / 2, y, text, color, 11.0, align="center")
        canvas.hits.append(Hit(place, f"{WAY}{way}", f"The {way} product"))
        x -= 6.0


def _row_hits(canvas: Canvas, product: Product) -> list[Hit]:
    wide, high = extent(product)
    count = min(product.rows, _MOST_HITS)
    pitch = high / count
    found = []
    for number in range(count):
        row = number * product.rows // count
        place = canvas.rect(LEFT - 4.0, TOP + number * pitch, wide + 94.0, pitch)
        value = figure(float(product.result[row]))
        found.append(Hit(place, f"{ROW}{row}", f"row [{row + 1}]: {value}"))
    return found
