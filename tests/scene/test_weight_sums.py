"""What W has collected when the first step is reached is its whole gradient, in every cell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import weight_sums, weights
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.norms import carried_cell_norms, fed_back_norms
from rnnviz.scene.graph.weight_sums import _sums_in_blocks, partial_sums, recurrent_name
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.session import Run, RunConfig
from rnnviz.session.config import ModelOptions
from rnnviz.trace import Trace

MODELS: dict[str, dict[str, Any]] = {
    "vanilla": {"cell": "rnn"},
    "relu": {"cell": "rnn", "activation": "relu"},
    "linear": {"cell": "rnn", "activation": "linear"},
    "jordan": {"cell": "jordan"},
    "lstm": {"cell": "lstm"},
    "peepholes": {"cell": "lstm", "peepholes": True},
    "gru": {"cell": "gru"},
    "gru, normalised": {"cell": "gru", "layer_norm": True},
    "lstm, normalised": {"cell": "lstm", "layer_norm": True},
    "vanilla, normalised": {"cell": "rnn", "layer_norm": True},
    "gru, learned start": {"cell": "gru", "learned_state": True, "layers": 2},
}


def trace_of(task: str, **options: Any) -> Trace:
    model = ModelOptions(**{"hidden_size": 6} | options)
    return Run.create(RunConfig(task=task, dtype="float64", model=model)).train(5).traced_step()


def check(trace: Trace) -> None:
    for prefix in trace.spec.prefixes:
        for layer in trace.spec.layer_names(prefix):
            name = f"{prefix}{recurrent_name(trace)}_{layer}"
            sums = partial_sums(trace, layer, prefix)
            assert sums, name
            assert sums[-1] == pytest.approx(float(np.linalg.norm(trace[f"dL_d{name}"])), rel=1e-9)
            shares = trace[f"step_norm_{name}"]
            first = shares[0] if layer.endswith("_reverse") else shares[-1]
            assert sums[0] == pytest.approx(float(first), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("name", MODELS)
def test_every_gate_row_of_every_cell_is_in_the_sum(name: str) -> None:
    check(trace_of("hello", **MODELS[name]))


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_both_directions_of_padded_batches_are_in_the_sum(cell: str) -> None:
    check(trace_of("sentiment", cell=cell, bidirectional=True, learned_state=True))


def test_encoder_and_decoder_have_a_sum_of_their_own() -> None:
    check(trace_of("translation", cell="gru"))


@pytest.mark.parametrize("peepholes", [False, True])
def test_the_highway_of_c_carries_what_does_not_come_through_h(peepholes: bool) -> None:
    trace = trace_of("hello", cell="lstm", peepholes=peepholes)
    dh, dc, o, c, da = (trace[f"{n}_l0"][:, 0] for n in ("dL_dh", "dL_dc", "o", "c", "dL_da"))
    through_h = dh * o * (1 - np.tanh(c) ** 2)
    if peepholes:
        through_h = through_h + trace["w_co_l0"] * da[:, -c.shape[1] :]
    wanted = np.linalg.norm(dc - through_h, axis=1)
    np.testing.assert_allclose(carried_cell_norms(trace, "l0", "", 0), wanted, atol=1e-12)


def test_a_jordan_networks_outputs_get_what_is_not_their_own_loss() -> None:
    trace = trace_of("hello", cell="jordan")
    own = trace["probs"][:, 0].copy()
    own[np.arange(len(own)), trace["targets"][:, 0]] -= 1.0
    wanted = np.linalg.norm(trace["dL_dlogits"][:, 0] - own, axis=1)
    np.testing.assert_allclose(fed_back_norms(trace, "l0", 0), wanted, atol=1e-12)


@pytest.mark.parametrize(("steps", "batch"), [(300, 1), (128, 1), (129, 1), (70, 5), (9, 200)])
def test_in_blocks_the_sums_are_those_of_one_matrix_that_grows(
    steps: int, batch: int, rng: np.random.Generator
) -> None:
    dv, before = rng.normal(size=(steps, batch, 7)), rng.normal(size=(steps, batch, 4))
    total, wanted = np.zeros((7, 4)), []
    for a, h in zip(dv, before, strict=True):
        total += a.T @ h
        wanted.append(np.linalg.norm(total))
    np.testing.assert_allclose(_sums_in_blocks(dv, before), wanted, rtol=1e-10)


def _backward(trace: Trace, steps: int) -> ViewState:
    """The state after so many steps of the backward pass."""
    timeline = Timeline(trace)
    column = trace.columns - steps
    done = timeline.last_of(timeline.index_of("backward", column, "state", "l0")) + 1.0
    axis = TimeAxis.fitted(trace.columns, 118.0, 800.0)
    return ViewState(trace, timeline, cursor_at(timeline, done), axis, LIGHT)


def test_a_pass_that_is_too_large_to_sum_up_on_the_way_says_so_and_tells_the_whole_at_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trace = trace_of("hello", cell="lstm")
    on_the_way, at_the_end = _backward(trace, 2), _backward(trace, trace.columns)
    whole = float(np.linalg.norm(trace["dL_dW_hh_l0"]))
    for state, most in ((on_the_way, 10**9), (on_the_way, 0), (at_the_end, 0)):
        monkeypatch.setattr(weight_sums, "MOST_PRODUCTS", most)
        layout = layout_of(trace, state.axis, 1200.0, 560.0)
        words = weights.weight_note(state, layout, state.cursor.done)
        if most:
            assert "so far" in words[0]
        elif state is on_the_way:
            assert "when all are in" in words[0]
        else:
            assert f"= {short(whole)}" in words[0]
            assert weight_sums.collected(
                state, layout.states[0], trace.parts[0], state.cursor.done
            ) == pytest.approx((whole, whole))


@pytest.mark.parametrize(
    ("cell", "steps", "size", "known"),
    [("lstm", 1000, 512, True), ("vanilla", 10_000, 128, True), ("vanilla", 10_000, 512, False)],
)
def test_sums_are_known_on_the_way_up_to_a_thousand_steps_of_an_lstm_with_512_units(
    cell: str, steps: int, size: int, known: bool
) -> None:
    rows = size * (4 if cell == "lstm" else 1)
    assert (weight_sums._products(steps, 1, rows, size) <= weight_sums.MOST_PRODUCTS) == known


def test_a_pass_that_lacks_what_the_sum_takes_is_not_called_too_large() -> None:
    trace = trace_of("hello", cell="lstm")
    bare = replace(trace, arrays={name: trace[name] for name in trace if name != "dL_da_l0"})
    state = _backward(bare, 2)
    layout = layout_of(bare, state.axis, 1200.0, 560.0)
    assert weights.weight_note(state, layout, state.cursor.done) == ()
