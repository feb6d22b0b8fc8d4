"""What a script hands to a network that is no type of the engine: read, or refused clearly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec, UserError

BATCH = Batch(tokens=np.array([[0, 1], [2, 3]]), targets=np.array([[1, 2], [3, 0]]))


def network(**options: Any) -> Network:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4, **options)
    return Network.create(spec, rng=np.random.default_rng(5), dtype=np.float64)


def test_a_plain_dict_is_a_state_like_any_other(rng: np.random.Generator) -> None:
    net = network(cell="lstm")
    net.outputs(BATCH)
    state = net.final_state
    plain = {name: array.tolist() for name, array in state.items()}
    np.testing.assert_array_equal(net.outputs(BATCH, plain), net.outputs(BATCH, state))
    assert net.loss_and_gradients(BATCH, plain) == net.loss_and_gradients(BATCH, state)
    np.testing.assert_array_equal(
        net.trace(BATCH, state=plain)["h_l0"], net.trace(BATCH, state=state)["h_l0"]
    )
    np.testing.assert_array_equal(
        net.step(np.array([0, 1]), plain)[0], net.step(np.array([0, 1]), state)[0]
    )


@pytest.mark.parametrize("given", [{"tokens": [[0]]}, np.zeros((2, 1), int), None, "hello"])
def test_what_is_no_batch_is_refused_in_a_sentence(given: Any) -> None:
    net = network()
    for call in (net.outputs, net.loss, net.loss_and_gradients, net.trace, net.start):
        with pytest.raises(UserError, match="reads a Batch, nothing of type"):
            call(given)
    with pytest.raises(UserError, match="reads a Batch, nothing of type"):
        network(kind="many-to-many").encode(given)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ([np.zeros((2, 3))], "the state is of type list: give arrays"),
        (np.zeros((2, 3)), "the state is of type ndarray: give arrays"),
        ({"h_l0": "zero"}, "h_l0 must be an array of finite numbers"),
        ({"h_l0": [[0.0, 0.5, np.inf], [0.0] * 3]}, "h_l0 must be an array of finite numbers"),
        ({"h_l0": np.full((2, 3), np.nan)}, "h_l0 must be an array of finite numbers"),
        ({"h_l0": np.zeros((2, 4))}, "h_l0 has shape"),
        ({0: np.zeros((2, 3))}, "the state holds 0"),
    ],
)
def test_what_is_no_state_is_refused_in_a_sentence(state: Any, words: str) -> None:
    net = network()
    for call in (net.outputs, net.loss, net.loss_and_gradients, net.start):
        with pytest.raises(UserError, match=words):
            call(BATCH, state)


@pytest.mark.parametrize("state", [None, {}, {"h_l0": np.zeros((2, 3))}])
def test_a_decoder_does_not_begin_with_nothing(state: Any) -> None:
    with pytest.raises(UserError, match="no state to start from: encode an input first"):
        network(kind="many-to-many").step(np.array([0, 1]), state)


def test_a_decoder_names_what_its_state_lacks() -> None:
    net = network(kind="many-to-many", cell="lstm", attention="dot")
    whole = net.encode(Batch(tokens=BATCH.tokens))
    assert net.step(np.array([0, 1]), dict(whole))[0].shape == (2, 4)
    for name in ("decoder_c_l0", "memory"):
        part = {key: array for key, array in whole.items() if key != name}
        with pytest.raises(UserError, match=f"the state lacks {name}: use what encode gave"):
            net.step(np.array([0, 1]), part)
    with pytest.raises(UserError, match="the state belongs to 2 sequences, not to 3"):
        net.step(np.array([0, 1, 2]), whole)
