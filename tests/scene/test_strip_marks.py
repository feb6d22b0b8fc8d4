"""The frame around a target, or around what was drawn in a sample, and the number inside it."""

import pytest

from rnnviz.scene.shapes import Rect
from rnnviz.scene.strips_marks import frame
from rnnviz.scene.theme import LIGHT

_ROUNDING = 1.6
"""Pixels that the frame and the figures, each rounded to whole ones, may come closer."""


@pytest.mark.parametrize("drawn", [False, True], ids=["target", "drawn"])
@pytest.mark.parametrize("row", [13.0, 15.0, 24.0])
def test_the_frame_of_a_low_cell_does_not_run_through_its_number(row: float, drawn: bool) -> None:
    cell = Rect(100.0, 50.0, 60.0, row - 1.0)
    size = min(11.0, row - 4.0)
    figures = cell.y + cell.h / 2 - 0.73 * size / 2
    around = frame(cell, LIGHT, drawn=drawn)
    assert around.rect.y + around.width / 2 + _ROUNDING <= figures
    assert around.rect.x - around.width / 2 >= cell.x - 0.5, "beside it stands another step"
