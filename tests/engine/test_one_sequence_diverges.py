"""A single sequence whose numbers are no longer finite: as in a batch, and gone with it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.engine.cells.vanilla_single import SingleVanilla
from rnnviz.trace import ModelSpec
from rnnviz.trace.spec import Activation

LENGTHS = (6, 7, 10, 16, 17, 18, 25, 49)  # 10 and 18 end in a run of two, followed by nobody


def network(activation: Activation = "tanh", **more: Any) -> Network:
    sizes: dict[str, Any] = {"input_size": 3, "hidden_size": 5, "output_size": 4}
    spec = ModelSpec(**sizes, input_kind="vector", activation=activation, **more)
    return Network.create(spec, rng=np.random.default_rng(1), dtype=np.float64)


def sequence(steps: int, size: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    single = {"x": rng.normal(size=(steps, 1, 3)), "targets": rng.integers(0, 4, (steps, 1))}
    return {name: np.repeat(array, size, axis=1) for name, array in single.items()}


def assert_finite_at_the_same_places(net: Network, steps: int, window: int | None = None) -> None:
    with np.errstate(all="ignore"):
        alone = net.trace(Batch(**sequence(steps)), window=window)
        beside = net.trace(Batch(**sequence(steps, 2)), window=window)
    for name in ("h_l0", "logits", "dL_dh_l0", "dL_da_l0"):
        one, other = np.isfinite(alone[name][:, 0]), np.isfinite(beside[name][:, 0])
        assert np.array_equal(one, other), name


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("window", [None, 3])
def test_a_pass_that_diverged_leaves_nothing_to_the_next(steps: int, window: int | None) -> None:
    net, batch = network(), Batch(**sequence(steps))
    loss, good = net.loss_and_gradients(batch, window=window), net.params.flat.copy()
    gradients = net.grads.flat.copy()
    for infinite in ("W_hy", "W_xh_l0", "W_hh_l0", "b_h_l0"):
        net.params[infinite][...] = np.inf
        with np.errstate(all="ignore"):
            net.loss_and_gradients(batch, window=window)
        net.params.flat[:] = good
        assert net.loss_and_gradients(batch, window=window) == loss
        assert np.array_equal(net.grads.flat, gradients), infinite


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "linear"])
@pytest.mark.parametrize("step", [0, 4, -2, -1])
def test_an_infinite_input_shows_at_its_own_step_and_after(
    steps: int, activation: Activation, step: int
) -> None:
    net = network(activation)
    net.params["W_xh_l0"][1] = 3.0  # one unit alone overflows
    largest = np.finfo(np.float64).max
    data = sequence(steps)
    data["x"][step] = largest
    with np.errstate(all="ignore"):
        found = net.outputs(Batch(**data))[:, 0]
        exact = net.outputs(Batch(**{n: np.repeat(a, 2, axis=1) for n, a in data.items()}))[:, 0]
    assert np.array_equal(np.isfinite(found), np.isfinite(exact))
    finite = np.isfinite(exact)
    assert np.allclose(found[finite], exact[finite], rtol=1e-12, atol=0)


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("window", [None, 1, 3])
def test_an_infinite_gradient_shows_at_its_own_step_and_before(
    steps: int, window: int | None
) -> None:
    net = network(loss="squared-error")
    net.params["W_hy"][...] *= 10.0
    for step in (0, 3, steps - 1):
        data = sequence(steps)
        data["targets"] = np.zeros((steps, 1, 4))
        data["targets"][step] = 0.9 * np.finfo(np.float64).max
        both = Batch(**{name: np.repeat(array, 2, axis=1) for name, array in data.items()})
        with np.errstate(all="ignore"):
            alone = net.trace(Batch(**data), window=window)["dL_dh_l0"][:, 0]
            beside = net.trace(both, window=window)["dL_dh_l0"][:, 0]
        # The loss of a batch is the mean over its sequences: what overflows alone need not there.
        overflows = ~np.isfinite(alone).all(axis=1)
        assert not overflows[step + 1 :].any()
        cut = 0 if window is None else step // window * window
        assert not overflows[:cut].any()
        quiet = ~overflows
        assert np.allclose(alone[quiet], 2.0 * beside[quiet], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("broken", ["W_xh_l0", "W_hh_l0", "b_h_l0", "W_hy"])
def test_weights_that_are_not_finite_show_as_in_a_batch(steps: int, broken: str) -> None:
    for value in (np.inf, -np.inf, np.nan):
        net = network()
        net.params[broken].flat[2] = value
        assert_finite_at_the_same_places(net, steps)
        assert_finite_at_the_same_places(net, steps, window=3)


@pytest.mark.parametrize("steps", LENGTHS)
def test_a_saturated_unit_is_no_error_where_warnings_are_errors(steps: int) -> None:
    net = network()
    net.params["b_h_l0"][2] = np.inf  # tanh(∞) = 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert np.isfinite(net.loss_and_gradients(Batch(**sequence(steps))))
    assert np.isfinite(net.grads.flat).all()


def test_these_lengths_take_the_way_of_a_single_sequence() -> None:
    net = network()
    for steps in LENGTHS:
        run: Any = net._passes.of(Batch(**sequence(steps)))
        assert isinstance(run.stack.strands[0].cell, SingleVanilla)
