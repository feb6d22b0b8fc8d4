"""Matrices of the inspector under the mouse: every value can be read, however small its cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rnnviz.scene.equations_symbols import bare
from rnnviz.scene.inspector_numbers import Matrix
from rnnviz.scene.numbers import exactly
from rnnviz.scene.shapes import Hit, Picture, Rect

Field = tuple[Rect, Matrix]
_MARKUP = re.compile(r"\\text|[{}\\,]")


@dataclass(frozen=True, slots=True, eq=False)
class InspectorPicture(Picture):
    """A panel that names the value under the mouse; `fields` are its matrices in their places."""

    fields: tuple[Field, ...] = ()

    def hit(self, x: float, y: float) -> Hit | None:
        """The symbol or matrix under the point, with the value there in words."""
        # Not super(): slots make a new class of a dataclass.
        found = Picture.hit(self, x, y)
        for rect, matrix in self.fields:
            if rect.contains(x, y):
                return Hit(
                    rect, found.node if found is not None else "", _value(rect, matrix, x, y)
                )
        return found


def _value(rect: Rect, matrix: Matrix, x: float, y: float) -> str:
    rows, columns = matrix.values.shape
    row = min(int((y - rect.y) / rect.h * rows), rows - 1)
    column = min(int((x - rect.x) / rect.w * columns), columns - 1)
    value = float(matrix.values[row, column])
    at = f"{row + 1}" if columns == 1 else f"{row + 1}, {column + 1}"
    return f"{plain(matrix.tex)}[{at}] = {exactly(value, 4)}"


def plain(tex: str) -> str:
    """A symbol without its markup: ``W_{hh}^{(2)}`` → ``W_hh^(2)``, a gradient with its ∂."""
    symbol = bare(tex).replace(r"\partial", "∂").replace(r"\leftarrow", "←")
    symbol = symbol.replace(r"\rightarrow", "→").replace(r"\top", "ᵀ")
    return _MARKUP.sub("", symbol).replace(" ", "")
