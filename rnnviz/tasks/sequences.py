"""What all tasks made of separate sequences share: batches, browsing, words and scores."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch, Network, State
from rnnviz.engine.counting import loss_mask
from rnnviz.tasks.base import Example, JsonValue, Score, Split, Task
from rnnviz.tasks.dataset import Data, DataBatch, DataStream, Pictures
from rnnviz.tasks.free_running import write
from rnnviz.tasks.sentences import END, START
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import Labels

_SCORED_AT_ONCE = 256
_LEAST_AT_ONCE = 8
_PRODUCTS_AT_ONCE = 4e9
"""Products of a weight and a number in one pass, about a second of it: scoring can be left between
two passes."""


class SequenceTask(Task):
    """A task made of separate sequences, some for training and some held out.

    A subclass sets ``outputs`` (None for regression), ``inputs`` where it reads tokens, ``unit``
    and, where it writes words, the ``longest_answer`` in steps; ``counts`` if the numbers of
    sequences are known before they are made. It says how to ``make`` the data
    and what the simple ``baseline`` reaches.
    """

    inputs: Vocabulary | None = None
    outputs: Vocabulary | None = None
    unit: str = "sequences"
    longest_answer: int = 0
    counts: Mapping[Split, int] | None = None
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
        counts = self.counts or {split: len(self.data(split)) for split in get_args(Split)}
        sizes = {
            "training sequences": counts["train"],
            "held-out sequences": counts["held-out"],
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
        lengths = [batch.steps] * len(tokens)
        if batch.lengths is not None and len(tokens):
            lengths = batch.lengths.tolist()
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

    def pictures(self, batch: Batch, rows: Sequence[int] | None = None) -> Pictures | None:
        if not isinstance(batch, DataBatch) or batch.data.draw is None:
            return None
        return batch.data.draw(batch.rows if rows is None else batch.rows[list(rows)])

    def answers(self, net: Network, batch: Batch, state: State | None = None) -> list[str]:
        if self._writes:
            return [self.words(row) for row in self._written(net, batch)[1].T]
        predicted = net.outputs(batch)
        answered = _answered(net, batch)
        if self.outputs is None:
            return [
                ", ".join(f"{v:.3g}" for v in predicted[answered[:, b], b].ravel())
                for b in range(batch.batch_size)
            ]
        best = np.where(answered, predicted.argmax(axis=-1), -1)
        return [self.words(row) for row in best.T]

    def answered(self, net: Network, batch: Batch) -> Batch:
        return self._written(net, batch)[0] if self._writes else batch

    @property
    def _writes(self) -> bool:
        return self.info.kind in ("one-to-many", "many-to-many")

    def _written(self, net: Network, batch: Batch) -> tuple[Batch, NDArray[np.intp]]:
        assert self.outputs is not None
        start, end = self.outputs.ids[START], self.outputs.ids[END]
        return write(net, batch, start, end, self.longest_answer)

    def evaluate(self, net: Network, state: State | None = None) -> Score:
        data = self.data("held-out")
        good = 0.0
        n = 0
        for batch in _pieces(net, data, len(data)):
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

    def held_out_loss(self, net: Network, window: int, state: State | None = None) -> float | None:
        data = self.data("held-out")
        if not len(data):
            return None
        some = min(len(data), _SCORED_AT_ONCE)
        losses = ((net.loss(batch), batch.batch_size) for batch in _pieces(net, data, some))
        return sum(loss * (size / some) for loss, size in losses)

    def score(self, net: Network, batch: DataBatch) -> tuple[float, int]:
        """Sum of the metric over a batch, and how many things it counts."""
        predicted = net.outputs(batch)
        counted = loss_mask(net.spec, batch) > 0
        targets = batch.targets
        assert targets is not None
        if self.outputs is None:
            error = np.square(predicted - targets).mean(axis=-1)
            return float(error[counted].sum()), int(counted.sum())
        right = predicted.argmax(axis=-1) == targets
        if self.info.metric == "exact match":
            # A decoder that is right at every step when fed the truth has fed itself the truth.
            return float((right | ~counted).all(axis=0).sum()), batch.batch_size
        return float(right[counted].sum()), int(counted.sum())


def _pieces(net: Network, data: Data, count: int) -> Iterator[DataBatch]:
    """The first sequences in batches that are scored in a pass each."""
    # Every weight is read once for each step of the longest sequence.
    products = net.params.flat.size * max(data.longest, 1)
    most = int(_PRODUCTS_AT_ONCE / products)
    at_once = min(max(most, _LEAST_AT_ONCE), _SCORED_AT_ONCE)
    for start in range(0, count, at_once):
        yield data.batch(np.arange(start, min(start + at_once, count)))


def _answered(net: Network, batch: Batch) -> NDArray[np.bool_]:
    """Which outputs are the answer, (T, B): those that count, or where nobody knows the truth
    those that the sequence kind reads off.
    """
    if batch.targets is not None and (batch.targets.ndim == 3 or (batch.targets >= 0).any()):
        return loss_mask(net.spec, batch) > 0
    rows = np.arange(batch.output_steps)[:, np.newaxis]
    if net.spec.kind in ("many-to-one", "one-to-one"):
        return np.asarray(rows == batch.ends)
    return np.asarray(rows <= batch.ends)
