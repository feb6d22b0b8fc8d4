"""Sequences of measurements with one class each: speech, sensors, the user's own arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch
from rnnviz.tasks.base import Split, TrainingDefaults
from rnnviz.tasks.dataset import Data
from rnnviz.tasks.logistic import logistic_accuracy
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import Labels, ModelSpec, UserError

Floats = NDArray[np.float32]


def standardised(values: Floats, reference: Floats) -> Floats:
    """``values`` (N, D) less the mean of ``reference`` (M, D), over its spread, channel by channel.

    Computed in float64: sums and squares of large float32 numbers would be infinite.
    """
    mean = reference.mean(axis=0, dtype=np.float64)
    spread = reference.std(axis=0, dtype=np.float64) + 1e-6
    scaled: Floats = ((values - mean) / spread).astype(np.float32)
    return scaled


@final
class VectorSequences(SequenceTask):
    """``parts`` maps each split to (sequences, classes): (T_n, D) each, standardised here."""

    outputs: Vocabulary

    def __init__(
        self,
        origin: Origin,
        parts: Mapping[Split, tuple[Sequence[Floats], Sequence[str]]],
    ) -> None:
        super().__init__()
        classes = sorted({label for _, labels in parts.values() for label in labels})
        if len(classes) < 2:
            raise UserError(f"{origin.source}: only the class {classes[0]!r}; two are needed")
        self.info = origin.info("many-to-one", "accuracy")
        self.outputs = Vocabulary(tuple(classes), words=True)
        self._parts = parts
        self._steps = np.concatenate(parts["train"][0])
        self._channels = self._steps.shape[1]

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="many-to-one",
            cell="gru",
            input_kind="vector",
            head="mean",
            bidirectional=True,
            input_size=self._channels,
            hidden_size=48,
            output_size=len(self.outputs),
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.005, batch_size=32, iterations=400)

    def make(self, split: Split) -> Data:
        sequences, labels = self._parts[split]
        lengths = np.array([len(sequence) for sequence in sequences], dtype=np.intp)
        x = np.zeros((len(sequences), int(lengths.max()), self._channels), np.float32)
        scaled = standardised(np.concatenate(sequences), self._steps)
        for row, end in enumerate(lengths.cumsum()):
            x[row, : lengths[row]] = scaled[end - lengths[row] : end]
        return Data(
            x=x,
            lengths=lengths,
            targets=self.outputs.encode(labels),
            titles=[f"{label} ({n} steps)" for label, n in zip(labels, lengths, strict=True)],
        )

    def baseline(self) -> tuple[float, str]:
        """Logistic regression on mean and spread over time, which forget the order."""
        train, held_out = (self._summary(split) for split in ("train", "held-out"))
        accuracy = logistic_accuracy(train, held_out, len(self.outputs))
        return accuracy, "logistic regression on means and spreads over time"

    def _summary(self, split: str) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        data = self.data("train" if split == "train" else "held-out")
        assert data.x is not None
        assert data.lengths is not None
        rows = [x[:n] for x, n in zip(data.x, data.lengths, strict=True)]
        summary = [np.concatenate([row.mean(axis=0), row.std(axis=0)]) for row in rows]
        return np.array(summary, dtype=np.float64), data.targets

    def labels(self, batch: Batch) -> Labels:
        names = tuple(f"channel {i + 1}" for i in range(self._channels))
        return replace(super().labels(batch), symbols=names)
