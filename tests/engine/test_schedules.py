"""Learning-rate schedules."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.engine.schedules import Schedule
from rnnviz.trace import UserError


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        (Schedule(), {0: 1.0, 10**9: 1.0}),
        (Schedule(kind="step", every=10, factor=0.5), {9: 1.0, 10: 0.5, 29: 0.25}),
        (Schedule(kind="exponential", every=10, factor=0.5), {0: 1.0, 5: math.sqrt(0.5), 20: 0.25}),
        (
            Schedule(kind="cosine", iterations=100, final=0.2),
            {0: 1.0, 50: 0.6, 100: 0.2, 1000: 0.2},
        ),
        (Schedule(kind="linear", iterations=100), {0: 1.0, 25: 0.75, 100: 0.0, 101: 0.0}),
        (Schedule(kind="inverse-sqrt"), {0: 1.0, 3: 0.5}),
        (Schedule(kind="inverse-sqrt", warmup=4), {0: 0.25, 3: 1.0, 4: 1.0, 16: 0.5}),
        (Schedule(kind="step", every=10, warmup=5), {0: 0.2, 4: 1.0, 14: 1.0, 15: 0.5}),
    ],
)
def test_the_factor_at_chosen_iterations(schedule: Schedule, expected: dict[int, float]) -> None:
    assert {n: schedule(n) for n in expected} == pytest.approx(expected, abs=1e-12)


@given(
    st.sampled_from(["constant", "step", "exponential", "cosine", "linear", "inverse-sqrt"]),
    st.integers(0, 50),
    st.integers(0, 10**7),
)
def test_the_factor_lies_in_0_to_1_and_never_rises_after_the_warm_up(
    kind: Any, warmup: int, n: int
) -> None:
    schedule = Schedule(kind=kind, warmup=warmup, iterations=1000)
    assert 0.0 <= schedule(n) <= 1.0
    assert n < warmup or schedule(n + 1) <= schedule(n)


@pytest.mark.parametrize("name", ["StepLR", "ExponentialLR", "CosineAnnealingLR"])
@pytest.mark.reference
def test_the_factors_equal_pytorchs(name: str) -> None:
    torch = pytest.importorskip("torch")
    rates = torch.optim.lr_scheduler
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    theirs, ours = {
        "StepLR": (
            lambda: rates.StepLR(optimizer, 7, 0.3),
            {"kind": "step", "every": 7, "factor": 0.3},
        ),
        "ExponentialLR": (
            lambda: rates.ExponentialLR(optimizer, 0.9),
            {"kind": "exponential", "every": 1, "factor": 0.9},
        ),
        "CosineAnnealingLR": (
            lambda: rates.CosineAnnealingLR(optimizer, 30),
            {"kind": "cosine", "iterations": 30},
        ),
    }[name]
    scheduler = theirs()
    schedule = Schedule(**ours)
    for n in range(30):
        assert schedule(n) == pytest.approx(optimizer.param_groups[0]["lr"], abs=1e-12)
        optimizer.step()
        scheduler.step()


@pytest.mark.parametrize(
    ("options", "cause"),
    [
        ({"kind": "stairs"}, "no schedule 'stairs'; use one of constant, step"),
        ({"warmup": -1}, "warmup"),
        ({"every": 0}, "every is 0"),
        ({"iterations": 0}, "iterations is 0"),
        ({"factor": 1.5}, "factor"),
        ({"factor": 0.0}, "factor"),
        ({"final": 1.1}, "final"),
        ({"final": -0.1}, "final"),
    ],
)
def test_what_cannot_work_is_refused_in_words(options: dict[str, Any], cause: str) -> None:
    with pytest.raises(UserError, match=cause):
        Schedule(**options)


def test_a_factor_and_a_final_share_of_1_keep_the_rate_as_it_is() -> None:
    for schedule in (
        Schedule(kind="step", every=1, factor=1.0),
        Schedule(kind="exponential", every=1, factor=1.0),
        Schedule(kind="cosine", iterations=10, final=1.0),
        Schedule(kind="linear", iterations=10, final=1.0),
    ):
        assert [schedule(n) for n in (0, 7, 100)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("schedule", "idle_from"),
    [
        (Schedule(kind="cosine", warmup=5, iterations=20), 25),
        (Schedule(kind="linear", iterations=20), 20),
        (Schedule(kind="cosine", iterations=20, final=0.1), None),
        (Schedule(kind="exponential", every=1), None),
        (Schedule(), None),
    ],
)
def test_from_where_on_nothing_is_learned(schedule: Schedule, idle_from: int | None) -> None:
    assert schedule.idle_from == idle_from
    if idle_from is not None:
        assert schedule(idle_from - 1) > 0 == schedule(idle_from) == schedule(idle_from + 1)
