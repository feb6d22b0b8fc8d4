"""What every task made of separate sequences owes: shapes, words, determinism, resuming."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.tasks import ENTRIES, get_task
from rnnviz.tasks.base import Split
from rnnviz.tasks.dataset import Data, DataBatch, DataStream
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import UserError

GENERATED = [
    entry.info.name
    for entry in ENTRIES
    if not entry.info.modules and entry.info.name not in ("hello", "text")
]
NAMES = pytest.mark.parametrize("name", GENERATED)


@cache
def task_of(name: str) -> SequenceTask:
    task = get_task(name)
    assert isinstance(task, SequenceTask)
    # Held-out data is small: nothing here needs the training part.
    task._made["train"] = task.data("held-out")
    return task


def some(name: str, count: int = 5) -> DataBatch:
    return task_of(name).data("held-out").batch(np.arange(count))


def same(one: Batch, other: Batch) -> bool:
    for field in ("tokens", "x", "targets", "lengths", "mask", "context", "decoder_tokens"):
        a, b = getattr(one, field), getattr(other, field)
        if (a is None) != (b is None) or (a is not None and not np.array_equal(a, b)):
            return False
    return True


@NAMES
def test_a_network_of_the_default_architecture_can_read_and_learn_from_a_batch(name: str) -> None:
    task, batch = task_of(name), some(name)
    net = Network.create(task.spec(hidden_size=8), rng=np.random.default_rng(0))
    assert np.isfinite(net.loss_and_gradients(batch))
    assert np.abs(net.grads.flat).max() > 0
    answers = task.answers(net, batch)
    assert len(answers) == 5
    assert task.spec().kind == task.info.kind


@NAMES
def test_labels_fit_the_arrays(name: str) -> None:
    task, batch = task_of(name), some(name)
    labels = task.labels(batch)
    assert batch.targets is not None
    spec = task.spec()
    assert len(labels.classes) in (0, spec.output_size)
    if batch.tokens is not None:
        assert len(labels.symbols) == spec.input_size
        assert len(labels.inputs) == 5
    if labels.targets:
        assert [len(row) for row in labels.targets] == [len(batch.targets)] * 5
    assert all(len(row) <= batch.steps for row in labels.inputs)


@NAMES
def test_data_is_the_same_every_time_and_held_out_data_is_other_data(name: str) -> None:
    task, again = task_of(name), get_task(name, **task_of(name).options)
    assert isinstance(again, SequenceTask)
    assert same(some(name), again.data("held-out").batch(np.arange(5)))
    assert task.info == again.info


@NAMES
def test_examples_can_be_opened_one_by_one(name: str) -> None:
    task = task_of(name)
    examples = task.examples("held-out")
    assert len(examples) == task.sizes["held-out sequences"]
    batch = task.example_batch(examples[3])
    assert batch.batch_size == 1
    assert examples[3].title
    assert examples[3].answer


@NAMES
def test_pictures_are_bytes_of_every_frame(name: str) -> None:
    task, batch = task_of(name), some(name, 2)
    pictures = task.pictures(batch)
    if task.info.name in ("digits", "digits-rows", "captioning", "video"):
        assert pictures is not None
        assert pictures.dtype == np.uint8
        assert pictures.shape[0] == (batch.steps if name == "video" else 1)
        assert pictures.shape[1] == 2
        assert pictures.shape[4] == 3
        assert np.array_equal(pictures, task.pictures(some(name, 2)))
    else:
        assert pictures is None


@NAMES
def test_a_resumed_stream_continues_bit_for_bit(name: str) -> None:
    data = task_of(name).data("held-out")
    stream = DataStream(data, 64, seed=3)
    for _ in range(len(data) // 64 + 2):
        stream.next_batch()
    again = DataStream(data, 64, seed=3)
    again.restore(stream.state())
    for _ in range(3):
        assert same(stream.next_batch(), again.next_batch())


def test_every_row_is_seen_once_in_an_epoch_and_seeds_differ() -> None:
    data = Data(
        tokens=np.arange(12).reshape(12, 1), targets=np.zeros(12, np.intp), titles=[""] * 12
    )
    rows = [DataStream(data, 4, seed) for seed in (0, 0, 1)]
    seen = [np.concatenate([s.next_batch().rows for _ in range(3)]).tolist() for s in rows]
    assert sorted(seen[0]) == list(range(12))
    assert seen[0] == seen[1] != seen[2]


def test_a_saved_place_that_makes_no_sense_is_refused() -> None:
    data = Data(tokens=np.zeros((3, 1), np.intp), targets=np.zeros(3, np.intp), titles=[""] * 3)
    stream = DataStream(data, 2, 0)
    wrong: list[dict[str, object]] = [
        {}, {"epoch": 0, "next": 9}, {"epoch": "x", "next": 0}, {"epoch": -1, "next": 0},
        {"epoch": 0, "next": -1}, {"epoch": 0, "next": 1.0},
    ]  # fmt: skip
    for state in wrong:
        with pytest.raises(UserError):
            stream.restore(state)


def test_a_batch_is_cut_to_its_longest_row() -> None:
    data = task_of("sentiment").data("held-out")
    assert data.lengths is not None
    rows = np.argsort(data.lengths)[:4]
    batch = data.batch(rows)
    assert batch.steps == data.lengths[rows].max()
    assert batch.targets is not None
    assert (batch.targets >= 0).sum() == 4


@pytest.mark.parametrize("split", ["train", "held-out"])
def test_no_held_out_date_is_trained_on(split: Split) -> None:
    task = get_task("translation")
    assert isinstance(task, SequenceTask)
    answers = {e.answer for e in task.examples(split)}
    other: Split = "train" if split == "held-out" else "held-out"
    assert answers.isdisjoint(e.answer for e in task.examples(other))


def test_word_counts_cannot_tell_the_sentiment() -> None:
    task = get_task("sentiment")
    assert isinstance(task, SequenceTask)
    assert task.baseline()[0] < 0.65


def test_one_frame_cannot_tell_the_motion() -> None:
    task = task_of("video")
    assert task.baseline()[0] < 0.6


def test_unknown_tasks_options_and_packages_are_named() -> None:
    with pytest.raises(UserError, match="its settings are letters, gap"):
        get_task("copy", depth=3)
    with pytest.raises(UserError, match="from 1 to 20"):
        get_task("copy", letters=0)
    with pytest.raises(UserError, match="gap is 201; use a whole number from 0 to 200"):
        get_task("copy", gap=201)
    with pytest.raises(UserError, match="letters is True"):
        get_task("copy", letters=True)
    kept = get_task("copy", letters=np.int64(20), gap=0).options
    assert kept == {"letters": 20, "gap": 0}
    assert type(kept["letters"]) is int, "it goes into run files"
    with pytest.raises(UserError, match="no such file"):
        get_task("nowhere/at-all.txt")


def test_missing_packages_are_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rnnviz.tasks.registry.is_installed", lambda name: name != "django")
    with pytest.raises(UserError, match=r"django: install it with  pip install 'rnnviz\[data\]'"):
        get_task("translation-fr")


def test_a_typed_sentence_is_read_and_answered() -> None:
    task = task_of("sentiment")
    batch = task.parse("The story was not at all dull, but the pace felt weak")
    net = Network.create(task.spec(hidden_size=4), rng=np.random.default_rng(0))
    assert task.answers(net, batch)[0] in ("positive", "negative")
    with pytest.raises(UserError, match="'pizza'"):
        task.parse("the pizza was good")
    with pytest.raises(UserError, match="at least one word"):
        task.parse("   ")


def test_a_typed_date_is_written_by_feeding_the_network_its_own_words() -> None:
    task = task_of("translation")
    batch = task.parse("may four nineteen eighty two")
    net = Network.create(task.spec(hidden_size=8), rng=np.random.default_rng(1))
    answered = task.answered(net, batch)
    fed = answered.decoder_tokens
    assert fed is not None
    written = net.outputs(answered).argmax(axis=-1)
    np.testing.assert_array_equal(fed[1:], written[:-1])
    assert task.answers(net, batch) == [task.words(written[:, 0])]


def test_a_picture_of_ones_own_is_shown_and_described_like_a_drawn_one() -> None:
    task = task_of("captioning")
    pictures = task.pictures(some("captioning", 20))
    known = task.data("held-out").context
    assert pictures is not None
    assert known is not None
    found = []
    for picture in pictures[0]:
        own = task.parse_picture(picture)
        assert own.context is not None
        found.append(int(np.square(known - own.context).sum(axis=1).argmin()))
        shown = task.pictures(own)
        assert shown is not None
        np.testing.assert_array_equal(shown[0, 0], picture)
    # Of a thousand pictures mostly the one it was taken from has the most similar features.
    assert sum(row == i for i, row in enumerate(found)) >= 14


@pytest.mark.parametrize("dark_on_light", [True, False])
def test_a_digit_drawn_anywhere_is_brought_to_the_middle(dark_on_light: bool) -> None:
    sheet = np.full((200, 300, 3), 250 if dark_on_light else 10, np.uint8)
    sheet[20:80, 230:240] = 10 if dark_on_light else 250  # a one in a corner
    batch = task_of("digits").parse_picture(sheet)
    assert batch.x is not None
    ink = batch.x.reshape(16, 16)
    assert ink[:, 6:10].sum() > 0.99 * ink.sum()
    assert 10 <= (ink.sum(axis=1) > 0.5).sum() <= 12
    assert ink[7].max() > 0.8
    empty = task_of("digits").parse_picture(np.full((9, 9, 3), 7, np.uint8))
    assert empty.x is not None
    assert not empty.x.any()
