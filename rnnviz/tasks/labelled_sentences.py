"""Sentences with a class each, from a table or a package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from rnnviz.tasks.base import Split, TrainingDefaults
from rnnviz.tasks.dataset import Data
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.sentence_tasks import JudgedSentences
from rnnviz.tasks.sentences import common_words, padded, row_words
from rnnviz.tasks.splitting import split_rows
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec, UserError

LIMIT_CLASSES = 1000


@final
class LabelledSentences(JudgedSentences):
    """Sentences with a class each; words seen less than twice are read as unknown."""

    def __init__(self, origin: Origin, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        classes = sorted({label for _, label in rows})
        if len(classes) < 2:
            raise UserError(f"{origin.source}: only the label {classes[0]!r}; two are needed")
        if len(classes) > LIMIT_CLASSES:
            raise UserError(f"{origin.source}: {len(classes):,} labels; use {LIMIT_CLASSES:,}")
        self.info = origin.info("many-to-one", "accuracy")
        self.outputs = Vocabulary(tuple(classes), words=True)
        self._rows = {
            split: [(row_words(text, origin.source), label) for text, label in part]
            for split, part in split_rows(rows).items()
        }
        self.inputs = common_words(words for words, _ in self._rows["train"])

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="many-to-one",
            cell="lstm",
            input_kind="embedding",
            embedding_size=32,
            head="mean",
            input_size=len(self.inputs),
            hidden_size=48,
            output_size=len(self.outputs),
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.003, batch_size=32, iterations=1000)

    def make(self, split: Split) -> Data:
        rows = self._rows[split]
        tokens, lengths = padded([words for words, _ in rows], self.inputs)
        return Data(
            tokens=tokens,
            lengths=lengths,
            targets=self.outputs.encode([label for _, label in rows]),
            titles=[" ".join(words) for words, _ in rows],
        )
