"""The painter draws every shape, on pixels and as vectors, and repaints only what changed."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from rnnviz.scene.colors import ColorScale, lut
from rnnviz.scene.shapes import (
    Bars,
    Box,
    Cells,
    Curve,
    Label,
    Layer,
    Picture,
    Picture24,
    Raster,
    Rect,
    Shape,
    Wire,
)
from rnnviz.views.painter import Painter

pytestmark = pytest.mark.usefixtures("qapp")

STATES = ColorScale("diverging", -1.0, 1.0)
WHITE = 0xFFFFFFFF
RED = 0xFFFF0000


def vector(x: float, y: float, values: list[float]) -> Cells:
    return Cells(np.array([x]), np.array([y]), np.array([values]), 24, 20, STATES, numbers=True)


def one_of_each() -> tuple[Shape, ...]:
    return (
        Box(Rect(5, 5, 40, 20), 0xFFEEEEEE, RED, 2.0, 6.0),
        Label(Rect(5, 30, 80, 16), "h₃ text", 0xFF000000, 12),
        Wire(((60, 10), (100, 10)), RED, 3.0),
        vector(110.0, 5.0, [0.5, -1.0, 0.0]),
        Raster(Rect(5, 60, 60, 30), np.linspace(-1, 1, 12).reshape(3, 4), STATES),
        Bars(np.array([[80.0, 60.0, 10.0, 30.0]]), np.array([0xFF00FF00], np.uint32)),
        Curve(np.array([[100, 60], [120, 90], [140, np.nan], [150, 60], [160, 70.0]]), RED),
        Picture24(Rect(170, 60, 20, 20), np.full((2, 2, 3), (0, 0, 255), np.uint8)),
    )


def picture(*layers: Layer, size: tuple[float, float] = (200, 100)) -> Picture:
    return Picture(*size, WHITE, layers)


def pixels_of(shown: Picture, painter: Painter | None = None, ratio: float = 1.0) -> np.ndarray:
    return (painter or Painter()).compose(shown, ratio).pixels.copy()


@pytest.mark.parametrize("index", range(8))
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_every_shape_leaves_its_mark_on_pixels(index: int, ratio: float) -> None:
    drawn = pixels_of(picture(Layer((one_of_each()[index],))), ratio=ratio)
    assert drawn.shape == (round(100 * ratio), round(200 * ratio))
    assert (drawn != WHITE).sum() > 20


def test_cells_have_exactly_the_colours_of_their_scale() -> None:
    values = np.array([[-1.0, 0.25, 1.0]])
    cells = Cells(np.array([10.0]), np.array([10.0]), values, 12, 8, STATES)
    drawn = pixels_of(picture(Layer((cells,))))
    wanted = lut("diverging")[STATES.index(values[0])]
    assert [drawn[14, 10 + 13 * k + 6] for k in range(3)] == wanted.tolist()
    assert drawn[14, 22] == WHITE, "the gap between two cells stays free"


def test_a_heatmap_puts_every_value_where_it_belongs() -> None:
    values = np.array([[-1.0, 1.0], [0.5, 0.0]])
    drawn = pixels_of(picture(Layer((Raster(Rect(20, 20, 40, 40), values, STATES),))))
    wanted = lut("diverging")[STATES.index(values)]
    assert [[drawn[30, 30], drawn[30, 50]], [drawn[50, 30], drawn[50, 50]]] == wanted.tolist()


def test_values_that_are_not_numbers_are_hatched() -> None:
    cells = Cells(np.array([10.0]), np.array([10.0]), np.array([[np.nan, 1.0]]), 20, 20, STATES)
    drawn = pixels_of(picture(Layer((cells,))))
    assert len(np.unique(drawn[10:30, 10:30])) == 2


@pytest.mark.parametrize("numbers", [True, False])
@pytest.mark.parametrize("vertical", [True, False])
def test_cells_beyond_the_edge_are_cut_off_not_refused(numbers: bool, vertical: bool) -> None:
    xs, ys = np.array([-15.0, 190.0, 500.0]), np.array([-8.0, 90.0, 500.0])
    cells = Cells(xs, ys, np.ones((3, 4)), 24, 20, STATES, numbers=numbers, vertical=vertical)
    drawn = pixels_of(picture(Layer((cells,))))
    assert drawn[1, 1] != WHITE
    assert drawn[95, 195] != WHITE


def test_a_clip_keeps_numpy_and_qt_inside() -> None:
    layer = Layer(one_of_each(), clip=Rect(50, 20, 60, 50))
    drawn = pixels_of(picture(layer))
    outside = np.ones_like(drawn, bool)
    outside[20:70, 50:110] = False
    assert (drawn[outside] == WHITE).all()
    assert (drawn != WHITE).any()


def test_a_keyed_layer_is_not_painted_twice_and_a_new_key_is_painted() -> None:
    painter = Painter()
    box = Box(Rect(0, 0, 50, 50), RED)
    pixels_of(picture(Layer((box,), "a")), painter)
    first = pixels_of(picture(Layer((box,), "a")), painter)
    unchanged = pixels_of(picture(Layer((), "a")), painter)
    assert (first == unchanged).all(), "the same key means the same pixels"
    changed = pixels_of(picture(Layer((), "b")), painter)
    assert (changed == WHITE).all()


def test_a_layer_without_key_leaves_nothing_behind() -> None:
    painter = Painter()
    ground = Layer((Box(Rect(0, 0, 50, 50), RED),), "ground")
    moving = Layer((Box(Rect(20, 20, 50, 50), 0xFF0000FF),))
    alone = pixels_of(picture(ground), painter)
    pixels_of(picture(ground, moving), painter)
    assert (pixels_of(picture(ground, Layer(())), painter) == alone).all()


def test_a_changed_lower_layer_repaints_those_above() -> None:
    painter = Painter()
    top = Layer((Box(Rect(10, 10, 20, 20), 0xFF0000FF),), "top")
    pixels_of(picture(Layer((Box(Rect(0, 0, 50, 50), RED),), 1), top), painter)
    drawn = pixels_of(picture(Layer((Box(Rect(0, 0, 50, 50), 0xFF00FF00),), 2), top), painter)
    assert drawn[5, 5] == 0xFF00FF00
    assert drawn[20, 20] == 0xFF0000FF


def test_a_label_wider_than_its_box_is_squeezed_into_it() -> None:
    label = Label(Rect(60, 10, 40, 20), "much too long for forty pixels", 0xFF000000, 14)
    drawn = pixels_of(picture(Layer((label,))))
    columns = np.flatnonzero((drawn != WHITE).any(0))
    assert columns.min() >= 59
    assert columns.max() <= 101


def test_a_pixel_that_is_only_partly_the_pictures_is_painted_too() -> None:
    assert pixels_of(picture(size=(101, 51)), ratio=1.5).shape == (77, 152)
    assert pixels_of(picture(size=(101, 51)), ratio=1.0).shape == (51, 101)


@pytest.mark.parametrize("size", [11.0, 22.0])
def test_the_hat_of_a_letter_sits_on_it(size: float) -> None:
    def highest(text: str) -> int:
        label = Label(Rect(5, 50, 60, 16), text, 0xFF000000, size)
        pixels = pixels_of(picture(Layer((label,))))
        return int(np.flatnonzero((pixels != WHITE).any(axis=1))[0])

    letter, hat = highest("v"), highest("v̂")
    assert letter - 0.6 * size < hat < letter


def test_svg_holds_real_text_and_no_raster_image(tmp_path: Path) -> None:
    QGuiApplication.instance()
    shapes = tuple(s for s in one_of_each() if not isinstance(s, Picture24))
    generator = QSvgGenerator()
    generator.setFileName(str(tmp_path / "a.svg"))
    generator.setSize(QSize(200, 100))
    generator.setViewBox(QRectF(0, 0, 200, 100))
    painter = QPainter(generator)
    Painter().paint(picture(Layer(shapes)), painter)
    painter.end()
    text = (tmp_path / "a.svg").read_text()
    assert "h₃ text" in text
    assert "<image" not in text
    assert re.search(r">-?[.\d]+</text>", text), "numbers on cells are text"


def test_painting_on_a_device_shows_the_composed_pixels() -> None:
    shown = picture(Layer(one_of_each()))
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    Painter().paint(shown, painter)
    painter.end()
    seen = np.frombuffer(image.constBits(), np.uint32).reshape(100, 200)
    assert (seen == pixels_of(shown)).all()


def test_pixels_outlive_the_frame_they_came_from() -> None:
    kept = Painter().compose(picture(Layer((Box(Rect(0, 0, 200, 100), RED),)))).pixels
    others = [Painter().compose(picture(Layer(()))).pixels for _ in range(20)]
    assert (kept == RED).all()
    assert all((other == WHITE).all() for other in others)
