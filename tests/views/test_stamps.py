"""Shapes laid down as kept pixels look like the same shapes painted anew."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.scene.shapes import Box, Label, Layer, Picture, Rect, Shape, Wire
from rnnviz.views.fonts import heights
from rnnviz.views.painter import Painter

pytestmark = pytest.mark.usefixtures("qapp")

GROUND = 0xFFC0D0E0
INK = 0xFF102030
SWINGING = ((10.0, 50.0), (150.0, 50.0), (150.0, 60.0), (10.0, 60.0), (10.0, 50.0))


def _drawn(*shapes: Shape, painter: Painter | None = None, recurring: bool = True) -> np.ndarray:
    picture = Picture(160, 100, GROUND, (Layer(shapes, recurring=recurring),))
    return (painter or Painter()).compose(picture).pixels.copy()


def _channels(pixels: np.ndarray) -> np.ndarray:
    return np.stack([pixels >> shift & 0xFF for shift in (16, 8, 0)], -1).astype(int)


@pytest.mark.parametrize(
    "shape",
    [
        Label(Rect(80, 40, 0, 14), "no room at all", INK, 12.0, "center"),
        Label(Rect(80, 40, 0, 14), "no room at all", INK, 12.0, "left", bold=True),
        Label(Rect(80, 40, 30, 0), "squeezed together", INK, 12.0, "right", "serif", italic=True),
        Wire(SWINGING, INK, 1.0, curved=True),
        Box(Rect(42.57, 53.07, 29.69, 0.25), 0xFF8090A0, INK, 2.0),
        Box(Rect(40, 50, 1.5, 8), 0xFF8090A0, INK, 2.0, 4.0),
    ],
)
def test_a_stamp_is_whole_and_leaves_nothing_to_the_next(shape: Shape) -> None:
    painter = Painter()
    stamped = _drawn(shape, painter=painter)
    painted = _drawn(shape, recurring=False)
    assert np.abs(_channels(stamped) - _channels(painted)).max() <= 3
    everywhere = Box(Rect(1, 1, 158, 98), 0, INK, 1.0)
    after = _drawn(everywhere, painter=painter)
    assert (after == _drawn(everywhere)).all()


def test_letters_of_one_line_stand_on_one_line_wherever_they_stood_before() -> None:
    def lowest(painter: Painter, y: float) -> list[int]:
        letters = [Label(Rect(10 + 30 * k, y, 20, 14), "E", INK + k, 12.0) for k in range(2)]
        pixels = _drawn(*letters, painter=painter)
        inked = [(pixels[:, x : x + 30] != GROUND).any(axis=1) for x in (5, 35)]
        return [int(np.flatnonzero(each)[-1]) for each in inked]

    capitals = heights("sans", 12.0, False, False)[1]
    for above in np.arange(20.0, 22.0, 0.25):
        painter = Painter()
        # The first of the two letters is known from another line, the second is not.
        known = Label(Rect(10, above - 7 - capitals / 2, 20, 14), "E", INK, 12.0)
        _drawn(known, painter=painter)
        for baseline in np.arange(50.0, 52.0, 0.25):
            first, second = lowest(painter, float(baseline) - 7 - capitals / 2)
            assert first == second


@pytest.mark.parametrize("recurring", [True, False])
def test_where_two_arrow_heads_lie_over_each_other_there_is_no_hole(recurring: bool) -> None:
    wires = [Wire(((60.0 + k, 20.0), (60.0 + k, 70.0)), INK, 6.0) for k in (0.0, 6.0)]
    pixels = _drawn(*wires, recurring=recurring)
    between = pixels[58:62, 61:66]
    assert (between == INK).all()
