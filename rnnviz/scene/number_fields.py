"""Numbers of a picture that can be taken one by one, where they are not whole vectors of a pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rnnviz.scene.shapes import Picture, Rect


@dataclass(frozen=True, slots=True)
class NumberField:
    """Numbers of an array, drawn as ``rows`` × ``columns`` over `rect`: ``node[first + i]``, or of
    a matrix ``node[first + i, j]`` (``node[first + j, i]`` where it is drawn ``transposed``).
    ``first`` is the first row of a gate's block."""

    rect: Rect
    node: str
    rows: int
    columns: int
    first: int = 0
    matrix: bool = False
    transposed: bool = False

    def number(self, x: float, y: float, least: float) -> str:
        """The number at a point; the node alone where numbers are narrower than ``least``."""
        across, down = self.rect.w / self.columns, self.rect.h / self.rows
        if min(across, down) < least:
            return self.node
        i = min(int((y - self.rect.y) / down), self.rows - 1)
        j = min(int((x - self.rect.x) / across), self.columns - 1)
        if not self.matrix:
            return f"{self.node}[{self.first + max(i, j)}]"
        if self.transposed:
            i, j = j, i
        return f"{self.node}[{self.first + i},{j}]"


@dataclass(frozen=True, slots=True, eq=False)
class NumberPicture(Picture):
    """A picture with such numbers in it."""

    fields: Sequence[NumberField] = field(default=())
