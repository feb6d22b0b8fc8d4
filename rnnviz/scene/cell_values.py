"""The numbers of a vector or matrix on the board of a cell: written out where cells have room."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.number_room import numbers_fit
from rnnviz.scene.numbers import figures_for
from rnnviz.scene.shapes import Cells, Raster, Rect, Shape

_SMALL = 11.0
"""Size of numbers from which they grow only as far as no digit is lost, logical pixels."""
_GAP = 1.5


def vector_cells(
    body: Rect, values: NDArray[Any], scale: ColorScale, font: float, *, vertical: bool
) -> Cells:
    """A vector in its place, one cell a unit; `font` is how large its numbers may be."""
    count = values.size
    room = body.h if vertical else body.w
    cell = (room + _GAP) / count - _GAP
    xs, ys = np.array([body.x]), np.array([body.y])
    row = np.asarray(values, np.float64)[None]
    across, along = (body.w, cell) if vertical else (cell, body.h)
    wide, tall = (across, along) if vertical else (cell, across)
    figures = _grown(wide, min(font, _SMALL, tall - 1.0), min(font, 0.6 * tall))
    has_room = count <= 12 and tall >= 9.0 and figures_for(wide, figures).decimals > 0
    if has_room and numbers_fit(row, wide, int(figures), signed=scale.low < 0):
        return Cells(
            xs, ys, row, across, along, scale, _GAP, vertical, numbers=True, size=int(figures)
        )
    exact = room / count
    across, along = (body.w, exact) if vertical else (exact, body.h)
    return Cells(xs, ys, row, across, along, scale, 0.0, vertical)


def matrix_cells(body: Rect, values: NDArray[Any], scale: ColorScale, font: float) -> Shape:
    """A matrix in its place: numbers in its cells, or a heatmap of as much as can be seen."""
    rows, columns = values.shape
    w, h = body.w / columns, body.h / rows
    figures = min(font, 10.0)
    if w >= 2.6 * figures and h >= 1.6 * figures:
        figures = int(_grown(w - 1.0, figures, min(font, 0.5 * h)))
        xs, ys = np.full(rows, body.x), body.y + h * np.arange(rows)
        shown = np.asarray(values, np.float64)
        if numbers_fit(shown, w - 1.0, figures):
            return Cells(xs, ys, shown, w - 1.0, h - 1.0, scale, 1.0, numbers=True, size=figures)
    return Raster(body, _thinned(values, int(body.h * 2) + 1, int(body.w * 2) + 1), scale)


def _grown(width: float, usual: float, most: float) -> float:
    """The largest size up to `most` at which a number says as much as at the usual one."""
    wanted = figures_for(width, usual)
    sizes = range(int(most), int(usual), -1)
    return next((float(size) for size in sizes if figures_for(width, size) == wanted), usual)


def _thinned(values: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """No more rows and columns than can be seen."""
    if values.shape[0] > rows:
        values = values[(np.arange(rows) * values.shape[0]) // rows]
    if values.shape[1] > columns:
        values = values[:, (np.arange(columns) * values.shape[1]) // columns]
    return values
