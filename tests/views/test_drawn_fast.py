"""What NumPy writes is what a slow and obvious drawing shows, at every pixel ratio."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.shapes import Cells, Curve, Layer, Picture, Raster, Rect
from rnnviz.views.painter import Painter
from rnnviz.views.sprites import hatching
from rnnviz.views.vector import paint_cells, paint_raster

pytestmark = pytest.mark.usefixtures("qapp")

STATES = ColorScale("diverging", -1.0, 1.0)
GROUND = 0xFF123456
STRIPE = int(hatching((1, 1), 0)[0, 0])
_RATIOS = [1.0, 1.25, 1.5, 2.0]
_SLACK = 1.6
"""Device pixels by which an edge may be off: where a vector begins is rounded, and each step."""


def _drawn(shape: Cells | Curve, ratio: float, size: tuple[float, float] = (160, 90)) -> np.ndarray:
    return Painter().compose(Picture(*size, GROUND, (Layer((shape,)),)), ratio).pixels.copy()


def _pixels(begin: float, end: float) -> slice:
    """The pixels whose centres lie between two places."""
    return slice(max(int(np.ceil(begin - 0.5)), 0), max(int(np.floor(end - 0.5)) + 1, 0))


def _where_wrong(cells: Cells, ratio: float) -> np.ndarray:
    """Pixels that show neither the cell they lie in nor one a pixel and a half beside them."""
    pixels = _drawn(cells, ratio)
    colors, holes = STATES.colors(cells.values), ~np.isfinite(cells.values)
    right, must = pixels == GROUND, np.zeros(pixels.shape, bool)
    dx, dy = (0.0, cells.h + cells.gap) if cells.vertical else (cells.w + cells.gap, 0.0)
    without_gap = (dx + dy) * ratio < 2.0 or round(cells.gap * ratio) == 0
    more = cells.gap * ratio * without_gap
    shown = np.zeros(pixels.shape, bool)
    for j, k in np.ndindex(cells.values.shape):
        x, y = (cells.xs[j] + k * dx) * ratio, (cells.ys[j] + k * dy) * ratio
        w, h = cells.w * ratio, cells.h * ratio
        near = (
            _pixels(y - _SLACK, y + h + (more if dy else 0.0) + _SLACK),
            _pixels(x - _SLACK, x + w + (more if dx else 0.0) + _SLACK),
        )
        seen = pixels[near]
        striped = (seen == STRIPE) | (seen == STATES.ground)
        shown[near] |= striped if holes[j, k] else seen == colors[j, k]
        within = _pixels(y + _SLACK, y + h - _SLACK), _pixels(x + _SLACK, x + w - _SLACK)
        must[within] = True
    return ~np.where(must, shown, shown | right)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("ratio", _RATIOS)
def test_every_cell_of_a_vector_is_where_it_belongs(ratio: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    vectors, count = int(random.choice([1, 1, 2, 5])), int(random.choice([1, 3, 17, 60]))
    w, h = random.choice([random.uniform(0.2, 3.0), random.integers(1, 20), 7.0], 2)
    gap = float(random.choice([0.0, 1.0, 2.0, random.uniform(0.0, 3.0)]))
    xs, ys = random.uniform(-30, 150, vectors), random.uniform(-30, 80, vectors)
    if random.random() < 0.5:
        ys[:] = ys[0]
    values = random.uniform(-1.2, 1.2, (vectors, count))
    values[random.random(values.shape) < 0.2] = random.choice([np.nan, np.inf, 0.1])
    vertical = bool(random.random() < 0.5)
    cells = Cells(xs, ys, values, float(w), float(h), STATES, gap, vertical)
    assert not _where_wrong(cells, ratio).any()


@pytest.mark.parametrize("vertical", [False, True])
def test_a_vector_is_as_long_at_125_per_cent_as_its_cells_together(vertical: bool) -> None:
    values = np.ones((1, 8))
    cells = Cells(np.zeros(1), np.zeros(1), values, 7.0, 7.0, STATES, 1.0, vertical)
    inked = (_drawn(cells, 1.25) != GROUND).any(axis=1 if vertical else 0)
    assert np.flatnonzero(inked)[-1] + 1 == pytest.approx((8 * 8 - 1) * 1.25, abs=1.0)


@pytest.mark.parametrize("ratio", _RATIOS)
def test_a_value_that_is_no_number_has_no_colour_of_one(ratio: float) -> None:
    values = np.zeros((1, 9))
    values[0, ::2] = np.nan
    cells = Cells(np.array([3.0]), np.array([5.0]), values, 5.75, 16.0, STATES, 0.0)
    assert set(np.unique(_drawn(cells, ratio))) == {GROUND, STRIPE, STATES.ground}


@pytest.mark.parametrize("shape", ["flat", "slope", "steps", "saw", "noise"])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [1.5, 2.0])
def test_a_dense_curve_has_as_much_ink_as_its_stroke_however_steep(
    width: float, ratio: float, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = np.arange(200)
    ys = {
        "flat": np.full(200, 40.3),
        "slope": 10.0 + 0.4 * at,
        "steps": np.where(at * 7 // 200 % 2, 15.0, 75.0),
        "saw": 10.0 + 70.0 * (at / 200 * 5 % 1.0),
        "noise": np.random.default_rng(0).uniform(10.0, 80.0, 200),
    }[shape]
    curve = Curve(np.column_stack([np.linspace(5.0, 150.0, 200), ys]), 0xFFFFFFFF, width)
    fast = _ink(_drawn(curve, ratio))
    monkeypatch.setattr("rnnviz.views.blit.is_dense", lambda points: False)
    assert fast == pytest.approx(_ink(_drawn(curve, ratio)), rel=0.15)


def _ink(pixels: np.ndarray) -> float:
    green, ground = pixels >> 8 & 0xFF, GROUND >> 8 & 0xFF
    return float((green.astype(float) - ground).sum())


@pytest.mark.parametrize("vertical", [False, True])
@pytest.mark.parametrize("kind", ["vectors", "heatmap"])
def test_what_is_no_number_is_striped_in_an_image_of_a_vector_file_too(
    kind: str, vertical: bool
) -> None:
    values = np.zeros((2, 5000))
    values[:, 2000:3000] = np.nan
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(GROUND)
    painter = QPainter(image)
    if kind == "vectors":
        at, apart = np.zeros(2), np.array([0.0, 40.0])
        place = (apart, at) if vertical else (at, apart)
        side = (30.0, 0.05) if vertical else (0.05, 30.0)
        paint_cells(painter, Cells(*place, values, *side, STATES, 0.0, vertical))
    else:
        rect = Rect(0, 0, 70, 250) if vertical else Rect(0, 0, 250, 70)
        paint_raster(painter, Raster(rect, values.T if vertical else values, STATES))
    painter.end()
    drawn = np.frombuffer(image.constBits(), np.uint32).reshape(300, 300)
    drawn = drawn.T if vertical else drawn
    assert set(np.unique(drawn[:30, :99])) == {STATES.ground}
    assert set(np.unique(drawn[:30, 102:148])) >= {STATES.ground, STRIPE}
    assert set(np.unique(drawn[:30, 152:250])) == {STATES.ground}
