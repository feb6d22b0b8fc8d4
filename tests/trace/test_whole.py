"""Settings that count something are whole numbers, whoever gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.trace import UserError
from rnnviz.trace.whole import whole


@pytest.mark.parametrize("value", [0, 7, np.int64(3), np.uint8(255)])
def test_whole_numbers_of_python_and_numpy_pass(value: Any) -> None:
    kept = whole("steps", value)
    assert kept == value
    assert type(kept) is int


@pytest.mark.parametrize("value", [1.0, 2.5, True, None, float("nan"), np.float32(2), -1, 10])
def test_anything_else_is_refused_with_what_would_do(value: Any) -> None:
    with pytest.raises(UserError, match=f"steps is {value}; use a whole number from 0 to 9$"):
        whole("steps", value, 0, 9)


def test_a_number_in_quotes_is_shown_in_them() -> None:
    written: Any = "3"
    with pytest.raises(UserError, match="steps is '3'; use a whole number"):
        whole("steps", written)


def test_without_an_end_only_the_beginning_is_named() -> None:
    with pytest.raises(UserError, match=r"width is 0; use a whole number from 1$"):
        whole("width", 0, 1)
    assert whole("width", 10**30, 1) == 10**30


def test_a_run_counts_in_whole_iterations_only() -> None:
    run = Run.create(RunConfig(task="hello"))
    run.train(3)
    halves: Any = 1.5
    for ask in (run.train, run.travel, run.reset):
        with pytest.raises(UserError, match=r"1\.5"):
            ask(halves)
    assert run.iteration == 3
    assert len(run.history) == 3
    assert run.train(np.int64(2)).iteration == 5
    assert run.travel(np.int64(1))
    assert run.iteration == 1
