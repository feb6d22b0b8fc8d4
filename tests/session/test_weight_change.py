"""Weights set by hand make a run of their own; the run they were taken from stays as it was."""

import numpy as np
import pytest

from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.session.weight_change import WeightChange, rewrite
from rnnviz.trace import UserError


def run_at(iteration: int) -> Run:
    run = Run.create(RunConfig(task="hello", seed=1))
    run.train(iteration)
    return run


def change(run: Run, value: float) -> WeightChange:
    weight = run.net.params["W_hh_l0"]
    where = np.zeros(weight.shape, bool)
    where[1, 2] = True
    return WeightChange("W_hh_l0", where, np.full(weight.shape, value))


def with_weights(run: Run, changes: tuple[WeightChange, ...]) -> Run:
    twin = run.blank()
    rewrite(twin, run, changes)
    return twin


def test_only_the_entries_asked_for_change_and_the_old_run_does_not() -> None:
    run = run_at(5)
    before = {name: value.copy() for name, value in run.net.params.items()}
    twin = with_weights(run, (change(run, 0.75),))
    assert twin.iteration == 5
    for name, value in twin.net.params.items():
        expected = before[name].copy()
        if name == "W_hh_l0":
            expected[1, 2] = 0.75
        np.testing.assert_array_equal(value, expected)
    for name, value in run.net.params.items():
        np.testing.assert_array_equal(value, before[name])


def test_the_new_run_trains_on_and_can_return_to_where_it_began() -> None:
    twin = with_weights(run_at(4), (change(run_at(4), 0.5),))
    start = twin.net.params.flat.copy()
    twin.train(3)
    assert twin.iteration == 7
    assert not np.array_equal(twin.net.params.flat, start)
    twin.travel(4)
    np.testing.assert_array_equal(twin.net.params.flat, start)


def test_the_new_run_goes_on_with_the_learning_rate_that_was_set_by_hand() -> None:
    run = run_at(4)
    run.set_learning_rate(0.02)
    assert with_weights(run, (change(run, 0.5),)).learning_rate == 0.02


@pytest.mark.parametrize(
    ("name", "shape", "value", "said"),
    [
        ("W_none", (3, 3), 0.0, "no parameter"),
        ("W_hh_l0", (2, 3), 0.0, "has shape"),
        ("W_hh_l0", (3, 3), np.inf, "not finite"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_in_one_sentence(
    name: str, shape: tuple[int, ...], value: float, said: str
) -> None:
    wrong = WeightChange(name, np.ones(shape, bool), np.full(shape, value))
    with pytest.raises(UserError, match=said):
        with_weights(run_at(0), (wrong,))


def test_what_was_before_the_change_is_reached_by_undo_only() -> None:
    run = run_at(20)
    changed = with_weights(run, (change(run, 0.5),))
    with pytest.raises(UserError, match="set by hand at iteration 20; undo"):
        changed.travel(19)
    assert changed.iteration == 20


def test_a_changed_run_is_reset_to_the_weights_of_its_seed() -> None:
    first = run_at(0).net.params.flat.copy()
    run = run_at(20)
    changed = with_weights(run, (change(run, 0.5),))
    changed.reset()
    assert changed.iteration == 0
    np.testing.assert_array_equal(changed.net.params.flat, first)


def test_a_changed_run_keeps_the_learning_rate_that_was_set_by_hand() -> None:
    run = run_at(5)
    run.set_learning_rate(0.5)
    changed = with_weights(run, (change(run, 0.5),))
    assert changed.learning_rate == 0.5
    changed.train(3)
    changed.travel(5)
    assert changed.learning_rate == 0.5
