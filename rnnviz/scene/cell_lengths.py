"""What one step does to the gradient's length, in figures: arriving, after each factor, leaving."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from rnnviz.scene.cell_canvas import Canvas, Point
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.cell_flow import lengths
from rnnviz.scene.cell_moment import Span
from rnnviz.scene.numbers import short
from rnnviz.scene.product_backward import is_cut
from rnnviz.trace import Trace


@dataclass(frozen=True, slots=True)
class Back:
    """Draws the paths of the gradient on a board: arrows as wide as it is long there, and the
    length in figures beside them."""

    canvas: Canvas
    lengths: dict[str, float]
    cut: bool
    """Truncated BPTT: what would leave to the step before goes no further."""

    @property
    def most(self) -> float:
        """The length that is drawn widest: the longest that arrives, of those that are numbers."""
        arriving = (self.lengths.get(name, 0.0) for name in ("h", "c", "y"))
        return max((length for length in arriving if math.isfinite(length)), default=0.0)

    def arrow(
        self, path: str, *points: Point, during: Span, widest: float = 7.0, leaves: bool = False
    ) -> None:
        """An arrow along the points of a path; one that `leaves` the cell ends at a cut."""
        self.canvas.back(
            *points, norm=self.lengths.get(path), most=self.most, during=during, widest=widest,
            stopped=leaves and self.cut,
        )  # fmt: skip

    def figure(
        self, path: str, x: float, y: float, room: float, symbol: str = "", *, align: Any = "left"
    ) -> None:
        """A path's length once the gradient is through: behind its symbol, or alone, where it
        fits, and with two digits where three do not."""
        length, canvas = self.lengths.get(path), self.canvas
        if length is None or not canvas.moment.is_back:
            return
        bare = short(length)
        texts = (*((f"‖{symbol}‖ {bare}",) if symbol else ()), bare, short(length, 2))
        canvas.note(x, y, texts, canvas.theme.gradient, 9.5, room, align=align)


def back_of(canvas: Canvas, trace: Trace, data: CellData, *needed: str) -> Back | None:
    """The gradient's paths through a cell; None where the pass has no gradients, or lacks what one
    of the paths ``needed`` follows from: a trace written elsewhere may have no weights."""
    found = lengths(trace, data)
    return Back(canvas, found, is_cut(trace, data)) if found and found.keys() >= {*needed} else None


def factor(after: float, before: float) -> str:
    """What one factor does to the length."""
    return f"length × {short(after / before)}" if before > 0 else "length stays 0"


def times(after: float, before: float) -> str:
    """The factor alone, in brackets."""
    return f"(× {short(after / before)})" if before > 0 else ""


def through_matrices(after: float, before: float) -> tuple[str, ...]:
    """What comes back through the matrices, with and without the factor."""
    length = f"‖Wᵀδ‖ = {short(after)}"
    return f"{length} {times(after, before)}", length


def gate_lengths(canvas: Canvas, trace: Trace, data: CellData, x: float, y: float) -> None:
    """For a gated cell: the way through the matrices beside the straight way, as one line."""
    found = lengths(trace, data)
    back, dh = found.get("back"), found.get("h")
    if back is None or dh is None:
        return
    words = f"through gates and Wᵀ: {short(back)}"
    if dh > 0:
        words += f" (‖∂L/∂h‖ × {short(back / dh)})"
    if "leaves" in found:
        # The two ways meet at the state before, where their vectors, not their lengths, add.
        words += f"; with z ⊙ ∂L/∂h: {short(found['leaves'])}"
    if is_cut(trace, data):
        words += ", cut here"
    canvas.label(x, y, words, canvas.theme.gradient, 10.5)
