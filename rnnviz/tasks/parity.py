"""Parity: has the number of ones so far been even or odd? One bit flips every later answer."""

from __future__ import annotations

from typing import final

import numpy as np
from numpy.typing import NDArray

from rnnviz.tasks.base import Split, TaskInfo, TrainingDefaults
from rnnviz.tasks.dataset import Data, DataBatch
from rnnviz.tasks.sequences import SequenceTask
from rnnviz.tasks.vocabulary import Vocabulary
from rnnviz.trace import ModelSpec, UserError
from rnnviz.trace.whole import whole

PARITY = TaskInfo(
    name="parity",
    title="even or odd number of ones so far?",
    kind="aligned",
    source="random bits",
    licence="MIT (part of rnnviz)",
    metric="accuracy",
    target=0.99,
)
_COUNT: dict[Split, int] = {"train": 8000, "held-out": 500}


@final
class ParityTask(SequenceTask):
    """Bits in, the running parity out."""

    info = PARITY
    counts = _COUNT
    inputs = Vocabulary(("0", "1"))
    outputs = Vocabulary(("even", "odd"), words=True)
    unit = "bits"

    def __init__(self, length: int = 12) -> None:
        super().__init__()
        self._length = whole("length", length, 1, 1000)
        self.options = {"length": self._length}

    @property
    def architecture(self) -> ModelSpec:
        return ModelSpec(input_size=2, hidden_size=16, output_size=2)

    @property
    def defaults(self) -> TrainingDefaults:
        return TrainingDefaults(learning_rate=0.01, batch_size=32, iterations=1500)

    def make(self, split: Split) -> Data:
        rng = np.random.default_rng((3, split == "train"))
        return _counted(rng.integers(0, 2, (_COUNT[split], self._length)))

    def baseline(self) -> tuple[float, str]:
        data = self.data("held-out")
        assert data.tokens is not None
        return float(np.mean(data.tokens == data.targets)), "looking at the last bit alone"

    def parse(self, text: str) -> DataBatch:
        """Zeros and ones."""
        bits = "".join(text.split())
        if not 1 <= len(bits) <= 1000:
            raise UserError("type between 1 and 1,000 zeros and ones")
        return _counted(self.inputs.encode(bits)[np.newaxis]).batch(np.array([0]))


def _counted(bits: NDArray[np.intp]) -> Data:
    titles = ["".join(map(str, row)) for row in bits]
    return Data(tokens=bits, targets=np.cumsum(bits, axis=1) % 2, titles=titles)
