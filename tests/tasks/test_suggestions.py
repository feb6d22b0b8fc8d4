"""The models and settings that tasks suggest, with which the documented scores were reached."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

import numpy as np
import pytest

from rnnviz.tasks import ENTRIES, get_task
from rnnviz.tasks.base import TrainingDefaults
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import ModelSpec, UserError

PLAIN = {f.name: f.default for f in (*fields(ModelSpec), *fields(TrainingDefaults))}

SUGGESTED: dict[str, dict[str, Any]] = {
    "hello": {
        "input_size": 4,
        "hidden_size": 3,
        "output_size": 4,
        "optimizer": "adagrad",
        "learning_rate": 0.1,
        "batch_size": 1,
        "window": 4,
        "iterations": 300,
    },
    "text": {
        "hidden_size": 100,
        "optimizer": "adagrad",
        "learning_rate": 0.1,
        "batch_size": 1,
        "iterations": 20000,
    },
    "digits": {
        "input_size": 256,
        "hidden_size": 128,
        "output_size": 10,
        "kind": "one-to-one",
        "input_kind": "vector",
        "batch_size": 64,
        "iterations": 2000,
    },
    "digits-rows": {
        "input_size": 16,
        "hidden_size": 64,
        "output_size": 10,
        "kind": "many-to-one",
        "cell": "gru",
        "input_kind": "vector",
        "head": "last",
        "batch_size": 64,
        "iterations": 2000,
    },
    "captioning": {
        "input_size": 20,
        "hidden_size": 128,
        "output_size": 20,
        "kind": "one-to-many",
        "cell": "gru",
        "input_kind": "embedding",
        "embedding_size": 32,
        "context_size": 132,
        "learning_rate": 0.008,
        "schedule": "cosine",
        "batch_size": 64,
        "iterations": 2000,
    },
    "sentiment": {
        "input_size": 79,
        "hidden_size": 48,
        "output_size": 2,
        "kind": "many-to-one",
        "cell": "lstm",
        "input_kind": "embedding",
        "embedding_size": 24,
        "head": "last",
        "learning_rate": 0.005,
        "batch_size": 64,
    },
    "translation": {
        "input_size": 77,
        "hidden_size": 64,
        "output_size": 13,
        "kind": "many-to-many",
        "cell": "gru",
        "input_kind": "embedding",
        "embedding_size": 32,
        "bidirectional": True,
        "attention": "general",
        "learning_rate": 0.005,
        "schedule": "cosine",
        "batch_size": 64,
        "iterations": 800,
    },
    "video": {
        "input_size": 144,
        "hidden_size": 96,
        "output_size": 7,
        "cell": "gru",
        "input_kind": "vector",
        "schedule": "cosine",
        "iterations": 2500,
    },
    "copy": {
        "input_size": 6,
        "hidden_size": 48,
        "output_size": 4,
        "cell": "gru",
        "learning_rate": 0.01,
        "iterations": 1500,
    },
    "adding": {
        "input_size": 2,
        "hidden_size": 32,
        "output_size": 1,
        "kind": "many-to-one",
        "cell": "gru",
        "input_kind": "vector",
        "head": "last",
        "loss": "squared-error",
        "learning_rate": 0.01,
        "iterations": 1500,
    },
    "parity": {
        "input_size": 2,
        "hidden_size": 16,
        "output_size": 2,
        "learning_rate": 0.01,
        "iterations": 1500,
    },
    "brackets": {
        "input_size": 2,
        "hidden_size": 16,
        "output_size": 2,
        "cell": "lstm",
        "learning_rate": 0.01,
        "iterations": 1200,
    },
    "sine": {
        "input_size": 1,
        "hidden_size": 32,
        "output_size": 1,
        "input_kind": "vector",
        "loss": "squared-error",
        "learning_rate": 0.005,
        "iterations": 1500,
    },
}


def suggested(name: str) -> dict[str, Any]:
    """What a task chooses that is not chosen anyway."""
    task = get_task(name)
    every = asdict(task.spec()) | asdict(task.defaults)
    # How large a standard library's alphabet is depends on the Python that reads it.
    unsure = ("input_size", "output_size") if name == "text" else ()
    return {k: v for k, v in every.items() if v != PLAIN.get(k) and k not in unsure}


@pytest.mark.parametrize("name", SUGGESTED)
def test_a_task_suggests_what_it_was_tried_with(name: str) -> None:
    assert suggested(name) == SUGGESTED[name]


def test_no_task_that_comes_with_the_program_is_left_out() -> None:
    assert SUGGESTED.keys() == {entry.info.name for entry in ENTRIES if not entry.info.modules}


@pytest.mark.parametrize(
    ("name", "options", "steps"),
    [
        ("parity", {"length": 5}, 5),
        ("adding", {"length": 9}, 9),
        ("copy", {"letters": 2, "gap": 3}, 7),
        ("brackets", {"deepest": 30}, 60),
        ("brackets", {"deepest": 2}, 40),
    ],
)
def test_settings_change_the_data_and_build_the_same_task_again(
    name: str, options: dict[str, Any], steps: int
) -> None:
    task = get_task(name, **options)
    assert task.options == options
    again = get_task(name, **task.options)
    assert isinstance(task, SequenceTask)
    assert isinstance(again, SequenceTask)
    one, other = (t.data("held-out").batch(np.arange(3)) for t in (task, again))
    assert one.steps == steps
    for field in ("tokens", "x", "targets"):
        np.testing.assert_array_equal(getattr(one, field), getattr(other, field))


@pytest.mark.parametrize(("batch_size", "window"), [(0, 5), (1, 0), (-1, 5)])
def test_a_stream_of_nothing_is_refused(batch_size: int, window: int) -> None:
    for name in ("hello", "parity"):
        if name == "parity" and batch_size > 0:
            continue
        with pytest.raises(UserError, match="a whole number from 1"):
            get_task(name).stream(batch_size, window, 0)


def test_numbers_are_told_beside_what_they_are() -> None:
    adding, sine = get_task("adding", length=6), get_task("sine", length=20)
    assert sine.options == {"length": 20}
    for task, symbols in ((adding, ("number", "mark")), (sine, ())):
        batch = task.example_batch(task.examples("held-out")[0])
        labels = task.labels(batch)
        assert batch.x is not None
        assert batch.targets is not None
        assert labels.symbols == symbols
        assert len(labels.inputs[0]) == batch.steps
        assert f"{float(batch.x[0, 0, 0]):.2f}" in labels.inputs[0][0]
    assert labels.targets[0][-1] == f"{float(batch.targets[-1, 0, 0]):.2f}"
