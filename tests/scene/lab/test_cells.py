"""Three cells in one picture: the same axes, the same colours."""

import numpy as np
import pytest

from rnnviz.scene.lab.cells import CellComparison, CellCurve, cells_picture
from rnnviz.scene.shapes import Curve, Label, Picture, Raster
from rnnviz.scene.theme import theme
from tests.scene.label_boxes import faults

DECAY = {"rnn": 1.0, "lstm": 0.2, "gru": 0.05}


def comparison(steps: int = 12) -> CellComparison:
    """Norms that fall by so many decades a step."""
    back = np.arange(steps)[:, None] - np.arange(steps)[None]
    curves = tuple(
        CellCurve(
            cell,
            -rate * np.arange(steps)[::-1],
            1.0 + rate,
            100,
            np.where(back >= 0, -rate * back, -np.inf),
            np.arange(1.0, 50.0),
            np.linspace(5.0, 1.0 + rate, 49),
        )
        for cell, rate in DECAY.items()
    )
    return CellComparison(curves, 49, 49, True, 0, 8, again=False)


def of_kind(picture: Picture, kind: type) -> list:
    return [s for layer in picture.layers for s in layer.shapes if isinstance(s, kind)]


@pytest.mark.parametrize("width", [260.0, 640.0, 1300.0])
def test_three_matrices_stand_side_by_side_on_one_scale(width: float) -> None:
    picture = cells_picture(comparison(), theme("light"), width)
    matrices = [raster for raster in of_kind(picture, Raster) if raster.rect.h > 40]
    assert len(matrices) == 3
    assert len({(m.rect.y, m.rect.w, m.rect.h) for m in matrices}) == 1
    assert len({(m.scale.low, m.scale.high) for m in matrices}) == 1
    lefts = [m.rect.x for m in matrices]
    assert lefts == sorted(lefts)
    assert matrices[-1].rect.right <= width
    names = [label.text for label in of_kind(picture, Label)]
    assert all(names.count(name) >= 2 for name in ("vanilla", "LSTM", "GRU"))


def test_the_gradients_and_the_losses_have_three_curves_each() -> None:
    curves = of_kind(cells_picture(comparison(), theme("dark"), 640.0), Curve)
    assert len(curves) == 6
    gradients, losses = curves[:3], curves[3:]
    assert [c.color for c in gradients] == [c.color for c in losses]
    firsts = [float(c.points[0, 1]) for c in gradients]
    assert firsts[0] > firsts[1] > firsts[2]  # the vanilla cell's gradient is lowest at step 1


@pytest.mark.parametrize("width", [260.0, 640.0, 900.0, 1300.0])
def test_no_word_of_the_comparison_overlaps_another(width: float) -> None:
    assert faults(cells_picture(comparison(), theme("light"), width)) == []


def test_where_there_is_room_the_losses_stand_beside_the_matrices() -> None:
    picture = cells_picture(comparison(), theme("light"), 1300.0)
    matrices = [raster.rect for raster in of_kind(picture, Raster) if raster.rect.h > 40]
    losses = of_kind(picture, Curve)[3:]
    assert len(losses) == 3
    for curve in losses:
        assert curve.points[:, 0].min() > max(rect.right for rect in matrices)
        assert curve.points[:, 0].max() <= 1300.0
        assert matrices[0].y - 2 <= curve.points[:, 1].min()
    assert picture.height < cells_picture(comparison(), theme("light"), 640.0).height


def test_what_takes_too_long_is_left_out_without_a_gap() -> None:
    found = comparison()
    bare = CellComparison(
        tuple(CellCurve(c.cell, c.log10, c.loss, c.parameters) for c in found.curves),
        0, 300, True, 0, 8, again=True,
    )  # fmt: skip
    picture = cells_picture(bare, theme("light"), 640.0)
    assert not [raster for raster in of_kind(picture, Raster) if raster.rect.h > 40]
    assert picture.height < cells_picture(found, theme("light"), 640.0).height / 1.5
