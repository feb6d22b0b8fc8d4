"""What a score counts: the steps that have an answer, each as much as another."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.engine.counting import loss_mask
from rnnviz.tasks import get_task
from rnnviz.tasks.base import Score
from rnnviz.tasks.sequences import SequenceTask


class Oracle:
    """Says the truth where something counts, but for the first ``wrong`` answers, or ``off`` it."""

    class params:
        flat = np.zeros(10**6)

    def __init__(self, task: SequenceTask, wrong: int = 0, off: float = 0.0) -> None:
        self.spec = task.spec()
        self.wrong, self.off = wrong, off

    def outputs(self, batch: Batch) -> Any:
        targets = batch.targets
        assert targets is not None
        if targets.ndim == 3:
            return np.where((loss_mask(self.spec, batch) > 0)[..., None], targets + self.off, 1e3)
        said = targets.copy()
        places = np.argwhere((loss_mask(self.spec, batch) > 0).T)[: self.wrong]
        self.wrong -= len(places)
        for b, t in places:
            said[t, b] = (said[t, b] + 1) % self.spec.output_size
        return np.eye(self.spec.output_size)[said]

    @property
    def network(self) -> Network:
        return cast("Network", self)


def task_of(name: str) -> SequenceTask:
    task = get_task(name)
    assert isinstance(task, SequenceTask)
    task._baseline = (0.5, "a coin")
    return task


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("parity", lambda data: data.targets.size),
        ("brackets", lambda data: (data.targets >= 0).sum()),
        ("copy", lambda data: (data.targets >= 0).sum()),
        ("video", lambda data: (data.targets >= 0).sum()),
        ("sentiment", len),
        ("digits", len),
    ],
)
def test_an_accuracy_is_the_share_of_right_answers_among_all_that_count(
    name: str, counted: Any
) -> None:
    task = task_of(name)
    n = int(counted(task.data("held-out")))
    score = task.evaluate(Oracle(task).network)
    assert (score.value, score.n, score.metric) == (1.0, n, "accuracy")
    assert (score.baseline, score.baseline_name, score.unit) == (0.5, "a coin", task.unit)
    assert task.evaluate(Oracle(task, wrong=7).network).value == pytest.approx(1.0 - 7 / n)


@pytest.mark.parametrize("name", ["translation", "captioning"])
def test_an_exact_match_is_a_sequence_that_is_right_from_the_first_to_the_last_word(
    name: str,
) -> None:
    task = task_of(name)
    score = task.evaluate(Oracle(task).network)
    assert (score.value, score.n, score.metric) == (1.0, 1000, "exact match")
    assert task.evaluate(Oracle(task, wrong=1).network).value == pytest.approx(0.999)
    # So many mistakes are in the first sequence and the next.
    longest = task.data("held-out").longest
    found = task.evaluate(Oracle(task, wrong=longest + 1).network)
    assert 0.996 <= found.value <= 0.998


@pytest.mark.parametrize("name", ["adding", "sine"])
def test_an_error_is_the_mean_square_of_what_counts_and_of_nothing_else(name: str) -> None:
    task = task_of(name)
    score = task.evaluate(Oracle(task, off=0.5).network)
    assert score.metric == "mean squared error"
    assert score.value == pytest.approx(0.25, rel=1e-5)
    assert not score.higher_is_better
    data = task.data("held-out")
    steps = 1
    if not data.one_answer:
        assert data.mask is not None
        steps = int(np.count_nonzero(data.mask[0]))
    assert score.n == len(data) * steps


@pytest.mark.parametrize(
    ("metric", "value", "target", "reached"),
    [
        ("accuracy", 0.9, 0.9, True),
        ("accuracy", 0.89, 0.9, False),
        ("exact match", 0.95, 0.9, True),
        ("perplexity", 3.0, 3.0, True),
        ("perplexity", 3.1, 3.0, False),
        ("mean squared error", 0.1, 0.2, True),
        ("perplexity", 3.1, None, None),
    ],
)
def test_a_target_is_reached_from_the_side_that_is_better(
    metric: Any, value: float, target: float | None, reached: bool | None
) -> None:
    score = Score(metric=metric, value=value, baseline=0, baseline_name="", target=target, n=1)
    assert score.reached is reached


@pytest.mark.parametrize("name", ["parity", "sentiment", "digits", "copy"])
def test_what_is_told_as_the_answer_is_what_counts(name: str) -> None:
    task = task_of(name)
    batch = task.data("held-out").batch(np.arange(6))
    examples = task.examples("held-out")[:6]
    assert task.answers(Oracle(task).network, batch) == [example.answer for example in examples]
