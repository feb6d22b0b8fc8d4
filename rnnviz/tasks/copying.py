"""Copy: remember a few letters over a gap and say them again. A probe of memory."""

from __future__ import annotations

from typing import final

import numpy as np

from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data, DataBatch
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec, UserError
from rnnviz.trace.whole import whole

COPY = TaskInfo(
    name="copy",
    title="remember letters over a gap",
    kind="aligned",
    source="random letters",
    licence="MIT (part of rnnviz)",
    metric="accuracy",
    target=0.95,
)
LETTERS = "abcd"
_GAP, _CUE = "·", "?"
_COUNT: dict[Split, int] = {"train": 8000, "held-out": 500}


@final
class CopyTask(SequenceTask):
    """``letters`` to remember, ``gap`` steps of nothing, then as many question marks
    (Hochreiter and Schmidhuber, 1997, in the form of Arjovsky et al., 2016).
    """

    info = COPY
    counts = _COUNT
    inputs = Vocabulary((*LETTERS, _GAP, _CUE))
    outputs = Vocabulary(tuple(LETTERS))
    unit = "letters"

    def __init__(self, letters: int = 3, gap: int = 6) -> None:
        super().__init__()
        self._letters = whole("letters", letters, 1, 20)
        self._gap = whole("gap", gap, 0, 200)
        self.options = {"letters": self._letters, "gap": self._gap}

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(
            cell="gru", input_size=len(LETTERS) + 2, hidden_size=48, output_size=len(LETTERS)
        )

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.01, batch_size=32, iterations=1500)

    def make(self, split: Split) -> Data:
        rng = np.random.default_rng((2, split == "train"))
        shown = rng.integers(0, len(LETTERS), (_COUNT[split], self._letters))
        return self._asked(shown)

    def _asked(self, shown: np.ndarray[tuple[int, ...], np.dtype[np.intp]]) -> Data:
        n = len(shown)
        gap = np.full((n, self._gap), self.inputs.ids[_GAP])
        cue = np.full((n, self._letters), self.inputs.ids[_CUE])
        silent = np.full((n, self._letters + self._gap), -1)
        return Data(
            tokens=np.concatenate([shown, gap, cue], axis=1),
            targets=np.concatenate([silent, shown], axis=1),
            titles=[self.outputs.decode(row) for row in shown],
        )

    def baseline(self) -> tuple[float, str]:
        return 1 / len(LETTERS), "guessing"

    def parse(self, text: str) -> DataBatch:
        """As many letters as the task remembers."""
        letters = text.strip().lower()
        if len(letters) != self._letters:
            raise UserError(f"type {self._letters} letters out of {LETTERS}")
        return self._asked(self.outputs.encode(letters)[np.newaxis]).batch(np.array([0]))
