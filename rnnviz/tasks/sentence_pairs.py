"""Sentences with their translation, from a table or a package."""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from rnnviz.tasks.base import Split, TrainingDefaults
from rnnviz.tasks.dataset import Data
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.sentence_tasks import TranslatedSentences
from rnnviz.tasks.sentences import END, START, common_words, fed_back, padded, row_words
from rnnviz.tasks.splitting import split_rows
from rnnviz.trace import ModelSpec


@final
class SentencePairs(TranslatedSentences):
    """Sentences with their translation, word by word on both sides."""

    def __init__(self, origin: Origin, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.info = origin.info("many-to-many", "exact match")
        self._rows = {
            split: [
                (row_words(source, origin.source), row_words(target, origin.source))
                for source, target in part
            ]
            for split, part in split_rows(rows).items()
        }
        train = self._rows["train"]
        self.inputs = common_words(source for source, _ in train)
        self.outputs = common_words((target for _, target in train), (START, END), least=1)
        self.longest_answer = max(len(target) for _, target in train) + 1

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="many-to-many",
            cell="gru",
            input_kind="embedding",
            embedding_size=48,
            attention="general",
            bidirectional=True,
            input_size=len(self.inputs),
            hidden_size=64,
            output_size=len(self.outputs),
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.003, batch_size=32, iterations=1500)

    def make(self, split: Split) -> Data:
        rows = self._rows[split]
        tokens, lengths = padded([source for source, _ in rows], self.inputs)
        decoder_tokens, targets, _ = fed_back([target for _, target in rows], self.outputs)
        return Data(
            tokens=tokens,
            lengths=lengths,
            decoder_tokens=decoder_tokens,
            targets=targets,
            titles=[" ".join(source) for source, _ in rows],
        )
