"""What the products of a pass are to call is found out in its first pass and kept."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network, products
from rnnviz.engine.arena import Arena
from rnnviz.engine.sequence_pass import SequencePass
from rnnviz.trace import ModelSpec


def batch_of(spec: ModelSpec, size: int, seed: int) -> Batch:
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, 5, (9, size))
    if spec.input_kind == "vector":
        return Batch(x=rng.normal(size=(9, size, 5)), targets=targets)
    return Batch(tokens=rng.integers(0, 5, (9, size)), targets=targets)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "jordan"])
@pytest.mark.parametrize("input_kind", ["one-hot", "vector"])
@pytest.mark.parametrize("size", [1, 3])
def test_a_later_pass_asks_no_more_how_its_weights_get_their_gradients(
    cell: Any, input_kind: Any, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = ModelSpec(input_size=5, hidden_size=7, output_size=5, cell=cell, input_kind=input_kind)
    once, often = (
        Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64) for _ in range(2)
    )
    once.loss_and_gradients(batch_of(spec, size, 1))
    often.loss_and_gradients(batch_of(spec, size, 0))
    for place, name in (
        (products, "weight_gradient"), (products, "bias_gradient"), (Arena, "columns"),
    ):  # fmt: skip
        monkeypatch.setattr(place, name, None)
    often.loss_and_gradients(batch_of(spec, size, 1))
    assert np.array_equal(often.grads.flat, once.grads.flat)


def test_one_gradient_after_another_goes_back_through_the_same_output_layer() -> None:
    spec = ModelSpec(input_size=5, hidden_size=7, output_size=5)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    net.loss_and_gradients(batch_of(spec, 1, 0))
    wanted = net.grads["W_hy"].copy()
    run = net._passes.of(batch_of(spec, 1, 0))
    assert isinstance(run, SequencePass)
    head, loss, top = run.head, run.loss, run.stack.top_gradient
    head.backward(2.0 * loss.at_scores, top)
    assert np.allclose(net.grads["W_hy"], 2.0 * wanted, rtol=1e-14)
    head.backward(loss.at_scores, top)
    assert np.array_equal(net.grads["W_hy"], wanted)
