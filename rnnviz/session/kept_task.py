"""What is left of a task when its data are gone: enough to look at a run and to sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, final

import numpy as np

from rnnviz.engine import Batch, Network, State
from rnnviz.session.data_identity import BATCH_FIELDS
from rnnviz.tasks import Example, Score, Stream, Task, TaskInfo, TrainingDefaults, Vocabulary
from rnnviz.tasks.base import JsonValue, Split
from rnnviz.trace import Labels, ModelSpec, UserError


@final
class KeptTask(Task):
    """One batch with its words, and the vocabulary, as they were when the run was saved."""

    def __init__(
        self,
        info: TaskInfo,
        spec: ModelSpec,
        batch: Batch,
        labels: Labels,
        vocabulary: Vocabulary | None,
        problem: str,
        options: Mapping[str, JsonValue],
    ) -> None:
        self.info = info
        self.options = options
        self._spec = spec
        self._batch = batch
        self._labels = labels
        self._problem = problem
        if vocabulary is not None:
            self.vocabulary = vocabulary

    @property
    def architecture(self) -> ModelSpec:
        return self._spec

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults()

    def stream(self, batch_size: int, window: int, seed: int) -> Stream:
        raise UserError(self._problem)

    def examples(self, split: Split) -> Sequence[Example]:
        return [Example("train", 0, "the batch at which the run was saved")]

    def example_batch(self, example: Example) -> Batch:
        return self._batch

    def labels(self, batch: Batch) -> Labels:
        if batch is self._batch:
            return self._labels
        vocabulary: Vocabulary | None = getattr(self, "vocabulary", None)
        if vocabulary is None or batch.tokens is None:
            return Labels(symbols=self._labels.symbols, classes=self._labels.classes)
        targets = () if batch.targets is None else batch.targets.T
        return Labels(
            inputs=tuple(vocabulary.label(row) for row in batch.tokens.T),
            targets=tuple(vocabulary.label(row) for row in targets),
            symbols=self._labels.symbols,
            classes=self._labels.classes,
        )

    def parse(self, text: str) -> Batch:
        vocabulary: Vocabulary | None = getattr(self, "vocabulary", None)
        if vocabulary is None or vocabulary.words or self._spec.kind != "aligned":
            raise UserError(self._problem)
        ids = vocabulary.encode(text)[:, np.newaxis]
        if len(ids) < 2:
            raise UserError("type at least two characters: the second is what the first predicts")
        return Batch(tokens=ids[:-1], targets=ids[1:])

    def answers(self, net: Network, batch: Batch, state: State | None = None) -> list[str]:
        raise UserError(self._problem)

    def evaluate(self, net: Network, state: State | None = None) -> Score:
        raise UserError(self._problem)

    @property
    def sizes(self) -> Mapping[str, int]:
        return {"kept sequences": self._batch.batch_size}


def batch_arrays(batch: Batch) -> dict[str, Any]:
    """The arrays of a batch by name."""
    return {name: array for name in BATCH_FIELDS if (array := getattr(batch, name)) is not None}
