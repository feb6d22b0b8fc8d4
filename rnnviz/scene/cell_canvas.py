"""A drawing board for the inside of a cell: vectors, matrices, operations and wires by place.

Places are given on a board of 1000 × 520 units, which is scaled to the view as a whole.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations_typeset import typeset
from rnnviz.scene.shapes import Box, Cells, Equation, Family, Hit, Label, Raster, Rect, Shape, Wire
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

BOARD = (1000.0, 520.0)
Point = tuple[float, float]


class Canvas:
    """Collects shapes; positions and sizes are board units, fonts never fall below 7 pixels."""

    def __init__(self, theme: Theme, room: Rect, board: Point = BOARD, left: float = 0.0) -> None:
        """`board` is what is scaled into the room, `left` the x of its left edge."""
        self.theme = theme
        self.scale = min(room.w / board[0], room.h / board[1])
        self._dx = room.x + (room.w - board[0] * self.scale) / 2 - left * self.scale
        self._dy = room.y + (room.h - board[1] * self.scale) / 2
        self.under: list[Shape] = []
        self.over: list[Shape] = []
        self.places: dict[str, Rect] = {}
        self.hits: list[Hit] = []

    def at(self, x: float, y: float) -> Point:
        return self._dx + x * self.scale, self._dy + y * self.scale

    def rect(self, x: float, y: float, w: float, h: float) -> Rect:
        left, top = self.at(x, y)
        return Rect(left, top, w * self.scale, h * self.scale)

    def font(self, size: float) -> float:
        return float(max(int(size * self.scale), 7))

    def label(
        self,
        x: float,
        y: float,
        text: str,
        color: int,
        size: float = 12.0,
        *,
        align: Any = "left",
        family: Family = "sans",
        italic: bool = False,
        bold: bool = False,
    ) -> None:
        """One line with its left end, middle or right end at x, and y at half its height."""
        font = self.font(size)
        width = text_width(text, font, family, bold) + 1.0
        left, middle = self.at(x, y)
        left -= {"left": 0.0, "center": width / 2, "right": width}[align]
        rect = Rect(left, middle - font * 0.6, width, font * 1.2)
        self.over.append(Label(rect, text, color, font, align, family, bold, italic))

    def equation(
        self, x: float, y: float, tex: str, color: int, size: float = 14.0,
        *, align: Any = "left", most: float = 1000.0,
    ) -> None:  # fmt: skip
        """Typeset mathematics with its left end, middle or right end at x, at most so wide."""
        entry = typeset(tex)
        em = max(size * self.scale, 8.0)
        em = min(em, most * self.scale / max(entry.width, 1e-6))
        left, middle = self.at(x, y)
        left -= {"left": 0.0, "center": entry.width * em / 2, "right": entry.width * em}[align]
        place = Rect(left, middle - entry.height * em / 2, entry.width * em, entry.height * em)
        self.over.append(Equation(place, tex, color, em))

    def wire(
        self,
        *points: Point,
        color: int,
        width: float = 1.8,
        head: bool = True,
        dashed: bool = False,
    ) -> None:
        places = tuple(self.at(*point) for point in points)
        self.under.append(Wire(places, color, max(width * self.scale, 0.8), head, dashed))

    def vector(
        self,
        name: str,
        rect: tuple[float, float, float, float],
        values: NDArray[Any] | None,
        scale: ColorScale,
        color: int,
        *,
        vertical: bool = False,
    ) -> None:
        """A framed vector, with numbers if its cells are large enough, else as a strip."""
        place = self.rect(*rect)
        self.places[name] = place
        radius = min(5.0 * self.scale, place.w / 4, place.h / 4)
        self.over.append(Box(place, self.theme.box, color, max(1.6 * self.scale, 1.0), radius))
        if values is None or not values.size:
            return
        body = place.inset(3.5 * self.scale)
        count = values.size
        room = body.h if vertical else body.w
        cell = (room + 1.5) / count - 1.5
        xs, ys = np.array([body.x]), np.array([body.y])
        row = np.asarray(values, np.float64)[None]
        across, along = (body.w, cell) if vertical else (cell, body.h)
        if count <= 12 and across >= 19.0 and along >= 10.0:
            figures = min(self.font(9.5), 11.0, along - 1.0)
            size = (across, along)
            self.over.append(
                Cells(xs, ys, row, *size, scale, 1.5, vertical, numbers=True, size=int(figures))
            )
            return
        exact = room / count
        size = (body.w, exact) if vertical else (exact, body.h)
        self.over.append(Cells(xs, ys, row, *size, scale, 0.0, vertical))

    def matrix(
        self, rect: tuple[float, float, float, float], values: NDArray[Any] | None, color: int
    ) -> None:
        """A framed matrix as a heatmap on its own symmetric range."""
        place = self.rect(*rect)
        self.over.append(
            Box(place, self.theme.selection, color, max(1.6 * self.scale, 1.0), 4.0 * self.scale)
        )
        if values is None or not values.size:
            return
        body = place.inset(4.0 * self.scale)
        bound = float(np.abs(values).max()) or 1.0
        shown = _thinned(values, int(body.h * 2) + 1, int(body.w * 2) + 1)
        self.over.append(Raster(body, shown, ColorScale(self.theme.diverging, -bound, bound)))

    def operation(self, x: float, y: float, text: str, color: int = 0) -> None:
        """A circle with ⊙ or + in it, its middle at (x, y)."""
        place = self.rect(x - 12.0, y - 12.0, 24.0, 24.0)
        ink = color or self.theme.ink
        self.over.append(Box(place, self.theme.panel, ink, max(1.5 * self.scale, 1.0), place.w / 2))
        self.label(x, y, text, ink, 14.0, align="center")

    def function(self, x: float, y: float, text: str) -> None:
        """A pill with σ, tanh or another function in it."""
        place = self.rect(x - 26.0, y - 12.0, 52.0, 24.0)
        self.over.append(
            Box(place, self.theme.panel, self.theme.ink, max(1.3 * self.scale, 1.0), place.h / 2)
        )
        self.label(x, y, text, self.theme.ink, 12.0, align="center")


def _thinned(values: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """No more rows and columns than can be seen."""
    if values.shape[0] > rows:
        values = values[(np.arange(rows) * values.shape[0]) // rows]
    if values.shape[1] > columns:
        values = values[:, (np.arange(columns) * values.shape[1]) // columns]
    return values
