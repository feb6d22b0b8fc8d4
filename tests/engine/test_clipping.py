"""Gradient clipping."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from rnnviz.engine.clipping import Norms, clip_by_norm, clip_by_value, norm
from rnnviz.trace import UserError
from rnnviz.trace.record import Array


def test_a_long_gradient_is_shortened_to_the_limit_in_the_same_direction() -> None:
    g = np.array([3.0, -4.0, 0.0])
    norms = clip_by_norm(g, 1.0)
    assert norms.before == 5.0
    assert norms.after == pytest.approx(1.0, rel=1e-6)
    np.testing.assert_allclose(g, [0.6, -0.8, 0.0], rtol=1e-6)


def test_a_short_gradient_is_left_to_the_last_bit() -> None:
    g = np.array([0.3, -0.4], np.float32)
    kept = g.copy()
    norms = clip_by_norm(g, 1.0)
    assert norms.before == norms.after
    np.testing.assert_array_equal(g, kept)


@pytest.mark.reference
@pytest.mark.parametrize("limit", [0.1, 3.0, 1000.0])
def test_both_ways_equal_pytorchs(limit: float) -> None:
    torch = pytest.importorskip("torch")
    g = np.random.default_rng(0).normal(size=200)
    theirs = torch.zeros(200, dtype=torch.float64, requires_grad=True)
    theirs.grad = torch.from_numpy(g.copy())
    before = float(torch.nn.utils.clip_grad_norm_([theirs], limit))
    ours = g.copy()
    assert clip_by_norm(ours, limit).before == pytest.approx(before, rel=1e-14)
    np.testing.assert_allclose(ours, theirs.grad.numpy(), rtol=1e-14)
    theirs.grad = torch.from_numpy(g.copy())
    torch.nn.utils.clip_grad_value_([theirs], limit)
    clip_by_value(g, limit)
    np.testing.assert_array_equal(g, theirs.grad.numpy())


@pytest.mark.parametrize("size", [1e30, 1e19, 1e-20, 3e-22, 1e-30])
def test_the_norm_is_right_where_squares_leave_float32(size: float) -> None:
    g = np.full(4, size, np.float32)
    assert norm(g) == pytest.approx(2 * size, rel=1e-6, abs=0.0)
    assert clip_by_norm(g, 5.0).after == pytest.approx(min(2 * size, 5.0), rel=1e-5, abs=0.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_gradient_that_is_not_finite_is_reported_and_left_alone(bad: float) -> None:
    g = np.array([1.0, bad])
    norms = clip_by_norm(g, 1.0)
    assert not np.isfinite(norms.before)
    assert g[0] == 1.0


def test_components_are_cut_at_the_value() -> None:
    g = np.array([3.0, -0.5, -9.0])
    norms = clip_by_value(g, 2.0)
    np.testing.assert_array_equal(g, [2.0, -0.5, -2.0])
    assert norms.before == pytest.approx(np.sqrt(90.25))
    assert norms.after == pytest.approx(np.sqrt(8.25))


def test_a_limit_beyond_the_range_of_the_numbers_cuts_nothing() -> None:
    g = np.array([3e38, -4.0], np.float32)
    kept = g.copy()
    for clip in (clip_by_value, clip_by_norm):
        norms = clip(g, 1e300)
        assert norms.before == norms.after == pytest.approx(3e38)
        np.testing.assert_array_equal(g, kept)


def test_a_gradient_of_zeros_has_norm_zero() -> None:
    assert clip_by_norm(np.zeros(3), 1.0) == (0.0, 0.0)


@pytest.mark.parametrize("clip", [clip_by_norm, clip_by_value])
@pytest.mark.parametrize("limit", [0.0, -1.0, np.nan])
def test_a_limit_that_would_turn_the_gradient_round_is_refused(
    clip: Callable[[Array, float], Norms], limit: float
) -> None:
    g = np.array([3.0, -4.0])
    with pytest.raises(UserError, match="above 0"):
        clip(g, limit)
    np.testing.assert_array_equal(g, [3.0, -4.0])
