"""What every task that reads sentences has in common, wherever its sentences come from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks.dataset import Data, DataBatch
from rnnviz.tasks.nearest import nearest_baseline
from rnnviz.tasks.sentences import END, opened, padded, split_words
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.tasks.word_counts import word_count_baseline


class JudgedSentences(SequenceTask):
    """A class for each sentence: many-to-one."""

    inputs: Vocabulary
    outputs: Vocabulary
    unit = "sentences"

    def baseline(self) -> tuple[float, str]:
        return word_count_baseline(self.data("train"), self.data("held-out"), len(self.inputs))

    def parse(self, text: str) -> DataBatch:
        """A typed sentence; its class is left open."""
        tokens, lengths = padded([split_words(text)], self.inputs)
        unknown = np.array([-1], dtype=np.intp)
        data = Data(tokens=tokens, lengths=lengths, targets=unknown, titles=[text])
        return data.batch(np.array([0]))


class TranslatedSentences(SequenceTask):
    """A sentence for each sentence, of any other length: many-to-many."""

    inputs: Vocabulary
    outputs: Vocabulary
    unit = "sentences"

    def baseline(self) -> tuple[float, str]:
        """The answer to the training sentence that shares most words, their order ignored."""
        return nearest_baseline(self.data("train"), self.data("held-out"), len(self.inputs))

    def words(self, ids: NDArray[np.intp]) -> str:
        return self.outputs.decode([i for i in ids if i != self.outputs.ids[END]])

    def parse(self, text: str) -> DataBatch:
        """A typed sentence; the answer is left open, as long as answers are."""
        tokens, lengths = padded([split_words(text)], self.inputs)
        return opened(tokens, lengths, self.outputs, self.longest_answer, text).batch(np.array([0]))
