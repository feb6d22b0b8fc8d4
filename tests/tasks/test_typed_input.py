"""What somebody types becomes the same batch as the task's own examples."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.tasks import get_task
from rnnviz.tasks.dataset import DataBatch
from rnnviz.tasks.sentences import END
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import UserError


def typed(name: str, text: str) -> DataBatch:
    task = get_task(name)
    assert isinstance(task, SequenceTask)
    batch = task.parse(text)
    assert batch.batch_size == 1
    return batch


def columns(batch: DataBatch) -> tuple[list[int], list[int]]:
    assert batch.tokens is not None
    assert batch.targets is not None
    return batch.tokens[:, 0].tolist(), batch.targets[:, 0].tolist()


def test_typed_bits_are_counted() -> None:
    assert columns(typed("parity", "1 0 11")) == ([1, 0, 1, 1], [1, 1, 0, 1])
    assert columns(typed("parity", "1")) == ([1], [1])
    assert typed("parity", "1" * 1000).steps == 1000


def test_typed_brackets_are_asked_about_after_each_closing_one() -> None:
    assert columns(typed("brackets", "(( ))(")) == ([0, 0, 1, 1], [-1, -1, 1, 0])


def test_typed_letters_are_asked_for_after_the_gap() -> None:
    assert columns(typed("copy", " DAB\n")) == (
        [3, 0, 1, *[4] * 6, *[5] * 3],
        [*[-1] * 9, 3, 0, 1],
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("parity", " ", "between 1 and 1,000"),
        ("parity", "1" * 1001, "between 1 and 1,000"),
        ("parity", "012", "'2'"),
        ("brackets", "(", "at least two brackets"),
        ("brackets", ")(", "an opening one first"),
        ("brackets", "([", r"'\['"),
        ("copy", "ab", "type 3 letters out of abcd"),
        ("copy", "abcd", "type 3 letters out of abcd"),
        ("copy", "abx", "'x'"),
        ("sentiment", "good " * 201, "201 words; type at most 200"),
        ("sentiment", "  ", "at least one word"),
        ("adding", "0.5 0.5", "takes no typed input"),
    ],
)
def test_what_a_task_cannot_read_is_said(name: str, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        typed(name, text)


@pytest.mark.parametrize("name", ["captioning", "translation"])
def test_the_end_of_an_answer_is_learnt_as_its_last_step(name: str) -> None:
    task = get_task(name)
    assert isinstance(task, SequenceTask)
    data = task.data("held-out")
    answers = [example.answer for example in task.examples("held-out")[:20]]
    assert task.outputs is not None
    end = task.outputs.ids[END]
    for row, answer in enumerate(answers):
        batch = data.batch(np.array([row]))
        assert batch.targets is not None
        steps = batch.targets[:, 0].tolist()
        assert task.words(batch.targets[:-1, 0]) == answer
        assert steps.count(end) == 1
        assert steps[-1] == end
