"""The one painter: a `Picture` on any Qt device, fast on pixels, true vectors in files."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import groupby
from math import ceil
from typing import cast

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEngine, QPainter

from rnnviz.scene.shapes import (
    Bars,
    Box,
    Cells,
    Curve,
    Equation,
    Label,
    Layer,
    Picture,
    Picture24,
    Raster,
    Rect,
    Shape,
    Wire,
)
from rnnviz.views import vector
from rnnviz.views.blit import Blitter
from rnnviz.views.frame import Frame, Pixels
from rnnviz.views.sprites import SpriteSheet
from rnnviz.views.stamps import StampBank
from rnnviz.views.strokes import (
    color,
    paint_boxes,
    paint_curve,
    paint_labels,
    paint_picture24,
    paint_wires,
)

_VECTOR = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf, QPaintEngine.Type.Picture)
_HAIR = 1e-6
"""A share of a pixel that comes from reckoning with floats alone."""


def is_vector(painter: QPainter) -> bool:
    """Whether the painter writes shapes and text into a file instead of pixels."""
    return painter.paintEngine().type() in _VECTOR


class Painter:
    """Paints pictures and remembers the pixels of what does not change.

    On pixels, everything is composed in one opaque frame that goes to the device in one call.
    Where a layer and all below it have the same keys as in the picture before, a copy of the
    frame is kept after it; the next picture starts from the copy after the last layer whose
    key, like all keys below it, is still the same. Layers that change with every frame
    therefore belong on top. One painter serves one view.
    """

    def __init__(self) -> None:
        self._sheet = SpriteSheet()
        self._stamps = StampBank()
        self._frame: Frame | None = None
        self._ground: Hashable = None
        self._keys: list[Hashable] = []
        self._snapshots: list[tuple[int, Pixels]] = []
        self._spare: list[Pixels] = []

    def paint(self, picture: Picture, painter: QPainter) -> None:
        """Paint at the origin of `painter`; the picture covers width × height logical pixels.

        A painter that enlarges gets more pixels, not larger ones.
        """
        if is_vector(painter):
            self._paint_vectors(picture, painter)
        else:
            ratio = painter.device().devicePixelRatioF() * painter.transform().m11()
            frame = self.compose(picture, ratio)
            painter.drawImage(0, 0, frame.image)

    def compose(self, picture: Picture, ratio: float = 1.0) -> Frame:
        """The picture as pixels; the frame is reused by the next call."""
        frame = self._prepared(picture, ratio)
        keys = [layer.key for layer in picture.layers]
        same = 0
        for old, new in zip(self._keys, keys, strict=False):
            if new is None or old != new:
                break
            same += 1
        self._keys = keys
        while self._snapshots and self._snapshots[-1][0] > same:
            self._spare.append(self._snapshots.pop()[1])
        painted = 0
        if self._snapshots:
            painted, pixels = self._snapshots[-1]
            np.copyto(frame.pixels, pixels)
        else:
            frame.pixels.fill(picture.background)
        painter = QPainter(frame.image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
            for number in range(painted, len(picture.layers)):
                if number == same and number > painted:
                    self._keep(number, frame)
                self._paint_layer(picture.layers[number], painter, frame)
            if same == len(picture.layers) > painted:
                self._keep(same, frame)
        finally:
            painter.end()
        return frame

    def _keep(self, layers: int, frame: Frame) -> None:
        """Copy the frame as it is after so many layers, into memory that is warm already."""
        pixels = self._spare.pop() if self._spare else np.empty_like(frame.pixels)
        np.copyto(pixels, frame.pixels)
        self._snapshots.append((layers, pixels))

    def _prepared(self, picture: Picture, ratio: float) -> Frame:
        # Where a pixel is only partly the picture's it is painted, too: a widget on a screen at
        # 150 % owns it, and what nobody paints is black, or what stood there before.
        width, height = (
            max(ceil(side * ratio - _HAIR), 1) for side in (picture.width, picture.height)
        )
        frame = self._frame
        ground = (width, height, ratio, picture.background)
        if frame is None or ground != self._ground:
            frame = self._frame = Frame(width, height, ratio)
            self._ground = ground
            self._keys.clear()
            self._snapshots.clear()
            self._spare.clear()
        return frame

    def _paint_layer(self, layer: Layer, painter: QPainter, frame: Frame) -> None:
        if not layer.shapes:
            return
        if layer.recurring:
            self._stamps.paint(layer.shapes, frame, layer.clip, self._paint_stroke)
            return
        blitter = Blitter(frame, self._sheet, layer.clip)
        if layer.clip is not None:
            painter.save()
            _clip(painter, layer.clip)
        for kind, group in groupby(layer.shapes, type):
            shapes = list(group)
            if kind is Cells:
                for each in cast("list[Cells]", shapes):
                    blitter.cells(each)
            elif kind is Raster:
                for each_raster in cast("list[Raster]", shapes):
                    blitter.raster(each_raster)
            elif kind is Bars:
                for bars in cast("list[Bars]", shapes):
                    if bool((bars.colors >= 0xFF000000).all()):
                        blitter.bars(bars)
                    else:
                        vector.paint_bars(painter, bars)
            elif kind is Curve:
                for curve in cast("list[Curve]", shapes):
                    if not blitter.curve(curve):
                        paint_curve(painter, curve)
            else:
                self._paint_strokes(kind, shapes, painter, on_pixels=True)
        if layer.clip is not None:
            painter.restore()

    def _paint_vectors(self, picture: Picture, painter: QPainter) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, picture.width, picture.height), color(picture.background))
        for layer in picture.layers:
            painter.save()
            if layer.clip is not None:
                _clip(painter, layer.clip)
            for kind, group in groupby(layer.shapes, type):
                shapes = list(group)
                if kind is Cells:
                    for each in cast("list[Cells]", shapes):
                        vector.paint_cells(painter, each)
                elif kind is Raster:
                    for raster in cast("list[Raster]", shapes):
                        vector.paint_raster(painter, raster)
                elif kind is Bars:
                    for bars in cast("list[Bars]", shapes):
                        vector.paint_bars(painter, bars)
                else:
                    self._paint_strokes(kind, shapes, painter, on_pixels=False)
            painter.restore()
        painter.restore()

    def _paint_stroke(self, painter: QPainter, shape: Shape) -> None:
        self._paint_strokes(type(shape), (shape,), painter, on_pixels=True)

    def _paint_strokes(
        self, kind: type[Shape], shapes: Sequence[Shape], painter: QPainter, *, on_pixels: bool
    ) -> None:
        if kind is Box:
            paint_boxes(painter, cast("Sequence[Box]", shapes))
        elif kind is Label:
            paint_labels(painter, cast("Sequence[Label]", shapes), vector=not on_pixels)
        elif kind is Wire:
            paint_wires(painter, cast("Sequence[Wire]", shapes))
        elif kind is Curve:
            for curve in cast("Sequence[Curve]", shapes):
                paint_curve(painter, curve)
        elif kind is Picture24:
            for image in cast("Sequence[Picture24]", shapes):
                paint_picture24(painter, image)
        elif kind is Equation:
            # Typesetting is loaded with the first equation: most pictures have none.
            from rnnviz.views.equation import paint_equation

            for equation in cast("Sequence[Equation]", shapes):
                paint_equation(painter, equation)


def _clip(painter: QPainter, clip: Rect) -> None:
    area = QRectF(clip.x, clip.y, clip.w, clip.h)
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
