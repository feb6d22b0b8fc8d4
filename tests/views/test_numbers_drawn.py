"""Numbers are drawn figure by figure as Qt would set them, and none is kept for a second time."""

import random
from typing import get_args

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from rnnviz.scene.shapes import Family, Label, Rect
from rnnviz.views import strokes
from rnnviz.views.fonts import advance, is_number, metrics


@pytest.mark.parametrize("family", get_args(Family))
@pytest.mark.parametrize("size", [7.0, 9.5, 12.0, 22.0])
def test_a_number_is_as_wide_as_qt_sets_it(
    qapp: QGuiApplication, family: Family, size: float
) -> None:
    draw = random.Random(0)
    for bold, italic in ((False, False), (True, False), (False, True)):
        for _ in range(40):
            text = "".join(draw.choices("0123456789.,-−", k=draw.randint(1, 9)))
            wanted = metrics(family, size, bold, italic).horizontalAdvance(text)
            assert advance(text, family, size, bold, italic) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("text", ["x", "1 e", "6·10⁻⁴", "L 1.5", "nan"])
def test_words_are_no_numbers(text: str) -> None:
    assert not is_number(text)


def test_new_numbers_fill_no_memory(qapp: QGuiApplication) -> None:
    image = QImage(200, 40, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    kept = strokes._static.cache_info().currsize
    painter = QPainter(image)
    labels = [Label(Rect(5.0, 5.0, 90.0, 20.0), f"{k / 997:.5f}", 0xFF000000) for k in range(99)]
    strokes.paint_labels(painter, labels, vector=False)
    painter.end()
    assert strokes._static.cache_info().currsize == kept
    pixels = np.frombuffer(image.constBits(), np.uint32)
    assert (pixels != 0xFFFFFFFF).any()
