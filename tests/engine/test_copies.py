"""A network that was copied in depth or pickled computes the same and is one of its own."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network, TraceRecorder, make_optimizer
from rnnviz.trace import ModelSpec

WAYS = [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))]


def trained(cell: Any, **more: Any) -> tuple[Network, Batch]:
    """A network that has buffers, gradients and a recorded pass."""
    spec = ModelSpec(input_size=4, hidden_size=5, output_size=4, cell=cell, **more)
    network = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    tokens = np.random.default_rng(1).integers(0, 4, (7, 3))
    batch = Batch(tokens=tokens[:-1], targets=tokens[1:])
    network.loss_and_gradients(batch)
    network.trace(batch)
    return network, batch


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "jordan"])
@pytest.mark.parametrize("copied", WAYS)
def test_a_copy_computes_the_same_and_shares_nothing(
    cell: Any, copied: Callable[[Any], Any]
) -> None:
    network, batch = trained(cell)
    twin = copied(network)
    np.testing.assert_array_equal(twin.grads.flat, network.grads.flat)
    expected = network.loss_and_gradients(batch)
    assert twin.loss_and_gradients(batch) == expected
    twin.params.flat[:] *= 2.0
    assert twin.loss_and_gradients(batch) != expected
    assert network.loss_and_gradients(batch) == expected
    for name, view in twin.params.items():
        assert np.shares_memory(view, twin.params.flat), name
        assert np.shares_memory(twin.grads[name], twin.grads.flat), name
        assert view.strides == network.params[name].strides, name


@pytest.mark.parametrize("copied", WAYS)
def test_a_network_copied_with_its_optimiser_trains_on_as_the_first_one_does(
    copied: Callable[[Any], Any],
) -> None:
    network, batch = trained("gru", layers=2)
    optimizer = make_optimizer("adam", network.params, 0.01)
    optimizer.step(network.grads)
    other, follower = copied((network, optimizer))
    for net, rule in ((network, optimizer), (other, follower)):
        for _ in range(5):
            net.loss_and_gradients(batch)
            rule.step(net.grads)
    np.testing.assert_array_equal(other.params.flat, network.params.flat)
    assert not np.shares_memory(other.params.flat, network.params.flat)


@pytest.mark.parametrize("copied", WAYS)
def test_a_copied_recorder_records_its_own_network(copied: Callable[[Any], Any]) -> None:
    network, batch = trained("lstm")
    recorder = TraceRecorder(network)
    expected = recorder.capture(batch)
    twin = copied(recorder)
    network.params.flat[:] *= 2.0
    assert twin.capture(batch) == expected
    assert float(twin.trace()["loss_total"]) == expected
