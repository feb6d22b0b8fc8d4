"""A model that is sure of what comes: its loss is small, zero at the least."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("steps", [1, 9])
@pytest.mark.parametrize("away", [-1e4, -90.0, -33.0, -31.0, 0.0, 31.0, 33.0, 90.0, 1e4])
def test_a_loss_depends_on_the_differences_of_the_scores_alone(
    away: float, steps: int, size: int
) -> None:
    spec = ModelSpec(input_size=3, hidden_size=4, output_size=3)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    net.params["W_hy"][...] = 0.0
    net.params["b_y"][...] = np.array([0.0, 1.0, -2.0]) + away
    targets = np.resize([2, 0, 1], (steps, size))
    trace = net.trace(Batch(tokens=np.zeros((steps, size), np.intp), targets=targets))
    chances = np.exp([0.0, 1.0, -2.0]) / np.exp([0.0, 1.0, -2.0]).sum()
    np.testing.assert_allclose(trace["loss"], -np.log(chances)[targets], rtol=2e-6)
    gradient = (chances - np.eye(3)[targets]) / size
    np.testing.assert_allclose(trace["dL_dlogits"], gradient, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(("high", "low"), [(0.0, -60.0), (0.0, -200.0), (60.0, -60.0)])
def test_the_loss_of_what_was_thought_all_but_impossible_is_exact(high: float, low: float) -> None:
    spec = ModelSpec(input_size=3, hidden_size=4, output_size=2)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    net.params["W_hy"][...] = 0.0
    net.params["b_y"][...] = high, low
    tokens = np.ones((3, 2), np.intp)
    loss = net.loss(Batch(tokens=tokens, targets=tokens))
    assert loss == pytest.approx(3 * (high - low), rel=1e-6)


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
