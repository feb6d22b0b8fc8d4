"""What a curve asks of a long history: the same as of all its rows, found without walking them."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from rnnviz.trace.history import BLOCK, History, Row
from rnnviz.trace.history_rows import CHUNK

LENGTHS = (1, 40, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 77)


def history_of(losses: Sequence[float], capacity: int = 64 * BLOCK) -> History:
    history = History(capacity)
    for number, loss in enumerate(losses):
        history.append(Row(number + 1, loss, loss, 1.0, 1.0, 1.0, math.nan, 0.1))
    return history


def losses(count: int, rng: np.random.Generator) -> list[float]:
    drawn = rng.normal(size=count)
    drawn[rng.random(count) < 0.05] = np.nan
    drawn[rng.random(count) < 0.02] = np.inf
    return drawn.tolist()


@pytest.mark.parametrize("count", LENGTHS)
@pytest.mark.parametrize("window", [1, 7, 500, 10_000])
def test_a_mean_is_that_of_the_last_iterations_and_of_those_there_are_at_the_beginning(
    count: int, window: int, rng: np.random.Generator
) -> None:
    values = losses(count, rng)
    line = history_of(values).recent_loss(window, 60)
    assert line.iteration[-1] == count
    assert len(line.iteration) == min(60, count)
    for iteration, mean in zip(line.iteration.astype(int), line.low, strict=True):
        averaged = np.array(values[max(iteration - window, 0) : iteration])
        finite = averaged[np.isfinite(averaged)]
        assert mean == pytest.approx(finite.mean() if len(finite) else math.nan, nan_ok=True)


def test_losses_that_are_not_numbers_are_left_out_of_the_mean() -> None:
    line = history_of([math.nan, 2.0, math.inf, 4.0]).recent_loss(3, 4)
    np.testing.assert_allclose(line.low, [math.nan, 2.0, 2.0, 3.0])


def spiky(count: int, rng: np.random.Generator) -> list[float]:
    """Losses whose greatest are much farther from their mean than their least."""
    drawn = rng.exponential(size=count)
    drawn[rng.random(count) < 0.01] = np.nan
    return drawn.tolist()


@pytest.mark.parametrize("blocks", [3.4, 5.0, 9.0, 30.1])
@pytest.mark.parametrize("way", ["as it is", "from an array", "after going back"])
def test_a_mean_of_a_thinned_history_is_that_of_all_iterations_and_not_of_the_rows_left(
    blocks: float, way: str, rng: np.random.Generator
) -> None:
    values = spiky(int(blocks * BLOCK), rng)
    history, window = history_of(values, capacity=2 * BLOCK), 1500
    if way == "from an array":
        history = History.from_array(history.to_array(), 2 * BLOCK)
    elif way == "after going back":
        history.truncate(len(values) - 500)
        values = values[:-500]
    assert np.nanmean(history.column("loss")) > 1.1 * np.nanmean(values), "extremes are left"
    line = history.recent_loss(window, 50)
    for iteration, mean in zip(line.iteration.astype(int), line.low, strict=True):
        averaged = values[max(iteration - window, 0) : iteration]
        # Where a window begins and ends is known but for the rows that are left.
        assert mean == pytest.approx(np.nanmean(averaged), abs=0.12)


def test_a_history_without_rows_has_no_mean() -> None:
    assert len(History().recent_loss(5, 10).low) == 0


@pytest.mark.parametrize("count", [BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 77])
def test_the_envelope_of_a_long_history_holds_every_row_in_nearly_equal_shares(
    count: int, rng: np.random.Generator
) -> None:
    values, bins = losses(count, rng), 40
    envelope = history_of(values).envelope("loss", bins)
    starts = (envelope.iteration - 1).astype(int)
    assert len(starts) == bins
    assert np.ptp(np.diff(starts)) <= CHUNK
    for low, high, part in zip(
        envelope.low, envelope.high, np.split(np.array(values), starts[1:]), strict=True
    ):
        assert low == np.nanmin(part)
        assert high == np.nanmax(part)


def test_a_curve_drawn_while_rows_are_added_is_that_of_the_moment() -> None:
    history = history_of([1.0] * (BLOCK + 5))
    still = history.still()
    for number in range(2 * BLOCK):
        history.append(Row(BLOCK + 6 + number, 9.0, 9.0, 1.0, 1.0, 1.0, math.nan, 0.1))
    assert still.envelope("loss", 10).high.max() == 1.0
    assert still.recent_loss(50, 10).high.max() == 1.0
    assert history.recent_loss(50, 10).high.max() == 9.0


def test_a_long_run_is_kept_about_equally_well_from_its_first_iteration_to_its_last() -> None:
    history = history_of(range(100 * BLOCK), capacity=4 * BLOCK)
    gaps = np.diff(history.column("iteration"))
    assert len(history) > 2 * BLOCK
    assert gaps.max() <= 80
    assert np.median(gaps) >= 16
    assert history.column("loss")[-1] == 100 * BLOCK - 1


@pytest.mark.parametrize("bins", [10, 600])
def test_what_is_left_of_a_long_run_is_drawn_where_it_was(bins: int) -> None:
    history = history_of(range(40 * BLOCK), capacity=4 * BLOCK)
    for line in (history.envelope("loss", bins), history.recent_loss(500, bins)):
        steps = np.diff(line.iteration) / (40 * BLOCK)
        assert len(steps) >= bins - 2
        assert steps.max() < 1.5 / bins + 1e-3
