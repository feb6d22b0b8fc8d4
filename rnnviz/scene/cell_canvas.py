"""A drawing board for the inside of a cell: vectors, matrices, operations and wires by place.

Places are given on a board of 1000 × 520 units, which is scaled to the view. Where the view has
another shape, distances stretch while letters and circles stay round, and wires still end at
the edge of the circle or pill that they lead to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.cell_moment import DONE, Moment, Span, share_of
from rnnviz.scene.cell_values import matrix_cells, vector_cells
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations_typeset import typeset
from rnnviz.scene.graph.motion import eased, stretch_of
from rnnviz.scene.graph.norms import arrow_width
from rnnviz.scene.shapes import Box, Cells, Equation, Family, Hit, Label, Rect, Shape, Wire
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme

BOARD = (1000.0, 520.0)
Point = tuple[float, float]
_CLEAR = 2.0
"""Between a wire's end and the circle or pill at which it ends, board units."""
_CIRCLE, _PILL = (12.0, 12.0), (26.0, 12.0)
_SMALL = 8
"""Numbers up to which a vector is drawn as it runs along a wire."""
_NEAR = 6.0
"""A wire that ends so near to one ends at it."""
EQUATION, LINE = 20.0, 27.0
"""Size of the equations under a cell, and the height that each of two may take, board units."""


class Canvas:
    """Collects shapes; positions and sizes are board units, fonts never fall below 7 pixels."""

    def __init__(
        self, theme: Theme, room: Rect, board: Point = BOARD, left: float = 0.0, *,
        stretch: float = 1.0, moment: Moment = DONE,
    ) -> None:  # fmt: skip
        """`board` is what is scaled into the room, `left` the x of its left edge; distances may be
        stretched up to `stretch` times one way. `moment` hides what has not been computed."""
        self.theme, self.moment = theme, moment
        self.scale = min(room.w / board[0], room.h / board[1])
        most = self.scale * stretch
        self.sx, self.sy = min(room.w / board[0], most), min(room.h / board[1], most)
        self._dx = room.x + (room.w - board[0] * self.sx) / 2 - left * self.sx
        self._dy = room.y + (room.h - board[1] * self.sy) / 2
        self.under: list[Shape] = []
        self.over: list[Shape] = []
        self.places: dict[str, Rect] = {}
        self.hits: list[Hit] = []
        self._stops: list[tuple[Point, Point]] = []
        self._vectors: dict[str, tuple[NDArray[Any] | None, ColorScale]] = {}
        self._moving: list[tuple[Point, int, str]] = []
        self._ways: list[tuple[Wire, str]] = []

    def at(self, x: float, y: float) -> Point:
        return self._dx + x * self.sx, self._dy + y * self.sy

    def rect(self, x: float, y: float, w: float, h: float) -> Rect:
        left, top = self.at(x, y)
        return Rect(left, top, w * self.sx, h * self.sy)

    def font(self, size: float) -> float:
        return float(max(round(size * self.scale), 8))

    def shapes(self) -> list[Shape]:
        """Everything drawn, wires first; each ends at the circle or pill that it leads to."""
        moving = [shape for each in self._moving for shape in self._travelling(*each)]
        under = (self._ended(each) if isinstance(each, Wire) else each for each in self.under)
        return [*under, *self.over, *moving]

    def ways(self) -> list[tuple[Wire, str]]:
        """Every wire as it is drawn, with the name of what it stands for."""
        return [(self._ended(wire), name) for wire, name in self._ways if name]

    def _travelling(self, at: Point, color: int, name: str) -> list[Shape]:
        """What runs along a wire: the small vector, or a dot for what is long or has no name."""
        (x, y), s = at, max(self.scale, 0.7)
        values, scale = self._vectors.get(name, (None, None))
        if values is None or scale is None or values.size > _SMALL:
            r = 5.0 * s
            return [Box(Rect(x - r, y - r, 2 * r, 2 * r), color, self.theme.panel, 1.0, r)]
        w, h, cell = 8.0 * s * values.size + 3.0, 13.0 * s, 8.0 * s - 1.0
        place = Rect(x - w / 2, y - h / 2, w, h)
        spot = np.array([place.x + 2.0]), np.array([place.y + 2.0])
        row = np.asarray(values, np.float64)[None]
        return [
            Box(place, self.theme.panel, color, 1.2, 3.0),
            Cells(*spot, row, cell, h - 4.0, scale, 1.0),
        ]

    def _ended(self, wire: Wire) -> Wire:
        if not self._stops:
            return wire
        first, *_, last = points = list(wire.points)
        points[0], points[-1] = self._pulled(first, points[1]), self._pulled(last, points[-2])
        return replace(wire, points=tuple(points))

    def _pulled(self, end: Point, towards: Point) -> Point:
        """The end of a wire moved along it to the edge of what it meets there."""
        (x, y), clear = end, _CLEAR * self.scale
        for (cx, cy), (w, h) in self._stops:
            wide, tall = w * self.scale + clear, h * self.scale + clear
            level, upright = abs(towards[1] - y) < 0.5, abs(towards[0] - x) < 0.5
            if level and abs(y - cy) < h * self.scale and abs(x - cx) < (w + _NEAR) * self.sx:
                return (cx + wide if towards[0] > cx else cx - wide), y
            if upright and abs(x - cx) < w * self.scale and abs(y - cy) < (h + _NEAR) * self.sy:
                return x, (cy + tall if towards[1] > cy else cy - tall)
        return end

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
        *, align: Any = "left", most: float = 1000.0, tall: float = 1000.0,
    ) -> None:  # fmt: skip
        """Typeset mathematics with its left end, middle or right end at x, at most so wide
        and so tall."""
        entry, em = typeset(tex), self.em(tex, size, most, tall)
        left, middle = self.at(x, y)
        left -= {"left": 0.0, "center": entry.width * em / 2, "right": entry.width * em}[align]
        place = Rect(left, middle - entry.height * em / 2, entry.width * em, entry.height * em)
        self.over.append(Equation(place, tex, color, em))

    def em(self, tex: str, size: float, most: float, tall: float) -> float:
        """Font size at which a formula is at most so wide and so tall."""
        entry = typeset(tex)
        em = min(max(size * self.scale, 8.0), most * self.sx / max(entry.width, 1e-6))
        return min(em, tall * self.sy / max(entry.height, 1e-6))

    def formulas(
        self, *placed: tuple[float, float, float, str, int], size: float, tall: float
    ) -> None:
        """Formulas that belong together, all of one size: (x, y, most, LaTeX, colour) each."""
        em = min(self.em(tex, size, most, tall) for _, _, most, tex, _ in placed)
        for x, y, _, tex, color in placed:
            self.equation(x, y, tex, color, em / self.scale)

    def wire(
        self,
        *points: Point,
        color: int,
        width: float = 1.8,
        head: bool = True,
        dashed: bool = False,
        during: Span | None = None,
        carries: str = "",
        of: str = "",
    ) -> None:
        """A line through points; `during` is when in the step something runs along it: the vector
        of the name `carries`, or what has none. `of` is what it belongs to where it carries no
        vector: one that it makes, or a matrix (``W_hf``) that it feeds."""
        places = tuple(self.at(*point) for point in points)
        thick = max(width * self.scale, 0.8)
        line = Wire(places, color, thick, head, dashed)
        self.under.append(line)
        self._ways.append((line, carries or of))
        if during is None or not during[0] < self.moment.forward < during[1]:
            return
        trail = stretch_of(places, eased(share_of(self.moment.forward, during)))
        self.under.append(Wire(trail, color, 2.0 * thick, head=False))
        self._moving.append((trail[-1], color, carries))

    def back(
        self, *points: Point, norm: float | None, most: float, during: Span, widest: float = 7.0,
        stopped: bool = False,
    ) -> None:  # fmt: skip
        """An arrow of the gradient, as wide as its length on the log scale; `during` is when in
        the step back it grows. An exact zero, or one that is stopped, is dashed."""
        share = share_of(self.moment.backward, during)
        if norm is None or share <= 0.0:
            return
        places = tuple(self.at(*point) for point in points)
        if share < 1.0:
            places = stretch_of(places, eased(share))
        width = max(max(arrow_width(norm, most, widest), 1.0) * self.scale, 0.8)
        dashed = stopped or norm == 0.0
        self.under.append(Wire(places, self.theme.gradient, width, True, dashed))

    def note(
        self, x: float, y: float, text: str | tuple[str, ...], color: int, size: float, room: float,
        *, align: Any = "left",
    ) -> None:  # fmt: skip
        """The first text that has room, board units wide; nothing where none of them has."""
        for each in (text,) if isinstance(text, str) else text:
            width = text_width(each, self.font(size)) + 1.0
            aside = self._beside(x, y, self.font(size), align)
            if width + abs(aside) <= room * self.sx:
                self.label(x + aside / self.sx, y, each, color, size, align=align)
                return

    def _beside(self, x: float, y: float, font: float, align: Any) -> float:
        """How many pixels a line moves on from where it begins so as to stand beside a circle or
        pill, and not on its edge: letters do not get as small as pills do."""
        if align == "center":
            return 0.0
        left, middle = self.at(x, y)
        for (cx, cy), (half, tall) in self._stops:
            reach = half * self.scale + _CLEAR
            if abs(middle - cy) >= tall * self.scale + 0.42 * font:
                continue
            if align == "left" and cx < left < cx + reach:
                return cx + reach - left
            if align == "right" and cx - reach < left < cx:
                return cx - reach - left
        return 0.0

    def vector(
        self,
        name: str,
        rect: tuple[float, float, float, float],
        values: NDArray[Any] | None,
        scale: ColorScale,
        color: int,
        *,
        vertical: bool = False,
        since: float = 0.0,
    ) -> None:
        """A framed vector, with numbers if its cells are large enough, else as a strip; empty
        before the share `since` of the step."""
        place = self.rect(*rect)
        self.places[name], self._vectors[name] = place, (values, scale)
        radius = min(5.0 * self.scale, place.w / 4, place.h / 4)
        self.over.append(Box(place, self.theme.box, color, max(1.6 * self.scale, 1.0), radius))
        if values is None or not values.size or self.moment.forward < since:
            return
        body, font = place.inset(3.5 * self.scale), self.font(9.5)
        self.over.append(vector_cells(body, values, scale, font, vertical=vertical))

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
        colors = ColorScale(self.theme.diverging, -bound, bound)
        self.over.append(matrix_cells(body, values, colors, self.font(9.0)))

    def operation(self, x: float, y: float, text: str, color: int = 0) -> None:
        """A circle with ⊙ or + in it, its middle at (x, y)."""
        place, ink = self._stop(x, y, _CIRCLE), color or self.theme.ink
        self.over.append(Box(place, self.theme.panel, ink, max(1.5 * self.scale, 1.0), place.w / 2))
        self.label(x, y, text, ink, 14.0, align="center")

    def function(self, x: float, y: float, text: str) -> None:
        """A pill with σ, tanh or another function in it, as wide as its words need."""
        room = text_width(text, self.font(12.0)) / 2 / self.scale + 6.0
        place = self._stop(x, y, (max(room, _PILL[0]), _PILL[1]))
        self.over.append(
            Box(place, self.theme.panel, self.theme.ink, max(1.3 * self.scale, 1.0), place.h / 2)
        )
        self.label(x, y, text, self.theme.ink, 12.0, align="center")

    def _stop(self, x: float, y: float, half: Point) -> Rect:
        """The place of a circle or pill, at which wires end."""
        (cx, cy), (w, h) = self.at(x, y), (half[0] * self.scale, half[1] * self.scale)
        self._stops.append(((cx, cy), half))
        return Rect(cx - w, cy - h, 2 * w, 2 * h)
