"""Equations on devices: ink where it belongs, real paths in SVG, one outline for all colours."""

from collections.abc import Callable

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from rnnviz.scene.equations_typeset import typeset
from rnnviz.scene.shapes import Align, Equation, Rect
from rnnviz.views.equation import equation_path, paint_equation

TEX = r"h_{3} = \tanh(W_{hh}\,h_{2}"
INK = 0xFF202020


def painted(equation: Equation, width: int = 400, height: int = 80) -> np.ndarray:
    """(h, w) darkness of the painted equation, 0 where nothing is."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_equation(painter, equation)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(height, width)
    return 255 - (pixels & 0xFF).astype(int)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_the_ink_fills_the_typeset_box(align: Align) -> None:
    entry = typeset(TEX)
    rect = Rect(20, 10, 360, 60)
    ink = painted(Equation(rect, TEX, INK, 30.0, align))
    columns, rows = np.flatnonzero(ink.max(0) > 60), np.flatnonzero(ink.max(1) > 60)
    free = rect.w - entry.width * 30
    left = rect.x + {"left": 0.0, "center": free / 2, "right": free}[align]
    assert columns[0] == pytest.approx(left, abs=3)
    assert columns[-1] == pytest.approx(left + entry.width * 30, abs=4)
    assert (rows[0] + rows[-1]) / 2 == pytest.approx(40, abs=3)


@pytest.mark.usefixtures("qapp")
def test_an_equation_that_is_too_wide_shrinks_into_its_rect() -> None:
    ink = painted(Equation(Rect(20, 10, 100, 60), TEX, INK, 40.0))
    columns = np.flatnonzero(ink.max(0) > 30)
    assert columns[0] >= 19
    assert columns[-1] <= 121


@pytest.mark.usefixtures("qapp")
def test_the_outline_is_made_once_for_all_sizes_and_colours() -> None:
    equation_path.cache_clear()
    for size, color in ((12.0, INK), (30.0, 0xFFFFFFFF), (50.0, 0xFF00FF00)):
        painted(Equation(Rect(0, 0, 400, 80), TEX, color, size))
    assert equation_path.cache_info().misses == 1


@pytest.mark.usefixtures("qapp")
def test_in_a_vector_file_an_equation_is_a_path() -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    painter = QPainter(generator)
    paint_equation(painter, Equation(Rect(0, 0, 300, 40), TEX, INK, 20.0))
    painter.end()
    text = bytes(buffer.data().data()).decode()
    assert "<path" in text
    assert "<image" not in text


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("make", [lambda: "h_{3}", lambda: r"\frac{\partial L}{\partial h_{3}}"])
def test_every_glyph_has_an_outline(make: Callable[[], str]) -> None:
    path = equation_path(make())
    entry = typeset(make())
    assert path.boundingRect().width() == pytest.approx(entry.width * 1000, rel=0.2)
    assert len(entry.glyphs) >= 2
