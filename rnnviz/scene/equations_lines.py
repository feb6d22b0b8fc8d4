"""Formulas on lines: pieces side by side on one baseline, broken where the panel ends."""

from __future__ import annotations

from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_typeset import typeset
from rnnviz.scene.shapes import Equation, Rect

_SPACE = 0.24
_INDENT = 1.4
_LEADING = 0.35
_SMALLEST = 0.6
"""A piece that is wider than the panel shrinks, but not below this share of its size."""


def formula_shapes(
    formula: Formula, x: float, y: float, width: float, size: float, color: int
) -> tuple[tuple[Equation, ...], float]:
    """The formula from (x, y) down within `width`, and the height it takes.

    `size` is the font size in pixels. Continuing lines are indented; pieces of a line share
    their baseline, so that fractions and letters stand as they should.
    """
    lines: list[list[tuple[str, float, float]]] = []
    indent = _INDENT * size
    at = 0.0
    for number, piece in enumerate(formula):
        scale, wide = 1.0, typeset(piece).width * size
        if number and at + wide <= width and lines:
            lines[-1].append((piece, at, scale))
        else:
            at = indent if number else 0.0
            room = width - at
            if wide > room:
                scale = max(room / wide, _SMALLEST)
                wide *= scale
            lines.append([(piece, at, scale)])
        at += wide + _SPACE * size
    shapes: list[Equation] = []
    top = y
    for line in lines:
        up = max(typeset(piece).ascent * scale for piece, _, scale in line) * size
        down = max(typeset(piece).descent * scale for piece, _, scale in line) * size
        for piece, left, scale in line:
            entry = typeset(piece)
            em = size * scale
            rect = Rect(x + left, top + up - entry.ascent * em, entry.width * em, entry.height * em)
            shapes.append(Equation(rect, piece, color, em))
        top += up + down + _LEADING * size
    return tuple(shapes), top - y - (_LEADING * size if lines else 0.0)
