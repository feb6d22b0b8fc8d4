"""What a score is compared with is what its words say it is."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from rnnviz.engine.counting import loss_mask
from rnnviz.tasks import get_task
from rnnviz.tasks.dataset import Data, DataBatch
from rnnviz.tasks.nearest import nearest_baseline
from rnnviz.tasks.sequences import SequenceTask


def held_out(name: str) -> tuple[SequenceTask, DataBatch, np.ndarray]:
    """A task, all its held-out data as one batch, and which of its steps count."""
    task = get_task(name)
    assert isinstance(task, SequenceTask)
    data = task.data("held-out")
    batch = data.batch(np.arange(len(data)))
    return task, batch, loss_mask(task.spec(), batch) > 0


def test_always_one_is_the_baseline_of_adding() -> None:
    task, batch, counted = held_out("adding")
    assert batch.x is not None
    assert batch.targets is not None
    assert (counted.sum(axis=0) == 1).all()
    sums = (batch.x[..., 0] * batch.x[..., 1]).sum(axis=0)
    np.testing.assert_allclose(batch.targets[batch.ends, np.arange(500), 0], sums, rtol=1e-6)
    value, words = task.baseline()
    assert value == pytest.approx(np.mean((1.0 - sums) ** 2), rel=1e-6)
    assert value == pytest.approx(1 / 6, rel=0.15)
    assert words == "always 1, the mean"


def test_the_last_value_again_is_the_baseline_of_waves_where_they_count() -> None:
    task, batch, counted = held_out("sine")
    assert batch.x is not None
    assert batch.targets is not None
    assert counted.sum() == 300 * (40 - 8)
    error = np.square(batch.x - batch.targets)[..., 0]
    assert task.baseline()[0] == pytest.approx(error[counted].mean(), rel=1e-6)


def test_the_commoner_bracket_is_right_as_often_as_it_comes() -> None:
    task, batch, counted = held_out("brackets")
    assert batch.tokens is not None
    assert batch.targets is not None
    np.testing.assert_array_equal(counted, batch.tokens == 1)  # after a closing bracket
    share = np.mean(batch.targets[counted] == 1)
    assert task.baseline()[0] == pytest.approx(max(share, 1 - share))
    assert task.baseline()[0] >= 0.5


def test_the_last_bit_alone_is_the_baseline_of_parity() -> None:
    task, batch, counted = held_out("parity")
    assert batch.targets is not None
    assert batch.tokens is not None
    assert counted.all()
    value, _ = task.baseline()
    assert value == pytest.approx(np.mean(batch.tokens == batch.targets))
    assert 0.5 < value < 0.6  # right at the first step, and by chance at the other eleven


def test_guessing_is_right_once_in_as_many_times_as_there_are_letters() -> None:
    task, batch, counted = held_out("copy")
    assert batch.targets is not None
    assert set(batch.targets[counted].tolist()) == {0, 1, 2, 3}
    assert task.baseline() == (0.25, "guessing")


def test_the_commonest_caption_is_the_baseline_of_captioning() -> None:
    task, _, _ = held_out("captioning")
    commonest, _ = Counter(task.data("train").titles).most_common(1)[0]
    titles = task.data("held-out").titles
    assert task.baseline() == (
        titles.count(commonest) / len(titles),
        "always the commonest caption",
    )


def test_the_answer_to_the_most_similar_sentence_is_the_baseline_of_translation() -> None:
    lengths = np.array([2, 2, 1])
    train = Data(
        tokens=np.array([[0, 1], [2, 3], [4, 0]]),
        lengths=lengths,
        targets=np.array([[5, 6], [7, -1], [8, -1]]),
        titles=["", "", ""],
    )
    asked = Data(
        tokens=np.array([[0, 1, 1], [2, 3, 2], [4, 4, 0], [4, 1, 4]]),
        lengths=np.array([3, 3, 2, 3]),
        # Right, right although padded otherwise, wrong, and right.
        targets=np.array([[5, 6, -1], [7, -1, -1], [5, 6, -1], [8, -1, -1]]),
        titles=["", "", "", ""],
    )
    value, words = nearest_baseline(train, asked, 5)
    assert value == 0.75
    assert words == "the answer to the most similar training sentence"
