"""Vanish and explode by hand: recurrent weights scaled to a chosen strength."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import find, layer_names
from rnnviz.analysis.replay.network import replay
from rnnviz.trace import Trace, UserError
from rnnviz.trace.spec import Activation

Array = NDArray[Any]
Measure = Literal["singular value", "spectral radius"]


def with_largest_singular_value(weight: Array, target: float, gates: int = 1) -> Array:
    """W ← W · target / σ₁(W) for every gate's (H, H) block of ``weight`` (G·H, H); same dtype.

    σ₁ is what the condition for vanishing is about. Source: Pascanu, Mikolov & Bengio,
    arXiv 1211.5063.

    Raises:
        UserError: if the target is not positive and finite or a block is zero.
    """
    return _scaled(weight, target, gates, lambda block: np.linalg.norm(block, 2))


def with_spectral_radius(weight: Array, target: float, gates: int = 1) -> Array:
    """W ← W · target / max |λ(W)| for every gate's (H, H) block of ``weight`` (G·H, H).

    Source: Jaeger, *The "echo state" approach*, GMD report 148 (2001), where recurrent weights are
    scaled to a chosen spectral radius.

    Raises:
        UserError: if the target is not positive and finite or a block has no eigenvalue but 0.
    """
    return _scaled(weight, target, gates, lambda block: np.abs(np.linalg.eigvals(block)).max())


def at_strength(
    trace: Trace,
    target: float,
    *,
    measure: Measure = "singular value",
    activation: Activation | None = None,
) -> Trace:
    """The same pass with the recurrent weights of every layer at a chosen strength.

    W ← W · target / m(W) for every block (H, H) of every ``W_hh``, (G·H, H), m the largest
    ``singular value`` σ₁ or the ``spectral radius`` max |λ|; ``activation`` (vanilla cells)
    replaces φ. The result has the arrays and shapes of ``trace``.
    Forward, losses and backward are computed again in float64 (``replay``); biases, input and
    output weights stay. The trace itself and the network it came from are not touched.

    Source: Pascanu, Mikolov & Bengio, arXiv 1211.5063, on what σ₁ and λ decide.

    Raises:
        UserError: if the target is out of range, or the cell has no square recurrent matrix.
    """
    spec = trace.spec
    if spec.cell == "jordan":
        raise UserError("the recurrent matrix of a jordan cell is not square: it has no spectrum")
    if measure not in get_args(Measure):
        raise UserError(f"weights are scaled by singular value or spectral radius, not {measure!r}")
    scale = with_spectral_radius if measure == "spectral radius" else with_largest_singular_value
    weights: dict[str, Array] = {}
    for name in layer_names(trace):
        weight = name.array("W_hh")
        exact = np.asarray(find(trace, weight), dtype=np.float64)
        weights[weight] = scale(exact, target, max(1, len(spec.gates)))
    if activation is not None:
        spec = replace(spec, activation=activation)
    return replay(replace(trace.joined(weights), spec=spec))


def _scaled(weight: Array, target: float, gates: int, measure: Callable[[Array], Any]) -> Array:
    if not np.isfinite(target) or target <= 0:
        raise UserError(f"W_hh cannot be scaled to {target}; give a number above 0")
    blocks = np.asarray(weight, dtype=np.float64).reshape(gates, -1, weight.shape[1])
    scaled = []
    for block in blocks:
        now = float(measure(block))
        # Rounding leaves the eigenvalues of a nilpotent matrix near ε^(1/H) instead of at 0;
        # an exactly zero measure is the only case that is certain, and the only one refused.
        if now == 0.0:
            raise UserError("W_hh is zero in this measure, so no factor can scale it")
        scaled.append(block * (target / now))
    return np.concatenate(scaled).astype(weight.dtype)
