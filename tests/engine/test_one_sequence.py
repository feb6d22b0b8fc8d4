"""A single sequence takes a way of its own through the vanilla cell, in runs of steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.engine.arena import Arena
from rnnviz.engine.cells import make_cell
from rnnviz.engine.cells.adding import Adding
from rnnviz.engine.cells.base import Dims
from rnnviz.engine.cells.vanilla_single import SingleVanilla
from rnnviz.trace import ModelSpec
from rnnviz.trace.spec import Activation

LENGTHS = (1, 2, 15, 16, 17, 32, 33, 50)


def sequence(steps: int, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    return {
        "x": rng.normal(size=(steps, 1, 3)),
        "targets": rng.integers(0, 4, (steps, 1)),
    }


def twice(single: dict[str, Any]) -> Batch:
    return Batch(**{name: np.concatenate([a, a], axis=1) for name, a in single.items()})


def assert_same_pass(network: Network, single: dict[str, Any], window: int | None = None) -> None:
    alone = network.trace(Batch(**single), window=window)
    beside = network.trace(twice(single), window=window)
    for name in ("h_l0", "a_l0", "logits", "dL_dh_l0", "dL_da_l0", "dL_dx"):
        if name in alone:
            # The loss of a batch is the mean over its sequences.
            factor = 2.0 if name.startswith("dL_d") else 1.0
            one, other = alone[name][:, 0], factor * beside[name][:, 0]
            assert np.abs(one - other).max() <= 1e-13 * max(1.0, np.abs(other).max()), name
    for name in network.params:
        one, other = alone[f"dL_d{name}"], beside[f"dL_d{name}"]
        assert np.abs(one - other).max() <= 1e-13 * max(1.0, np.abs(other).max()), name


def network(activation: Activation = "tanh", **more: Any) -> Network:
    sizes: dict[str, Any] = {"input_size": 3, "hidden_size": 5, "output_size": 4}
    spec = ModelSpec(**sizes, input_kind="vector", activation=activation, **more)
    return Network.create(spec, rng=np.random.default_rng(1), dtype=np.float64)


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "linear"])
def test_one_sequence_alone_is_that_sequence_in_a_batch(steps: int, activation: Activation) -> None:
    assert_same_pass(network(activation), sequence(steps))


@pytest.mark.parametrize("steps", LENGTHS)
@pytest.mark.parametrize("window", [1, 3, 16, 20])
def test_a_gradient_is_cut_in_the_middle_of_a_run_as_at_its_end(steps: int, window: int) -> None:
    assert_same_pass(network(), sequence(steps), window)


@pytest.mark.parametrize("steps", LENGTHS)
def test_both_directions_of_two_layers_run_alike(steps: int) -> None:
    assert_same_pass(network(layers=2, bidirectional=True), sequence(steps))


@pytest.mark.parametrize("steps", LENGTHS)
def test_a_gradient_from_the_last_step_alone_comes_back_through_all_runs(steps: int) -> None:
    assert_same_pass(network(kind="many-to-one"), sequence(steps))


@pytest.mark.parametrize("length", [1, 14, 16, 30, 39])
def test_padding_of_one_sequence_changes_nothing(length: int) -> None:
    net, single = network(), sequence(40)
    padded = Batch(**single, lengths=np.array([length]))
    loss = net.loss_and_gradients(padded)
    gradients = net.grads.flat.copy()
    short = {name: array[:length] for name, array in single.items()}
    assert loss == pytest.approx(net.loss_and_gradients(Batch(**short)), rel=1e-13)
    assert np.abs(gradients - net.grads.flat).max() <= 1e-13


def test_long_products_are_made_where_they_spare_more_than_they_cost() -> None:
    alone, pair = Arena(1, np.float32), Arena(2, np.float32)
    assert Adding.pays(alone, 25, 100)
    assert not Adding.pays(pair, 25, 100)
    assert not Adding.pays(alone, 25, 2), "so few addends fit that each costs its copy"
    assert not Adding.pays(alone, 1, 100), "copying the matrix costs more"
    assert not Adding.pays(alone, 10_000, 512), "the product is long enough as it is"


@pytest.mark.parametrize("steps", [1, 16, 17, 1000])
def test_runs_hold_every_step_once_and_in_order(steps: int) -> None:
    arena, addends = Arena(1, np.float64), np.ones((steps, 20))
    adding = Adding(arena, arena.steps(steps + 1, 20))
    runs = adding.runs(addends, 0, steps)
    assert [t for *_, run in runs for t in run] == list(range(steps))
    assert max(len(run) for *_, run in runs) - min(len(run) for *_, run in runs) < adding.length
    for columns, copied, run in runs:
        assert copied is not None
        assert len(columns) == len(copied) == len(run)


@pytest.mark.parametrize(
    ("units", "always"), [(1, False), (3, False), (3, True), (20, False), (20, True)]
)
@pytest.mark.parametrize("back", [False, True])
def test_a_product_adds_the_addend_of_its_own_step(units: int, always: bool, back: bool) -> None:
    rng, steps = np.random.default_rng(0), 40
    arena = Arena(1, np.float64)
    vectors = arena.steps(steps + 1, units)
    adding = Adding(arena, vectors, back=back, always=always)
    addends, constant = rng.normal(size=(steps, units)), np.zeros(units)
    if always:
        adding.always[...] = constant = rng.normal(size=units)
    matrix = rng.normal(size=(units, units))
    matrix /= 2.0 * np.abs(matrix).sum(axis=1).max()  # so that nothing grows from step to step
    adding.matrix[...] = matrix
    for _ in range(2):  # what a pass leaves behind does not matter to the next
        vectors[-1 if back else 0] = rng.normal(size=units)
        adding.mark()
        runs = adding.runs(addends, 0, steps)
        for columns, copied, run in reversed(runs) if back else runs:
            columns[...] = copied
            for t in sorted(run, reverse=back):
                adding.row(t).dot(adding.operand, vectors[t if back else t + 1])
    for t in range(steps):
        before, after = (t + 1, t) if back else (t, t + 1)
        wanted = matrix @ vectors[before] + addends[t] + constant
        assert np.abs(vectors[after] - wanted).max() <= 1e-13


def test_what_every_step_adds_costs_no_call_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    net = network()
    net.params["b_h_l0"][:] = 0.5
    written, spread = [], Arena.spread

    def noted(arena: Arena, bias: np.ndarray, steps: int) -> np.ndarray:
        written.append(arena.batch)
        return spread(arena, bias, steps)

    monkeypatch.setattr(Arena, "spread", noted)
    net.loss_and_gradients(Batch(**sequence(25)))
    assert written == []
    assert_same_pass(net, sequence(25))


def test_a_vanilla_cell_of_one_sequence_is_the_one_with_long_products() -> None:
    spec = ModelSpec(input_size=3, hidden_size=5, output_size=4)
    weights = {"W_xh": np.ones((5, 3)), "W_hh": np.ones((5, 5)), "b_h": np.ones(5)}
    cells = [make_cell(spec, Dims(9, 5), weights, Arena(batch, np.float64)) for batch in (1, 2)]
    assert [type(cell) is SingleVanilla for cell in cells] == [True, False]
