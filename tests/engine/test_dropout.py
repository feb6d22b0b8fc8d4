"""Dropout: what a mask looks like, where it is, and where it is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec, Trace

RATE = 0.3


def passed(rng: np.random.Generator | None, size: int = 3, **model: Any) -> Trace:
    spec = ModelSpec(
        **({"input_size": 4, "hidden_size": 50, "output_size": 4, "dropout": RATE} | model)
    )
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    ids = np.random.default_rng(1).integers(0, 4, (2, 60, size))
    said = {"decoder_tokens": ids[0]} if spec.kind == "many-to-many" else {}
    return net.trace(Batch(tokens=ids[0], targets=ids[1], **said), rng=rng)


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_share_is_dropped_and_the_rest_is_larger_so_that_the_mean_stays(
    size: int, bidirectional: bool, rng: np.random.Generator
) -> None:
    trace = passed(rng, size, layers=2, bidirectional=bidirectional)
    masks = [trace[f"dropout_l{layer}"] for layer in (0, 1)]
    for mask in masks:
        assert mask.shape == (60, size, 100 if bidirectional else 50)
        np.testing.assert_array_equal(np.unique(mask), [0.0, 1.0 / (1.0 - RATE)])
        assert (mask == 0.0).mean() == pytest.approx(RATE, abs=0.05)
        # Drawn anew for every step, sequence and number.
        assert 0.0 < (mask[0] == 0.0).mean() < 1.0
        assert not np.array_equal(mask[0], mask[1])
    assert not np.array_equal(*masks)
    ways = ["", "_reverse"] if bidirectional else [""]
    states = np.concatenate([trace[f"h_l1{way}"] for way in ways], axis=-1)
    outputs = (states * masks[1]) @ trace["W_hy"].T + trace["b_y"]
    np.testing.assert_allclose(trace["logits"], outputs, rtol=0, atol=1e-12)


def test_nothing_is_dropped_on_the_way_from_step_to_step(rng: np.random.Generator) -> None:
    with_it, without = passed(rng), passed(None)
    np.testing.assert_array_equal(with_it["h_l0"], without["h_l0"])
    assert not np.array_equal(with_it["logits"], without["logits"])
    assert "dropout_l0" not in without


def test_a_residual_sum_is_added_to_what_was_left(rng: np.random.Generator) -> None:
    trace = passed(rng, layers=2, residual=True)
    below = trace["h_l0"] * trace["dropout_l0"]
    handed_up = trace["h_l1"] * trace["dropout_l1"] + below
    outputs = handed_up @ trace["W_hy"].T + trace["b_y"]
    np.testing.assert_allclose(trace["logits"], outputs, rtol=0, atol=1e-12)


def test_both_parts_of_an_encoder_decoder_have_masks_of_their_own(
    rng: np.random.Generator,
) -> None:
    trace = passed(rng, kind="many-to-many", attention="dot")
    masks = [trace[f"{part}dropout_l0"] for part in ("encoder_", "decoder_")]
    assert not np.array_equal(*masks)
    for mask in masks:
        np.testing.assert_array_equal(np.unique(mask), [0.0, 1.0 / (1.0 - RATE)])


def test_what_is_only_asked_for_outputs_drops_nothing() -> None:
    spec = ModelSpec(input_size=4, hidden_size=5, output_size=4, dropout=0.9)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    batch = Batch(tokens=np.array([[0], [1]]), targets=np.array([[1], [2]]))
    plain = net.loss(batch)
    assert net.loss_and_gradients(batch, rng=np.random.default_rng(0)) != plain
    assert net.loss_and_gradients(batch) == plain
    np.testing.assert_array_equal(net.outputs(batch), net.trace(batch)["logits"])
