"""What the figures show is what `rnnviz.analysis` computes, and every figure can be drawn."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis import (
    Edit,
    contributions,
    memory,
    recurrent_shares,
    step_jacobians,
    walk_back,
    what_if,
    with_largest_singular_value,
)
from rnnviz.analysis.health import health
from rnnviz.analysis.norms import log10_norms
from rnnviz.app.lab.catalog import figures
from rnnviz.app.lab.measure_gradients import FlowKeeper, measure_causes, measure_flow
from rnnviz.app.lab.measure_hand import HandKeeper
from rnnviz.app.lab.measure_health import measure_health
from rnnviz.app.lab.measure_matches import MatchKeeper
from rnnviz.app.lab.measure_spectra import SpectrumKeeper, measure_jacobians
from rnnviz.app.lab.measure_states import measure_clipping, measure_memory
from rnnviz.app.lab.measure_what_if import WhatIfKeeper
from rnnviz.app.lab.request import Request
from rnnviz.scene.lab.hand import hand_picture
from rnnviz.scene.lab.health import health_picture
from rnnviz.scene.lab.jacobians import jacobians_picture
from rnnviz.scene.theme import LIGHT
from rnnviz.session.config import ModelOptions, RunConfig
from rnnviz.session.run import Run
from tests.app.lab.requests import go, request_of, run_of
from tests.scene.label_boxes import faults


def test_the_norms_per_step_are_those_of_the_trace() -> None:
    request = request_of(run_of(cell="lstm", hidden_size=5))
    flow = measure_flow(request, go)
    trace = request.trace
    for each in flow.norms:
        expected = np.linalg.norm(trace[f"dL_d{each.part}_l0"][:, 0], axis=1)
        np.testing.assert_allclose(10**each.log10, expected, rtol=1e-5)
    assert {each.part for each in flow.norms} == {"h", "c"}
    norms, shares = recurrent_shares(trace)
    np.testing.assert_array_equal(flow.share, shares)
    np.testing.assert_allclose(10**flow.share_log10, norms)
    assert flow.share.sum() == pytest.approx(1.0)


def test_the_matrix_is_that_of_the_analysis() -> None:
    request = request_of(run_of(cell="gru", hidden_size=4))
    causes = measure_causes(request, go)
    found = contributions(request.trace)
    np.testing.assert_array_equal(causes.log10, found.log10_norm)
    np.testing.assert_array_equal(causes.shares, found.shares)
    # The pass is in float32: how near to one the sum comes depends on the BLAS kernel.
    np.testing.assert_allclose(causes.shares.sum(axis=0), 1.0, rtol=1e-6)


def test_the_jacobians_are_those_of_the_analysis_and_the_bound_is_above_the_truth() -> None:
    request = request_of(run_of(hidden_size=6))
    spectra = measure_jacobians(request, go)
    expected = np.linalg.svd(step_jacobians(request.trace), compute_uv=False)
    np.testing.assert_allclose(spectra.singular, expected)
    assert (spectra.bound_log10 >= spectra.product_log10 - 1e-9).all()


@pytest.mark.parametrize("layer", ["l0", "l0_reverse"])
def test_products_begin_at_the_state_asked_for_and_end_where_the_layer_ends(layer: str) -> None:
    run = Run.create(
        RunConfig(task="brackets", model=ModelOptions(hidden_size=4, bidirectional=True), seed=2)
    )
    trace = run.trace()
    jacobians = step_jacobians(trace, layer)
    n = len(jacobians)
    for origin in (0, 2, n - 1, 10_000):
        request = Request(trace, layer, 0, {"origin": origin}, run.config, run.history)
        spectra = measure_jacobians(request, go)
        first = min(origin, n - 1)
        product = np.eye(jacobians.shape[1])
        for jacobian in jacobians[first:]:
            product = jacobian @ product
        assert 10 ** spectra.whole[0] == pytest.approx(np.linalg.norm(product, 2), rel=1e-6)
        assert spectra.whole[1] >= spectra.whole[0] - 1e-9
        assert np.isnan(spectra.product_log10).sum() == first
        picture = jacobians_picture(spectra, LIGHT, 300.0, 3)
        assert faults(picture) == []


@pytest.mark.parametrize(
    ("model", "decides"),
    [
        ({}, ""),
        ({"cell": "jordan"}, ""),
        ({"cell": "gru"}, "the gates decide, too"),
        ({"layer_norm": True}, "the norm decides, too"),
    ],
)
def test_what_decides_beside_the_weights_is_named_and_no_slope_is_blamed(
    model: dict[str, object], decides: str
) -> None:
    request = request_of(run_of(**model))
    assert SpectrumKeeper().measure(request, go).decides_too == decides
    assert (HandKeeper().measure(request, go).made.slope is None) == bool(decides)


def test_memory_is_that_of_the_analysis() -> None:
    request = request_of(run_of())
    found = measure_memory(request, go)
    np.testing.assert_array_equal(found.log10, memory(request.trace).log10)


def test_norms_far_below_any_float_square_are_right() -> None:
    vectors = np.array([[3e-180, 4e-180], [0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(log10_norms(vectors), [np.log10(5.0) - 180, -np.inf, np.log10(5.0)])


def test_a_float32_pass_that_has_run_out_is_walked_back_with_exponents() -> None:
    run = Run.create(RunConfig(task="sine", model=ModelOptions(cell="rnn", hidden_size=8)))
    run.net.params["W_hh_l0"][...] *= 1e-6
    request = request_of(run)
    (norms,) = measure_flow(request, go).norms
    recorded = np.linalg.norm(request.trace["dL_dh_l0"][:, 0].astype(np.float64), axis=1)
    assert request.trace["h_l0"].dtype == np.float32
    assert (recorded == 0).any()
    np.testing.assert_array_equal(norms.log10, contributions(request.trace).log10_total)
    assert norms.log10.min() < -46  # beyond the smallest denormal of float32
    assert np.isfinite(norms.log10).all()


def test_by_hand_untouched_is_the_pass_itself_and_scaled_is_a_pass_with_that_weight() -> None:
    run = run_of(hidden_size=5)
    request = request_of(run, loss="all", measure="sigma", strength=0.5)
    hand = HandKeeper().measure(request, go)
    trace = request.trace
    real = np.linalg.norm(trace["dL_dh_l0"][:, 0], axis=1)
    np.testing.assert_allclose(10**hand.real.log10, real, rtol=1e-4)
    assert hand.made.sigma == pytest.approx(0.5)
    assert hand.real.slope == pytest.approx(
        float((1 - request.trace["h_l0"] ** 2).mean()), rel=1e-5
    )
    weight = with_largest_singular_value(trace["W_hh_l0"].astype(np.float64), 0.5)
    edits = [
        Edit(name="W_hh_l0", index=(i, j), value=float(weight[i, j]))
        for i in range(5)
        for j in range(5)
    ]
    after = what_if(trace, edits).after
    expected = np.linalg.norm(after["dL_dh_l0"][:, 0], axis=1)
    np.testing.assert_allclose(10**hand.made.log10, expected, rtol=1e-5)
    assert hand.made.loss == pytest.approx(float(after["loss_total"]))


@pytest.mark.parametrize(
    "model", [{"cell": "jordan"}, {"learned_state": True}, {"cell": "lstm", "learned_state": True}]
)
def test_by_hand_starts_from_what_the_window_before_handed_on(model: dict[str, object]) -> None:
    run = Run.create(RunConfig(task="text", model=ModelOptions(**model), seed=2))
    run.train(3)
    request = request_of(run, loss="all")
    hand = HandKeeper().measure(request, go)
    assert hand.real.loss == pytest.approx(float(request.trace["loss_total"]), rel=1e-5)
    total = np.linalg.norm(request.trace["dL_dh_l0"][:, 0], axis=1)
    np.testing.assert_allclose(10**hand.real.log10, total, rtol=1e-3)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_last_loss_alone_is_its_walk_back(cell: str) -> None:
    request = request_of(run_of(cell=cell), loss="last")
    hand = HandKeeper().measure(request, go)
    expected = walk_back(request.trace, 3).log10_norm
    np.testing.assert_allclose(hand.real.log10, expected, atol=1e-4)


def test_by_hand_writes_the_name_of_a_gated_cell_as_the_window_does() -> None:
    found = HandKeeper().measure(request_of(run_of(cell="lstm"), loss="last"), go)
    picture = hand_picture(found, LIGHT, 900.0)
    assert ", LSTM, L =" in picture.summary


@pytest.mark.parametrize("layer", ["encoder_l0", "decoder_l0"])
def test_by_hand_works_on_either_part_of_an_encoder_decoder(layer: str) -> None:
    run = Run.create(
        RunConfig(task="translation", model=ModelOptions(hidden_size=6, attention="dot"), seed=1)
    )
    run.train(2)
    trace = run.traced_step()
    keeper = HandKeeper()
    options = {"measure": "trained", "loss": "all"}
    request = Request(trace, layer, 1, options, run.config, run.history)
    untouched = keeper.measure(request, go)
    np.testing.assert_allclose(untouched.made.log10, untouched.real.log10)
    # The copy holds one sequence: its loss is the mean over one, not over the batch.
    n = len(untouched.real.log10)
    whole = np.linalg.norm(trace[f"dL_d{layer.replace('_', '_h_')}"][:n, 1], axis=1)
    expected = np.log10(whole * trace.batch_size)
    np.testing.assert_allclose(untouched.real.log10, expected, atol=1e-3)
    scaled = keeper.measure(
        Request(trace, layer, 1, {"measure": "sigma", "strength": 2.0}, run.config), go
    )
    assert scaled.made.sigma == pytest.approx(2.0)
    assert not np.allclose(scaled.made.log10, scaled.real.log10)


def test_the_places_of_a_match_in_a_decoder_are_its_own_words() -> None:
    run = Run.create(RunConfig(task="translation", model=ModelOptions(hidden_size=8), seed=1))
    trace = run.trace()
    options = {"start": 1, "stop": 2, "threshold": 0.05}
    request = Request(trace, "decoder_l0", 0, options, run.config, run.history)
    found = MatchKeeper().measure(request, go)
    assert found.places
    for place in found.places:
        read = trace.labels.decoder_inputs[place.row][place.start : place.stop]
        assert place.inside == "".join(read) or set(place.inside.split()) <= set(read), place


def test_between_updates_the_clipping_of_the_last_one_is_shown() -> None:
    run = run_of(hidden_size=4)
    run.train(5)
    request = Request(run.trace(), "l0", 0, {}, run.config, run.history)
    assert request.trace.update is None
    found = measure_clipping(request, go)
    row = run.history.last
    assert row is not None
    assert found.update_of == run.iteration
    assert found.before == pytest.approx(row.grad_norm)
    assert min(found.before, found.threshold or np.inf) == pytest.approx(row.clipped_norm)


def test_health_is_that_of_the_analysis_and_its_updates_those_of_the_run() -> None:
    run = run_of(hidden_size=4)
    run.train(60)
    request = Request(run.trace(), "l0", 0, {}, run.config, run.history)
    found, expected = measure_health(request, go), health(request.trace)
    assert found.mean_loss == pytest.approx(expected.mean_loss)
    assert found.baseline == pytest.approx(np.log(4))
    assert [name for name, _ in found.gradients] == [
        name.removesuffix("_l0") for name in expected.grad_norms
    ]
    sizes = run.history.column("update_norm") / run.history.column("param_norm")
    measured = np.flatnonzero(np.isfinite(sizes))
    np.testing.assert_allclose(10**found.ratio_log10, sizes[measured])
    assert found.update_log10 == pytest.approx(np.log10(sizes[measured[-1]]))
    trained = measure_health(request_of(run), go)
    assert trained.update_log10 is not None
    for width in (250.0, 640.0):
        assert faults(health_picture(found, LIGHT, width)) == []


def test_by_hand_repeats_the_input_to_the_length_asked_for() -> None:
    hand = HandKeeper().measure(request_of(run_of(), steps=30), go)
    assert len(hand.made.log10) == 30
    assert hand.repeated


def test_a_what_if_shows_the_difference_that_the_analysis_finds() -> None:
    request = request_of(run_of())
    edit = Edit(name="h_l0", step=1, index=(0,), row=0, value=0.9)
    keeper = WhatIfKeeper()
    shown = keeper.measure(
        Request(request.trace, "l0", 0, {"base": request.trace, "edits": (edit,)}), go
    )
    expected = what_if(request.trace, [edit])
    np.testing.assert_allclose(shown.change, expected.difference("h_l0")[:, 0], atol=1e-12)
    np.testing.assert_allclose(shown.divergence, expected.kl()[:, 0], atol=1e-12)
    assert shown.change[1, 0] != 0
    assert (shown.change[0] == 0).all()


def test_the_history_keeps_what_was_shown_and_forgets_a_future_that_was_left() -> None:
    run, keeper = run_of(), FlowKeeper()
    for _ in range(3):
        found = keeper.measure(request_of(run), go)
    assert found.iterations == (4, 5, 6)
    run.travel(4)
    found = keeper.measure(request_of(run), go)
    assert found.iterations == (4, 5)


EVERY = [each.id for each in figures()]
MODELS = {
    "hello": {},
    "lstm": {"cell": "lstm", "hidden_size": 12},
    "stacked gru": {"cell": "gru", "hidden_size": 9, "layers": 2},
    "both ways": {"cell": "rnn", "hidden_size": 4, "bidirectional": True},
}


NEED_GRADIENTS = ("flow", "history", "causes", "by-hand", "memory", "clipping")
