"""Where the parts of a matrix product stand on their board: as close together as they fit."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.product_data import Product
from rnnviz.scene.shapes import Rect

SMALL = 12
"""Rows or columns up to which each has a cell of its own with a number in it."""
LEFT, TOP = 112.0, 76.0
"""Corner of the matrix; the vector stands above it."""
_WIDE, _HIGH = 400.0, 180.0
_CELL = (88.0, 44.0)
_RESULT, _EQUALS = 64.0, 34.0
_SUM, _GAP, _MARGIN = 312.0, 58.0, 14.0
_NARROWEST = 850.0
"""Of the board: the buttons of eight matrices and two directions stand side by side."""
_BARS = 132.0
_CHOICES = 36.0
_LOW = 330.0
"""Height below which the bars are left out, logical pixels."""


@dataclass(frozen=True, slots=True)
class Places:
    """Rectangles in board units; `bars` is None where there is no room for them."""

    board: tuple[float, float]
    matrix: Rect
    vector: Rect
    result: Rect
    bars: Rect | None
    notes: tuple[float, ...]
    choices: float
    sum: Rect

    @property
    def equals(self) -> float:
        """x of the sign between matrix and result."""
        return (self.matrix.right + self.result.x) / 2


def places_of(product: Product, height: float) -> Places:
    """The board of a product for a view of that height in logical pixels."""
    few = product.columns <= SMALL
    wide = min(max(_CELL[0] * product.columns, _CELL[0]), _WIDE) if few else _WIDE
    tall = min(_CELL[1] * product.rows, _HIGH) if product.rows <= SMALL else _HIGH
    matrix = Rect(LEFT, TOP, wide, tall)
    result = Rect(matrix.right + _EQUALS, TOP, _RESULT, tall)
    low = height < _LOW
    # Below a small matrix there is the room that a large one would take.
    y = matrix.bottom + (14.0 if low else 46.0)
    bars = None if low else Rect(LEFT, y, wide, _BARS)
    notes: tuple[float, ...] = ()
    if bars is not None:
        notes = (bars.bottom + 20.0, bars.bottom + 38.0)
        y = bars.bottom + 48.0
    y = max(y, 240.0)
    total = y + _CHOICES
    left = max(result.right + _GAP, _NARROWEST - _MARGIN - _SUM)
    panel = Rect(left, 16.0, _SUM, y - 16.0)
    return Places(
        (panel.right + _MARGIN, total), matrix,
        Rect(LEFT, TOP - 44.0, wide, 30.0), result, bars, notes, y + _CHOICES / 2, panel,
    )  # fmt: skip
