"""A figure grows from top to bottom: headings, words, plots; its height follows from its width."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable

from rnnviz.scene.late_hits import LateHits, Make
from rnnviz.scene.shapes import Hit, Label, Layer, Picture, Rect, Shape, Wire
from rnnviz.scene.textwidth import elided, text_width, wrapped
from rnnviz.scene.theme import Theme

MARGIN = 10.0
TEXT = 11.0
SMALL = 9.5


class Sheet:
    """Collects the shapes and hits of one figure, `width` logical pixels wide."""

    def __init__(self, theme: Theme, width: float) -> None:
        self.theme = theme
        self.width = max(width, 120.0)
        self.y = 6.0
        self._shapes: list[Shape] = []
        self._hits: list[Make] = []

    @property
    def inner(self) -> float:
        """Width between the margins."""
        return self.width - 2 * MARGIN

    @property
    def plot_height(self) -> float:
        """A good height for a plot as wide as the sheet."""
        return min(max(0.42 * self.width, 104.0), 250.0)

    def add(self, *shapes: Shape) -> None:
        self._shapes += shapes

    def add_all(self, shapes: Iterable[Shape]) -> None:
        self._shapes += shapes

    def hit(self, rect: Rect, node: str, tip: str) -> None:
        self._hits.append(lambda: (Hit(rect, node, tip),))

    def columns(self, rect: Rect, steps: int, node: str, tip: Callable[[int], str]) -> None:
        """A place for every step of a plot, as ``node@t`` (no node: a tip alone)."""
        pitch = rect.w / max(steps, 1)
        self._hits.append(
            lambda: (
                Hit(
                    Rect(rect.x + t * pitch, rect.y, pitch, rect.h),
                    f"{node}@{t}" if node else "",
                    tip(t),
                )
                for t in range(steps)
            )
        )

    def rows(self, rect: Rect, count: int, node: str, tip: Callable[[int], str]) -> None:
        """A place for every row of a matrix, as ``node@k``."""
        h = rect.h / max(count, 1)
        self._hits.append(
            lambda: (
                Hit(Rect(rect.x, rect.y + k * h, rect.w, h), f"{node}@{k}", tip(k))
                for k in range(count)
            )
        )

    def heading(self, text: str) -> None:
        """A bold line, wrapped where it must be."""
        for line in wrapped(text, 13.7, self.inner):  # bold is 1.14 times as wide
            rect = Rect(MARGIN, self.y, self.inner, 17)
            self.add(Label(rect, line, self.theme.ink, 12.0, "left", bold=True))
            self.y += 17
        self.y += 1

    def words(self, text: str, color: int | None = None, size: float = TEXT) -> None:
        """A paragraph of plain words."""
        for line in wrapped(text, size, self.inner):
            rect = Rect(MARGIN, self.y, self.inner, size + 4)
            self.add(Label(rect, line, color or self.theme.muted, size, "left"))
            self.y += size + 4
        self.y += 3

    def space(self, pixels: float) -> None:
        self.y += pixels

    def area(self, height: float, left: float = 0.0, right: float = 0.0) -> Rect:
        """Room for a plot; `left` and `right` are kept free for its labels."""
        rect = Rect(MARGIN + left, self.y, max(self.inner - left - right, 20.0), height)
        self.y += height
        return rect

    def legend(self, entries: Iterable[tuple[str, int, bool]]) -> None:
        """Names beside a short stroke of their line: (name, colour, dashed)."""
        x = MARGIN
        for name, color, dashed in entries:
            text = elided(name, 10.0, self.inner - 24)
            wide = 22 + text_width(text, 10.0) + 12
            if x > MARGIN and x + wide > self.width - MARGIN + 12:
                x = MARGIN
                self.y += 14
            middle = self.y + 7
            stroke = ((x, middle), (x + 16, middle))
            self.add(
                Wire(stroke, color, 2.5, head=False, dashed=dashed),
                Label(Rect(x + 21, self.y, wide - 21, 14), text, self.theme.ink, 10.0, "left"),
            )
            x += wide
        self.y += 21

    def picture(self, summary: str, key: Hashable = None) -> Picture:
        """The figure as it stands."""
        layer = Layer(tuple(self._shapes), key)
        height = self.y + 6.0
        return Picture(
            self.width, height, self.theme.panel, (layer,), LateHits(self._hits), summary
        )


def message_picture(theme: Theme, width: float, text: str) -> Picture:
    """A figure that cannot be drawn says why."""
    sheet = Sheet(theme, width)
    sheet.space(6)
    sheet.words(text)
    return sheet.picture(text)
