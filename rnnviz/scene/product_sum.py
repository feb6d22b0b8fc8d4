"""One row of a product written out: its terms in numbers, what is added, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.equations_typeset import SEPARATOR
from rnnviz.scene.numbers import grouped, short, signed
from rnnviz.scene.product_bars import term_colors
from rnnviz.scene.product_data import Product
from rnnviz.scene.shapes import Box

LEFT, RIGHT = 676.0, 988.0
TOP, BOTTOM = 42.0, 486.0
WRITTEN = 8
"""Terms that are all written out; of more, the largest `NAMED` are."""
NAMED = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum: words or LaTeX at the left, a number at the right."""

    value: str
    text: str = ""
    tex: str = ""
    swatch: int = 0
    strong: bool = False


def figure(value: float, largest: float = 1.0) -> str:
    """A signed number: three decimals, or powers of ten where that would say nothing."""
    if value == 0.0:
        return "0"
    if 0.05 <= largest < 1000.0:
        return signed(value)
    text = short(value, 3)
    return text if text.startswith("−") else f"+{text}"


def written_terms(product: Product, row: int) -> tuple[list[int], int, float]:
    """Which terms are written out, how many are not, and what those add up to."""
    terms = product.terms(row)
    if product.columns <= WRITTEN:
        return list(range(product.columns)), 0, 0.0
    order = np.argsort(-np.abs(terms), kind="stable")[:NAMED]
    named = sorted(int(k) for k in order if terms[k] != 0.0)
    rest = float(terms.sum() - terms[named].sum()) if named else float(terms.sum())
    return named, product.columns - len(named), rest


def lines_of(canvas: Canvas, product: Product, row: int) -> list[Line]:
    """The sum of a row from its terms down to what is made of it."""
    theme = canvas.theme
    terms = product.terms(row)
    down, up = term_colors(theme)
    named, others, rest = written_terms(product, row)
    largest = float(np.abs(terms).max(initial=0.0))
    weight_size = float(np.abs(product.matrix[row]).max(initial=0.0))
    vector_size = float(np.abs(product.vector).max(initial=0.0))
    lines: list[Line] = []
    for k in named:
        w = figure(float(product.matrix[row, k]), weight_size)
        v = figure(float(product.vector[k]), vector_size)
        color = down if terms[k] < 0 else up if terms[k] > 0 else theme.line
        lines.append(Line(figure(float(terms[k]), largest), f"[{k + 1}] {w} × {v}", swatch=color))
    if others:
        zero = np.delete(terms, named)
        if not zero.any():
            lines.append(Line("0", f"{grouped(others)} others are exactly 0"))
        else:
            lines.append(Line(figure(rest, largest), f"the other {grouped(others)} terms"))
    symbol = rf"{product.matrix_tex}\,{product.vector_tex}"
    result = float(product.result[row])
    lines.append(Line(figure(result, max(largest, abs(result))), tex=symbol, strong=True))
    if product.normed is not None:
        value = float(product.normed[row])
        lines.append(Line(figure(value, abs(value)), tex=r"\mathrm{LN}", swatch=theme.weight))
    sizes = [abs(float(s.values[row])) for s in product.summands]
    for summand, size in zip(product.summands, sizes, strict=True):
        value = float(summand.values[row])
        lines.append(
            Line(figure(value, size), tex=rf"{{}}+ {SEPARATOR}{summand.tex}", swatch=theme.muted)
        )
    ink = theme.gradient if product.backward else theme.ink
    if product.total is not None and product.total_tex:
        value = float(product.total[row])
        lines.append(
            Line(figure(value, abs(value)), tex=product.total_tex, swatch=ink, strong=True)
        )
    if product.made is not None:
        value = float(product.made[row])
        name = product.function
        tex = product.made_tex
        lines.append(Line(figure(value, abs(value)), name, tex, strong=True))
    return lines


def sum_shapes(canvas: Canvas, product: Product, row: int) -> None:
    """The lines at the right of the board."""
    theme = canvas.theme
    lines = lines_of(canvas, product, row)
    kind = "column" if product.backward else "row"
    head = f"{kind} [{row + 1}] of {grouped(product.rows)}, written out"
    canvas.label(LEFT, TOP, head, theme.accent, 12.5, bold=True)
    pitch = min(25.0, (BOTTOM - TOP - 8.0) / max(len(lines), 1))
    y = TOP + 8.0 + pitch * 0.6
    for line in lines:
        if line.strong:
            rule = canvas.rect(LEFT, y - pitch / 2, RIGHT - LEFT, 0.0)
            canvas.over.append(Box(rule.inset(0.0, -0.4), theme.line))
        if line.swatch:
            canvas.over.append(Box(canvas.rect(LEFT, y - 5.0, 8.0, 10.0), line.swatch))
        x = LEFT + 16.0
        color = theme.ink
        if line.tex and line.text:
            canvas.equation(x, y, line.tex, color, 13.0, most=110.0)
            canvas.label(x + 190.0, y, line.text, theme.muted, 11.0, align="right")
        elif line.tex:
            canvas.equation(x, y, line.tex, color, 13.0, most=200.0)
        else:
            family = "mono" if line.text.startswith("[") else "sans"
            canvas.label(x, y, line.text, color, 10.5, family=family)  # type: ignore[arg-type]  # one of two
        canvas.label(
            RIGHT, y, line.value, color, 11.0, align="right", family="mono", bold=line.strong
        )
        y += pitch
