"""Boxes, words, wires and curves with Qt, the same on the screen and in vector files."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QStaticText,
    QTextOption,
)

from rnnviz.scene.legible import legible
from rnnviz.scene.shapes import Box, Curve, Family, Label, Picture24, Wire
from rnnviz.views.fonts import advance, font, has_accents, heights, is_number

_DASHES = [4.0, 3.0]
SWING = 1.0 / 6.0
"""Share of the way between its neighbours by which a smooth curve's handles stand off a point."""


@lru_cache(maxsize=256)
def color(argb: int) -> QColor:
    return QColor.fromRgba(argb)


@lru_cache(maxsize=512)
def pen(argb: int, width: float, dashed: bool, joined: bool = False) -> QPen:
    """A pen; `joined` for polylines, whose corners are round."""
    made = QPen(color(argb), width)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin if joined else Qt.PenJoinStyle.MiterJoin)
    if dashed:
        made.setDashPattern([dash / max(width, 0.5) * 1.25 for dash in _DASHES])
    return made


def rect_of(box: Box) -> QRectF:
    """The box with its stroke inside the rectangle."""
    half = box.width / 2 if box.stroke else 0.0
    r = box.rect
    return QRectF(r.x + half, r.y + half, max(r.w - 2 * half, 0.0), max(r.h - 2 * half, 0.0))


def paint_boxes(painter: QPainter, boxes: Iterable[Box]) -> None:
    """Rectangles one by one; pens and brushes are set only when they change."""
    state: tuple[int, int, float, bool] | None = None
    for box in boxes:
        if box.dashed and box.stroke:
            _paint_dashed(painter, box)
            state = None
            continue
        style = (box.fill, box.stroke, box.width, box.dashed)
        if style != state:
            state = style
            painter.setBrush(color(box.fill) if box.fill else Qt.BrushStyle.NoBrush)
            if box.stroke:
                painter.setPen(pen(box.stroke, box.width, box.dashed))
            else:
                painter.setPen(Qt.PenStyle.NoPen)
        if box.radius > 0.0:
            painter.drawRoundedRect(rect_of(box), box.radius, box.radius)
        else:
            painter.drawRect(rect_of(box))


def _paint_dashed(painter: QPainter, box: Box) -> None:
    """A dashed frame, its corners left open: a dashed curve costs ten times as much."""
    r, c = rect_of(box), min(box.radius, box.rect.w / 3, box.rect.h / 3)
    if box.fill:
        # Whole pixels: a tint with antialiased edges costs ten times as much.
        painter.fillRect(r.toAlignedRect(), color(box.fill))
    painter.setPen(pen(box.stroke, box.width, True))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawLines(
        [
            QLineF(r.left() + c, r.top(), r.right() - c, r.top()),
            QLineF(r.left() + c, r.bottom(), r.right() - c, r.bottom()),
            QLineF(r.left(), r.top() + c, r.left(), r.bottom() - c),
            QLineF(r.right(), r.top() + c, r.right(), r.bottom() - c),
        ]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


@lru_cache(maxsize=4096)
def _static(text: str, family: Family, size: float, bold: bool, italic: bool) -> QStaticText:
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    made.setTextOption(option)
    made.prepare(font=font(family, size, bold, italic, has_accents(text)))
    return made


def label_place(label: Label) -> tuple[float, float, float]:
    """x of the text's left edge, y of its baseline, and by how much it is set narrower."""
    style = (label.family, label.size, label.bold, label.italic)
    width = advance(label.text, *style)
    room = label.rect.w
    squeeze = room / width if width > room + 0.5 and room > 0.0 else 1.0
    shown = width * squeeze
    x = label.rect.x
    if label.align == "center":
        x += (room - shown) / 2
    elif label.align == "right":
        x += room - shown
    # Centre the band between baseline and capital height, not the font's line box.
    baseline = label.rect.y + label.rect.h / 2 + heights(*style)[1] / 2
    return x, baseline, squeeze


def paint_labels(painter: QPainter, labels: Iterable[Label], *, vector: bool) -> None:
    """Words, vertically centred on their figures; too wide ones are set narrower, never cut."""
    set_font: tuple[Family, float, bool, bool, bool] | None = None
    ink: int | None = None
    for label in labels:
        style = (label.family, label.size, label.bold, label.italic)
        x, baseline, squeeze = label_place(label)
        needed = (*style, has_accents(label.text))
        if needed != set_font:
            set_font = needed
            painter.setFont(font(*needed))
        if label.color != ink:
            ink = label.color
            painter.setPen(color(legible(ink)))
        if squeeze < 1.0:
            painter.save()
            painter.translate(x, baseline)
            painter.scale(squeeze, 1.0)
            painter.drawText(QPointF(0.0, 0.0), label.text)
            painter.restore()
        elif vector or is_number(label.text):
            painter.drawText(QPointF(x, baseline), label.text)
        else:
            top = QPointF(x, baseline - heights(*style)[0])
            painter.drawStaticText(top, _static(label.text, *style))


def paint_wires(painter: QPainter, wires: Sequence[Wire]) -> None:
    """All lines of one pen in one path, then all heads of one colour in one."""
    lines: dict[tuple[int, float, bool], QPainterPath] = {}
    straight: dict[tuple[int, float, bool], list[QLineF]] = {}
    heads: dict[int, QPainterPath] = {}
    for wire in wires:
        points = wire.points
        if len(points) < 2:
            continue
        style = (wire.color, wire.width, wire.dashed)
        end, before = points[-1], points[-2]
        if wire.head:
            end = _add_head(heads.setdefault(wire.color, QPainterPath()), before, end, wire.width)
        if len(points) == 2:
            straight.setdefault(style, []).append(QLineF(*points[0], *end))
            continue
        path = lines.setdefault(style, QPainterPath())
        path.moveTo(*points[0])
        if wire.curved and len(points) == 4:
            path.cubicTo(*points[1], *points[2], *end)
        elif wire.curved and len(points) == 3:
            path.quadTo(*points[1], *end)
        elif wire.curved and len(points) > 4:
            _spline(path, [*points[:-1], end])
        else:
            for point in points[1:-1]:
                path.lineTo(*point)
            path.lineTo(*end)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for (argb, width, dashed), path in lines.items():
        painter.setPen(pen(argb, width, dashed, joined=True))
        painter.drawPath(path)
    for (argb, width, dashed), bunch in straight.items():
        painter.setPen(pen(argb, width, dashed))
        painter.drawLines(bunch)
    painter.setPen(Qt.PenStyle.NoPen)
    for argb, path in heads.items():
        # Where two heads lie over each other there is no hole.
        path.setFillRule(Qt.FillRule.WindingFill)
        painter.setBrush(color(argb))
        painter.drawPath(path)


def head_size(width: float) -> tuple[float, float]:
    """Length and half breadth of the arrow head on a wire of that width."""
    return 5.0 + 1.6 * width, 2.2 + 1.0 * width


def _add_head(
    path: QPainterPath, before: tuple[float, float], tip: tuple[float, float], width: float
) -> tuple[float, float]:
    """Add the triangle at the tip; returns where the line must stop so as not to stick out."""
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    away = math.hypot(dx, dy)
    if away == 0.0:
        return tip
    ux, uy = dx / away, dy / away
    length, breadth = head_size(width)
    if length > 0.7 * away:
        breadth *= 0.7 * away / length
        length = 0.7 * away
    base = (tip[0] - ux * length, tip[1] - uy * length)
    path.moveTo(*tip)
    path.lineTo(base[0] - uy * breadth, base[1] + ux * breadth)
    path.lineTo(base[0] + uy * breadth, base[1] - ux * breadth)
    path.closeSubpath()
    return tip[0] - ux * length * 0.8, tip[1] - uy * length * 0.8


def _spline(path: QPainterPath, points: list[tuple[float, float]]) -> None:
    """A Catmull-Rom curve through the points, as cubic pieces."""
    padded = [points[0], *points, points[-1]]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        path.cubicTo(
            p1[0] + (p2[0] - p0[0]) * SWING,
            p1[1] + (p2[1] - p0[1]) * SWING,
            p2[0] - (p3[0] - p1[0]) * SWING,
            p2[1] - (p3[1] - p1[1]) * SWING,
            *p2,
        )


def paint_curve(painter: QPainter, curve: Curve) -> None:
    """A polyline; stretches between points that are not numbers stay empty."""
    if len(curve.points) < 2:
        return
    painter.setPen(pen(curve.color, curve.width, curve.dashed, joined=True))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    finite: NDArray[np.bool_] = np.isfinite(curve.points[:, 0]) & np.isfinite(curve.points[:, 1])
    pieces = [curve.points]
    if not finite.all():
        cuts = np.flatnonzero(np.diff(finite.astype(np.int8))) + 1
        starts = np.concatenate([[0], cuts])
        pieces = [
            piece
            for piece, start in zip(np.split(curve.points, cuts), starts.tolist(), strict=True)
            if bool(finite[start])
        ]
    for piece in pieces:
        painter.drawPolyline([QPointF(x, y) for x, y in piece.tolist()])


def paint_picture24(painter: QPainter, shape: Picture24) -> None:
    height, width = shape.pixels.shape[:2]
    pixels = np.ascontiguousarray(shape.pixels)
    # The image looks into `pixels`, which lives until the call returns.
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shape.smooth)
    r = shape.rect
    painter.drawImage(QRectF(r.x, r.y, r.w, r.h), image)
    painter.restore()
