"""Sine regression: the next value of a sum of two sines. Numbers in, numbers out."""

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

SINE = TaskInfo(
    name="sine",
    title="the next value of two mixed sines",
    kind="aligned",
    source="sums of two sines of random frequency and phase",
    licence="MIT (part of rnnviz)",
    metric="mean squared error",
    target=0.005,
)
_WARM_UP_STEPS = 8
_COUNT: dict[Split, int] = {"train": 4000, "held-out": 300}


@final
class SineTask(SequenceTask):
    """The first steps are not counted: nobody can know the frequencies from them yet."""

    info = SINE
    counts = _COUNT
    unit = "values"

    def __init__(self, length: int = 40) -> None:
        super().__init__()
        self._length = whole("length", length, _WARM_UP_STEPS + 1, 1000)
        self.options = {"length": self._length}

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            input_kind="vector", loss="squared-error", input_size=1, hidden_size=32, output_size=1
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.005, batch_size=32, iterations=1500)

    def make(self, split: Split) -> Data:
        rng = np.random.default_rng((6, split == "train"))
        n = _COUNT[split]
        step = np.arange(self._length + 1)
        period = np.stack([rng.uniform(14, 30, n), rng.uniform(5, 9, n)])
        phase = rng.uniform(0, 2 * np.pi, (2, n))
        size = np.stack([rng.uniform(0.4, 0.7, n), rng.uniform(0.1, 0.3, n)])
        waves = size[..., None] * np.sin(2 * np.pi * step / period[..., None] + phase[..., None])
        values = waves.sum(axis=0).astype(np.float32)[..., np.newaxis]
        mask = np.ones((n, self._length), np.float32)
        mask[:, :_WARM_UP_STEPS] = 0
        return Data(
            x=values[:, :-1],
            targets=values[:, 1:],
            mask=mask,
            titles=[f"periods {slow:.1f} and {fast:.1f}" for slow, fast in period.T],
        )

    def baseline(self) -> tuple[float, str]:
        data = self.data("held-out")
        assert data.x is not None
        error = np.square(data.targets - data.x)[:, _WARM_UP_STEPS:]
        return float(error.mean()), "the last value again"

    def labels(self, batch: Batch) -> Labels:
        assert batch.x is not None
        inputs = tuple(tuple(f"{v:.2f}" for v in row) for row in batch.x[..., 0].T)
        targets = batch.targets
        return replace(
            super().labels(batch),
            inputs=inputs,
            targets=()
            if targets is None
            else tuple(tuple(f"{v:.2f}" for v in row) for row in targets[..., 0].T),
        )
