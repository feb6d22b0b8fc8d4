"""Two pictures as one: the second under the first, as the stage has the strips under the graph."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

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


def stacked(upper: Picture, lower: Picture) -> Picture:
    """Both pictures in one that is as high as the two together; it answers to no mouse."""
    down = upper.height
    layers = tuple(_lowered(layer, down) for layer in lower.layers)
    floor = Rect(0.0, down, lower.width, lower.height)
    ground = Layer((Box(floor, lower.background),), ("ground", floor, lower.background))
    return Picture(
        max(upper.width, lower.width), upper.height + lower.height, upper.background,
        (*upper.layers, ground, *layers), (), f"{upper.summary} {lower.summary}".strip(),
        left_out=(*upper.left_out, *lower.left_out),
    )  # fmt: skip


def _lowered(layer: Layer, down: float) -> Layer:
    clip = None if layer.clip is None else _rect(layer.clip, down)
    key = None if layer.key is None else (layer.key, down)
    shapes = tuple(lowered(shape, down) for shape in layer.shapes)
    paper = tuple(lowered(shape, down) for shape in layer.paper)
    return replace(layer, shapes=shapes, key=key, clip=clip, paper=paper)


def lowered(shape: Shape, down: float) -> Shape:
    """The shape so many pixels further down."""
    match shape:
        case Box() | Label() | Equation() | Raster() | Picture24():
            return replace(shape, rect=_rect(shape.rect, down))
        case Wire():
            return replace(shape, points=tuple((x, y + down) for x, y in shape.points))
        case Cells():
            return replace(shape, ys=shape.ys + down)
        case Bars():
            return replace(shape, rects=shape.rects + np.array([0.0, down, 0.0, 0.0]))
        case Curve():
            return replace(shape, points=shape.points + np.array([0.0, down]))


def _rect(rect: Rect, down: float) -> Rect:
    return replace(rect, y=rect.y + down)
