"""Dates in words to ISO dates: the encoder reads it all, the decoder writes year, month, day."""

from __future__ import annotations

from datetime import date
from typing import final

import numpy as np

from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data
from rnnviz.tasks.date_words import WORDS, date_words
from rnnviz.tasks.sentence_tasks import TranslatedSentences
from rnnviz.tasks.sentences import END, START, fed_back, padded
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec

TRANSLATION = TaskInfo(
    name="translation",
    title="dates in words to ISO dates",
    kind="many-to-many",
    source="dates written out by the program",
    licence="MIT (part of rnnviz)",
    metric="exact match",
    target=0.95,
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_COUNT: dict[Split, int] = {"train": 10_000, "held-out": 1000}

TARGET = Vocabulary((START, END, "-", *"0123456789"))


@final
class TranslationTask(TranslatedSentences):
    """ "the fourth of may nineteen eighty two" → 1982-05-04: what is said last is written first."""

    info = TRANSLATION
    counts = _COUNT
    inputs = Vocabulary(tuple(sorted(WORDS)), words=True)
    outputs = TARGET
    unit = "dates"
    longest_answer = 11

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="many-to-many",
            cell="gru",
            input_kind="embedding",
            embedding_size=32,
            attention="general",
            bidirectional=True,
            input_size=len(self.inputs),
            hidden_size=64,
            output_size=len(TARGET),
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(
            learning_rate=0.005, schedule="cosine", batch_size=64, iterations=800
        )

    def make(self, split: Split) -> Data:
        first, last = date(_FIRST_YEAR, 1, 1).toordinal(), date(_LAST_YEAR, 12, 31).toordinal()
        # One shuffled calendar for both parts: no held-out date is ever trained on.
        calendar = np.random.default_rng(4).permutation(np.arange(first, last + 1))
        start = 0 if split == "train" else _COUNT["train"]
        days = [date.fromordinal(int(d)) for d in calendar[start : start + _COUNT[split]]]
        rng = np.random.default_rng((4, split == "train"))
        sentences = [date_words(day, rng) for day in days]
        tokens, lengths = padded([s.split() for s in sentences], self.inputs)
        decoder_tokens, targets, _ = fed_back([day.isoformat() for day in days], TARGET)
        return Data(
            tokens=tokens,
            lengths=lengths,
            decoder_tokens=decoder_tokens,
            targets=targets,
            titles=sentences,
        )
