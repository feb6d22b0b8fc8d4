"""Numbers to pixels without a paint call a cell: NumPy writes into the frame itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.colors import lut
from rnnviz.scene.shapes import Bars, Cells, Curve, Raster, Rect
from rnnviz.views.columns_blit import blit_columns
from rnnviz.views.curve_blit import blit_curve, is_dense
from rnnviz.views.frame import Frame, Pixels
from rnnviz.views.grid_blit import blit_grid
from rnnviz.views.sprites import SpriteSheet, hatching


class Blitter:
    """Writes cells, heatmaps and bars into the pixels of a frame, inside a clip."""

    def __init__(self, frame: Frame, sheet: SpriteSheet, clip: Rect | None) -> None:
        self._ratio = ratio = frame.ratio
        self._sheet = sheet
        self._left = self._top = 0
        self._pixels = frame.pixels
        if clip is not None:
            x0, x1 = (min(max(round(x * ratio), 0), frame.width) for x in (clip.x, clip.right))
            y0, y1 = (min(max(round(y * ratio), 0), frame.height) for y in (clip.y, clip.bottom))
            self._left, self._top = x0, y0
            self._pixels = frame.pixels[y0:y1, x0:x1]

    def cells(self, cells: Cells) -> None:
        """Every vector of the shape, as sprites with numbers or as plain colours."""
        if not cells.values.size:
            return
        ratio = self._ratio
        # Rounded down in the running direction: the gap may grow by a pixel, cells never touch.
        width, height = (
            max(int(length * ratio + rounding), 1)
            for length, rounding in (
                (cells.w, 0.5 if cells.vertical else 0.05),
                (cells.h, 0.05 if cells.vertical else 0.5),
            )
        )
        lefts = np.rint(cells.xs * ratio).astype(np.intp).tolist()
        tops = np.rint(cells.ys * ratio).astype(np.intp).tolist()
        numbered = cells.numbers and width >= 6 and height >= 6
        if numbered:
            self._numbered(cells, lefts, tops, (width, height))
        else:
            self._plain(cells, lefts, tops, (width, height))
        holes = ~np.isfinite(cells.values)
        if holes.any():
            self._hatch(cells, lefts, tops, (width, height), holes, strip=not numbered)

    def _hatch(
        self,
        cells: Cells,
        lefts: list[int],
        tops: list[int],
        size: tuple[int, int],
        holes: NDArray[np.bool_],
        *,
        strip: bool,
    ) -> None:
        """Stripes over every cell whose value is no number, as long as it was drawn."""
        width, height = size
        if strip and self._is_strip(cells):
            spans = _sampled(cells.values.shape[1], self._length(cells))
        else:
            long = height if cells.vertical else width
            spans = [(step, long) for step in self._steps(cells)]
        for j, k in np.argwhere(holes).tolist():
            begin, length = spans[k]
            if cells.vertical:
                x, y, shape = lefts[j], tops[j] + begin, (length, width)
            else:
                x, y, shape = lefts[j] + begin, tops[j], (height, length)
            self._put(x, y, hatching(shape, cells.scale.ground))

    def _numbered(
        self, cells: Cells, lefts: list[int], tops: list[int], size: tuple[int, int]
    ) -> None:
        width, height = size
        steps = self._steps(cells)
        rows = self._sheet.rows(cells, width, height, self._ratio)
        for x, y, sprites in zip(lefts, tops, rows, strict=True):
            for step, sprite in zip(steps, sprites, strict=True):
                self._put(*((x, y + step) if cells.vertical else (x + step, y)), sprite)

    def _steps(self, cells: Cells) -> list[int]:
        """Where each cell of a vector begins, rounded one by one so that errors do not add up."""
        places = np.arange(cells.values.shape[1]) * self._pitch(cells)
        steps: list[int] = np.rint(places).astype(int).tolist()
        return steps

    def _pitch(self, cells: Cells) -> float:
        """From the beginning of a cell to that of the next, in device pixels."""
        return ((cells.h if cells.vertical else cells.w) + cells.gap) * self._ratio

    def _is_strip(self, cells: Cells) -> bool:
        """Whether cells without numbers are drawn as one strip, without gaps between them."""
        return self._pitch(cells) < 2.0 or round(cells.gap * self._ratio) == 0

    def _length(self, cells: Cells) -> int:
        """Pixels of such a strip."""
        count: int = cells.values.shape[1]
        return max(round(count * self._pitch(cells)), 1)

    def _plain(
        self, cells: Cells, lefts: list[int], tops: list[int], size: tuple[int, int]
    ) -> None:
        """Vectors as colours alone."""
        width, height = size
        colors = lut(cells.scale.map)[cells.scale.index(cells.values)]
        count = colors.shape[1]
        if self._is_strip(cells):
            # Cells finer than pixels: the strip keeps its true length and samples the vector.
            length = self._length(cells)
            colors = colors[:, (np.arange(length) * count) // length]
            if self._aligned(colors, lefts, tops, cells.vertical, list(range(length)), size):
                return
            for x, y, row in zip(lefts, tops, colors, strict=True):
                if cells.vertical:
                    self._put_strip(x, y, width, length, row[:, None])
                else:
                    self._put_strip(x, y, length, height, row[None, :])
            return
        steps, exact = self._steps(cells), self._pitch(cells)
        if self._aligned(colors, lefts, tops, cells.vertical, steps, size):
            return
        pitch = round(exact)
        even = abs(exact - pitch) * count <= 0.5
        if even and pitch >= (height if cells.vertical else width):
            for x, y, row in zip(lefts, tops, colors, strict=True):
                self._put_spaced(x, y, row, size, pitch, cells.vertical)
            return
        for x, y, row in zip(lefts, tops, colors, strict=True):
            for step, argb in zip(steps, row, strict=True):
                place = (x, y + step) if cells.vertical else (x + step, y)
                self._put_strip(*place, width, height, argb)

    def _aligned(
        self,
        colors: Pixels,
        lefts: list[int],
        tops: list[int],
        vertical: bool,
        steps: list[int],
        size: tuple[int, int],
    ) -> bool:
        """Vectors that begin at one height, all at once; False for others."""
        if len(tops) < 2 or tops.count(tops[0]) < len(tops):
            return False
        width, height = size
        top, left = tops[0] - self._top, self._left
        fine = len(steps) > 1 and steps[1] - steps[0] == 1
        if vertical:
            places = [top + step for step in steps]
            xs = [x - left for x in lefts]
            return blit_grid(self._pixels, colors.T, xs, places, width, 1 if fine else height)
        if fine:
            return False
        every = [x + step - left for x in lefts for step in steps]
        return blit_grid(self._pixels, colors.reshape(1, -1), every, [top], width, height)

    def _put_spaced(
        self, x: int, y: int, row: Pixels, size: tuple[int, int], pitch: int, vertical: bool
    ) -> None:
        """One vector whose cells begin every so many pixels."""
        count, (width, height) = len(row), size
        left, top = x - self._left, y - self._top
        across = width if vertical else count * pitch
        down = count * pitch if vertical else height
        room = self._pixels
        if left >= 0 and top >= 0 and left + across <= room.shape[1] and top + down <= len(room):
            target = room[top : top + down, left : left + across]
            if vertical:
                target.reshape(count, pitch, width)[:, :height] = row[:, None, None]
            else:
                target.reshape(height, count, pitch)[:, :, :width] = row[None, :, None]
            return
        dx, dy = (0, pitch) if vertical else (pitch, 0)
        for k in range(count):
            self._put_strip(x + k * dx, y + k * dy, width, height, row[k])

    def raster(self, raster: Raster) -> None:
        """A heatmap, one colour a value; rows and columns are rounded to whole pixels."""
        values = raster.values
        if not values.size:
            return
        ratio = self._ratio
        x0, x1 = round(raster.rect.x * ratio), round(raster.rect.right * ratio)
        y0, y1 = round(raster.rect.y * ratio), round(raster.rect.bottom * ratio)
        left, right = max(x0, self._left), min(x1, self._left + self._pixels.shape[1])
        top, bottom = max(y0, self._top), min(y1, self._top + self._pixels.shape[0])
        if left >= right or top >= bottom:
            return
        columns = (np.arange(left - x0, right - x0) * values.shape[1]) // (x1 - x0)
        rows = (np.arange(top - y0, bottom - y0) * values.shape[0]) // (y1 - y0)
        shown = values[:, columns] if values.shape[1] > len(columns) else values
        colors = lut(raster.scale.map)[raster.scale.index(shown)]
        holes = ~np.isfinite(shown)
        target = self._pixels[
            top - self._top : bottom - self._top, left - self._left : right - self._left
        ]
        across = colors if shown is not values else colors[:, columns]
        target[...] = across[rows]
        if holes.any():
            wide = holes if shown is not values else holes[:, columns]
            stripes = hatching((bottom - top, right - left), raster.scale.ground)
            np.copyto(target, stripes, where=wide[rows])

    def bars(self, bars: Bars) -> None:
        """Opaque bars, their edges on whole pixels, never thinner than one."""
        ratio = self._ratio
        edges = np.rint(
            np.stack(
                [
                    bars.rects[:, 0],
                    bars.rects[:, 1],
                    bars.rects[:, 0] + bars.rects[:, 2],
                    bars.rects[:, 1] + bars.rects[:, 3],
                ],
                1,
            )
            * ratio
        ).astype(np.intp)
        edges -= np.array([self._left, self._top] * 2)
        if blit_columns(self._pixels, edges, bars.colors):
            return
        height, width = self._pixels.shape
        for (x0, y0, x1, y1), color in zip(edges.tolist(), bars.colors.tolist(), strict=True):
            x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1)
            if x1 > 0 and y1 > 0 and x0 < width and y0 < height:
                self._pixels[max(y0, 0) : y1, max(x0, 0) : x1] = color

    def curve(self, curve: Curve) -> bool:
        """A dense curve that runs from left to right; False for what has to be stroked."""
        if curve.dashed or not is_dense(curve.points):
            return False
        points = curve.points * self._ratio - (self._left, self._top)
        blit_curve(self._pixels, points, curve.color, curve.width * self._ratio)
        return True

    def _put_strip(self, x: int, y: int, width: int, height: int, strip: Pixels) -> None:
        """Fill a rectangle with one colour, one column or one row of colours."""
        left, top = x - self._left, y - self._top
        room = self._pixels
        if (
            left >= 0
            and top >= 0
            and left + width <= room.shape[1]
            and top + height <= room.shape[0]
        ):
            room[top : top + height, left : left + width] = strip
        else:
            self._put(x, y, np.broadcast_to(strip, (height, width)))

    def _put(self, x: int, y: int, block: Pixels) -> None:
        x, y = x - self._left, y - self._top
        height, width = block.shape
        room = self._pixels
        if x >= 0 and y >= 0 and x + width <= room.shape[1] and y + height <= room.shape[0]:
            room[y : y + height, x : x + width] = block
            return
        x0, y0 = max(x, 0), max(y, 0)
        x1, y1 = min(x + width, room.shape[1]), min(y + height, room.shape[0])
        if x0 < x1 and y0 < y1:
            room[y0:y1, x0:x1] = block[y0 - y : y1 - y, x0 - x : x1 - x]


def _sampled(count: int, length: int) -> list[tuple[int, int]]:
    """Begin and length of each of `count` cells in a strip of so many pixels, at least one each."""
    edges = -(-np.arange(count + 1) * length // count)
    lengths = np.diff(edges)
    begins = np.where(lengths > 0, edges[:-1], np.arange(count) * length // count)
    return list(zip(begins.tolist(), np.maximum(lengths, 1).tolist(), strict=True))
