"""A large recorded pass is lent, not copied: it stays what it was as long as anybody looks."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from threading import Barrier, Thread
from time import sleep
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings

from rnnviz.engine import Batch, Network, TraceRecorder, recorder
from rnnviz.engine.strand import Strand
from rnnviz.trace import ModelSpec, Trace
from rnnviz.trace.arrays import Arrays, Later
from rnnviz.trace.record import Array
from tests.engine.models import Case, cases

CELLS = ["rnn", "lstm", "gru", "jordan"]


def recording(cell: Any = "rnn", *, layers: int = 1, **more: Any) -> tuple[Network, Batch]:
    """A network and a batch whose pass takes more than a megabyte."""
    spec = ModelSpec(input_size=9, hidden_size=60, output_size=9, cell=cell, layers=layers, **more)
    network = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    tokens = np.random.default_rng(1).integers(0, 9, (131, 16))
    return network, Batch(tokens=tokens[:-1], targets=tokens[1:])


def address(array: Array) -> int:
    return int(array.__array_interface__["data"][0])


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_lent_pass_has_the_numbers_of_a_copied_one(cell: Any, bidirectional: bool) -> None:
    if cell == "jordan" and bidirectional:
        pytest.skip("a jordan network has one direction")
    network, batch = recording(cell, bidirectional=bidirectional)
    tape = TraceRecorder(network)
    tape.capture(batch)
    copied, lent = tape.trace(), tape.trace(copy=False)
    assert list(copied) == list(lent)
    for name in copied:
        assert copied.shape(name) == lent.shape(name) == lent[name].shape, name
        np.testing.assert_array_equal(copied[name], lent[name], err_msg=name)
        assert not lent[name].flags.writeable
    for name in ("h_l0", "dL_dh_l0", "logits"):  # of which the next pass of the buffers is made
        with pytest.raises(ValueError, match="cannot set WRITEABLE flag"):
            lent[name].flags.writeable = True


@pytest.mark.parametrize("cell", CELLS)
def test_a_lent_pass_stays_as_it_was_while_training_goes_on(cell: Any) -> None:
    network, batch = recording(cell)
    tape = TraceRecorder(network)
    tape.capture(batch)
    expected, lent = tape.trace(), tape.trace(copy=False)
    for _ in range(4):
        network.params.flat[:] *= np.float32(0.9)
        tape.capture(batch)
        tape.trace(copy=False)
    for name in expected:
        np.testing.assert_array_equal(expected[name], lent[name], err_msg=name)


def test_an_array_that_outlives_its_pass_stays_as_it_was() -> None:
    network, batch = recording()
    assert batch.tokens is not None
    assert batch.targets is not None
    other = Batch(tokens=(batch.tokens + 1) % 9, targets=(batch.targets + 2) % 9)
    for name in ("tokens", "targets", "cuts", "h_l0", "loss_total"):
        tape = TraceRecorder(network)
        tape.capture(batch, window=40)
        kept = tape.trace(copy=False)[name]
        expected = kept.copy()
        for _ in range(4):
            tape.capture(other)
        np.testing.assert_array_equal(kept, expected, err_msg=name)


@settings(max_examples=30)
@given(cases())
def test_every_model_lends_what_it_would_copy_and_computes_the_rest_later(case: Case) -> None:
    network = Network.create(case.spec, rng=np.random.default_rng(case.seed), dtype=np.float64)
    batch, tape = case.batch(), TraceRecorder(network)
    tape.capture(batch, rng=np.random.default_rng(1))
    copied = tape.trace()
    with patch.object(recorder, "_SMALL_BYTES", -1):
        lent = tape.trace(copy=False)
    for _ in range(2):
        network.params.flat[:] *= 0.9
        tape.capture(batch, rng=np.random.default_rng(2))
    assert list(lent) == list(copied)
    for name in copied:
        assert lent.shape(name) == copied[name].shape, name
        np.testing.assert_array_equal(lent[name], copied[name], err_msg=name)


def test_one_array_of_a_lent_pass_is_enough_to_keep_it() -> None:
    network, batch = recording("lstm")
    tape = TraceRecorder(network)
    tape.capture(batch)
    kept = tape.trace(copy=False)["h_l0"][3:, 0]
    expected = kept.copy()
    for _ in range(4):
        network.params.flat[:] *= np.float32(0.9)
        tape.capture(batch)
    np.testing.assert_array_equal(kept, expected)


@pytest.mark.parametrize("loss", ["cross-entropy", "squared-error"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_lent_pass_stays_as_it_was_when_its_data_are_written_over(
    loss: Any, bidirectional: bool
) -> None:
    network, plain = recording(loss=loss, bidirectional=bidirectional)
    assert plain.tokens is not None
    assert plain.targets is not None
    numbers = np.random.default_rng(2).normal(size=(*plain.targets.shape, 9)).astype(np.float32)
    lengths = np.full(16, 130)
    lengths[3] = 7
    targets = numbers if loss == "squared-error" else plain.targets.copy()
    batch = Batch(tokens=plain.tokens.copy(), targets=targets, lengths=lengths)
    tape = TraceRecorder(network)
    tape.capture(batch)
    expected, lent = tape.trace(), tape.trace(copy=False)
    for array in (batch.tokens, batch.targets, batch.lengths):
        assert array is not None
        array[...] = 1
    for name in expected:
        np.testing.assert_array_equal(lent[name], expected[name], err_msg=name)


@pytest.mark.parametrize("twin", [copy.deepcopy, lambda trace: pickle.loads(pickle.dumps(trace))])
def test_a_lent_pass_can_be_copied_in_depth_and_sent_elsewhere(
    twin: Callable[[Trace], Trace],
) -> None:
    network, batch = recording("gru")
    tape = TraceRecorder(network)
    tape.capture(batch)
    expected, made = tape.trace(), twin(tape.trace(copy=False))
    for _ in range(2):
        network.params.flat[:] *= np.float32(0.9)
        tape.capture(batch)
    assert (made.spec, made.labels, list(made)) == (expected.spec, expected.labels, list(expected))
    for name in expected:
        np.testing.assert_array_equal(made[name], expected[name], err_msg=name)
        assert not made[name].flags.writeable


def test_buffers_are_used_again_when_nobody_looks_at_them_any_more() -> None:
    network, batch = recording("gru")
    tape, seen = TraceRecorder(network), set()
    looked_at = None
    for _ in range(12):
        tape.capture(batch)
        looked_at = tape.trace(copy=False)  # the one before is looked at until here
        seen.add(address(looked_at["h_l0"]))
    assert len(seen) == 2
    del looked_at


def test_a_small_pass_is_copied_because_that_costs_less() -> None:
    network = Network.create(
        ModelSpec(input_size=4, hidden_size=5, output_size=4), rng=np.random.default_rng(0)
    )
    batch = Batch(tokens=np.zeros((4, 1), int), targets=np.ones((4, 1), int))
    tape, seen = TraceRecorder(network), set()
    traces = []
    for _ in range(5):
        tape.capture(batch)
        traces.append(tape.trace(copy=False))
        seen.add(address(traces[-1]["h_l0"]))
    assert len(seen) == 5


def test_whoever_asks_for_what_follows_from_a_lent_pass_waits_for_its_scratch_memory() -> None:
    network, batch = recording("lstm", layers=2)
    tape = TraceRecorder(network)
    tape.capture(batch)
    first = tape.trace(copy=False)
    traces = [first, first.joined({"pictures": np.zeros(1)}), tape.trace(copy=False)]
    inside, together, start = [], [], Barrier(4)
    compute = Strand.sums

    def slowly(strand: Strand) -> Array:
        together.append(len(inside))
        inside.append(strand)
        sleep(0.01)
        found = compute(strand)
        inside.pop()
        return found

    def ask(name: str, trace: Trace | None) -> None:
        start.wait()
        _ = tape.trace() if trace is None else trace[name]

    names = ["a_l0", "a_l1", "a_l0", ""]
    with patch.object(Strand, "sums", slowly):
        threads = [
            Thread(target=ask, args=each) for each in zip(names, [*traces, None], strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert together == [0] * 5  # one for each trace, two for the copy


def test_what_follows_from_a_lent_pass_is_made_once_and_only_when_asked_for() -> None:
    made = []

    def make() -> Array:
        made.append(1)
        return np.arange(6.0).reshape(3, 2)

    arrays = Arrays({"a": Later((3, 2), make), "h": np.zeros(2)})
    assert "a" in arrays
    assert len(arrays) == 2
    assert arrays.shape("a") == (3, 2)
    joined = arrays.joined({"h": np.ones(2)})
    assert not made
    threads = [Thread(target=arrays.__getitem__, args=("a",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
    assert arrays["a"] is arrays["a"]
    assert not arrays["a"].flags.writeable
    np.testing.assert_array_equal(joined["h"], np.ones(2))
    np.testing.assert_array_equal(joined["a"], arrays["a"])
    with pytest.raises(KeyError):
        arrays["b"]
    assert arrays.get("b") is None
