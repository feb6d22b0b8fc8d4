"""What a network hands out stays what it was, whatever the network does afterwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network, TraceRecorder
from rnnviz.trace import ModelSpec, UserError


def network(**more: Any) -> Network:
    spec = ModelSpec(input_size=5, hidden_size=6, output_size=5, **more)
    return Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)


def batch(seed: int, **more: Any) -> Batch:
    rng = np.random.default_rng(seed)
    return Batch(tokens=rng.integers(0, 5, (7, 2)), targets=rng.integers(0, 5, (7, 2)), **more)


@pytest.mark.parametrize("attention", ["none", "dot", "general", "additive"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_what_was_encoded_can_be_decoded_after_something_else_was_encoded(
    attention: Any, bidirectional: bool
) -> None:
    net = network(kind="many-to-many", attention=attention, bidirectional=bidirectional)
    first = net.encode(Batch(tokens=batch(1).tokens))
    expected, _ = net.step(np.array([1, 2]), first)
    net.encode(Batch(tokens=batch(2).tokens))
    found, _ = net.step(np.array([1, 2]), first)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "jordan"])
def test_asking_for_a_first_state_leaves_the_last_one_as_it_is(cell: Any) -> None:
    net = network(cell=cell)
    ragged = batch(1, lengths=np.array([3, 7]))
    net.loss_and_gradients(ragged)
    expected = net.final_state
    net.start(ragged)
    for name, array in expected.items():
        np.testing.assert_array_equal(net.final_state[name], array, err_msg=name)


def test_a_pass_that_is_refused_leaves_the_last_recorded_one_as_it_is() -> None:
    net = network()
    tape = TraceRecorder(net)
    tape.capture(batch(1))
    expected = tape.trace()
    with pytest.raises(UserError, match="window"):
        tape.capture(batch(2), window=0)
    found = tape.trace()
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_state_that_is_given_is_where_reading_starts(cell: Any, rng: np.random.Generator) -> None:
    net = network(kind="many-to-many", cell=cell)
    whole = batch(1).tokens
    assert whole is not None
    net.encode(Batch(tokens=whole[:3]))
    halfway = {
        name.replace("decoder_", "encoder_"): array
        for name, array in net.encode(Batch(tokens=whole[:3])).items()
    }
    found, expected = net.encode(Batch(tokens=whole[3:]), halfway), net.encode(Batch(tokens=whole))
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, rtol=0, atol=1e-14, err_msg=name)


@pytest.mark.parametrize("attention", ["dot", "general", "additive"])
def test_a_decoder_looks_at_inputs_of_any_length_one_after_the_other(attention: Any) -> None:
    net = network(kind="many-to-many", attention=attention)
    whole = batch(1).tokens
    assert whole is not None
    for steps in (7, 3, 5):
        found, _ = net.step(np.array([1, 2]), net.encode(Batch(tokens=whole[:steps])))
        fresh = network(kind="many-to-many", attention=attention)
        said = np.array([[1, 2]])
        expected = fresh.outputs(Batch(tokens=whole[:steps], decoder_tokens=said))[0]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


def test_a_start_from_a_given_state_is_that_state_and_else_nothing() -> None:
    net = network()
    assert (len(net.final_state), net.final_state.batch_size) == (0, 0)
    assert net.trace(batch(1)).iteration == 0
    given = {"h_l0": np.full((2, 6), 0.5)}
    np.testing.assert_array_equal(net.start(batch(1), given)["h_l0"], given["h_l0"])
    assert not net.start(batch(1))["h_l0"].any()


@pytest.mark.parametrize("size", [1, 2])
def test_what_is_not_given_of_a_state_is_nothing_or_what_was_learned(size: int) -> None:
    tokens = np.zeros((3, size), int)
    given = {"h_l0": np.full((size, 6), 0.5)}
    for learned in (False, True):
        net = network(cell="lstm", learned_state=learned)
        if learned:
            net.params["c_init_l0"][...] = 0.25
            net.params["h_init_l0"][...] = 0.75
        trace = net.trace(Batch(tokens=tokens), state=given)
        assert (trace["h0_l0"] == 0.5).all()
        assert (trace["c0_l0"] == (0.25 if learned else 0.0)).all()


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "jordan"])
def test_a_start_that_was_learned_has_a_gradient_only_where_reading_began_there(
    cell: Any, size: int
) -> None:
    net = network(cell=cell, learned_state=True)
    ids = np.random.default_rng(1).integers(0, 5, (2, 4, size))
    read = Batch(tokens=ids[0], targets=ids[1])
    learned = [name for name in net.params if "_init" in name]
    for _ in range(2):
        net.loss_and_gradients(read)
        assert all(net.grads[name].any() for name in learned)
        net.loss_and_gradients(read, net.final_state)
        assert not any(net.grads[name].any() for name in learned)


def test_looking_in_between_is_possible_before_every_pass_that_is_not_for_training() -> None:
    net, looked = network(), []
    net.interrupt = lambda: looked.append(1)
    net.loss_and_gradients(batch(1))
    assert looked == []
    net.loss(batch(1))
    net.outputs(batch(1))
    net.step(np.array([0, 1]))
    assert len(looked) == 3


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("attention", ["none", "dot", "general", "additive"])
def test_a_decoder_goes_on_from_its_last_state_as_if_it_had_never_stopped(
    cell: Any, attention: Any
) -> None:
    net = network(kind="many-to-many", cell=cell, attention=attention, layers=2, bidirectional=True)
    read, said = batch(1).tokens, batch(2).tokens
    assert read is not None
    assert said is not None
    lengths = np.array([3, 7])
    expected = net.outputs(Batch(tokens=read, decoder_tokens=said, lengths=lengths))
    net.outputs(Batch(tokens=read, decoder_tokens=said[:-1], lengths=lengths))
    found, _ = net.step(said[-1], net.final_state)
    np.testing.assert_allclose(found, expected[-1], rtol=0, atol=1e-14)
