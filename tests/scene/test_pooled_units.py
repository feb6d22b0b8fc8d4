"""More units than rows of pixels: which number stands for several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.inspector_numbers import pooled as pooled_matrix
from rnnviz.scene.strips_reduce import unit_rows


def pooled(*units: float) -> float:
    """What one row shows of these units at one step."""
    values = np.array([units], np.float32)
    return float(unit_rows(values, np.arange(len(units)), 1, "strongest")[0, 0])


def test_a_row_shows_the_unit_that_is_farthest_from_zero() -> None:
    assert pooled(0.1, -0.7, 0.3) == np.float32(-0.7)
    assert pooled(0.1, -0.2, 0.3) == np.float32(0.3)


def test_of_saturated_units_the_sign_of_the_many_is_shown() -> None:
    assert pooled(1.0, -1.0, -1.0) == -1.0
    assert pooled(1.0, -1.0, 1.0) == 1.0
    assert pooled(-1.0, 1.0, -0.5) == -1.0


def test_a_row_of_zeros_is_zero_and_what_is_no_number_is_seen() -> None:
    assert pooled(0.0, 0.0) == 0.0
    assert np.isnan(pooled(0.5, float("nan"), -1.0))


def test_random_saturated_units_are_not_all_of_one_sign() -> None:
    values = np.sign(np.random.default_rng(0).normal(size=(20, 512))).astype(np.float32)
    shown = unit_rows(values, np.arange(512), 48, "strongest")
    assert 0.3 < (shown > 0).mean() < 0.75


@pytest.mark.parametrize("kind", [np.tanh, np.sign], ids=["values", "saturated"])
def test_a_large_matrix_is_pooled_as_a_strip_is(kind: Callable[[Any], Any]) -> None:
    values = kind(np.random.default_rng(1).normal(size=(301, 130))).astype(np.float32)
    values[7, 9] = np.nan
    shown = pooled_matrix(values, 40, 30)
    down = unit_rows(values.T, np.arange(301), 40, "strongest").T
    expected = unit_rows(down, np.arange(130), 30, "strongest")
    assert shown.shape == (40, 30)
    np.testing.assert_array_equal(shown, expected)
    assert np.isnan(shown).sum() == 1


def test_a_matrix_with_room_is_shown_as_it_is() -> None:
    values = np.arange(12.0, dtype=np.float32).reshape(3, 4)
    np.testing.assert_array_equal(pooled_matrix(values, 3, 4), values)
