"""A model that is sure of what comes: its loss is small, zero at the least."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("steps", [1, 9])
@pytest.mark.parametrize("lead", [20.0, 31.0, 33.0, 1e4])
def test_the_loss_of_a_certain_prediction_is_zero_and_has_no_sign(
    lead: float, steps: int, size: int
) -> None:
    # "loss -0 nats" is what a command would print.
    spec = ModelSpec(input_size=3, hidden_size=4, output_size=2)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    net.params["W_hy"][...] = 0.0
    net.params["b_y"][...] = lead, 0.0
    tokens = np.zeros((steps, size), np.intp)
    batch = Batch(tokens=tokens, targets=tokens)
    trace = net.trace(batch)
    assert net.loss(batch) == 0.0
    assert not np.signbit(net.loss(batch))
    assert not np.signbit(trace["loss"]).any()
    assert not np.signbit(trace["loss_total"])
