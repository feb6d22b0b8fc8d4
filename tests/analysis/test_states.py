"""Saturation, trajectory, response, matches: what can be read off the states alone."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.analysis.matches import find_matches, select_units
from rnnviz.analysis.response import expected_response
from rnnviz.analysis.saturation import saturation
from rnnviz.analysis.trajectory import aligned, principal_axes, trajectory
from rnnviz.trace import Trace, UserError


def test_saturation_counts_the_steps_at_each_end(make_trace):
    trace = make_trace(cell="lstm")
    f = np.full_like(trace["f_l0"], 0.5)
    f[:3, :, 0] = 0.05
    f[3:5, :, 0] = 0.95
    found = {s.name: s for s in saturation(Trace(trace.spec, {**trace.arrays, "f_l0": f}))}
    assert found["f_l0"].left[0] == pytest.approx(3 / 7)
    assert found["f_l0"].right[0] == pytest.approx(2 / 7)
    assert found["f_l0"].steps == 14
    assert set(found) == {"i_l0", "f_l0", "g_l0", "o_l0", "h_l0"}


def test_left_and_right_never_exceed_all_steps(make_trace, cell):
    for each in saturation(make_trace(scale=3.0, **cell)):
        assert (each.left + each.right <= 1.0 + 1e-12).all()


def test_padding_does_not_count_as_saturated(make_trace):
    trace = make_trace()
    h = np.array(trace["h_l0"])
    h[4:, 0] = 1.0
    h[:4] = 0.0
    h[4:, 1] = 0.0
    padded = Trace(trace.spec, {**trace.arrays, "h_l0": h, "lengths": np.array([4, 7])})
    (found,) = saturation(padded)
    assert not found.right.any()
    assert found.steps == 11


def test_thresholds_out_of_order_are_refused(make_trace):
    with pytest.raises(UserError, match="ordered"):
        saturation(make_trace(), low=0.9, high=0.1)


def test_principal_axes_explain_what_numpy_finds(make_trace):
    states = np.random.default_rng(0).normal(size=(50, 4)) * [5, 2, 1, 0.1]
    axes = principal_axes(states, 3)
    values = np.sort(np.linalg.eigvalsh(np.cov(states.T)))[::-1]
    np.testing.assert_allclose(axes.explained, values[:3] / values.sum())
    np.testing.assert_allclose(axes.directions @ axes.directions.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(axes.explained_here(states), axes.explained)


def test_points_are_measured_from_the_mean_of_the_states(make_trace):
    trace = make_trace(T=9)
    states = trace["h_l0"].reshape(-1, 5)
    found = trajectory(trace, components=5)
    spread = states - states.mean(axis=0)
    np.testing.assert_allclose(found.points.reshape(-1, 5).mean(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(found.points.reshape(-1, 5) @ found.axes.directions, spread)


def test_frozen_axes_keep_the_picture_and_say_what_they_still_explain(make_trace):
    first, later = make_trace(), make_trace(seed=5)
    frozen = trajectory(first).axes
    shown = trajectory(later, axes=frozen)
    assert shown.axes is frozen
    assert shown.explained.sum() < trajectory(later).explained.sum()
    assert shown.points.shape == (7, 2, 2)


def test_aligned_axes_do_not_flip_and_explain_as_much(make_trace):
    trace = make_trace(T=20)
    axes = trajectory(trace, components=3).axes
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
    turned = type(axes)(axes.center, turn @ axes.directions, (turn**2) @ axes.explained)
    back = aligned(turned, axes)
    np.testing.assert_allclose(back.directions, axes.directions, atol=1e-12)
    states = trace["h_l0"].reshape(-1, 5)
    np.testing.assert_allclose(back.explained_here(states), axes.explained, atol=1e-12)
    fitted = trajectory(trace, components=3, align_with=turned)
    np.testing.assert_allclose(fitted.axes.directions, turned.directions, atol=1e-10)


def test_padded_steps_have_no_point(make_trace):
    trace = make_trace()
    padded = Trace(trace.spec, {**trace.arrays, "lengths": np.array([4, 7])})
    points = trajectory(padded).points
    assert np.isnan(points[4:, 0]).all()
    assert np.isfinite(points[:, 1]).all()


def test_too_many_axes_are_refused(make_trace):
    with pytest.raises(UserError, match="not 9"):
        trajectory(make_trace(), components=9)
    with pytest.raises(UserError, match="same number"):
        aligned(principal_axes(np.eye(3), 1), principal_axes(np.eye(3), 2))


def test_expected_response_is_the_mean_change_at_a_token(make_trace):
    trace = make_trace(T=30, input_kind="one-hot")
    found = expected_response(trace)
    h = np.concatenate([trace["h0_l0"][None], trace["h_l0"]])
    change = np.diff(h, axis=0)
    for token, count, mean in zip(found.tokens, found.count, found.mean, strict=True):
        there = change[trace["tokens"] == token]
        assert count == len(there)
        np.testing.assert_allclose(mean, there.mean(axis=0), atol=1e-12)
    assert found.count.sum() == 60
    assert (np.diff(found.quantiles, axis=0) >= 0).all()


def test_a_model_without_tokens_has_no_response(make_trace):
    with pytest.raises(UserError, match="tokens"):
        expected_response(make_trace())


@pytest.fixture
def pattern():
    """Units 0 and 1 are on in [3, 6) and again in [10, 13); unit 2 in [10, 13) only."""
    states = np.zeros((16, 1, 4))
    states[3:6, 0, :2] = 0.8
    states[10:13, 0, :3] = 0.8
    states[:, 0, 3] = 0.9
    return states


def test_brushing_selects_the_units_that_are_on_just_there(pattern):
    row = pattern[:, 0]
    assert select_units(row, 3, 6) == (0, 1, 3)
    assert select_units(row, 3, 6, off_before=1, off_after=1) == (0, 1)
    assert select_units(row, 3, 7, off_before=1) == ()
    assert select_units(-row, 3, 6, off_before=1, side="negative") == (0, 1)
    with pytest.raises(UserError, match="range 6 to 3"):
        select_units(row, 6, 3)


def test_other_places_are_ranked_by_shared_units(pattern):
    found = find_matches(pattern, (0, 1), off_before=1, off_after=1, exclude=(0, 3, 6))
    assert [(m.start, m.stop, m.shared, m.units) for m in found] == [(10, 13, 2, (0, 1, 2))]
    assert found[0].jaccard == pytest.approx(2 / 3)


def test_of_places_with_equal_units_the_purer_one_comes_first(pattern):
    found = find_matches(pattern, (0, 1), off_before=1, off_after=1)
    assert [(m.start, len(m.units)) for m in found] == [(3, 2), (10, 3)]


def test_staggered_units_are_found_for_the_steps_they_share():
    states = np.zeros((10, 1, 2))
    states[1:6, 0, 0] = 1.0
    states[3:9, 0, 1] = 1.0
    found = {(m.start, m.stop): m.shared for m in find_matches(states, (0, 1))}
    assert found == {(3, 6): 2, (1, 6): 1, (3, 9): 1}


def test_padding_and_short_runs_are_no_matches(pattern):
    assert len(find_matches(pattern, (0, 1), at_least=4)) == 0
    assert len(find_matches(pattern, (0, 1), lengths=np.array([9]))) == 1
    with pytest.raises(UserError, match="no unit"):
        find_matches(pattern, ())
