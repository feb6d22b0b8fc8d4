"""The regression that is the baseline of many tasks finds what there is to find."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.tasks.logistic import fit_logistic, logistic_accuracy, predict_logistic


@pytest.mark.parametrize("scale", [1e-2, 1.0, 100.0])
def test_classes_that_a_line_parts_are_told_apart(scale: float, rng: np.random.Generator) -> None:
    centres = scale * np.array([[3.0, 0.0], [-3.0, 1.0], [0.0, -4.0]])
    labels = rng.integers(0, 3, 300)
    x = centres[labels] + scale * rng.normal(size=(300, 2)) * 0.3
    train, held_out = (x[:200], labels[:200]), (x[200:], labels[200:])
    assert logistic_accuracy(train, held_out, 3) == 1.0
    wrong = (held_out[0], (held_out[1] + 1) % 3)
    assert logistic_accuracy(train, wrong, 3) == 0.0


def test_what_says_nothing_leads_to_the_commonest_class(rng: np.random.Generator) -> None:
    labels = (rng.random(500) < 0.3).astype(np.intp)
    weights = fit_logistic(np.zeros((500, 3)), labels, 2)
    np.testing.assert_array_equal(predict_logistic(weights, np.ones((4, 3))), np.zeros(4))
    share = np.exp(weights[-1]) / np.exp(weights[-1]).sum()
    assert share[1] == pytest.approx(labels.mean(), abs=0.01)


def test_the_weights_are_where_the_cross_entropy_with_its_ridge_is_least(
    rng: np.random.Generator,
) -> None:
    x, labels = rng.normal(size=(400, 3)), rng.integers(0, 3, 400)
    weights = fit_logistic(x, labels, 3, iterations=2000)
    inputs = np.concatenate([x, np.ones((400, 1))], axis=1)
    scores = inputs @ weights
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    gradient = inputs.T @ (shares - np.eye(3)[labels]) / 400 + 1e-4 * weights
    assert np.abs(gradient).max() < 1e-7


def test_large_numbers_do_not_overflow(rng: np.random.Generator) -> None:
    labels = rng.integers(0, 2, 100)
    x = np.where(labels == 1, 1e4, -1e4)[:, np.newaxis] + rng.normal(size=(100, 1))
    assert logistic_accuracy((x, labels), (x, labels), 2) == 1.0
