"""Curves with exponents as values: zeros, gaps, spans and what the pixels can show."""

import numpy as np
import pytest

from rnnviz.scene.lab.matrix import log_matrix, log_scale
from rnnviz.scene.lab.plot import (
    Frame,
    Line,
    Span,
    exponents,
    line_shapes,
    numbers,
    step_labels,
    steps_frame,
)
from rnnviz.scene.lab.words import from_log10
from rnnviz.scene.shapes import Bars, Box, Curve, Label, Rect
from rnnviz.scene.theme import DARK, LIGHT

RECT = Rect(40, 10, 200, 100)


@pytest.mark.parametrize(
    ("exponent", "text"),
    [(-180.0, "1.0·10⁻¹⁸⁰"), (-np.inf, "0"), (np.inf, "∞"), (0.0, "1.0"), (-2.0, "0.010"),
     (np.log10(9.99e-7), "1.0·10⁻⁶"), (7.30103, "2.0·10⁷")],
)  # fmt: skip
def test_a_number_is_written_from_its_logarithm_alone(exponent: float, text: str) -> None:
    assert from_log10(exponent) == text


def test_an_exponent_span_covers_whole_decades_and_ignores_zeros() -> None:
    span = exponents(np.array([-180.4, -3.2, -np.inf, np.nan]))
    assert (span.low, span.high, span.log) == (-181.0, -3.0, True)
    assert exponents(np.array([-np.inf])) == Span(-1.0, 0.0, log=True)


def test_a_linear_span_has_zero_in_sight() -> None:
    span = numbers(np.array([0.2, 0.4]))
    assert span.low == 0.0
    assert span.high > 0.4


def test_an_exact_zero_is_a_grey_mark_on_the_ground_and_a_tiny_number_is_a_dot() -> None:
    y = np.array([-180.0, -np.inf, -179.0])
    frame = steps_frame(RECT, 3, exponents(y))
    shapes = line_shapes(frame, Line("", np.arange(3.0), y, LIGHT.gradient), LIGHT)
    dots = [shape for shape in shapes if isinstance(shape, Box)]
    marks = [shape for shape in shapes if isinstance(shape, Bars)]
    assert len(dots) == 2
    assert all(dot.fill == LIGHT.gradient for dot in dots)
    assert len(marks) == 1
    assert len(marks[0].rects) == 1
    assert marks[0].colors[0] == LIGHT.muted
    assert marks[0].rects[0, 1] + marks[0].rects[0, 3] == RECT.bottom


def test_a_gap_breaks_the_line() -> None:
    y = np.array([0.0, 1.0, np.nan, 1.0, 0.0, 1.0])
    frame = steps_frame(RECT, 6, Span(0.0, 1.0))
    curves = [
        shape
        for shape in line_shapes(frame, Line("", np.arange(6.0), y, 1), LIGHT)
        if isinstance(shape, Curve)
    ]
    assert [len(curve.points) for curve in curves] == [2, 3]


def test_a_long_line_is_reduced_to_its_lowest_and_highest_per_pixel() -> None:
    y = np.zeros(50_000)
    y[31_234], y[40_000] = 1.0, -1.0
    frame = steps_frame(RECT, len(y), Span(-1.0, 1.0))
    line = Line("", np.arange(len(y), dtype=float), y, 1)
    (curve,) = [s for s in line_shapes(frame, line, LIGHT) if isinstance(s, Curve)]
    assert len(curve.points) <= 2 * RECT.w
    assert curve.points[:, 1].min() == RECT.y
    assert curve.points[:, 1].max() == RECT.bottom


def test_a_step_stands_in_the_middle_of_its_column() -> None:
    frame = steps_frame(RECT, 4, Span(0.0, 1.0))
    assert float(frame.px(np.array(0.0))) == RECT.x + 25
    assert float(frame.px(np.array(3.0))) == RECT.right - 25


def test_steps_are_counted_from_one_and_tokens_take_their_place_where_they_fit() -> None:
    texts = [s.text for s in step_labels(RECT, 4, LIGHT, "hell") if isinstance(s, Label)]
    assert texts == ["h", "e", "l", "l"]
    texts = [s.text for s in step_labels(RECT, 200, LIGHT, "x" * 200) if isinstance(s, Label)]
    assert "x" not in texts
    assert {"50", "100", "150"} <= set(texts)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_smallest_number_of_a_matrix_does_not_look_like_an_exact_zero(theme: object) -> None:
    assert theme in (LIGHT, DARK)
    chosen = LIGHT if theme is LIGHT else DARK
    values = np.array([[-180.0, -np.inf], [-1.0, -2.0]])
    scale = log_scale(values, chosen)
    least = int(scale.colors(values[:1, :1])[0, 0])
    apart = sum(abs((least >> s & 255) - (chosen.box >> s & 255)) for s in (0, 8, 16))
    assert apart > 20
    zeros = [shape for shape in log_matrix(RECT, values, scale, chosen) if isinstance(shape, Bars)]
    assert len(zeros) == 1
    np.testing.assert_array_equal(zeros[0].rects, [[140.0, 10.0, 100.0, 50.0]])
    assert zeros[0].colors[0] == chosen.box


def test_a_frame_maps_both_axes() -> None:
    frame = Frame(RECT, Span(0.0, 10.0), Span(-1.0, 1.0))
    assert float(frame.px(np.array(5.0))) == RECT.center[0]
    assert float(frame.py(np.array(0.0))) == RECT.center[1]
