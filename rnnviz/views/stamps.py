"""Shapes that come back object by object: painted once, their pixels laid down after that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from rnnviz.scene.shapes import Box, Label, Rect, Shape, Wire
from rnnviz.views.fonts import advance
from rnnviz.views.frame import Frame
from rnnviz.views.strokes import SWING, label_place

MOST = 12_000
"""Stamps kept before the bank is emptied; an arrow has about a hundred pixels."""

_Rows = NDArray[np.uint32]
_RED_BLUE, _GREEN, _OPAQUE = np.uint32(0x00FF00FF), np.uint32(0x0000FF00), np.uint32(0xFF000000)
_EIGHT = np.uint32(8)

Strokes = Callable[[QPainter, Shape], None]


@dataclass(frozen=True, slots=True, eq=False)
class _Stamp:
    """Pixels of one shape: where it is opaque, and where its soft edges let the ground through.

    `shape` is held so that its id stays its own. The rows of `solid` are places and colours, those
    of `soft` places, premultiplied colours, and 256 less their opacity in 256ths. What belongs
    together is one array: a frame lays down a hundred stamps that the cache has forgotten since
    the last one.
    """

    shape: Shape
    solid: _Rows
    soft: _Rows


class StampBank:
    """The stamps of one frame's size and one clip; another of either empties the bank."""

    def __init__(self) -> None:
        self._stamps: dict[int, _Stamp] = {}
        self._words: dict[tuple[object, ...], tuple[_Stamp, int, int]] = {}
        self._ground: tuple[object, ...] = ()
        self._scratch: Frame | None = None

    def paint(
        self, shapes: Sequence[Shape], frame: Frame, clip: Rect | None, strokes: Strokes
    ) -> None:
        """Lay boxes, wires and labels over the frame; those not seen before are painted first."""
        ground = (frame.width, frame.height, frame.ratio, clip)
        if ground != self._ground or len(self._stamps) > MOST:
            self._stamps.clear()
            self._words.clear()
            self._ground = ground
        known = self._stamps
        stamps = [known.get(id(shape)) for shape in shapes]
        if None in stamps:
            missing = [s for s, stamp in zip(shapes, stamps, strict=True) if stamp is None]
            missing = [shape for shape in missing if not self._moved(shape, frame, clip)]
            if missing:
                self._make(missing, frame, clip, strokes)
            stamps = [known[id(shape)] for shape in shapes]
        _lay_down(cast("list[_Stamp]", stamps), frame)

    def _make(
        self, shapes: Sequence[Shape], frame: Frame, clip: Rect | None, strokes: Strokes
    ) -> None:
        scratch = self._scratch
        if scratch is None or (scratch.width, scratch.height) != (frame.width, frame.height):
            scratch = Frame(
                frame.width, frame.height, frame.ratio, QImage.Format.Format_ARGB32_Premultiplied
            )
            scratch.pixels.fill(0)
            self._scratch = scratch
        scratch.image.setDevicePixelRatio(frame.ratio)
        painter = QPainter(scratch.image)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
            for shape in shapes:
                strokes(painter, shape)
                stamp = self._stamps[id(shape)] = _cut_out(shape, scratch, clip)
                if isinstance(shape, Label) and _is_whole(shape, frame, clip):
                    look, x, y = _look(shape, frame)
                    self._words[look] = stamp, x, y
        finally:
            painter.end()

    def _moved(self, shape: Shape, frame: Frame, clip: Rect | None) -> bool:
        """Whether the same word is known at another place: its pixels only move."""
        if not isinstance(shape, Label):
            return False
        look, here_x, here_y = _look(shape, frame)
        known = self._words.get(look)
        if known is None or not _is_whole(shape, frame, clip):
            return False
        stamp, x, y = known
        by = (here_y - y) * frame.width + here_x - x
        self._stamps[id(shape)] = _Stamp(shape, _shifted(stamp.solid, by), _shifted(stamp.soft, by))
        return True


def _lay_down(stamps: list[_Stamp], frame: Frame) -> None:
    """Mix the soft edges of stamps with the frame, then write what is opaque."""
    if not stamps:
        return
    pixels = frame.pixels.reshape(-1)
    places, soft, rest = np.concatenate([stamp.soft for stamp in stamps], axis=1)
    at = places.astype(np.intp)
    ground = pixels[at]
    under = ((ground & _RED_BLUE) * rest >> _EIGHT) & _RED_BLUE
    under |= ((ground & _GREEN) >> _EIGHT) * rest & _GREEN
    pixels[at] = (soft + under) | _OPAQUE
    places, solid = np.concatenate([stamp.solid for stamp in stamps], axis=1)
    pixels[places.astype(np.intp)] = solid


def _shifted(rows: _Rows, by: int) -> _Rows:
    """The same pixels at places ``by`` further on."""
    moved = rows.copy()
    np.add(rows[0], by, out=moved[0], dtype=np.int64, casting="unsafe")
    return moved


def _look(label: Label, frame: Frame) -> tuple[tuple[object, ...], int, int]:
    """All of a label but its place, and the device pixel at which its text begins."""
    x, baseline, squeezed = label_place(label)
    style = (label.size, label.family, label.bold, label.italic)
    right, down = round(x * frame.ratio), round(baseline * frame.ratio)
    # Words stand on whole pixels: those of one line are rounded together or they dance.
    look = (label.text, label.color, squeezed, *style, round(baseline * frame.ratio - down, 2))
    return look, right, down


def _is_whole(label: Label, frame: Frame, clip: Rect | None) -> bool:
    """Whether nothing of a label is cut off by the frame or the clip."""
    area = _bounds(label)
    width, height = frame.width / frame.ratio, frame.height / frame.ratio
    room = clip if clip is not None else Rect(0.0, 0.0, width, height)
    inside_x = max(room.x, 0.0) <= area.x and area.right <= min(room.right, width)
    return inside_x and max(room.y, 0.0) <= area.y and area.bottom <= min(room.bottom, height)


def _cut_out(shape: Shape, scratch: Frame, clip: Rect | None) -> _Stamp:
    """Take what was just painted off the scratch frame, and leave that clean."""
    area = _bounds(shape)
    left, top, right, bottom = _inside(area, scratch)
    block = scratch.pixels[top:bottom, left:right]
    taken = block.copy()
    block.fill(0)
    if clip is not None:
        x0, y0, x1, y1 = _inside(clip, scratch)
        taken[: max(y0 - top, 0)] = 0
        taken[max(y1 - top, 0) :] = 0
        taken[:, : max(x0 - left, 0)] = 0
        taken[:, max(x1 - left, 0) :] = 0
    opacity = taken >> np.uint32(24)
    rows = np.arange(top, bottom, dtype=np.uint32) * np.uint32(scratch.width)
    places = rows[:, None] + np.arange(left, right, dtype=np.uint32)
    solid = opacity == 255
    soft = (opacity > 0) & ~solid
    rest = np.uint32(256) - opacity[soft] - (opacity[soft] >> np.uint32(7))
    return _Stamp(
        shape,
        np.array([places[solid], taken[solid]]),
        np.array([places[soft], taken[soft] & np.uint32(0x00FFFFFF), rest]),
    )


def _inside(area: Rect, frame: Frame) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of an area in device pixels, inside the frame."""
    ratio = frame.ratio
    x0, x1 = (min(max(round(x * ratio), 0), frame.width) for x in (area.x, area.right))
    y0, y1 = (min(max(round(y * ratio), 0), frame.height) for y in (area.y, area.bottom))
    return x0, y0, x1, y1


def _bounds(shape: Shape) -> Rect:
    """A rectangle that surely holds what a shape paints."""
    if isinstance(shape, Box):
        # The corners of a box that is thinner than its frame stand out.
        return shape.rect.inset(-2.0 * shape.width - 1.0)
    if isinstance(shape, Label):
        area = shape.rect.inset(-3.0, -max(shape.size - shape.rect.h / 2, 3.0))
        # Where a label has no room at all, its words stand out on their side.
        x, _, narrower = label_place(shape)
        style = (shape.family, shape.size, shape.bold, shape.italic)
        left = min(area.x, x - 3.0)
        right = max(area.right, x + advance(shape.text, *style) * narrower + 3.0)
        return Rect(left, area.y, right - left, area.h)
    if isinstance(shape, Wire):
        xs, ys = [x for x, _ in shape.points], [y for _, y in shape.points]
        out = 4.0 + 1.5 * shape.width
        # A smooth curve swings out beyond its points.
        swing = SWING if shape.curved and len(shape.points) > 4 else 0.0
        dx = out + swing * (max(xs) - min(xs))
        dy = out + swing * (max(ys) - min(ys))
        left, top = min(xs) - dx, min(ys) - dy
        return Rect(left, top, max(xs) + dx - left, max(ys) + dy - top)
    raise TypeError(f"{type(shape).__name__} cannot be a stamp")
