from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rnnviz.engine import Batch, Network, State
from rnnviz.tasks.likelihood import log_likelihood
from rnnviz.trace import ModelSpec
from rnnviz.trace.spec import Activation

CLASSES = 7
Floats = NDArray[np.float64]


def network(cell: str = "rnn", *, learned: bool = False, bidirectional: bool = False) -> Network:
    spec = ModelSpec(
        input_size=CLASSES,
        hidden_size=6,
        output_size=CLASSES,
        cell=cell,  # type: ignore[arg-type]  # a parameter of the test
        learned_state=learned,
        bidirectional=bidirectional,
    )
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    if learned:
        net.params["h_init_l0"][...] = 0.9
    return net


def text(length: int) -> NDArray[np.uint8]:
    return np.random.default_rng(length).integers(0, CLASSES, length).astype(np.uint8)


def read_in_one_go(
    net: Network, ids: NDArray[np.uint8], state: State | None = None
) -> tuple[Floats, NDArray[np.intp]]:
    logits = net.outputs(Batch(tokens=ids[:-1, None]), state)[:, 0]
    log_probs = logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))
    targets = ids[1:].astype(int)
    return log_probs[np.arange(len(targets)), targets], logits.argmax(axis=-1)


@pytest.mark.parametrize("length", [2, 3, 511, 512, 513, 1999])
def test_a_short_text_is_read_from_its_beginning_to_its_end(length: int) -> None:
    net, ids = network(learned=True), text(length)
    log_probs, answers = log_likelihood(net, ids)
    wanted, likeliest = read_in_one_go(net, ids)
    np.testing.assert_allclose(log_probs, wanted, atol=1e-12)
    np.testing.assert_array_equal(answers, likeliest)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("length", [2001, 5003, 16_500, 20_000])
def test_a_long_text_is_read_in_stretches_that_know_what_went_before(
    cell: str, length: int
) -> None:
    net, ids = network(cell, learned=True), text(length)
    log_probs, answers = log_likelihood(net, ids)
    wanted, likeliest = read_in_one_go(net, ids)
    assert log_probs.shape == answers.shape == (length - 1,)
    # What was read two hundred characters ago says next to nothing here.
    np.testing.assert_allclose(log_probs, wanted, atol=1e-7)
    assert (answers == likeliest).all()


def test_a_long_text_begins_where_the_network_has_learned_to_begin() -> None:
    net, ids = network(learned=True), text(4000)
    learned = log_likelihood(net, ids)[0]
    net.params["h_init_l0"][...] = -0.9
    other = log_likelihood(net, ids)[0]
    assert abs(learned[0] - other[0]) > 0.1
    # The stretches after the first begin in the middle of the text.
    np.testing.assert_allclose(learned[1000:], other[1000:], atol=1e-7)


@pytest.mark.parametrize("length", [300, 5003])
def test_reading_goes_on_from_a_state_that_is_given(length: int) -> None:
    net, ids = network("lstm", learned=True), text(length)
    net.params["W_hh_l0"][...] *= 4.0  # it remembers for long
    state = State({name: np.full((1, 6), 0.9) for name in ("h_l0", "c_l0")})
    found = log_likelihood(net, ids, state)[0]
    np.testing.assert_allclose(found, read_in_one_go(net, ids, state)[0], atol=1e-3)
    assert abs(found[0] - log_likelihood(net, ids)[0][0]) > 1e-3


def test_the_state_in_which_a_network_is_left_changes_nothing() -> None:
    net, ids = network("gru"), text(3000)
    first = log_likelihood(net, ids)[0]
    net.outputs(Batch(tokens=ids[:50, None]))
    np.testing.assert_array_equal(log_likelihood(net, ids)[0], first)


def test_a_network_that_reads_backwards_too_reads_long_pieces() -> None:
    net, ids = network(bidirectional=True), text(3000)
    log_probs = log_likelihood(net, ids)[0]
    np.testing.assert_allclose(log_probs[:512], read_in_one_go(net, ids[:513])[0], atol=1e-12)


def remembering(kept: float, activation: Activation) -> Network:
    """One unit of memory that character 0 writes 5 into; it keeps ``kept`` of it at each step."""
    spec = ModelSpec(input_size=CLASSES, hidden_size=1, output_size=CLASSES, activation=activation)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    net.params["W_hh_l0"][...] = kept
    net.params["b_h_l0"][...] = net.params["W_xh_l0"][...] = 0.0
    net.params["W_xh_l0"][0, 0] = 5.0
    net.params["W_hy"][:, 0] = np.linspace(-0.3, 0.3, CLASSES)
    return net


def once(length: int, place: int) -> NDArray[np.uint8]:
    """A text in which 0 occurs at one place only."""
    ids = np.random.default_rng(0).integers(1, CLASSES, length).astype(np.uint8)
    ids[place] = 0
    return ids


@pytest.mark.parametrize("place", [0, 100, 2500, 4800])
@pytest.mark.parametrize(("kept", "activation"), [(3.0, "tanh"), (1.0, "linear")])
def test_what_was_read_long_ago_is_not_forgotten_at_the_beginning_of_a_stretch(
    place: int, kept: float, activation: Activation
) -> None:
    net, ids = remembering(kept, activation), once(6000, place)
    log_probs, answers = log_likelihood(net, ids)
    wanted, likeliest = read_in_one_go(net, ids)
    np.testing.assert_allclose(log_probs, wanted, atol=1e-9)
    np.testing.assert_array_equal(answers, likeliest)


def characters_read(net: Network, ids: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch) -> int:
    read, outputs = [], net.outputs

    def counted(batch: Batch, state: Any = None) -> NDArray[Any]:
        read.append(batch.steps * batch.batch_size)
        return outputs(batch, state)

    with monkeypatch.context() as patch:
        patch.setattr(net, "outputs", counted)
        log_likelihood(net, ids)
    return sum(read)


def test_a_stretch_is_read_again_only_until_it_is_in_the_state_of_the_first_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Each stretch of the six reads 1000 characters; the memory is gone after some 400.
    ids = once(6001, 1000 - 193)
    forgetful = characters_read(remembering(0.5, "linear"), ids, monkeypatch)
    slow, for_ever = remembering(0.98, "linear"), remembering(1.0, "linear")
    assert characters_read(slow, ids, monkeypatch) == forgetful + 256
    assert characters_read(for_ever, ids, monkeypatch) == forgetful + 5 * 1000
    np.testing.assert_allclose(
        log_likelihood(slow, ids)[0], read_in_one_go(slow, ids)[0], atol=1e-3
    )


def test_a_network_whose_states_are_no_numbers_is_not_read_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    net, ids = remembering(0.5, "linear"), once(6001, 10)
    twice = characters_read(net, ids, monkeypatch)
    net.params["b_h_l0"][...] = np.nan
    assert characters_read(net, ids, monkeypatch) == twice
