"""The user's own pictures with a sentence each."""

from __future__ import annotations

from collections import Counter
from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks import canvas
from rnnviz.tasks.base import Split, TrainingDefaults
from rnnviz.tasks.dataset import Data, DataBatch, Pictures, Rows
from rnnviz.tasks.origin import Origin
from rnnviz.tasks.picture_files import SHOWN
from rnnviz.tasks.sentences import END, START, common_words, fed_back, split_words
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.splitting import split_rows
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec

_SIDE = 16


@final
class CaptionedPictures(SequenceTask):
    """16 × 16 pixels in colour set the first state; the caption follows."""

    inputs: Vocabulary
    outputs: Vocabulary
    unit = "pictures"

    def __init__(self, origin: Origin, pictures: NDArray[np.uint8], captions: list[str]) -> None:
        super().__init__()
        self.info = origin.info("one-to-many", "exact match")
        self._pictures = pictures
        self._captions = [split_words(caption) for caption in captions]
        self._rows = split_rows(range(len(captions)))
        train = (self._captions[row] for row in self._rows["train"])
        words = common_words(train, (START, END), least=1)
        self.inputs = self.outputs = self.vocabulary = words
        self.longest_answer = max(len(caption) for caption in self._captions) + 1

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            kind="one-to-many",
            cell="gru",
            input_kind="embedding",
            embedding_size=32,
            context_size=3 * _SIDE**2,
            input_size=len(self.inputs),
            hidden_size=128,
            output_size=len(self.outputs),
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.003, batch_size=32, iterations=1500)

    def make(self, split: Split) -> Data:
        chosen = self._rows[split]
        captions = [self._captions[row] for row in chosen]
        tokens, targets, lengths = fed_back(captions, self.outputs)
        pictures = self._pictures[chosen]

        def draw(rows: Rows) -> Pictures:
            return pictures[rows][np.newaxis]

        return Data(
            context=canvas.shrunken(pictures, _SIDE),
            tokens=tokens,
            targets=targets,
            lengths=lengths,
            titles=[" ".join(caption) for caption in captions],
            draw=draw,
        )

    def baseline(self) -> tuple[float, str]:
        commonest = Counter(self.data("train").titles).most_common(1)[0][0]
        titles = list(self.data("held-out").titles)
        return titles.count(commonest) / len(titles), "always the commonest caption"

    def words(self, ids: NDArray[np.intp]) -> str:
        return self.outputs.decode([i for i in ids if i != self.outputs.ids[END]])

    def parse_picture(self, picture: NDArray[np.uint8]) -> DataBatch:
        shown = canvas.resize(picture, SHOWN)[np.newaxis]
        tokens = np.full((1, self.longest_answer), self.outputs.ids[START], dtype=np.intp)

        def draw(rows: Rows) -> Pictures:
            return shown[rows][np.newaxis]

        return Data(
            context=canvas.shrunken(shown, _SIDE),
            tokens=tokens,
            targets=np.full_like(tokens, -1),
            titles=["your picture"],
            draw=draw,
        ).batch(np.array([0]))
