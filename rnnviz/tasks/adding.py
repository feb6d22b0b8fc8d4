"""The adding problem: two marked numbers, far apart, and their sum at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import final

import numpy as np

from rnnviz.engine import Batch
from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.trace import Labels, ModelSpec
from rnnviz.trace.whole import whole

ADDING = TaskInfo(
    name="adding",
    title="the sum of two marked numbers",
    kind="many-to-one",
    source="random numbers",
    licence="MIT (part of rnnviz)",
    metric="mean squared error",
    target=0.01,
)
_COUNT: dict[Split, int] = {"train": 10_000, "held-out": 500}


@final
class AddingTask(SequenceTask):
    """Each step has a number in [0, 1] and a mark, 1 at one place of each half, else 0
    (Hochreiter and Schmidhuber, 1997).
    """

    info = ADDING
    counts = _COUNT

    def __init__(self, length: int = 20) -> None:
        super().__init__()
        self._length = whole("length", length, 2, 1000)
        self.options = {"length": self._length}

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="many-to-one",
            cell="gru",
            input_kind="vector",
            head="last",
            loss="squared-error",
            input_size=2,
            hidden_size=32,
            output_size=1,
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.01, batch_size=32, iterations=1500)

    def make(self, split: Split) -> Data:
        rng = np.random.default_rng((1, split == "train"))
        n, half = _COUNT[split], self._length // 2
        x = np.zeros((n, self._length, 2), np.float32)
        x[..., 0] = rng.random((n, self._length))
        rows = np.arange(n)
        x[rows, rng.integers(0, half, n), 1] = 1
        x[rows, rng.integers(half, self._length, n), 1] = 1
        total = (x[..., 0] * x[..., 1]).sum(axis=1)
        marked = [x[row, x[row, :, 1] > 0, 0] for row in rows]
        return Data(
            x=x,
            targets=total[:, np.newaxis],
            titles=[f"{first:.2f} + {second:.2f}" for first, second in marked],
        )

    def baseline(self) -> tuple[float, str]:
        """Always the mean: the variance of the sum of two uniform numbers is 1/6."""
        targets = self.data("held-out").targets
        return float(np.square(targets - 1.0).mean()), "always 1, the mean"

    def labels(self, batch: Batch) -> Labels:
        assert batch.x is not None
        inputs = tuple(
            tuple(f"{number:.2f}{'*' if mark > 0 else ''}" for number, mark in row)
            for row in batch.x.swapaxes(0, 1)
        )
        return replace(super().labels(batch), inputs=inputs, symbols=("number", "mark"))
