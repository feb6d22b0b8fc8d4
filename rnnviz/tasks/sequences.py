"""What all tasks made of separate sequences share: batches, browsing, words and scores."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch, Network
from rnnviz.tasks.base import Example, JsonValue, Score, Split, Task
from rnnviz.tasks.dataset import Data, DataBatch, DataStream, Pictures
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import Labels

_SCORED_AT_ONCE = 256


class SequenceTask(Task):
    """A task made of separate sequences, some for training and some held out.

    A subclass sets ``outputs`` (None for regression), ``inputs`` where it reads tokens and
    ``unit``, and says how to ``make`` the data and what the simple ``baseline`` reaches.
    """

    inputs: Vocabulary | None = None
    outputs: Vocabulary | None = None
    unit: str = "sequences"
    options: Mapping[str, JsonValue] = {}

    def __init__(self) -> None:
        self._made: dict[Split, Data] = {}
        self._baseline: tuple[float, str] | None = None

    @abstractmethod
    def make(self, split: Split) -> Data:
        """The sequences of one part; called once."""

    @abstractmethod
    def baseline(self) -> tuple[float, str]:
        """What a simple method without recurrence reaches on held-out data, and its name."""

    def data(self, split: Split) -> Data:
        """The sequences of one part, made when first asked for."""
        if split not in self._made:
            self._made[split] = self.make(split)
        return self._made[split]

    @property
    def sizes(self) -> Mapping[str, int]:
        sizes = {
            "training sequences": len(self.data("train")),
            "held-out sequences": len(self.data("held-out")),
        }
        if self.inputs is not None:
            sizes["input vocabulary"] = len(self.inputs)
        if self.outputs is not None:
            sizes["output classes"] = len(self.outputs)
        return sizes

    def stream(self, batch_size: int, window: int, seed: int) -> DataStream:
        return DataStream(self.data("train"), batch_size, seed)

    def examples(self, split: Split) -> Sequence[Example]:
        data = self.data(split)
        return [
            Example(split, row, title, self._answer_of(data.targets[row]))
            for row, title in enumerate(data.titles)
        ]

    def example_batch(self, example: Example) -> DataBatch:
        return self.data(example.split).batch(np.array([example.index]))

    def _answer_of(self, target: NDArray[Any]) -> str:
        if self.outputs is None:
            return ", ".join(f"{value:.3g}" for value in np.ravel(target)[:4])
        return self.words(np.atleast_1d(target))

    def words(self, ids: NDArray[Any]) -> str:
        """Output ids as the answer is read."""
        assert self.outputs is not None
        return self.outputs.decode(ids)

    def labels(self, batch: Batch) -> Labels:
        outputs = self.outputs
        tokens = () if batch.tokens is None or self.inputs is None else batch.tokens.T
        lengths = batch.lengths if batch.lengths is not None else [batch.steps] * len(tokens)
        return Labels(
            inputs=tuple(
                self.inputs.label(row[:length])
                for row, length in zip(tokens, lengths, strict=True)
                if self.inputs is not None
            ),
            targets=()
            if outputs is None or batch.targets is None
            else tuple(outputs.label(row) for row in batch.targets.T),
            decoder_inputs=()
            if outputs is None or batch.decoder_tokens is None
            else tuple(outputs.label(row) for row in batch.decoder_tokens.T),
            symbols=() if self.inputs is None else self.inputs.labels,
            classes=() if outputs is None else outputs.labels,
        )

    def pictures(self, batch: Batch) -> Pictures | None:
        if not isinstance(batch, DataBatch) or batch.data.draw is None:
            return None
        return batch.data.draw(batch.rows)

    def answers(self, net: Network, batch: Batch) -> list[str]:
        predicted = net.outputs(batch)
        if self.outputs is None:
            counted = _counted(batch)
            return [
                ", ".join(f"{v:.3g}" for v in predicted[counted[:, b], b].ravel()[:4])
                for b in range(batch.batch_size)
            ]
        best = np.where(_counted(batch), predicted.argmax(axis=-1), -1)
        return [self.words(row) for row in best.T]

    def evaluate(self, net: Network) -> Score:
        data = self.data("held-out")
        good = 0.0
        n = 0
        for start in range(0, len(data), _SCORED_AT_ONCE):
            batch = data.batch(np.arange(start, min(start + _SCORED_AT_ONCE, len(data))))
            scored, count = self.score(net, batch)
            good += scored
            n += count
        if self._baseline is None:
            self._baseline = self.baseline()
        return Score(
            metric=self.info.metric,
            value=good / n,
            baseline=self._baseline[0],
            baseline_name=self._baseline[1],
            target=self.info.target,
            n=n,
            unit=self.unit,
        )

    def score(self, net: Network, batch: DataBatch) -> tuple[float, int]:
        """Sum of the metric over a batch, and how many things it counts."""
        predicted, counted = net.outputs(batch), _counted(batch)
        targets = batch.targets
        assert targets is not None
        if self.outputs is None:
            error = np.square(predicted - targets).mean(axis=-1)
            return float(error[counted].sum()), int(counted.sum())
        right = predicted.argmax(axis=-1) == targets
        if self.info.metric == "exact match":
            return float((right | ~counted).all(axis=0).sum()), batch.batch_size
        return float(right[counted].sum()), int(counted.sum())


def _counted(batch: Batch) -> NDArray[np.bool_]:
    """Which outputs are scored, (T, B): where there is a target and the mask is not 0."""
    assert batch.targets is not None
    if batch.targets.ndim == 2:
        counted = batch.targets >= 0
    else:
        counted = np.ones(batch.targets.shape[:2], dtype=bool)
    if batch.mask is not None:
        counted &= batch.mask > 0
    return counted
