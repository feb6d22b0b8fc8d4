import math
import threading

import numpy as np
import pytest

from rnnviz.trace.history import BLOCK, COLUMNS, History, Row
from rnnviz.trace.thinning import thin_rows


def row(iteration: int, loss: float | None = None) -> Row:
    value = float(iteration) if loss is None else loss
    return Row(iteration, value, value / 2, 1.0, 1.0, float("nan"), float("nan"), 0.1)


def filled(rows: int, capacity: int = 64 * BLOCK) -> History:
    history = History(capacity)
    for iteration in range(1, rows + 1):
        history.append(row(iteration))
    return history


def test_a_column_gives_back_what_was_appended_across_blocks() -> None:
    history = filled(2 * BLOCK + 7)
    assert len(history) == 2 * BLOCK + 7
    expected = np.arange(BLOCK - 3, 2 * BLOCK + 5) + 1.0
    np.testing.assert_array_equal(history.column("loss", BLOCK - 3, 2 * BLOCK + 5), expected)
    np.testing.assert_array_equal(history.column("smoothed_loss")[-1:], [(2 * BLOCK + 7) / 2])


def test_the_last_row_is_the_newest() -> None:
    assert History().last is None
    for rows in (1, BLOCK, BLOCK + 1):
        last = filled(rows).last
        assert last is not None
        assert last.iteration == rows
        assert isinstance(last.iteration, int)


def test_the_row_of_an_iteration_is_found_or_the_one_before_it() -> None:
    assert History().at(3) is None
    history = filled(BLOCK + 5)
    for iteration in (1, 17, BLOCK, BLOCK + 1, BLOCK + 5):
        row = history.at(iteration)
        assert row is not None
        assert row.iteration == iteration
    assert history.at(0) is None
    beyond = history.at(10 * BLOCK)
    assert beyond is not None
    assert beyond.iteration == BLOCK + 5


def test_an_envelope_keeps_the_spike_of_a_long_curve() -> None:
    history = History()
    for iteration in range(1, 3 * BLOCK):
        history.append(row(iteration, 1e6 if iteration == 5000 else 1.0))
    envelope = history.envelope("loss", bins=50)
    assert len(envelope.low) == 50
    assert envelope.high.max() == 1e6
    assert (envelope.low == 1.0).all()


def test_an_envelope_holds_the_first_and_the_last_row() -> None:
    envelope = filled(10).envelope("loss", bins=4)
    assert envelope.iteration.tolist() == [1, 3, 6, 8]
    assert envelope.low.tolist() == [1, 3, 6, 8]
    assert envelope.high.tolist() == [2, 5, 7, 10]


def test_an_envelope_of_a_range_holds_only_that_range() -> None:
    envelope = filled(1000).envelope("loss", bins=10, first=100, last=199)
    assert envelope.low[0] == 100
    assert envelope.high[-1] == 199
    assert envelope.iteration[0] == 100


def test_an_envelope_skips_what_was_not_measured() -> None:
    history = History()
    for iteration in range(1, 101):
        norm = float(iteration) if iteration % 10 == 0 else float("nan")
        history.append(row(iteration)._replace(param_norm=norm))
    envelope = history.envelope("param_norm", bins=5)
    np.testing.assert_array_equal(envelope.low, [10, 30, 50, 70, 90])


def test_an_envelope_of_nothing_is_empty() -> None:
    assert len(History().envelope("loss", 10).low) == 0
    assert len(filled(10).envelope("loss", 10, first=50, last=60).low) == 0


def test_truncating_forgets_what_came_later_and_appending_goes_on() -> None:
    history = filled(BLOCK + 100)
    history.truncate(BLOCK + 10)
    assert len(history) == BLOCK + 10
    history.append(row(BLOCK + 11, -5.0))
    np.testing.assert_array_equal(history.column("loss", BLOCK + 8), [BLOCK + 9, BLOCK + 10, -5.0])


def test_a_full_store_halves_itself_and_keeps_every_extreme() -> None:
    history = History(capacity=2 * BLOCK)
    losses = np.random.default_rng(0).normal(size=5 * BLOCK)
    for iteration, loss in enumerate(losses, start=1):
        history.append(row(iteration, float(loss)))
    assert len(history) <= 2 * BLOCK
    column = history.column("loss")
    assert column.min() == losses.min()
    assert column.max() == losses.max()
    iterations = history.column("iteration")
    assert (np.diff(iterations) > 0).all()
    last = history.last
    assert last is not None
    assert last.loss == losses[-1]


def test_thinning_keeps_the_order_of_extremes_and_the_rest_of_a_group() -> None:
    rows = np.array([[1, 5.0], [2, 1.0], [3, 9.0], [4, 2.0], [5, 7.0]])
    np.testing.assert_array_equal(thin_rows(rows), [[1, 1.0], [3, 9.0], [5, 7.0]])


def test_thinning_prefers_numbers_to_gaps() -> None:
    nan = float("nan")
    rows = np.array([[1, nan], [2, nan], [3, 4.0], [4, nan]])
    np.testing.assert_array_equal(thin_rows(rows)[:, 1], [4.0, 4.0])


@pytest.mark.parametrize("rows", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_a_history_survives_the_way_through_an_array(rows: int) -> None:
    history = filled(rows)
    copy = History.from_array(history.to_array())
    np.testing.assert_array_equal(copy.to_array(), history.to_array())
    copy.append(row(rows + 1))
    assert len(copy) == rows + 1


def test_an_array_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="columns"):
        History.from_array(np.zeros((3, 2)))


@pytest.mark.parametrize("iterations", [(1, math.nan, 3), (1, 2, math.inf), (3, 2, 1), (1, 1, 2)])
def test_iterations_that_are_out_of_order_are_refused(iterations: tuple[float, ...]) -> None:
    values = filled(3).to_array()
    values[:, 0] = iterations
    with pytest.raises(ValueError, match="not in order"):
        History.from_array(values)


@pytest.mark.parametrize("more", [1, BLOCK, 5 * BLOCK])
def test_a_still_history_stays_as_it_was_while_rows_are_appended_and_thinned(more: int) -> None:
    history = filled(100, capacity=2 * BLOCK)
    before, still = history.to_array(), history.still()
    for iteration in range(101, 101 + more):
        history.append(row(iteration))
    assert len(still) == 100
    assert str(still.last) == str(row(100))
    np.testing.assert_array_equal(still.to_array(), before)
    np.testing.assert_array_equal(still.column("loss"), before[:, COLUMNS.index("loss")])
    assert str(still.at(10**9)) == str(row(100))


def test_a_reader_in_another_thread_sees_only_complete_rows() -> None:
    history = History(capacity=4 * BLOCK)
    stop = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not stop.is_set():
            count = len(history)
            iterations = history.column("iteration", max(count - 50, 0), count)
            losses = history.column("loss", max(count - 50, 0), count)
            size = min(len(iterations), len(losses))
            if (iterations[:size] <= 0).any():
                wrong.append("a row that was not written yet")
            history.envelope("loss", 20)

    reader = threading.Thread(target=read)
    reader.start()
    for iteration in range(1, 6 * BLOCK):
        history.append(row(iteration))
    stop.set()
    reader.join()
    assert wrong == []


@pytest.mark.parametrize("stands", [(np.nan, 1.0), (1.0, np.nan), (1.0, -1.0)])
def test_sums_and_counts_that_cannot_be_are_refused(stands: tuple[float, float]) -> None:
    values = np.array([[1.0, *[0.5] * (len(COLUMNS) - 1), *stands]])
    with pytest.raises(ValueError, match="no sum and no count"):
        History.from_array(values)
