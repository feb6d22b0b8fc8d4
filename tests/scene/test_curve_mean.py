"""How few iterations the mean in the training curve is taken over."""

import pytest

from rnnviz.scene.curve_mean import SHARE, mean_window


@pytest.mark.parametrize("count", [1, 50, 100, 170, 259, 1_000, 54_321, 10**6])
def test_the_window_is_a_few_percent_of_what_is_in_sight_and_none_for_short_histories(
    count: int,
) -> None:
    window = mean_window(1, count)
    assert window == 1 or window <= SHARE * count
    assert (window > 1) == (count > 166)
