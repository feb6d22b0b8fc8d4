"""What a network reads where it is fed what it said itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network, State, feed_back
from rnnviz.engine.decoding import distribution, generate
from rnnviz.trace import ModelSpec, UserError

V = 4


def network(**more: Any) -> Network:
    sizes = {"input_size": V, "hidden_size": 6, "output_size": V}
    net = Network.create(
        ModelSpec(**(sizes | more)), rng=np.random.default_rng(0), dtype=np.float64
    )
    net.params.flat[:] *= 4.0  # what is said depends on what was read
    return net


def batch(steps: int, size: int, rng: np.random.Generator) -> Batch:
    ids = rng.integers(0, V, (2, steps, size))
    return Batch(tokens=ids[0], targets=ids[1])


def test_some_tokens_are_kept_and_the_others_are_what_was_said(rng: np.random.Generator) -> None:
    net, given = network(), batch(40, 100, rng)
    fed = feed_back(net, given, 0.7, rng)
    assert given.tokens is not None
    assert fed.tokens is not None
    said = net.outputs(fed).argmax(axis=-1)[:-1]
    kept, replaced = fed.tokens[1:] == given.tokens[1:], fed.tokens[1:] == said
    assert (kept | replaced).all()
    different = said != given.tokens[1:]
    assert kept[different].mean() == pytest.approx(0.7, abs=0.05)
    np.testing.assert_array_equal(fed.tokens[0], given.tokens[0])
    np.testing.assert_array_equal(fed.targets, given.targets)


def test_drawn_tokens_are_as_frequent_as_the_softmax_says_in_each_sequence(
    rng: np.random.Generator,
) -> None:
    net = network()
    tokens = np.repeat([[0, 1], [2, 3]], 4000, axis=1)
    fed = feed_back(net, Batch(tokens=tokens), 0.0, rng, sampled=True)
    assert fed.tokens is not None
    expected = distribution(net.outputs(Batch(tokens=np.array([[0, 1]])))[0])
    for half, chances in zip(np.split(fed.tokens[1], 2), expected, strict=True):
        np.testing.assert_allclose(np.bincount(half, minlength=V) / 4000, chances, atol=0.04)


@pytest.mark.parametrize("attention", ["none", "general"])
def test_a_decoder_that_is_never_forced_reads_what_it_writes_by_itself(
    attention: Any, rng: np.random.Generator
) -> None:
    net = network(kind="many-to-many", attention=attention, bidirectional=True)
    ids = rng.integers(0, V, (3, 5, 3))
    given = Batch(tokens=ids[0], decoder_tokens=ids[1], targets=ids[2], lengths=np.array([5, 2, 4]))
    fed = feed_back(net, given, 0.0, rng)
    written = generate(net, ids[1][:1], 5, temperature=0, state=net.encode(given)).tokens
    assert fed.decoder_tokens is not None
    np.testing.assert_array_equal(fed.decoder_tokens[0], ids[1][0])
    np.testing.assert_array_equal(fed.decoder_tokens[1:], written[:-1])
    np.testing.assert_array_equal(fed.tokens, given.tokens)


def test_what_is_said_goes_on_from_the_state_that_was_carried(rng: np.random.Generator) -> None:
    net, given = network(), batch(6, 3, rng)
    state = State({"h_l0": rng.uniform(-1, 1, (3, 6))})
    fed = feed_back(net, given, 0.0, rng, state=state)
    assert fed.tokens is not None
    said = net.outputs(fed, state).argmax(axis=-1)
    np.testing.assert_array_equal(fed.tokens[1:], said[:-1])


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_ratio_that_is_no_share_is_refused(share: float, rng: np.random.Generator) -> None:
    with pytest.raises(UserError, match="use a share from 0 to 1"):
        feed_back(network(), batch(3, 2, rng), share, rng)


@pytest.mark.parametrize(
    "model",
    [{"input_size": 5}, {"input_kind": "vector"}, {"loss": "squared-error"}],
)
def test_a_model_that_does_not_read_what_it_writes_is_refused(
    model: dict[str, Any], rng: np.random.Generator
) -> None:
    given = batch(3, 2, rng)
    if model.get("input_kind") == "vector":
        given = Batch(x=rng.normal(size=(3, 2, V)), targets=given.targets)
    for share in (0.5, 1.0):
        with pytest.raises(UserError, match="only a model that reads the tokens it writes"):
            feed_back(network(**model), given, share, rng)
