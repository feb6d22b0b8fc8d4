from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnviz.session.checkpoints import Checkpoints, Snapshot
from rnnviz.trace import UserError
from tests.session.runs import fingerprint, hello, same, text_run


def state(run: object) -> bytes:
    snapshot = run.trainer.snapshot()  # type: ignore[attr-defined]  # a Run
    return (
        b"".join(array.tobytes() for array in snapshot.arrays.values())
        + repr(snapshot.facts).encode()
    )


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_every_place_travelled_to_is_what_it_was_to_the_bit(tmp_path: Path, dropout: float) -> None:
    run = text_run(tmp_path, dropout=dropout)
    states = [state(run)]
    for _ in run.iterate(90):
        states.append(state(run))
    for place in (90, 0, 89, 33, 32, 31, 64, 1, 50, 90):
        assert run.travel(place)
        assert run.iteration == place
        assert state(run) == states[place]
    for place in (90, 33, 32, 1, 50, 50, 64):
        trace = run.revisit(place)
        assert trace is not None
        assert trace.iteration == run.iteration == place
        assert state(run) == states[place]
    assert run.furthest == len(run.history) == 90


def test_training_on_from_the_past_replaces_what_came_later(tmp_path: Path) -> None:
    run = text_run(tmp_path).train(80)
    run.travel(40)
    run.step()
    assert run.furthest == len(run.history) == 41
    assert max(run.checkpoints.iterations) <= 41
    run.train(39)
    assert same(run, text_run(tmp_path).train(80))


def test_a_new_learning_rate_in_the_past_starts_another_branch() -> None:
    run = hello().train(60)
    run.travel(30)
    run.set_learning_rate(0.01)
    assert run.furthest == 30
    run.train(30)
    assert (run.history.column("learning_rate")[30:] == 0.01).all()
    with pytest.raises(UserError, match="not between 0 and 60"):
        run.travel(61)


def test_learning_rates_set_on_the_way_are_replayed() -> None:
    run = hello()
    for rate in (0.1, 0.3, 0.05):
        run.set_learning_rate(rate)
        run.train(25)
    expected = state(run)
    for place in (10, 60, 26, 25, 75):
        run.travel(place)
    assert state(run) == expected
    run.travel(25)
    assert run.learning_rate == 0.3


def test_a_replay_can_be_cancelled_and_leaves_a_run_that_can_go_on() -> None:
    run = hello().train(31)
    assert not run.travel(20, cancelled=lambda: run.iteration >= 7 and run.iteration < 31)
    assert run.iteration == 7
    run.travel(31)
    assert same(run, hello().train(31))


@pytest.mark.parametrize("iteration", [-1, 11])
def test_a_place_that_was_never_reached_is_refused(iteration: int) -> None:
    run = hello().train(10)
    with pytest.raises(UserError, match="between 0 and 10"):
        run.travel(iteration)


def snapshot(iteration: int, numbers: int = 10) -> Snapshot:
    return Snapshot(iteration, {"parameters": np.zeros(numbers)}, {})


@settings(max_examples=30)
@given(st.integers(1, 400), st.integers(3, 40))
def test_the_store_stays_bounded_and_regular(count: int, most: int) -> None:
    store = Checkpoints(most=most, interval=4)
    for iteration in range(4 * count):
        if store.is_due(iteration):
            store.add(snapshot(iteration))
    assert len(store) <= most
    assert store.iterations[0] == 0
    assert all(at % store.interval == 0 for at in store.iterations)
    assert store.iterations == sorted(set(store.iterations))
    gaps = np.diff(store.iterations)
    assert (gaps == store.interval).all()


def test_a_big_model_keeps_fewer_snapshots() -> None:
    store = Checkpoints(most_bytes=100_000, interval=1)
    for iteration in range(200):
        if store.is_due(iteration):
            store.add(snapshot(iteration, numbers=1000))
    assert store.nbytes <= 100_000
    assert store.iterations[0] == 0
    assert len(store) >= 5


def test_the_nearest_snapshot_before_a_place_is_found() -> None:
    store = Checkpoints(interval=10)
    for iteration in range(0, 100, 10):
        store.add(snapshot(iteration))
    assert store.before(59).iteration == 50
    assert store.before(60).iteration == 60
    store.forget_after(55)
    assert store.before(1000).iteration == 50
    with pytest.raises(LookupError):
        store.before(-1)


def test_a_long_run_travels_through_a_thinned_store() -> None:
    run = hello()
    run.checkpoints.most = 6
    run.train(700)
    assert len(run.checkpoints) <= 6
    run.travel(333)
    other = hello().train(333)
    assert np.array_equal(run.net.params.flat, other.net.params.flat)
    assert fingerprint(other) != b""


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_branch_goes_on_as_the_run_would_and_leaves_it_its_future(
    tmp_path: Path, dropout: float
) -> None:
    run = text_run(tmp_path, dropout=dropout).train(90)
    last = state(run)
    run.travel(50)
    branch = run.branch()
    assert branch.iteration == branch.furthest == len(branch.history) == 50
    assert state(branch) == state(run)
    branch.train(40)
    assert state(branch) == last
    branch.travel(20)
    assert run.furthest == len(run.history) == 90
    run.travel(90)
    assert state(run) == last
