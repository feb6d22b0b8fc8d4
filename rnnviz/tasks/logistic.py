"""Multinomial logistic regression in NumPy: the simple baseline beside a recurrent network."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FITTED_MOST = 4000


def fit_logistic(
    x: NDArray[Any], labels: NDArray[np.intp], classes: int, *, iterations: int = 100
) -> Floats:
    """Weights (D + 1, classes) of softmax regression, the bias last.

    Minimises the mean cross-entropy plus a small ridge by gradient descent with Nesterov's
    momentum; the step is one over a bound of the curvature, so it needs no tuning and no
    random numbers. ``x`` is (N, D).
    """
    inputs = _with_bias(x)
    ridge = 1e-4
    # The Hessian of the softmax is at most 1/2; the largest eigenvalue comes from 20 power steps.
    v = np.ones(inputs.shape[1]) / np.sqrt(inputs.shape[1])
    curvature = 1.0
    for _ in range(20):
        v = inputs.T @ (inputs @ v) / len(inputs)
        curvature = float(np.linalg.norm(v))
        v /= curvature
    rate = 1.0 / (0.5 * curvature * 1.05 + ridge)
    weights = np.zeros((inputs.shape[1], classes))
    ahead = weights
    wanted = np.eye(classes)[labels]
    for k in range(iterations):
        error = _softmax(inputs @ ahead) - wanted
        moved = ahead - rate * (inputs.T @ error / len(inputs) + ridge * ahead)
        ahead = moved + (k / (k + 3)) * (moved - weights)
        weights = moved
    return weights


def predict_logistic(weights: Floats, x: NDArray[Any]) -> NDArray[np.intp]:
    """The likeliest class of each row of ``x`` (N, D)."""
    best: NDArray[np.intp] = (_with_bias(x) @ weights).argmax(axis=-1)
    return best


def logistic_accuracy(
    train: tuple[NDArray[Any], NDArray[np.intp]],
    held_out: tuple[NDArray[Any], NDArray[np.intp]],
    classes: int,
) -> float:
    """Share of held-out rows that a logistic regression gets right, fitted to at most
    ``_FITTED_MOST`` rows of ``train``.
    """
    weights = fit_logistic(train[0][:_FITTED_MOST], train[1][:_FITTED_MOST], classes)
    return float(np.mean(predict_logistic(weights, held_out[0]) == held_out[1]))


def _with_bias(x: NDArray[Any]) -> Floats:
    return np.concatenate([x.astype(np.float64), np.ones((len(x), 1))], axis=1)


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = shifted / shifted.sum(axis=-1, keepdims=True)
    return result
