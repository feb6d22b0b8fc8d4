"""What must not matter: padding, windows longer than the sequence, seeds, tracing, buffers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

from rnnviz.engine import Batch, Network, Parameters, State, TraceRecorder, feed_back
from rnnviz.trace import ModelSpec
from rnnviz.trace.spec import Activation, CellKind
from tests.engine.models import Case, cases


def make(spec: ModelSpec, seed: int, dtype: type = np.float64) -> Network:
    return Network.create(spec, rng=np.random.default_rng(seed), dtype=dtype)


@settings(max_examples=40)
@given(cases(dropout=0.0))
def test_a_padded_batch_equals_its_sequences_one_by_one(case: Case) -> None:
    network, batch = make(case.spec, case.seed), case.batch()
    loss = network.loss_and_gradients(batch)
    gradients = network.grads.flat.copy()
    total, summed = 0.0, np.zeros_like(gradients)
    for b in range(case.size):
        length = case.steps if batch.lengths is None else int(batch.lengths[b])
        out = length if case.spec.kind != "many-to-many" else batch.output_steps
        assert batch.targets is not None
        single: dict[str, Any] = {"targets": batch.targets[:out, b : b + 1]}
        for name in ("tokens", "x"):
            value = getattr(batch, name)
            if value is not None:
                single[name] = value[:length, b : b + 1]
        if batch.mask is not None:
            single["mask"] = batch.mask[:out, b : b + 1]
        if batch.decoder_tokens is not None:
            single["decoder_tokens"] = batch.decoder_tokens[:, b : b + 1]
        if batch.context is not None:
            single["context"] = batch.context[b : b + 1]
        total += network.loss_and_gradients(Batch(**single)) / case.size
        summed += network.grads.flat / case.size
    assert loss == pytest.approx(total, rel=1e-11, abs=1e-12)
    assert np.abs(gradients - summed).max() <= 1e-11 * max(1.0, np.abs(summed).max())


@settings(max_examples=40)
@given(cases())
def test_the_same_seed_gives_the_same_bits_traced_or_not(case: Case) -> None:
    batch = case.batch(np.float32)
    one, other = make(case.spec, 3, np.float32), make(case.spec, 3, np.float32)
    loss = one.loss_and_gradients(batch, rng=np.random.default_rng(1))
    trace = other.trace(batch, rng=np.random.default_rng(1))
    assert loss == float(trace["loss_total"])
    assert np.array_equal(one.grads.flat, other.grads.flat)
    for name, gradient in one.grads.items():
        assert np.array_equal(trace[f"dL_d{name}"], gradient), name
    assert loss == one.loss_and_gradients(batch, rng=np.random.default_rng(1))


@settings(max_examples=25)
@given(cases(dropout=0.0))
def test_a_trace_is_consistent_with_itself(case: Case) -> None:
    network = make(case.spec, case.seed)
    trace = network.trace(case.batch())
    assert np.allclose((trace["loss_mask"] * trace["loss"]).sum(), trace["loss_total"])
    assert all(np.isfinite(trace[name]).all() for name in trace)
    if "probs" in trace:
        assert np.allclose(trace["probs"].sum(axis=-1), 1.0)
    if "attention" in trace:
        assert np.allclose(trace["attention"].sum(axis=-1), 1.0)
    for prefix in case.spec.prefixes:
        for name in case.spec.layer_names(prefix):
            h = trace[f"{prefix}h_{name}"]
            assert h.shape[1:] == (case.size, case.spec.hidden_size)
            assert trace[f"dL_d{prefix}h_{name}"].shape == h.shape
            assert trace[f"step_norm_{prefix}W_xh_{name}"].shape == h.shape[:1]


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
def test_a_window_as_long_as_the_sequence_cuts_nothing(cell: str) -> None:
    spec = ModelSpec(input_size=4, hidden_size=5, output_size=4, cell=cell)  # type: ignore[arg-type]  # parametrised
    network, rng = make(spec, 0), np.random.default_rng(0)
    batch = Batch(tokens=rng.integers(0, 4, (6, 2)), targets=rng.integers(0, 4, (6, 2)))
    network.loss_and_gradients(batch)
    full = network.grads.flat.copy()
    network.loss_and_gradients(batch, window=6)
    assert np.array_equal(network.grads.flat, full)
    network.loss_and_gradients(batch, window=2)
    assert not np.allclose(network.grads.flat, full)


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
@pytest.mark.parametrize("layer_norm", [False, True])
@pytest.mark.parametrize("size", [1, 3])
def test_windows_in_one_pass_equal_passes_that_carry_the_state(
    cell: str, layer_norm: bool, size: int
) -> None:
    if cell == "jordan" and layer_norm:
        pytest.skip("the jordan cell has no layer normalisation")
    spec = ModelSpec(input_size=4, hidden_size=5, output_size=4, cell=cell, layer_norm=layer_norm)  # type: ignore[arg-type]  # parametrised
    network, rng = make(spec, 0), np.random.default_rng(0)
    tokens, targets = rng.integers(0, 4, (6, size)), rng.integers(0, 4, (6, size))
    trace = network.trace(Batch(tokens=tokens, targets=targets), window=2)
    assert trace["cuts"].tolist() == [2, 4]
    summed, state = np.zeros_like(network.grads.flat), None
    for start in (0, 2, 4):
        part = slice(start, start + 2)
        network.loss_and_gradients(Batch(tokens=tokens[part], targets=targets[part]), state)
        state = network.final_state
        summed += network.grads.flat
    flat = Parameters(network.params.shapes, np.float64)
    for name in network.params:
        flat[name][...] = trace[f"dL_d{name}"]
    assert np.abs(flat.flat - summed).max() <= 1e-12 * np.abs(summed).max()


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_a_stack_equals_its_layers_run_by_hand(cell: str) -> None:
    deep = make(ModelSpec(input_size=3, hidden_size=4, output_size=2, cell=cell, layers=2), 1)  # type: ignore[arg-type]  # parametrised
    rng = np.random.default_rng(1)
    tokens, targets = rng.integers(0, 3, (5, 2)), rng.integers(0, 2, (5, 2))
    whole = deep.trace(Batch(tokens=tokens, targets=targets))
    upper = make(
        ModelSpec(input_size=4, hidden_size=4, output_size=2, cell=cell, input_kind="vector"),  # type: ignore[arg-type]  # parametrised
        1,
    )
    for name in upper.params:
        upper.params[name][...] = deep.params[name.replace("_l0", "_l1")]
    part = upper.trace(Batch(x=whole["h_l0"], targets=targets))
    assert np.abs(part["logits"] - whole["logits"]).max() <= 1e-14
    assert np.abs(part["dL_dx"] - whole["dL_dh_direct_l0"]).max() <= 1e-14


@settings(max_examples=25)
@given(cases(dropout=0.0, bidirectional=False))
def test_stepping_equals_a_whole_pass(case: Case) -> None:
    spec = case.spec
    if spec.head in ("mean", "max"):
        return
    network, batch = make(spec, case.seed), case.batch()
    expected = network.outputs(batch)
    if spec.kind == "many-to-many":
        state, inputs = network.encode(batch), batch.decoder_tokens
    else:
        state, inputs = network.start(batch), batch.x if batch.tokens is None else batch.tokens
    assert inputs is not None
    for t, given_input in enumerate(inputs):
        logits, state = network.step(given_input, state)
        alive = np.ones(case.size, dtype=bool)
        if batch.lengths is not None and spec.kind != "many-to-many":
            alive = t < batch.lengths
        assert np.abs(logits - expected[t])[alive].max(initial=0.0) <= 1e-12


def test_full_teacher_forcing_changes_nothing_and_none_feeds_back_what_was_said() -> None:
    spec = ModelSpec(input_size=4, hidden_size=5, output_size=4)
    network, rng = make(spec, 0), np.random.default_rng(0)
    batch = Batch(tokens=rng.integers(0, 4, (7, 3)), targets=rng.integers(0, 4, (7, 3)))
    assert feed_back(network, batch, 1.0, rng) is batch
    free = feed_back(network, batch, 0.0, rng)
    said = network.outputs(free).argmax(axis=-1)
    assert free.tokens is not None
    assert np.array_equal(free.tokens[1:], said[:-1])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "jordan"])
def test_a_trace_made_after_an_update_shows_the_pass_before_it(cell: Any) -> None:
    network = make(ModelSpec(input_size=4, hidden_size=5, output_size=4, cell=cell), 0)
    batch = Batch(tokens=np.zeros((4, 2), int), targets=np.ones((4, 2), int))
    recorder = TraceRecorder(network)
    recorder.capture(batch)
    before = recorder.trace()
    updated = network.params.flat * 2.0
    network.params.flat[:] = updated
    after = recorder.trace()
    for name in before:
        np.testing.assert_array_equal(before[name], after[name], err_msg=name)
    np.testing.assert_array_equal(network.params.flat, updated)


@pytest.mark.parametrize("size", [1, 3])
def test_what_a_trace_computes_once_more_is_what_the_pass_computed(size: int) -> None:
    rounding = 1e-6
    network = make(ModelSpec(input_size=4, hidden_size=20, output_size=4), 0, np.float32)
    tokens = np.random.default_rng(1).integers(0, 4, (30, size))
    trace = network.trace(Batch(tokens=tokens[:-1], targets=tokens[1:]), window=11)
    h = trace["h_l0"]
    np.testing.assert_allclose(np.tanh(trace["a_l0"]), h, rtol=0, atol=rounding)
    through = (1.0 - np.square(h)) * trace["dL_dh_l0"]
    np.testing.assert_allclose(through, trace["dL_da_l0"], rtol=0, atol=rounding)


@pytest.mark.parametrize("cell", ["rnn", "jordan"])
@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_a_state_that_grows_without_bound_stays_finite_in_padding(
    cell: CellKind, activation: Activation
) -> None:
    spec = ModelSpec(input_size=2, hidden_size=2, output_size=2, cell=cell, activation=activation)
    network = make(spec, 0, np.float32)
    recurrent = {"W_yh_l0", "W_hy"} if cell == "jordan" else {"W_hh_l0"}
    for name in recurrent:
        network.params[name][...] = 9.0 ** (1 / len(recurrent)) * np.eye(2)
    network.params["b_h_l0"][...] = 1.0
    batch = Batch(
        tokens=np.zeros((80, 2), int), targets=np.zeros((80, 2), int), lengths=np.array([3, 20])
    )
    assert np.isfinite(network.loss_and_gradients(batch))
    assert np.isfinite(network.grads.flat).all()


def test_states_are_selected_by_sequence() -> None:
    state = State({"h_l0": np.arange(6.0).reshape(3, 2)})
    assert state.select(np.array([2, 0, 2]))["h_l0"][:, 0].tolist() == [4.0, 0.0, 4.0]


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("size", [1, 2])
def test_a_vanished_gradient_is_zero_and_never_subnormal(cell: str, size: int) -> None:
    spec = ModelSpec(input_size=3, hidden_size=8, output_size=2, kind="many-to-one", cell=cell)  # type: ignore[arg-type]  # parametrised
    network, rng = make(spec, 0, np.float32), np.random.default_rng(0)
    for name in ("W_hh_l0", "W_xh_l0", "b_h_l0"):
        network.params[name][...] *= 0.1
    batch = Batch(tokens=rng.integers(0, 3, (400, size)), targets=np.zeros(size, int))
    trace = network.trace(batch)
    norms = np.abs(trace["dL_dh_l0"]).max(axis=(1, 2))
    assert norms[-1] > 0.0
    assert norms[0] == 0.0
    vanished = np.flatnonzero(norms)[0]
    assert (norms[vanished:] > 0.0).all()
    exact = make(spec, 0, np.float64)
    exact.params.flat[:] = network.params.flat
    exact.loss_and_gradients(batch)
    error = np.abs(network.grads.flat - exact.grads.flat).max()
    assert error <= 1e-5 * np.abs(exact.grads.flat).max()


@settings(max_examples=40)
@given(cases(dropout=0.0, residual=False, attention="none"))
def test_outputs_are_what_the_head_makes_of_the_states_in_padding_too(case: Case) -> None:
    assume(case.spec.head == "step")
    trace = make(case.spec, case.seed).trace(case.batch())
    prefix, top = case.spec.prefixes[-1], case.spec.layers - 1
    states = [trace[f"{prefix}h_l{top}{way}"] for way in case.spec.directions(prefix)]
    expected = np.concatenate(states, axis=-1) @ trace["W_hy"].T + trace["b_y"]
    np.testing.assert_allclose(trace["logits"], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "jordan"])
@pytest.mark.parametrize("steps", [2, 9])
@pytest.mark.parametrize("size", [1, 3])
def test_a_bias_gets_the_sum_of_what_its_steps_get(cell: Any, steps: int, size: int) -> None:
    network = make(ModelSpec(input_size=11, hidden_size=5, output_size=11, cell=cell), 0)
    tokens = np.random.default_rng(2).integers(0, 11, (steps + 1, size))
    lengths = np.arange(steps, steps - size, -1).clip(1)
    trace = network.trace(Batch(tokens=tokens[:-1], targets=tokens[1:], lengths=lengths))
    expected = trace["dL_da_l0"].sum(axis=(0, 1))
    np.testing.assert_allclose(trace["dL_db_h_l0"], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("size", [1, 3])
def test_symbols_too_many_for_a_dense_product_get_the_gradient_that_one_hot_vectors_get(
    cell: Any, size: int
) -> None:
    words = 300
    ids = np.random.default_rng(2).integers(0, words, (2, 9, size))
    ids[0, 3:6] = 7  # the same symbol several times over
    read = make(ModelSpec(input_size=words, hidden_size=4, output_size=words, cell=cell), 0)
    spelled = Network(replace(read.spec, input_kind="vector"), read.params)
    loss = read.loss_and_gradients(Batch(tokens=ids[0], targets=ids[1]))
    one_hot = Batch(x=np.eye(words)[ids[0]], targets=ids[1])
    assert loss == pytest.approx(spelled.loss_and_gradients(one_hot), rel=1e-13)
    for name, gradient in read.grads.items():
        np.testing.assert_allclose(gradient, spelled.grads[name], rtol=0, atol=1e-14, err_msg=name)
