"""Cells, heatmaps and bars as true vectors, for SVG and PDF."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QPainter

from rnnviz.scene.colors import lut
from rnnviz.scene.numbers import figures_for, number_text
from rnnviz.scene.shapes import Bars, Cells, Raster
from rnnviz.views.frame import image_of
from rnnviz.views.sprites import hatching, paint_number
from rnnviz.views.strokes import color

MOST_RECTS, _MOST_FINE = 1000, 24
"""Values of a heatmap, or of a group of vectors, that go into a vector file as rectangles, usual
and fine ones: of more a viewer gets slow, and they are images."""
_MOST_MARKED = 4000
"""The same where some are no numbers: as rectangles those are hatched."""
_FINE = 2.0
"""Logical pixels below which a cell is fine."""
_SHARP = 2
"""Pixels of such an image for a logical pixel: viewers smooth what they enlarge."""
_MOST_PIXELS = 4_000_000


def paint_cells(painter: QPainter, cells: Cells) -> None:
    """Every cell a rectangle with its number as text; or every vector one image, where the cells
    are too many."""
    if not cells.values.size:
        return
    colors = lut(cells.scale.map)[cells.scale.index(cells.values)]
    pitch = (cells.h if cells.vertical else cells.w) + cells.gap
    if not cells.numbers and _is_an_image(cells.values, pitch):
        _paint_strokes(painter, cells, colors)
        return
    figures = figures_for(cells.w, cells.size, signed=cells.scale.low < 0)
    dx, dy = (0.0, cells.h + cells.gap) if cells.vertical else (cells.w + cells.gap, 0.0)
    for j, (x, y) in enumerate(zip(cells.xs.tolist(), cells.ys.tolist(), strict=True)):
        for k, argb in enumerate(colors[j].tolist()):
            rect = QRectF(x + k * dx, y + k * dy, cells.w, cells.h)
            value = float(cells.values[j, k])
            if not math.isfinite(value):
                _hatch(painter, rect)
                continue
            painter.fillRect(rect, color(argb))
            if cells.numbers:
                paint_number(painter, rect, number_text(value, figures), argb, cells.size)


def _is_an_image(values: NDArray[Any], side: float) -> bool:
    """Whether cells of that side are images in a file rather than rectangles."""
    most = _MOST_FINE if side < _FINE else MOST_RECTS
    if most < values.size <= _MOST_MARKED and not np.isfinite(values).all():
        return False
    return values.size > most


def _paint_strokes(painter: QPainter, cells: Cells, colors: NDArray[np.uint32]) -> None:
    count = cells.values.shape[1]
    along = count * ((cells.h if cells.vertical else cells.w) + cells.gap) - cells.gap
    holes = ~np.isfinite(cells.values)
    for j, (x, y) in enumerate(zip(cells.xs.tolist(), cells.ys.tolist(), strict=True)):
        row, missing = colors[j], holes[j]
        # As broad as it is drawn only where stripes run across it.
        broad = bool(missing.any())
        if cells.vertical:
            side = (cells.w if broad else 0.0, cells.h)
            pixels = _enlarged(row[:, None], missing[:, None], *side, cells.scale.ground)
            painter.drawImage(QRectF(x, y, cells.w, along), image_of(pixels))
        else:
            side = (cells.w, cells.h if broad else 0.0)
            pixels = _enlarged(row[None], missing[None], *side, cells.scale.ground)
            painter.drawImage(QRectF(x, y, along, cells.h), image_of(pixels))


def paint_raster(painter: QPainter, raster: Raster) -> None:
    """Every value a rectangle, or one image where there are too many."""
    values = raster.values
    if not values.size:
        return
    colors = lut(raster.scale.map)[raster.scale.index(values)]
    r = raster.rect
    w, h = r.w / values.shape[1], r.h / values.shape[0]
    if _is_an_image(values, min(w, h)):
        pixels = _enlarged(colors, ~np.isfinite(values), w, h, raster.scale.ground)
        painter.drawImage(QRectF(r.x, r.y, r.w, r.h), image_of(pixels))
        return
    for (row, column), value in np.ndenumerate(values):
        rect = QRectF(r.x + column * w, r.y + row * h, w, h)
        if not math.isfinite(value):
            _hatch(painter, rect)
        else:
            painter.fillRect(rect, color(int(colors[row, column])))


def _enlarged(
    colors: NDArray[np.uint32], holes: NDArray[np.bool_], w: float, h: float, ground: int
) -> NDArray[np.uint32]:
    """An image of (rows, columns) colours with so many pixels for each that cells of w × h logical
    pixels keep sharp edges; holes are striped, on the ground."""
    across, down = (max(math.ceil(_SHARP * side), 1) for side in (w, h))
    if colors.size * across * down > _MOST_PIXELS:
        across = down = 1
    pixels = np.ascontiguousarray(colors.repeat(down, axis=0).repeat(across, axis=1))
    if holes.any():
        striped = hatching(pixels.shape, ground)
        np.copyto(pixels, striped, where=holes.repeat(down, axis=0).repeat(across, axis=1))
    return pixels


def paint_bars(painter: QPainter, bars: Bars) -> None:
    for (x, y, w, h), argb in zip(bars.rects.tolist(), bars.colors.tolist(), strict=True):
        painter.fillRect(QRectF(x, y, w, h), color(argb))


def _hatch(painter: QPainter, rect: QRectF) -> None:
    painter.fillRect(rect, QBrush(color(0xFF8C959F), Qt.BrushStyle.BDiagPattern))
