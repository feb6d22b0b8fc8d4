"""Matching brackets, (ⁿ)ⁿ: the network has to count what it opened."""

from __future__ import annotations

from typing import final

import numpy as np

from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data, DataBatch
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec, UserError
from rnnviz.trace.whole import whole

BRACKETS = TaskInfo(
    name="brackets",
    title="close every bracket that was opened",
    kind="aligned",
    source="random nests of brackets",
    licence="MIT (part of rnnviz)",
    metric="accuracy",
    target=0.97,
)
_STEPS = 40
_COUNT: dict[Split, int] = {"train": 4000, "held-out": 300}


@final
class BracketsTask(SequenceTask):
    """n opening brackets, then n closing ones, group after group (the language aⁿbⁿ of Gers and
    Schmidhuber, 2001). Counted are the steps whose next bracket is certain: those after a closing
    one.
    """

    info = BRACKETS
    counts = _COUNT
    inputs = Vocabulary(("(", ")"))
    outputs = Vocabulary(("(", ")"))
    vocabulary = outputs
    unit = "brackets"

    def __init__(self, deepest: int = 8) -> None:
        super().__init__()
        self._deepest = whole("deepest", deepest, 1, 100)
        self.options = {"deepest": self._deepest}

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(cell="lstm", input_size=2, hidden_size=16, output_size=2)

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.01, batch_size=32, iterations=1200)

    def make(self, split: Split) -> Data:
        rng = np.random.default_rng((5, split == "train"))
        return _read([self._groups(rng) for _ in range(_COUNT[split])])

    def _groups(self, rng: np.random.Generator) -> str:
        text = ""
        while len(text) <= max(_STEPS, 2 * self._deepest):
            depth = int(rng.integers(1, self._deepest + 1))
            text += "(" * depth + ")" * depth
        return text[: max(_STEPS, 2 * self._deepest) + 1]

    def baseline(self) -> tuple[float, str]:
        targets = self.data("held-out").targets
        share = float(np.mean(targets[targets >= 0]))
        return max(share, 1 - share), "always the commoner bracket"

    def parse(self, text: str) -> DataBatch:
        """Opening and closing brackets, starting with an opening one."""
        brackets = "".join(text.split())
        if len(brackets) < 2 or brackets[0] != "(":
            raise UserError("type at least two brackets, an opening one first")
        self.inputs.encode(brackets)
        return _read([brackets]).batch(np.array([0]))


def _read(texts: list[str]) -> Data:
    """Read all but the last bracket; the next one is counted after each closing one."""
    ids = np.array([[int(c == ")") for c in text] for text in texts], dtype=np.intp)
    tokens = ids[:, :-1]
    return Data(
        tokens=tokens, targets=np.where(tokens == 1, ids[:, 1:], -1), titles=[t[:-1] for t in texts]
    )
