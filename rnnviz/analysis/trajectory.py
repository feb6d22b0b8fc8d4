"""The path of the hidden state through its space: principal axes, frozen or aligned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import check_finite, find, layer_named
from rnnviz.analysis.saturation import counted_steps
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """Principal axes: ``center`` (H,), ``directions`` (N, H) orthonormal rows, largest first.

    ``explained`` (N,) is each axis's share of the variance of the states it was fitted to.
    """

    center: Array
    directions: Array
    explained: Array

    def project(self, states: Array) -> Array:
        """(…, H) → (…, N)."""
        return np.asarray((states - self.center) @ self.directions.T)

    def explained_here(self, states: Array) -> Array:
        """Each axis's share of the variance of *these* states (M, H): (N,).

        With frozen axes it falls when the states move out of the picture: say so on screen.
        """
        spread = states - states.mean(axis=0)
        total = float((spread**2).sum())
        along = ((spread @ self.directions.T) ** 2).sum(axis=0)
        return np.asarray(along / total if total > 0.0 else np.zeros(len(along)))


def principal_axes(states: Array, components: int = 2) -> Axes:
    """X − x̄ = U diag(σ) Vᵀ of ``states`` X (M, H): the axes are the first N rows of Vᵀ, (N, H).

    An axis explains σ_i² / Σ σ² of the variance. Source: Pearson, Phil. Mag. 2 (1901).

    The sign of an axis is arbitrary; here its component of largest size is positive, so the
    same states always give the same picture.

    Raises:
        UserError: if there are fewer than two states, a component count out of range or a state
            that is not finite.
    """
    states = np.asarray(states, dtype=np.float64)
    check_finite("the trajectory", states)
    if len(states) < 2:
        raise UserError("a trajectory needs at least two states")
    limit = min(states.shape)
    if not 1 <= components <= limit:
        have = "one principal axis" if limit == 1 else f"1 to {limit} principal axes"
        raise UserError(f"these states have {have}, not {components}")
    center = states.mean(axis=0)
    _, sigma, axes = np.linalg.svd(states - center, full_matrices=False)
    axes = axes[:components]
    largest = np.abs(axes).argmax(axis=1)
    axes = axes * np.sign(axes[np.arange(components), largest])[:, None]
    total = float((sigma**2).sum())
    share = sigma[:components] ** 2 / total if total > 0.0 else np.zeros(components)
    return Axes(center, axes, share)


def aligned(axes: Axes, reference: Axes) -> Axes:
    """``axes`` turned within their own plane to lie as close to ``reference`` as possible.

    Both (N, H). Orthogonal Procrustes: R = U Vᵀ of the SVD of D_ref Dᵀ minimises
    ‖R D − D_ref‖_F. The plane, and what it explains in all, stays; each axis's share is then that
    of the turned axis. Keeps the picture from flipping while the network trains.

    Source: Schönemann, Psychometrika 31 (1966).

    Raises:
        UserError: if the two have different numbers of axes or units.
    """
    if axes.directions.shape != reference.directions.shape:
        raise UserError("axes can only be aligned with axes of the same number and width")
    left, _, right = np.linalg.svd(reference.directions @ axes.directions.T)
    turn = left @ right
    return Axes(axes.center, turn @ axes.directions, (turn**2) @ axes.explained)


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """``points`` (T, B, N) along ``axes``, NaN in padding; ``explained`` (N,) of these states."""

    points: Array
    axes: Axes
    explained: Array


def trajectory(
    trace: Trace,
    layer: str | None = None,
    *,
    state: str = "h",
    components: int = 2,
    axes: Axes | None = None,
    align_with: Axes | None = None,
) -> Trajectory:
    """x_t = D (h_t − h̄), the states of a layer on principal axes D (N, H): (T, B, N).

    ``axes``: project on these (frozen) instead of fitting; ``align_with``: fit, then turn
    towards these (``aligned``). ``state``: ``h`` or, for the LSTM, ``c``. NaN in padding.

    Source: as in `principal_axes` and `aligned`.

    Raises:
        UserError: if the layer or state does not exist or there are too few states.
    """
    name = layer_named(trace, layer)
    values = find(trace, name.array(state)).astype(np.float64)
    counted = counted_steps(trace, name.prefix)
    states = values[counted]
    if axes is None:
        axes = principal_axes(states, components)
        if align_with is not None:
            axes = aligned(axes, align_with)
    points = axes.project(values)
    points[~counted] = np.nan
    return Trajectory(points, axes, axes.explained_here(states))
