"""What one step does to the gradient's length, in figures: arriving, after each factor, leaving."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData, Vector
from rnnviz.scene.numbers import short
from rnnviz.scene.product_backward import handed_back, is_cut
from rnnviz.trace import Trace


def length(vector: Vector | None) -> float | None:
    """Euclidean length in float64."""
    return None if vector is None else float(np.linalg.norm(vector.astype(np.float64)))


def factor(after: float, before: float) -> str:
    """What one factor does to the length."""
    return f"length × {short(after / before)}" if before > 0 else "length stays 0"


def times(after: float, before: float) -> str:
    """The factor alone, in brackets."""
    return f"(× {short(after / before)})" if before > 0 else ""


def arriving(data: CellData) -> tuple[float | None, float | None]:
    """Lengths of what comes to h from the next step and from above, None where nothing comes."""
    total, direct = data.get("dh"), data.get("dh_direct")
    if total is None or direct is None:
        return data.norm("dh"), None
    along = length(total.astype(np.float64) - direct)
    return along or None, length(direct) or None


def leaving(trace: Trace, data: CellData) -> float | None:
    """‖Wᵀδ‖: what goes back to the step before through the matrices."""
    return length(handed_back(trace, data))


def gate_lengths(canvas: Canvas, trace: Trace, data: CellData, x: float, y: float) -> None:
    """For a gated cell: the way through the matrices beside the straight way, as one line."""
    back, dh = leaving(trace, data), data.norm("dh")
    if back is None or dh is None:
        return
    words = f"through gates and Wᵀ: {short(back)}"
    if dh > 0:
        words += f" (‖∂L/∂h‖ × {short(back / dh)})"
    if is_cut(trace, data):
        words += ", cut here"
    canvas.label(x, y, words, canvas.theme.gradient, 10.5)
