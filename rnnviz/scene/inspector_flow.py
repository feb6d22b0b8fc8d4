"""A panel that grows downwards: headings, formulas, lines of numbers, tables and matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_lines import formula_shapes
from rnnviz.scene.equations_places import Nodes, symbol_places
from rnnviz.scene.equations_symbols import bare
from rnnviz.scene.equations_typeset import typeset
from rnnviz.scene.inspector_numbers import (
    Matrix,
    common_power,
    pooled,
    power_text,
    power_width,
)
from rnnviz.scene.number_room import numbers_fit
from rnnviz.scene.shapes import Bars, Box, Cells, Equation, Hit, Label, Raster, Rect, Shape
from rnnviz.scene.textwidth import elided, text_width, wrapped
from rnnviz.scene.theme import Theme

MARGIN = 16.0
SMALL = 8
"""Rows or columns up to which a matrix is shown as cells with numbers."""
_STACKED = 2 * SMALL
"""Rows up to which the stacked weights of a few units still are."""
_CELL_W, _CELL_H = 27.0, 18.0
_LEAST_CELL = 14.0
"""Width of a cell that has room for a number."""
_MAP = 96.0
_SIGN = 11.0
"""Font size of the signs between matrices."""


@dataclass(slots=True)
class Flow:
    """Shapes one below the other inside the margins of a panel `width` pixels wide."""

    theme: Theme
    width: float
    y: float = MARGIN
    shapes: list[Shape] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    nodes: Nodes = field(default_factory=dict)
    """What the symbols of the equations stand for."""
    fields: list[tuple[Rect, Matrix]] = field(default_factory=list)
    """Every matrix with its place, to find the value under the mouse."""

    @property
    def inner(self) -> float:
        return max(self.width - 2 * MARGIN, 40.0)

    def gap(self, pixels: float) -> None:
        self.y += pixels

    def title(self, text: str, size: float = 15.0) -> None:
        """The panel's heading, on as many lines as it needs."""
        fits = self.inner / max(text_width(text, 1.0, bold=True), 1e-6)
        # A little smaller rather than a single word on a line of its own.
        size = max(fits, size * 0.82) if fits < size else size
        for line in wrapped(text, size, self.inner + 0.5, bold=True):
            place = Rect(MARGIN, self.y, self.inner, size * 1.45)
            self.shapes.append(Label(place, line, self.theme.ink, size, "left", bold=True))
            self.y += size * 1.45

    def heading(self, text: str, color: int, note: str = "") -> None:
        """A section's name on as many lines as it needs, with a muted remark beside the last one,
        or under it where there is no room."""
        self.y += 12.0
        size = 12.0
        lines = wrapped(text, size, self.inner, bold=True) or (text,)
        for line in lines:
            place = Rect(MARGIN, self.y, self.inner, 17)
            self.shapes.append(Label(place, line, color, size, "left", bold=True))
            self.y += 17.0
        left = MARGIN + text_width(lines[-1], size, bold=True) + 8
        room = MARGIN + self.inner - left
        if note and text_width(note, 10.0) <= room:
            place = Rect(left, self.y - 17.0, room, 17)
            self.shapes.append(Label(place, note, self.theme.muted, 10.0, "left"))
        elif note:
            self.words(note, 10.0)
        self.y += 3.0

    def words(self, text: str, size: float = 11.0, color: int | None = None) -> None:
        """A remark, wrapped."""
        color = self.theme.muted if color is None else color
        for line in wrapped(text, size, self.inner):
            place = Rect(MARGIN, self.y, self.inner, size * 1.4)
            self.shapes.append(Label(place, line, color, size, "left"))
            self.y += size * 1.4

    def formulas(self, formulas: Sequence[Formula], color: int, size: float = 16.0) -> None:
        """Typeset formulas, each on lines of its own."""
        size = min(size, max(12.0, self.inner / 18.0))
        for formula in formulas:
            shapes, height = formula_shapes(formula, MARGIN, self.y, self.inner, size, color)
            self.shapes += shapes
            self._name_symbols(*shapes)
            self.y += height + 9.0

    def _name_symbols(self, *equations: Equation) -> None:
        """Let the symbols of equations answer to the mouse."""
        for equation in equations:
            for place, part in symbol_places(equation):
                if part in self.nodes:
                    self.hits.append(Hit(place, self.nodes[part]))

    def lines(self, texts: Sequence[str], color: int | None = None, heads: int = 0) -> None:
        """Lines of numbers in one type size, as large as lets the longest of them fit; the first
        `heads` of them are muted headings."""
        if not texts:
            return
        color = self.theme.ink if color is None else color
        widest = max(text_width(text, 1.0, "mono") for text in texts)
        size = max(min(12.0, self.inner / widest), 7.0)
        for number, text in enumerate(texts):
            shown = elided(text, size, self.inner + 0.5, "mono")
            place = Rect(MARGIN, self.y, self.inner, size * 1.6)
            ink = self.theme.muted if number < heads else color
            self.shapes.append(Label(place, shown, ink, size, "left", "mono"))
            self.y += size * 1.6

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        colors: Sequence[int] = (),
    ) -> None:
        """Right-aligned columns of numbers; the first column is left-aligned."""
        columns = list(zip(header, *rows, strict=True))
        widths = [max(text_width(cell, 1.0) for cell in column) for column in columns]
        gaps = 1.2 * (len(columns) - 1)
        size = max(min(11.5, self.inner / (sum(widths) + gaps)), 7.0)
        free = self.inner - size * sum(widths)
        space = min(max(free / max(len(columns) - 1, 1), 4.0), size * 2.6)
        height = size * 1.6
        for number, row in enumerate([header, *rows]):
            x = MARGIN
            for column, cell in enumerate(row):
                wide = widths[column] * size
                own = colors[column] if column < len(colors) else self.theme.ink
                color = self.theme.muted if number == 0 else own
                align = "left" if column == 0 else "right"
                place = Rect(x, self.y, wide + 0.5, height)
                self.shapes.append(
                    Label(place, cell, color, size, "left" if align == "left" else "right")
                )
                x += wide + space
            self.y += height

    def matrices(self, matrices: Sequence[Matrix]) -> None:
        """Matrices side by side on their own symbols, broken into rows where they do not fit."""
        x, tallest = MARGIN, 0.0
        for matrix in matrices:
            rows, columns = matrix.values.shape
            small = rows <= (_STACKED if columns > 1 else SMALL) and columns <= SMALL
            if small:
                cell = max(min(_CELL_W, (self.inner - columns + 1) / columns), 8.0)
                wide, high = columns * (cell + 1) - 1, rows * _CELL_H
            else:
                wide = min(max(columns * 2.0, 12.0), _MAP if columns > 1 else 12.0, self.inner)
                high = min(max(rows * 2.0, 24.0), _MAP)
                cell = 0.0
            entry = typeset(matrix.tex)
            caption = min(13.0, self.inner / max(entry.width, 1e-6))
            power = common_power(matrix) if small else 0
            taken = max(wide, entry.width * caption + (power_width(power) if power else 0.0))
            if not small:
                taken = max(taken, text_width(f"{rows}×{columns}", 9.0) + 2)
            sign = text_width(matrix.before, _SIGN) + 4.0 if matrix.before else 0.0
            # A sign takes part of the space between two matrices.
            lead = sign if x == MARGIN else max(sign - 7.0, 0.0)
            if x > MARGIN and x + lead + taken > MARGIN + self.inner + 0.01:
                self.y += tallest + 8.0
                x, tallest, lead = MARGIN, 0.0, sign
            x += lead
            if matrix.before:
                middle = min(high, _CELL_H * 3) / 2
                place = Rect(x - sign - 0.5, self.y + 20.0 + middle - 8.0, sign - 1.0, 16.0)
                self.shapes.append(Label(place, matrix.before, self.theme.ink, _SIGN))
            if power:
                # The common power of ten stands beside the symbol.
                place = Rect(
                    x + entry.width * caption + 4.0, self.y, power_width(power) - 4.0, 18.0
                )
                self.shapes.append(Label(place, power_text(power), self.theme.muted, 9.0, "left"))
            self._matrix(matrix, x, wide, high, cell, caption, power)
            x += taken + 10.0
            tallest = max(tallest, 20.0 + high + (0.0 if small else 13.0))
        if matrices:
            self.y += tallest + 4.0

    def _matrix(
        self, matrix: Matrix, x: float, wide: float, high: float, cell: float, caption: float,
        power: int,
    ) -> None:  # fmt: skip
        theme, values = self.theme, matrix.values
        entry = typeset(matrix.tex)
        place = Rect(
            x,
            self.y + 9 - entry.height * caption / 2,
            entry.width * caption,
            entry.height * caption,
        )
        self.shapes.append(Equation(place, matrix.tex, theme.muted, caption))
        named = self.nodes.get(bare(matrix.tex), matrix.node)
        if named:
            self.hits.append(Hit(place, named))
        top = self.y + 20.0
        rows, columns = values.shape
        if cell:
            size = 9.0
            # Where all numbers would read .0, they are written in a common power of ten.
            unit = 10.0**power
            shown = values.astype(np.float64) / unit
            scale = replace(
                matrix.scale, low=matrix.scale.low / unit, high=matrix.scale.high / unit
            )
            numbers = cell >= _LEAST_CELL and numbers_fit(shown, cell, size)
            self.shapes.append(
                Cells(
                    np.full(rows, x), top + _CELL_H * np.arange(rows, dtype=np.float64),
                    shown, cell, _CELL_H - 1, scale, numbers=numbers, size=size,
                )
            )  # fmt: skip
        else:
            shown = pooled(values, max(int(high), 1), max(int(wide), 1))
            self.shapes.append(Raster(Rect(x, top, wide, high), shown, matrix.scale))
            self.shapes.append(Box(Rect(x, top, wide, high), 0, theme.line))
            size_text = f"{rows}×{columns}"
            place = Rect(x, top + high + 1, text_width(size_text, 9.0) + 2, 12)
            self.shapes.append(Label(place, size_text, theme.muted, 9.0, "left"))
        area = Rect(x, top, wide, high)
        self.fields.append((area, matrix))
        if named:
            self.hits.append(Hit(area, named))

    def bars(
        self, names: Sequence[str], values: Sequence[float], texts: Sequence[str], color: int,
        most: float, mark: float | None = None, ends: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Named horizontal bars from 0 to `most`, the numbers behind them; `mark` is a line. The
        `ends` of names are there even if a long name is not whole."""
        theme = self.theme
        ends = ends or [""] * len(names)
        whole = (text_width(f"{n}{end}", 11.0) for n, end in zip(names, ends, strict=True))
        name_width = min(max(whole, default=0.0), self.inner * 0.35)
        text_room = max((text_width(t, 11.0) for t in texts), default=0.0) + 6
        left = MARGIN + name_width + (8 if name_width else 0)
        room = max(MARGIN + self.inner - left - text_room, 10.0)
        line = left + mark / most * room if mark is not None and 0 < mark <= most else None
        top = self.y
        rects = []
        for name, end, value, text in zip(names, ends, values, texts, strict=True):
            share = value / most if most > 0 and math.isfinite(value) else 0.0
            wide = max(min(share, 1.0), 0.0) * room
            if name_width:
                place = Rect(MARGIN, self.y, name_width, 16)
                name = elided(name, 11.0, name_width, end=end)
                self.shapes.append(Label(place, name, theme.ink, 11.0, "right"))
            rects.append([left, self.y + 2, max(wide, 1.0), 12.0])
            after = left + wide + 4
            if line is not None and after - 2 < line < after + text_width(text, 11.0) + 2:
                # The line would run through the number: that stands behind it instead.
                after = line + 3
            place = Rect(after, self.y, text_room, 16)
            self.shapes.append(Label(place, text, theme.ink, 11.0, "left"))
            self.y += 17.0
        if rects:
            colors = np.full(len(rects), color, np.uint32)
            self.shapes.append(Bars(np.array(rects), colors))
        if line is not None:
            self.shapes.append(Box(Rect(line - 0.5, top, 1.0, self.y - top), theme.muted))
