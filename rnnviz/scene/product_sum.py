"""One row of a product written out: its terms in numbers, what is added, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.activations import function_value
from rnnviz.scene.as_written import ALMOST, BY_HAND, EQUAL, equals, read
from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.equations_typeset import SEPARATOR, typeset
from rnnviz.scene.number_fields import NumberField
from rnnviz.scene.numbers import MINUS, grouped, short, signed, signed_short
from rnnviz.scene.product_bars import term_colors
from rnnviz.scene.product_data import Product, Vector, Weight
from rnnviz.scene.shapes import Box, Rect
from rnnviz.scene.textwidth import text_width

_LINE = 26.0
"""Height of a line, board units; a fraction needs more."""
_LOOSEST = 1.25
_SIZE = 13.0
"""Of the equations, board units."""
WRITTEN = 8
"""Terms that are all written out; of more, the largest `NAMED` are."""
NAMED = 6
DIGITS = 5
"""Of the factors, where they have room."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum: words or LaTeX at the left, a number at the right; in it, a `weight`."""

    value: str
    text: str = ""
    tex: str = ""
    swatch: int = 0
    strong: bool = False
    weight: Weight | None = None


def figure(value: float) -> str:
    """A signed number: three decimals, or powers of ten where that would say nothing."""
    return signed(value) if 0.05 <= abs(value) < 1000.0 else signed_short(value)


def written_terms(product: Product, row: int) -> tuple[list[int], int, float]:
    """Which terms are written out, how many are not, and what those add up to."""
    terms = product.terms(row)
    if product.columns <= WRITTEN:
        return list(range(product.columns)), 0, 0.0
    order = np.argsort(-np.abs(terms), kind="stable")[:NAMED]
    named = sorted(int(k) for k in order if terms[k] != 0.0)
    rest = float(terms.sum() - terms[named].sum()) if named else float(terms.sum())
    return named, product.columns - len(named), rest


def factor(value: float, digits: int) -> str:
    """A number that is multiplied: with so many digits, whatever its size; whole ones as such."""
    if abs(value) < 1000.0 and value == round(value):
        return f"{value:+.0f}".replace("-", MINUS) if value else "0"
    return signed_short(value, digits)


def lines_of(canvas: Canvas, product: Product, row: int, digits: int = DIGITS) -> list[Line]:
    """The sum of a row from its terms down to what is made of it.

    Factors have `digits` digits and what is computed of them one less, so that it can be followed.
    """
    theme, fewer = canvas.theme, max(digits - 1, 2)

    def number(value: float, sign: str = "") -> str:
        return f"{sign} {signed_short(value, fewer)}".lstrip()

    terms = product.terms(row)
    down, up = term_colors(theme)
    named, others, rest = written_terms(product, row)
    lines: list[Line] = []
    added = 0.0
    for k in named:
        w = factor(float(product.matrix[row, k]), digits)
        v = factor(float(product.vector[k]), digits)
        color = down if terms[k] < 0 else up if terms[k] > 0 else theme.line
        text = signed_short(float(terms[k]), fewer)
        added += read(text)
        sign = equals(read(w) * read(v), text)
        lines.append(Line(f"{sign} {text}", f"[{k + 1}] {w} × {v}", swatch=color))
    if others:
        zero = np.delete(terms, named)
        if not zero.any():
            whose = f"{grouped(others)} others" if named else f"all {grouped(others)} terms"
            lines.append(Line("0", f"{whose} are exactly 0"))
        else:
            lines.append(Line(number(rest), f"the other {grouped(others)} terms"))
            added += read(lines[-1].value)
    symbol = rf"{product.matrix_tex}\,{product.vector_tex}"
    text = number(float(product.result[row]))
    lines.append(Line(f"{equals(added, text)} {text}", tex=symbol, strong=True))
    added = read(text)
    if product.normed is not None:
        text = number(float(product.normed[row]))
        gain = _parameter("gain", product.gain, row, digits)
        lines.append(Line(text, gain, r"\mathrm{LN}", swatch=theme.weight, weight=product.gain))
        added = read(text)
    for summand in product.summands:
        text = number(float(summand.values[row]))
        added += read(text)
        tex, own = rf"{{}}+ {SEPARATOR}{summand.tex}", summand.weight
        is_factor = own is not None and own.values is not summand.values
        words = _parameter("w", own, row, digits) if is_factor else ""
        lines.append(Line(text, words, tex, swatch=theme.muted, weight=own))
    ink = theme.gradient if product.backward else theme.ink
    if product.total is not None and product.total_tex:
        text = number(float(product.total[row]))
        value = f"{equals(added, text)} {text}"
        lines.append(Line(value, tex=product.total_tex, swatch=ink, strong=True))
        added = read(text)
    if product.made is not None:
        text, words = signed_short(float(product.made[row])), product.function
        if row in product.by_hand:
            words = BY_HAND
        elif product.function in ("tanh", "σ", "ReLU"):
            text = f"{equals(function_value(product.function, added), text)} {text}"
        lines.append(Line(text, words, product.made_tex, strong=True))
    given, got = (float(np.linalg.norm(np.asarray(v, np.float64))) for v in _ends(product))
    if given > 0.0:
        ends, ratio = (short(given), short(got)), short(got / given)
        sign = "" if equals(read(ends[1]) / read(ends[0]), ratio) == EQUAL else f"{ALMOST} "
        lines.append(Line(f"{sign}× {ratio}", f"length {ends[0]} → {ends[1]}", strong=True))
    return lines


def _parameter(letter: str, weight: Weight | None, row: int, digits: int) -> str:
    return "" if weight is None else f"{letter} {factor(float(weight.values[row]), digits)}"


def _ends(product: Product) -> tuple[Vector, Vector]:
    """What goes into the product and what comes out of it."""
    return product.vector, product.result


def sum_shapes(canvas: Canvas, product: Product, row: int, room: Rect) -> list[NumberField]:
    """The lines one above the other, no nearer than they need and no further apart; returns where
    the parameters in them can be taken.
    """
    theme, right = canvas.theme, room.right
    lines = _fitting(canvas, product, row, room)
    whose = " in Wᵀ" if product.backward else ""
    head = f"row [{row + 1}] of {grouped(product.rows)}{whose}, written out"
    canvas.label(room.x, room.y + 12.0, head, theme.accent, 12.5, bold=True)
    heights = [_height(line) for line in lines]
    squeeze = min((room.h - 32.0) / sum(heights), _LOOSEST)
    size = min(squeeze, 1.0)
    top = room.y + 30.0
    fields: list[NumberField] = []
    for line, height in zip(lines, heights, strict=True):
        y = top + squeeze * height / 2
        if line.strong:
            rule = canvas.rect(room.x, top, room.w, 0.0)
            canvas.over.append(Box(rule.inset(0.0, -0.4), theme.line))
        if line.swatch:
            side = min(10.0, squeeze * height - 3.0)
            canvas.over.append(Box(canvas.rect(room.x, y - side / 2, 8.0, side), line.swatch))
        _words(canvas, line, room.x + 16.0, y, size, squeeze * height - 1.0)
        canvas.label(
            right, y, line.value, theme.ink, 11.0 * size,
            align="right", family="mono", bold=line.strong,
        )  # fmt: skip
        if line.weight is not None:
            place = canvas.rect(room.x, top, room.w, squeeze * height)
            fields.append(NumberField(place, line.weight.name, 1, 1, line.weight.first + row))
        top += squeeze * height
    return fields


def _fitting(canvas: Canvas, product: Product, row: int, room: Rect) -> list[Line]:
    """The lines with as many digits as have room beside what comes of them."""
    for digits in range(DIGITS, 1, -1):
        lines = lines_of(canvas, product, row, digits)
        written = (line for line in lines if line.text.startswith("["))
        widths = (
            text_width(line.text, canvas.font(10.5), "mono")
            + text_width(f" {line.value}", canvas.font(11.0), "mono")
            for line in written
        )
        if max(widths, default=0.0) <= (room.w - 16.0) * canvas.sx:
            break
    return lines


def _height(line: Line) -> float:
    """What a line needs, board units."""
    return max(_LINE, typeset(line.tex).height * _SIZE + 8.0 if line.tex else 0.0)


def _words(canvas: Canvas, line: Line, x: float, y: float, size: float, tall: float) -> None:
    """The left of a line: what its number is; `size` is relative, `tall` the line's height."""
    theme = canvas.theme
    if line.tex:
        most = 110.0 if line.text else 200.0
        canvas.equation(x, y, line.tex, theme.ink, _SIZE * size, most=most, tall=tall)
    if line.tex and line.text:
        canvas.label(x + 174.0, y, line.text, theme.muted, 11.0 * size, align="right")
    elif line.text.startswith("["):
        canvas.label(x, y, line.text, theme.ink, 10.5 * size, family="mono")
    elif line.text:
        canvas.label(x, y, line.text, theme.ink, 10.5 * size)
