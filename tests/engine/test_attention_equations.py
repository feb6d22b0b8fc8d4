"""An encoder–decoder against its equations: what is handed over, the scores, what is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec, Trace

H, V, LENGTHS = 3, 4, np.array([5, 2, 4])
Array = np.ndarray[Any, Any]


def traced(**model: Any) -> Trace:
    spec = ModelSpec(input_size=V, hidden_size=H, output_size=V, kind="many-to-many", **model)
    rng = np.random.default_rng(1)
    net = Network.create(spec, rng=rng, dtype=np.float64)
    net.params.flat[:] = rng.uniform(-0.9, 0.9, net.params.flat.size)
    said = rng.integers(0, V, (2, 6, 3))
    read = rng.integers(0, V, (5, 3))
    return net.trace(Batch(tokens=read, lengths=LENGTHS, decoder_tokens=said[0], targets=said[1]))


def scores(trace: Trace, q: Array, k: Array) -> Array:
    """How well q (T_out, B, H) fits k (T_in, B, E), (T_out, B, T_in)."""
    kind = trace.spec.attention
    if kind == "dot":
        keys = k @ trace["W_mem"].T if "W_mem" in trace else k
        return np.einsum("tbh,sbh->tbs", q, keys)
    if kind == "general":
        return np.einsum("tbh,he,sbe->tbs", q, trace["W_a"], k)
    asked, there = q @ trace["W_a"].T, k @ trace["U_a"].T
    mixed = np.tanh(asked[:, None] + there[None])  # (T_out, T_in, B, H)
    return np.einsum("h,tsbh->tbs", trace["v_a"][0], mixed)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("attention", ["dot", "general", "additive"])
def test_a_decoder_looks_where_the_scores_say_and_never_at_padding(
    attention: Any, bidirectional: bool
) -> None:
    trace = traced(attention=attention, bidirectional=bidirectional, cell="gru")
    ways = ["", "_reverse"] if bidirectional else [""]
    k = np.concatenate([trace[f"encoder_h_l0{way}"] for way in ways], axis=-1)
    q = trace["decoder_h_l0"]
    fits = np.exp(scores(trace, q, k))
    fits *= np.arange(5) < LENGTHS[:, None]
    shares = fits / fits.sum(axis=-1, keepdims=True)
    context = np.einsum("tbs,sbe->tbe", shares, k)
    attended = np.tanh(np.concatenate([q, context], axis=-1) @ trace["W_c"].T)
    for name, expected in (
        ("attention", shares),
        ("attention_context", context),
        ("attended", attended),
        ("logits", attended @ trace["W_hy"].T + trace["b_y"]),
    ):
        np.testing.assert_allclose(trace[name], expected, rtol=0, atol=1e-12, err_msg=name)
    assert not trace["attention"][:, 1, 2:].any()


@pytest.mark.parametrize("attention", ["dot", "general", "additive"])
def test_the_gradients_at_what_is_looked_at_follow_from_those_at_the_outputs(
    attention: Any,
) -> None:
    trace = traced(attention=attention)
    at_attended = trace["dL_dlogits"] @ trace["W_hy"]
    np.testing.assert_allclose(trace["dL_dattended"], at_attended, rtol=0, atol=1e-14)
    at_sum = at_attended * (1.0 - trace["attended"] ** 2)
    at_context = at_sum @ trace["W_c"][:, H:]
    at_shares = np.einsum("tbe,sbe->tbs", at_context, trace["encoder_h_l0"])
    np.testing.assert_allclose(trace["dL_dattention"], at_shares, rtol=0, atol=1e-14)
    shares_of_steps = np.einsum("tbv,tbh->tvh", trace["dL_dlogits"], trace["attended"])
    norms = np.linalg.norm(shares_of_steps, axis=(1, 2))
    np.testing.assert_allclose(trace["step_norm_W_hy"], norms, rtol=1e-12)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("size", [1, 3])
def test_the_share_of_a_step_in_the_gradient_of_the_outputs_is_as_long_as_it_is(
    size: int, bidirectional: bool
) -> None:
    spec = ModelSpec(input_size=V, hidden_size=H, output_size=V, bidirectional=bidirectional)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    ids = np.random.default_rng(1).integers(0, V, (2, 5, size))
    trace = net.trace(Batch(tokens=ids[0], targets=ids[1]))
    ways = ["", "_reverse"] if bidirectional else [""]
    h = np.concatenate([trace[f"h_l0{way}"] for way in ways], axis=-1)
    shares = np.einsum("tbv,tbh->tvh", trace["dL_dlogits"], h)
    np.testing.assert_allclose(shares.sum(axis=0), trace["dL_dW_hy"], rtol=0, atol=1e-14)
    norms = np.linalg.norm(shares, axis=(1, 2))
    np.testing.assert_allclose(trace["step_norm_W_hy"], norms, rtol=1e-12)
    np.testing.assert_array_equal(trace["tokens"], ids[0])


@pytest.mark.parametrize("attention", ["dot", "general"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_scores_of_any_size_leave_shares_of_one(attention: Any, dtype: Any) -> None:
    spec = ModelSpec(
        input_size=V, hidden_size=H, output_size=V, kind="many-to-many", attention=attention,
        activation="linear",
    )  # fmt: skip
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=dtype)
    for part in ("encoder_", "decoder_"):
        net.params[f"{part}W_xh_l0"][...] *= 1e4
    tokens = np.random.default_rng(1).integers(0, V, (5, 3))
    batch = Batch(tokens=tokens, lengths=LENGTHS, decoder_tokens=tokens, targets=tokens)
    trace = net.trace(batch)
    assert np.isfinite(net.grads.flat).all()
    shares = trace["attention"]
    np.testing.assert_allclose(shares.sum(axis=-1), 1.0, rtol=1e-6)
    np.testing.assert_allclose(shares.max(axis=-1), 1.0, rtol=1e-3)


def test_a_decoder_has_no_start_of_its_own_to_learn() -> None:
    spec = ModelSpec(
        input_size=V, hidden_size=H, output_size=V, kind="many-to-many", cell="lstm",
        learned_state=True,
    )  # fmt: skip
    net = Network.create(spec, rng=np.random.default_rng(0))
    learned = {name for name in net.params if "_init" in name}
    assert learned == {"encoder_h_init_l0", "encoder_c_init_l0"}


@pytest.mark.parametrize("loss", ["cross-entropy", "squared-error"])
def test_a_pass_without_targets_has_chances_where_the_model_gives_some(loss: Any) -> None:
    spec = ModelSpec(input_size=V, hidden_size=H, output_size=V, loss=loss)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    trace = net.trace(Batch(tokens=np.array([[0, 1], [2, 3]])))
    assert "loss" not in trace
    assert ("probs" in trace) == (loss == "cross-entropy")
    if "probs" in trace:
        chances = np.exp(trace["logits"])
        chances /= chances.sum(axis=-1, keepdims=True)
        np.testing.assert_allclose(trace["probs"], chances, rtol=1e-13)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_decoder_starts_from_what_its_encoder_knew_at_the_end(
    cell: Any, bidirectional: bool
) -> None:
    trace = traced(cell=cell, bidirectional=bidirectional, layers=2)
    every = np.arange(len(LENGTHS))
    for kind in ("h", "c") if cell == "lstm" else ("h",):
        for layer in ("l0", "l1"):
            last = trace[f"encoder_{kind}_{layer}"][LENGTHS - 1, every]
            if bidirectional:
                # The reverse direction ends where reading begins.
                both = np.concatenate([last, trace[f"encoder_{kind}_{layer}_reverse"][0]], axis=1)
                last = both @ trace[f"W_bridge_{kind}_{layer}"].T
            np.testing.assert_allclose(trace[f"decoder_{kind}0_{layer}"], last, rtol=0, atol=1e-13)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_after_the_end_of_a_sequence_there_is_nothing_and_no_gradient(cell: Any) -> None:
    trace = traced(cell=cell, bidirectional=True)
    ended = np.arange(5)[:, None] >= LENGTHS
    for way in ("", "_reverse"):
        for kind in ("h", "c", "a"):
            for name in (f"encoder_{kind}_l0{way}", f"dL_dencoder_{kind}_l0{way}"):
                if name in trace:
                    assert not trace[name][ended].any(), name
                    assert trace[name][~ended].any(axis=-1).all(), name


def test_the_reverse_direction_reads_each_sequence_from_its_own_end() -> None:
    spec = ModelSpec(input_size=V, hidden_size=H, output_size=V, bidirectional=True)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    tokens = np.random.default_rng(1).integers(0, V, (5, 3))
    trace = net.trace(Batch(tokens=tokens, lengths=LENGTHS))
    forward = {name: net.params[f"{name}_l0_reverse"] for name in ("W_xh", "W_hh", "b_h")}
    for b, length in enumerate(LENGTHS):
        h = np.zeros(H)
        for t in reversed(range(length)):
            h = np.tanh(forward["W_xh"][:, tokens[t, b]] + forward["W_hh"] @ h + forward["b_h"])
            np.testing.assert_allclose(trace["h_l0_reverse"][t, b], h, rtol=0, atol=1e-14)
        assert not trace["h_l0_reverse"][length:, b].any()


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("head", ["step", "last", "mean", "max"])
def test_every_head_says_what_it_would_say_if_the_sequence_ended_there(
    head: Any, bidirectional: bool
) -> None:
    spec = ModelSpec(
        input_size=V, hidden_size=H, output_size=V, kind="many-to-one", head=head,
        bidirectional=bidirectional,
    )  # fmt: skip
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    tokens = np.random.default_rng(1).integers(0, V, (5, 3))
    trace = net.trace(Batch(tokens=tokens, targets=np.array([0, 1, 2]), lengths=LENGTHS))
    ways = ["", "_reverse"] if bidirectional else [""]
    h = np.concatenate([trace[f"h_l0{way}"] for way in ways], axis=-1)
    for b, length in enumerate(LENGTHS):
        for t in range(length):
            features = {
                "step": h[t, b],
                "last": np.append(h[t, b, :H], h[0, b, H:]),
                "mean": h[: t + 1, b].mean(axis=0),
                "max": h[: t + 1, b].max(axis=0),
            }[head]
            expected = net.params["W_hy"] @ features + net.params["b_y"]
            np.testing.assert_allclose(trace["logits"][t, b], expected, rtol=0, atol=1e-13)
