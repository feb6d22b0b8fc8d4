from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis import walk_back
from rnnviz.analysis.analyze import analyze
from rnnviz.analysis.contributions import contributions
from rnnviz.analysis.vanishing import (
    at_strength,
    with_largest_singular_value,
    with_spectral_radius,
)
from rnnviz.analysis.weights import spectrum, weight_spectra
from rnnviz.trace import UserError


def test_eigenvalues_and_singular_values_are_kept_apart():
    shear = np.array([[0.5, 10.0], [0.0, 0.5]])
    found = spectrum("W_hh", shear)
    assert found.spectral_radius == pytest.approx(0.5)
    assert found.largest_singular_value > 10.0
    assert found.verdict == "may explode"
    assert spectrum("W_hh", shear / 100).verdict == "vanishes"


def test_every_gate_has_a_spectrum_of_its_own(make_trace, cell):
    trace = make_trace(**cell)
    found = weight_spectra(trace)
    assert len(found) == max(1, len(trace.spec.gates))
    for each in found:
        assert (np.diff(np.abs(each.eigenvalues)) <= 1e-12).all()
        np.testing.assert_allclose(
            np.prod(np.abs(each.eigenvalues)), np.prod(each.singular_values), atol=1e-12
        )


@pytest.mark.parametrize("gates", [1, 3, 4])
def test_weights_take_the_strength_that_is_asked_for(gates):
    weight = np.random.default_rng(0).normal(size=(gates * 6, 6)).astype(np.float32)
    for block in with_largest_singular_value(weight, 1.25, gates).reshape(gates, 6, 6):
        assert np.linalg.norm(block, 2) == pytest.approx(1.25, rel=1e-5)
    scaled = with_spectral_radius(weight, 0.9, gates)
    assert scaled.dtype == np.float32
    for block in scaled.reshape(gates, 6, 6):
        assert np.abs(np.linalg.eigvals(block)).max() == pytest.approx(0.9, rel=1e-4)


def test_what_cannot_be_scaled_is_refused():
    with pytest.raises(UserError, match="above 0"):
        with_spectral_radius(np.eye(3), 0.0)
    with pytest.raises(UserError, match="zero"):
        with_largest_singular_value(np.zeros((3, 3)), 1.0)


@pytest.mark.parametrize("measure", ["singular value", "spectral radius"])
def test_a_pass_at_another_strength_is_computed_again(engine_trace, measure):
    trace = engine_trace({"cell": "gru", "layers": 2})
    again = at_strength(trace, 0.7, measure=measure)
    for layer in ("l0", "l1"):
        for each in weight_spectra(again, layer):
            found = each.spectral_radius
            if measure == "singular value":
                found = each.largest_singular_value
            assert found == pytest.approx(0.7)
    assert not np.allclose(again["dL_dh_l0"], trace["dL_dh_l0"])
    np.testing.assert_array_equal(again["W_xh_l0"], trace["W_xh_l0"])


def test_weaker_weights_make_the_past_vanish_faster(make_trace):
    trace = make_trace(T=20)
    reach = {
        target: contributions(at_strength(trace, target)).log10_norm[19, 0]
        for target in (0.3, 0.9, 1.5)
    }
    assert reach[0.3] < reach[0.9] < reach[1.5]
    assert reach[0.3] < 19 * np.log10(0.3) + 1


def test_the_activation_can_be_exchanged(make_trace):
    again = at_strength(make_trace(), 1.0, activation="relu")
    assert (again["h_l0"] >= 0).all()
    again = at_strength(make_trace(), 1.0, activation="linear")
    np.testing.assert_array_equal(again["h_l0"], again["a_l0"])
    with pytest.raises(UserError, match="fixed activations"):
        at_strength(make_trace(cell="lstm"), 1.0, activation="relu")
    with pytest.raises(UserError, match="not square"):
        at_strength(make_trace(cell="jordan"), 1.0)


@pytest.mark.parametrize("name", ["h_l0", "W_hh_l0"])
@pytest.mark.parametrize("what", ["jacobians", "contributions", "memory"])
def test_a_pass_that_is_not_finite_is_named_and_not_computed_with(make_trace, what, name):
    trace = make_trace(cell="rnn")
    broken = np.array(trace[name])
    broken.flat[0] = np.nan
    with pytest.raises(UserError, match=f"{name} holds values that are not finite"):
        analyze(trace.joined({name: broken}), what)


def test_weights_that_are_not_finite_have_no_spectrum(make_trace):
    trace = make_trace(cell="rnn")
    with pytest.raises(UserError, match="W_hh holds values that are not finite"):
        analyze(trace.joined({"W_hh_l0": np.full_like(trace["W_hh_l0"], np.inf)}), "weights")


def test_states_that_are_not_finite_have_no_principal_axes(make_trace):
    trace = make_trace(cell="rnn")
    states = np.array(trace["h_l0"])
    states[1] = np.inf
    with pytest.raises(UserError, match="not finite"):
        analyze(trace.joined({"h_l0": states}), "trajectory")


def test_a_word_gets_no_response_from_states_that_are_not_finite(make_trace):
    trace = make_trace(cell="rnn", input_kind="one-hot")
    states = np.full_like(trace["h_l0"], np.nan)
    tokens = np.zeros(states.shape[:2], np.int64)
    with pytest.raises(UserError, match="h_l0 holds values that are not finite"):
        analyze(trace.joined({"h_l0": states, "tokens": tokens}), "response")


def test_what_overflows_is_infinite_and_no_warning(make_trace):
    trace = make_trace(cell="rnn", dtype=np.float32)
    loud = {"loss_mask": np.full(trace["loss"].shape, 1e38, np.float32)}
    found = analyze(trace.joined(loud), "contributions")
    assert found


def test_the_way_back_through_a_linear_network_is_a_power_of_its_matrix(make_trace):
    trace = make_trace(T=30, activation="linear")
    found = walk_back(trace, 29)
    W, dL_dh = trace["W_hh_l0"].T, found.vectors[29]
    for t in range(28, -1, -1):
        dL_dh = W @ dL_dh
        np.testing.assert_allclose(found.vectors[t], dL_dh, rtol=1e-10, atol=1e-300)
