"""Which number of a pass stands under the mouse: a unit of a drawn vector, an entry of a matrix."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.scene.number_fields import NumberPicture
from rnnviz.scene.shapes import Cells, Floats, Picture
from rnnviz.scene.state import ViewState
from rnnviz.trace import Trace

LEAST_PIXELS = 3.0
"""Numbers closer together than this cannot be told apart with a mouse."""


def number_at(state: ViewState, picture: Picture, x: float, y: float) -> str:
    """The node of the number at a point: ``h_l0@3[5]`` or ``W_hh_l0@3[0,2]``, from 0.

    Empty where there is no vector or matrix; the node without brackets where its numbers lie
    too close together. A box that shows h and c answers for the one under the mouse.
    """
    for field in picture.fields if isinstance(picture, NumberPicture) else ():
        if field.rect.contains(x, y):
            return field.number(x, y, LEAST_PIXELS)
    hit = picture.hit(x, y)
    name, _, place = (hit.node if hit is not None else "").partition("@")
    if hit is None or not place.isdigit():
        return ""
    array = state.trace.get(name)
    if array is None and name.rpartition("W_")[1]:
        return hit.node  # a gate's matrix, of which only the name is drawn here
    if array is not None and array.ndim == 2 and name.rpartition("W_")[1]:
        rows, columns = array.shape
        across, down = hit.rect.w / columns, hit.rect.h / rows
        if min(across, down) < LEAST_PIXELS:
            return hit.node
        entry = int((y - hit.rect.y) / down), int((x - hit.rect.x) / across)
        return f"{hit.node}[{min(entry[0], rows - 1)},{min(entry[1], columns - 1)}]"
    column = int(place)
    for values, unit, pitch in _cells_at(picture, x, y):
        for drawn, meant in _drawn_for(name):
            if _is_that(values, state.trace, drawn, column, state.row):
                return f"{meant}@{column}[{unit}]" if pitch >= LEAST_PIXELS else hit.node
    return ""


def _drawn_for(name: str) -> tuple[tuple[str, str], ...]:
    """What may be drawn at that node, and which number is meant by it."""
    if name == "logits":
        return ("logits", "logits"), ("probs", "logits")
    cell = name.replace("h_l", "c_l")
    return (name, name), (cell, cell)


def _cells_at(picture: Picture, x: float, y: float) -> Iterator[tuple[Floats, int, float]]:
    """The drawn vectors under a point, topmost first: values, which of them, pixels of each."""
    for layer in reversed(picture.layers):
        for shape in layer.shapes:
            if not isinstance(shape, Cells):
                continue
            count = shape.values.shape[1]
            along, pitch = (y, shape.h) if shape.vertical else (x, shape.w)
            across, wide = (x, shape.w) if shape.vertical else (y, shape.h)
            starts, sides = (shape.ys, shape.xs) if shape.vertical else (shape.xs, shape.ys)
            pitch += shape.gap
            inside = (
                (along >= starts)
                & (along < starts + count * pitch)
                & (across >= sides)
                & (across < sides + wide)
            )
            for vector in np.flatnonzero(inside):
                unit = int((along - starts[vector]) / pitch)
                yield shape.values[vector], min(unit, count - 1), pitch


def _is_that(values: Floats, trace: Trace, name: str, column: int, row: int) -> bool:
    """Whether a drawn vector is that array's at the step: what is drawn may be derived from it."""
    array = trace.get(name)
    part = next((each for each in trace.parts if each.start <= column < each.stop), None)
    if array is None or part is None or array.ndim != 3 or not name.startswith(part.prefix):
        return False
    step = column - part.start
    if step >= len(array) or array.shape[2] != len(values):
        return False
    vector = array[step, row]
    # In the graph a cell state is drawn as what the output gate sees of it.
    forms = (vector, np.tanh(vector)) if "c_l" in name else (vector,)
    return any(np.allclose(form, values, rtol=1e-5, atol=0.0) for form in forms)
