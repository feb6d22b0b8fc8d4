"""The mean over the last few iterations, and how few they are."""

import math

import numpy as np
import pytest

from rnnviz.scene.curve_mean import SHARE, mean_window, recent_mean


@pytest.mark.parametrize("count", [1, 50, 100, 170, 259, 1_000, 54_321, 10**6])
def test_the_window_is_a_few_percent_of_what_is_in_sight_and_none_for_short_histories(
    count: int,
) -> None:
    window = mean_window(1, count)
    assert window == 1 or window <= SHARE * count
    assert (window > 1) == (count > 166)


def test_a_mean_is_that_of_the_last_iterations_and_of_those_there_are_at_the_beginning(
    rng: np.random.Generator,
) -> None:
    iterations, losses = np.arange(1.0, 41.0), rng.normal(size=40)
    line = recent_mean(iterations, losses, 7, 40)
    wanted = [losses[max(k - 6, 0) : k + 1].mean() for k in range(40)]
    np.testing.assert_allclose(line.low, wanted, atol=1e-12)
    np.testing.assert_array_equal(line.iteration, iterations)
    few = recent_mean(iterations, losses, 7, 6)
    assert few.iteration[-1] == 40
    assert few.high[-1] == pytest.approx(losses[-7:].mean())


def test_losses_that_are_not_numbers_are_left_out() -> None:
    losses = np.array([math.nan, 2.0, math.inf, 4.0])
    line = recent_mean(np.arange(4.0), losses, 3, 4)
    np.testing.assert_allclose(line.low, [math.nan, 2.0, 2.0, 3.0])
