"""Units that behave alike stand together, however many there are and whatever a pass holds."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_order import unit_order

SIMILAR = StripLayout().sorted_by("h_l0", "similarity")


def waves(phases: np.ndarray, steps: int = 400) -> np.ndarray:
    """(T, H) sines of one period, each unit with a phase of its own."""
    time = np.linspace(0.0, 12.0 * np.pi, steps)[:, None]
    return np.sin(time + phases[None]).astype(np.float32)


@pytest.mark.parametrize("count", [3, 12, 13, 100, 512])
def test_units_stand_in_the_order_of_their_phases(count: int, rng: np.random.Generator) -> None:
    phases = rng.permutation(np.linspace(0.0, 0.9 * np.pi, count))
    order = unit_order(SIMILAR, "h_l0", waves(phases))
    assert sorted(order.tolist()) == list(range(count))
    steps = np.diff(phases[order])
    assert (steps > 0).all() or (steps < 0).all()


def test_the_order_is_that_of_the_exact_eigenvectors(rng: np.random.Generator) -> None:
    values = np.tanh(rng.normal(size=(300, 4)) @ rng.normal(size=(4, 200)))
    unit = values - values.mean(axis=0)
    unit /= np.linalg.norm(unit, axis=0)
    _, vectors = np.linalg.eigh(unit.T @ unit)
    around = np.arctan2(vectors[:, -2], vectors[:, -1]).argsort().tolist()
    found = unit_order(SIMILAR, "h_l0", values).tolist()
    start = around.index(found[0])
    turned = around[start:] + around[:start]
    # Eigenvectors have no sign: the circle may run the other way.
    assert found in (turned, [turned[0], *reversed(turned[1:])])


def test_a_pass_that_is_hardly_different_has_the_same_order(rng: np.random.Generator) -> None:
    values = waves(rng.uniform(0.0, 6.0, 60))
    again = (values * np.float32(1.0 + 1e-6)).astype(np.float32)
    first, second = (unit_order(SIMILAR, "h_l0", each) for each in (values, again))
    assert first.tolist() == second.tolist()


def test_units_without_numbers_have_a_place_too() -> None:
    values = waves(np.linspace(0.0, 5.0, 40))
    values[7:, 3], values[9, 5], values[:, 8] = np.nan, np.inf, 0.0
    order = unit_order(SIMILAR, "h_l0", values)
    assert sorted(order.tolist()) == list(range(40))
