"""Losses through every topology, where the sweep and the replay meet."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis.contributions import contributions, walk_back
from rnnviz.analysis.itemise import itemised
from rnnviz.analysis.losses import output_gradients
from rnnviz.analysis.memory import memory
from rnnviz.analysis.progress import Cancelled
from rnnviz.analysis.replay.network import replay
from rnnviz.analysis.saturation import counted_steps
from rnnviz.analysis.walk import can_sweep
from rnnviz.trace import Trace, UserError

SWEPT = (
    {"layers": 3, "residual": True, "cell": "gru"},
    {"layers": 2, "residual": True, "cell": "lstm"},
    {"bidirectional": True, "cell": "lstm"},
    {"kind": "many-to-one", "head": "last", "layers": 2},
    {"kind": "one-to-many", "context_size": 3},
    {"cell": "jordan"},
    {"cell": "lstm", "layer_norm": True, "layers": 2},
    {"cell": "gru", "layer_norm": True, "bidirectional": True},
)
REPLAYED = (
    {"layers": 2, "bidirectional": True, "cell": "gru"},
    {"layers": 2, "dropout": 0.4},
    {"kind": "many-to-one", "head": "mean", "cell": "lstm"},
    {"kind": "many-to-one", "head": "max"},
    {"kind": "many-to-one", "head": "last", "bidirectional": True},
    {"kind": "many-to-many", "cell": "lstm", "attention": "dot"},
    {"kind": "many-to-many", "cell": "gru", "attention": "additive", "bidirectional": True},
)


def name_of(options):
    return "-".join(map(str, options.values()))


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("options", SWEPT, ids=name_of)
def test_the_sweep_and_the_replay_agree(engine_trace, options, ragged):
    trace = engine_trace(options, ragged=ragged)
    assert can_sweep(trace)
    for layer in range(trace.spec.layers):
        for direction in trace.spec.directions():
            name = f"l{layer}{direction}"
            found = contributions(trace, name, row=1)
            n = len(found.log10_norm)
            g = itemised(trace, 1, (f"h_{name}",), output_gradients(trace, 1))[f"h_{name}"]
            norms = np.linalg.norm(g[:n, :n], axis=-1)
            np.testing.assert_allclose(10**found.log10_norm, norms, rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("options", REPLAYED, ids=name_of)
def test_every_loss_has_its_part_in_the_total_gradient(engine_trace, options, ragged):
    trace = engine_trace(options, ragged=ragged)
    assert not can_sweep(trace)
    for prefix in trace.spec.prefixes:
        counted = counted_steps(trace, prefix)[:, 1]
        for name in trace.spec.layer_names(prefix):
            found = contributions(trace, f"{prefix}{name}", row=1)
            total = np.linalg.norm(trace[f"dL_d{prefix}h_{name}"][counted, 1], axis=-1)
            np.testing.assert_allclose(
                found.projections().sum(axis=0), total, rtol=1e-9, atol=1e-15
            )
            walked = walk_back(trace, 0, f"{prefix}{name}", row=1)
            np.testing.assert_allclose(walked.log10_norm, found.log10_norm[0], atol=1e-12)


def test_a_loss_of_the_decoder_reaches_the_inputs_of_the_encoder(engine_trace):
    trace = engine_trace({"kind": "many-to-many", "attention": "general", "input_kind": "vector"})
    found = memory(trace, row=2)
    assert found.raw.shape == (4, 6)

    def logit(step):
        x = np.array(trace["encoder_x"])
        x[5, 2, 1] += step
        y = replay(Trace(trace.spec, {**trace.arrays, "encoder_x": x}))["logits"]
        return y[3, 2, trace["targets"][3, 2]]

    g = itemised(trace, 2, ("encoder_x",), np.eye(4)[trace["targets"][:, 2]])["encoder_x"]
    slope = (logit(1e-6) - logit(-1e-6)) / 2e-6
    assert g[3, 5, 1] == pytest.approx(slope, abs=1e-8)
    np.testing.assert_allclose(found.raw, np.linalg.norm(g, axis=-1), rtol=1e-12)


def test_memory_by_sweep_and_by_replay_agree(engine_trace):
    trace = engine_trace({"cell": "gru", "bidirectional": True}, ragged=True)
    swept = memory(trace, row=2)
    seeds = np.eye(4)[trace["targets"][:, 2]]
    g = itemised(trace, 2, ("x",), seeds)["x"][:5, :5]
    np.testing.assert_allclose(swept.raw, np.linalg.norm(g, axis=-1), rtol=1e-11)
    assert swept.active is not None
    there = g[:, np.arange(5), trace["tokens"][:5, 2]]
    np.testing.assert_allclose(swept.active, there, atol=1e-14)


def test_replayed_losses_report_progress_and_can_be_cancelled(engine_trace):
    trace = engine_trace({"kind": "many-to-one", "head": "mean"})
    with pytest.raises(Cancelled):
        contributions(trace, progress=lambda done, total: False)


def test_a_loss_that_is_not_there_is_named(engine_trace):
    trace = engine_trace({"kind": "many-to-many"})
    with pytest.raises(UserError, match="from 0 to 3"):
        walk_back(trace, 5)
