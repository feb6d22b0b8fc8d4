"""The character-level language model: read a character, predict the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch, Network, State
from rnnviz.tasks import python_text
from rnnviz.tasks.base import (
    Example,
    JsonValue,
    Score,
    Split,
    Task,
    TaskInfo,
    TrainingDefaults,
)
from rnnviz.tasks.character_stream import CharacterStream
from rnnviz.tasks.likelihood import log_likelihood
from rnnviz.tasks.options import file_name
from rnnviz.tasks.textfile import EncodedText, encode_text, read_text
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import Labels, ModelSpec, UserError

HELLO = TaskInfo(
    name="hello",
    title="hello, character by character, as in the lecture",
    kind="aligned",
    source="the word hello",
    licence="MIT (part of rnnviz)",
    metric="accuracy",
    target=1.0,
)
TEXT = TaskInfo(
    name="text",
    title="the next character of a text",
    kind="aligned",
    source=python_text.SOURCE,
    licence=python_text.LICENCE,
    metric="perplexity",
)

_HELD_OUT_SHARE = 0.1
_HELD_OUT_MOST = 100_000
_SHORTEST_WITH_HELD_OUT = 200
_SCORED_MOST = 20_000
_LOSS_MOST = 500
_COUNTED_AT_ONCE = 1 << 20
_EXAMPLE_STEPS = 60
_EXAMPLES_MOST = 200


def hello() -> CharacterTask:
    """The lecture's example: vocabulary h, e, l, o; reads "hell", should say "ello"."""
    vocabulary = Vocabulary(("h", "e", "l", "o"))
    text = EncodedText(vocabulary.encode("hello").astype(np.uint8), vocabulary)
    return CharacterTask(HELLO, text, {}, hidden_size=3, iterations=300)


def text(path: str | None = None) -> CharacterTask:
    """A UTF-8 text file, or without a path the text that comes with Python itself.

    Raises:
        UserError: if the file is no usable text.
    """
    if path is None:
        words = encode_text([python_text.python_text()], "the standard library")
        return CharacterTask(TEXT, words, {}, hidden_size=100, iterations=20_000)
    path = file_name("path", path)
    info = TaskInfo(
        name=TEXT.name,
        title=f"the next character of {Path(path).name}",
        kind=TEXT.kind,
        source=str(path),
        licence="your own file",
        metric=TEXT.metric,
    )
    words = read_text(Path(path))
    return CharacterTask(info, words, {"path": str(path)}, hidden_size=100, iterations=20_000)


@final
class CharacterTask(Task):
    """Next-character prediction on one text; held out is its end, where it is long enough."""

    vocabulary: Vocabulary

    def __init__(
        self,
        info: TaskInfo,
        text: EncodedText,
        options: Mapping[str, JsonValue],
        *,
        hidden_size: int,
        iterations: int,
    ) -> None:
        self.info = info
        self.options = options
        self.vocabulary = text.vocabulary
        self._hidden_size = hidden_size
        self._iterations = iterations
        held_out = 0
        if len(text.ids) >= _SHORTEST_WITH_HELD_OUT:
            held_out = min(int(len(text.ids) * _HELD_OUT_SHARE), _HELD_OUT_MOST)
        cut = len(text.ids) - held_out
        self._ids: dict[Split, NDArray[Any]] = {
            "train": text.ids[:cut],
            "held-out": text.ids[cut:],
        }

    @property
    def architecture(self) -> ModelSpec:
        size = len(self.vocabulary)
        return ModelSpec(input_size=size, hidden_size=self._hidden_size, output_size=size)

    @property
    def defaults(self) -> TrainingDefaults:
        """The settings of min-char-rnn; the window is shorter where the text is."""
        return TrainingDefaults(
            optimizer="adagrad",
            learning_rate=0.1,
            clip_norm=5.0,
            batch_size=1,
            window=min(25, len(self._ids["train"]) - 1),
            iterations=self._iterations,
        )

    @property
    def sizes(self) -> Mapping[str, int]:
        return {
            "training characters": len(self._ids["train"]),
            "held-out characters": len(self._ids["held-out"]),
            "vocabulary": len(self.vocabulary),
        }

    def stream(self, batch_size: int, window: int, seed: int) -> CharacterStream:
        """Contiguous windows that carry the state; the text is read in order, whatever the seed."""
        return CharacterStream(self._ids["train"], batch_size, window)

    def examples(self, split: Split) -> Sequence[Example]:
        """Stretches of the text, in order."""
        ids = self._ids[split]
        starts = range(0, max(len(ids) - 1, 0), _EXAMPLE_STEPS)[:_EXAMPLES_MOST]
        return [Example(split, i, self._piece(split, i)[:-1]) for i in range(len(starts))]

    def example_batch(self, example: Example) -> Batch:
        return self.parse(self._piece(example.split, example.index))

    def _piece(self, split: Split, index: int) -> str:
        start = index * _EXAMPLE_STEPS
        return self.vocabulary.decode(self._ids[split][start : start + _EXAMPLE_STEPS + 1])

    def parse(self, text: str) -> Batch:
        """A text of at least two characters: all but the last are read, all but the first are
        targets.
        """
        if len(text) < 2:
            raise UserError("type at least two characters: the second is what the first predicts")
        ids = self.vocabulary.encode(text)[:, np.newaxis]
        return Batch(tokens=ids[:-1], targets=ids[1:])

    def labels(self, batch: Batch) -> Labels:
        label = self.vocabulary.label
        return Labels(
            inputs=() if batch.tokens is None else tuple(map(label, batch.tokens.T)),
            targets=() if batch.targets is None else tuple(map(label, batch.targets.T)),
            symbols=self.vocabulary.labels,
            classes=self.vocabulary.labels,
        )

    def answers(self, net: Network, batch: Batch, state: State | None = None) -> list[str]:
        """The likeliest next character at every step."""
        best = net.outputs(batch, state).argmax(axis=-1)
        return [self.vocabulary.decode(row) for row in best.T]

    def evaluate(self, net: Network, state: State | None = None) -> Score:
        """Perplexity per held-out character (see `log_likelihood`) against that of the character
        frequencies (unigram, add-one); ``hello`` counts right characters against always saying the
        commonest. Reading goes on from ``state``, as training would.
        """
        split: Split = "held-out" if len(self._ids["held-out"]) else "train"
        scored = self._ids[split][:_SCORED_MOST]
        targets = scored[1:].astype(np.intp)
        log_probs, answers = log_likelihood(net, scored, state)
        if self.info.metric == "accuracy":
            value = float(np.mean(answers == targets))
            baseline = float(np.mean(targets == np.bincount(targets).argmax()))
            name = "always the commonest character"
        else:
            value = float(np.exp(-log_probs.mean()))
            baseline = float(np.exp(-np.log(self._shares[targets]).mean()))
            name = "character frequencies"
        return Score(
            metric=self.info.metric,
            value=value,
            baseline=baseline,
            baseline_name=name,
            target=self.info.target,
            n=len(targets),
            unit="characters",
            split=split,
        )

    def held_out_loss(self, net: Network, window: int, state: State | None = None) -> float | None:
        ids = self._ids["held-out"][: _LOSS_MOST + 1]
        if len(ids) < 2:
            return None
        return float(-log_likelihood(net, ids, state)[0].mean()) * window

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """How often each character occurs in the training text, add-one, (V,)."""
        ids, size = self._ids["train"], len(self.vocabulary)
        counts = np.ones(size)
        # `bincount` makes 8 bytes of every id and lets no other thread run: piece by piece.
        for start in range(0, len(ids), _COUNTED_AT_ONCE):
            counts += np.bincount(ids[start : start + _COUNTED_AT_ONCE], minlength=size)
        counts /= counts.sum()
        return counts
