"""Numbers on screen."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.scene.numbers import (
    Figures,
    figures_for,
    fixed,
    grouped,
    nice_step,
    number_text,
    rounded_as_written,
    short,
    signed,
    tick_text,
    ticks,
    vector,
)
from rnnviz.scene.textwidth import elided, text_width, wrapped


def test_a_rounded_zero_has_no_sign() -> None:
    assert fixed(-0.001, 2) == "0.00"
    assert signed(-0.0001) == "+0.000"
    assert signed(-0.5) == "−0.500"


def test_short_numbers_keep_their_figures_at_every_magnitude() -> None:
    assert short(0.0943) == "0.0943"
    assert short(12.5) == "12.5"
    assert short(3.14e-7) == "3.1·10⁻⁷"
    assert short(-1e-200) == "−1.0·10⁻²⁰⁰"
    assert short(0.0) == "0"
    assert short(math.inf) == "∞"
    assert short(math.nan) == "NaN"


def test_long_vectors_are_shortened_with_their_length() -> None:
    assert vector([1.0, -0.5]) == "[1.00, −0.50]"
    assert vector([0.0] * 128) == "[0.00, 0.00, 0.00, 0.00, … 128 numbers]"


def test_thousands_are_grouped() -> None:
    assert grouped(1234567) == "1,234,567"


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(1, 12))
def test_ticks_are_round_few_and_inside(low: float, span: float, most: int) -> None:
    high = low + span
    if high <= low:
        return
    found = ticks(low, high, most)
    assert len(found) <= most + 1
    step = nice_step(high - low, most)
    assert float(f"{step:.0e}"[0]) in (1, 2, 5)
    slack = 1e-9 * max(abs(low), abs(high)) + 1e-9 * step + 1e-11
    assert all(low - slack <= tick <= high + slack for tick in found)


@pytest.mark.parametrize("high", [2.4, 4.9, 4.0, 0.49, 199.0])
def test_a_scale_from_zero_has_a_second_number_however_few_find_room(high: float) -> None:
    found = ticks(0.0, high, 2)
    assert len(found) in (2, 3)
    assert found[0] == 0.0 < found[1] <= high


def test_tick_texts_have_the_decimals_of_their_step() -> None:
    assert [tick_text(t, 0.5) for t in (0.0, 0.5, 1.0)] == ["0.0", "0.5", "1.0"]
    assert tick_text(20000, 10000) == "20,000"


@given(st.floats(-0.94, 0.94), st.floats(10, 60))
def test_the_number_of_a_state_fits_its_cell(value: float, width: float) -> None:
    size = 10.0
    figures = figures_for(width, size)
    if figures.decimals:
        assert text_width(number_text(value, figures), size) <= width


@given(st.floats(0.0, 1.0), st.floats(10, 60))
def test_the_number_of_a_probability_fits_its_cell(value: float, width: float) -> None:
    figures = figures_for(width, 10.0, signed=False)
    if figures.decimals:
        assert text_width(number_text(value, figures), 10.0) <= width


def test_a_probability_keeps_two_decimals_where_three_glyphs_fit() -> None:
    figures = figures_for(18.0, 9.0, signed=False)
    assert [number_text(p, figures) for p in (0.955, 0.03, 0.996, 0.0)] == [
        ".95",
        ".03",
        "1.0",
        "0",
    ]
    assert number_text(0.955, figures_for(40.0, 9.0)) == "0.955"
    signed = figures_for(22.0, 9.0)
    assert [number_text(v, signed) for v in (-0.94, 1.13, -12.4)] == ["-.94", "1.1", "-12"]


def test_no_number_of_one_decimal_is_rounded_up_to_one() -> None:
    narrow = figures_for(16.0, 9.0)
    assert narrow.decimals == 1
    shown = [number_text(v, narrow) for v in (0.955, -0.98, 1.0, -1.0, 0.94)]
    assert shown == [".9", "-.9", "1", "-1", ".9"]


@pytest.mark.parametrize("text", ["hidden state", "日本語の長い単語", "שלום עולם", "é̈tat"])
@given(width=st.floats(0, 200))
def test_elided_text_fits_and_is_a_beginning(text: str, width: float) -> None:
    shown = elided(text, 12.0, width)
    assert text_width(shown, 12.0) <= width
    assert shown == "" or text.startswith(shown.removesuffix("…"))


def test_wrapped_lines_fit_and_keep_every_word_that_fits() -> None:
    lines = wrapped("where the gradient at this state comes from", 12.0, 120.0)
    assert all(text_width(line, 12.0) <= 120 for line in lines)
    assert " ".join(lines) == "where the gradient at this state comes from"


@given(st.floats(-998.0, 998.0), st.floats(18, 60))
def test_a_figure_before_the_point_takes_the_room_of_one_behind_it(
    value: float, width: float
) -> None:
    figures = figures_for(width, 9.0)
    digits = {3: 4, 2: 3 if figures.zero else 2, 1: 1}.get(figures.decimals, 1)
    whole = len(str(int(abs(value)) + 1))
    if whole <= digits:
        assert text_width(number_text(value, figures), 9.0) <= width


@pytest.mark.parametrize(
    "figures", [Figures(3), Figures(2), Figures(2, False), Figures(1, False), Figures(0)]
)
def test_a_cells_number_is_rounded_once_to_what_is_written(figures: Figures) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=3000) * 10.0 ** rng.uniform(-4, 2.5, 3000)
    rounded = rounded_as_written(values, figures)
    for value, once in zip(values.tolist(), rounded.tolist(), strict=True):
        assert number_text(once or 1e-9, figures) == number_text(value, figures)


def test_a_number_is_not_rounded_to_one_that_is_rounded_again() -> None:
    figures = Figures(2, False)
    (rounded,) = rounded_as_written(np.array([-2.84992]), figures).tolist()
    assert number_text(rounded, figures) == "-2.8"
