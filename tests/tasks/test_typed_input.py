"""What somebody types becomes the same batch as the task's own examples."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.tasks import get_task
from rnnviz.tasks.dataset import DataBatch, DataStream
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


def test_one_character_is_too_little_to_say_what_comes_next() -> None:
    task = get_task("hello")
    with pytest.raises(UserError, match="at least two characters"):
        task.parse("h")
    batch = task.parse("he")
    assert batch.tokens is not None
    assert batch.targets is not None
    assert (batch.tokens.tolist(), batch.targets.tolist()) == ([[0]], [[1]])
    with pytest.raises(UserError, match="characters that the model does not know: 'x'; it knows h"):
        task.parse("hex")


@pytest.mark.parametrize(("name", "text"), [("parity", "0110"), ("brackets", "(())")])
def test_an_answer_at_every_step_is_told_where_nobody_knows_the_truth(
    name: str, text: str, rng: np.random.Generator
) -> None:
    task = get_task(name)
    net = Network.create(task.spec(hidden_size=4), rng=rng)
    typed_batch = task.parse(text)
    unknown = Batch(tokens=typed_batch.tokens)
    labels = task.labels(unknown)
    assert labels.inputs == task.labels(typed_batch).inputs
    assert labels.targets == labels.decoder_inputs == ()
    said = net.outputs(unknown)[:, 0].argmax(axis=-1)
    assert isinstance(task, SequenceTask)
    assert task.answers(net, unknown) == [task.words(said)]


def test_a_stream_goes_on_from_the_middle_of_its_first_epoch() -> None:
    task = get_task("parity")
    assert isinstance(task, SequenceTask)
    stream, other = (DataStream(task.data("held-out"), 8, 0) for _ in range(2))
    for _ in range(3):
        stream.next_batch()
    assert stream.state() == {"epoch": 0, "next": 24}
    other.restore(stream.state())
    np.testing.assert_array_equal(other.next_batch().rows, stream.next_batch().rows)
