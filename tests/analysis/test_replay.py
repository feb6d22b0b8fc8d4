"""The replay of a pass against the engine that made it: nothing edited, nothing changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.analysis.replay.network import replay
from rnnviz.trace import Trace

MODELS: tuple[dict[str, Any], ...] = (
    {},
    {"activation": "relu"},
    {"activation": "linear"},
    {"cell": "jordan", "activation": "linear"},
    {"activation": "linear", "layer_norm": True},
    {"cell": "jordan"},
    {"cell": "lstm", "layers": 2},
    {"cell": "gru", "layers": 2, "residual": True},
    {"cell": "gru", "bidirectional": True, "layers": 2},
    {"cell": "lstm", "learned_state": True},
    {"cell": "jordan", "learned_state": True},
    {"layers": 2, "dropout": 0.4},
    {"input_kind": "embedding", "embedding_size": 3},
    {"input_kind": "vector", "loss": "squared-error", "cell": "gru"},
    {"kind": "many-to-one", "head": "last", "bidirectional": True},
    {"kind": "many-to-one", "head": "mean", "cell": "lstm"},
    {"kind": "many-to-one", "head": "max", "bidirectional": True},
    {"kind": "one-to-many", "context_size": 3, "layers": 2},
    {"kind": "one-to-many", "context_size": 3, "cell": "gru", "learned_state": True},
    {"cell": "lstm", "peepholes": True},
    {"layer_norm": True, "layers": 2},
    {"cell": "lstm", "layer_norm": True},
    {"cell": "gru", "layer_norm": True, "bidirectional": True},
    {"kind": "many-to-many", "cell": "gru"},
    {"kind": "many-to-many", "cell": "lstm", "attention": "dot", "layers": 2},
    {"kind": "many-to-many", "attention": "dot", "bidirectional": True},
    {"kind": "many-to-many", "cell": "lstm", "attention": "general", "bidirectional": True},
    {"kind": "many-to-many", "cell": "gru", "attention": "additive", "embedding_size": 3},
)


def assert_same_pass(ours: Trace, theirs: Trace) -> None:
    """Every array both have agrees at every step, those after the end of a sequence too."""
    missing = {"step_norm", "dropout", "lengths", "pictures"}
    for name, expected in theirs.arrays.items():
        if any(word in name for word in missing):
            continue
        if theirs.spec.cell == "jordan" and "h_direct" in name:
            continue
        assert name in ours, name
        found = ours[name]
        assert found.shape == expected.shape, name
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-13, err_msg=name)


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("options", MODELS, ids=lambda o: "-".join(map(str, o.values())) or "rnn")
def test_a_replay_without_edits_is_the_pass_of_the_engine(options, ragged, engine_trace):
    trace = engine_trace(options, ragged=ragged)
    assert_same_pass(replay(trace), trace)


@pytest.mark.parametrize("options", [{"cell": "lstm", "layers": 2}, {"cell": "jordan"}, {}])
def test_truncated_gradients_are_cut_at_the_same_steps(options, engine_trace):
    trace = engine_trace(options, window=2)
    assert list(trace["cuts"]) == [2, 4]
    assert_same_pass(replay(trace), trace)


def test_a_pass_of_float32_is_replayed_in_float64(engine_trace):
    trace = engine_trace({"cell": "gru"})
    low = Trace(
        trace.spec,
        {k: v.astype(np.float32) if v.dtype == np.float64 else v for k, v in trace.arrays.items()},
    )
    again = replay(low)
    assert again["h_l0"].dtype == np.float64
    np.testing.assert_allclose(again["dL_dW_hh_l0"], trace["dL_dW_hh_l0"], rtol=1e-4, atol=1e-6)


def test_a_pass_without_targets_is_replayed_forward_only(engine_trace):
    trace = engine_trace({})
    forward = {
        k: v
        for k, v in trace.arrays.items()
        if not k.startswith(("dL", "loss", "targets", "step_norm"))
    }
    again = replay(Trace(trace.spec, forward))
    np.testing.assert_allclose(again["logits"], trace["logits"], rtol=1e-13)
    assert not again.has_gradients
