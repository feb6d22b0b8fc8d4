"""The measured workloads: one training iteration of a character model, in float32."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from rnnviz.engine.batch import Batch
from rnnviz.trace.errors import UserError
from rnnviz.trace.spec import CellKind, ModelSpec


@dataclass(frozen=True, slots=True)
class Workload:
    """One-hot tokens of V classes in, a prediction of the next token out at every step.

    ``goal_torch`` is the wanted ratio PyTorch ÷ ours, ``goal_floor`` ours ÷ floor.
    """

    name: str
    title: str
    cell: CellKind
    hidden: int
    steps: int
    batch: int
    goal_torch: float
    goal_floor: float
    classes: int = 65
    layers: int = 1
    optimizer: str = "adam"

    @property
    def spec(self) -> ModelSpec:
        return ModelSpec(
            input_size=self.classes,
            hidden_size=self.hidden,
            output_size=self.classes,
            cell=self.cell,
            layers=self.layers,
        )

    @property
    def calls_alone(self) -> Workload:
        """The same calls on next to no numbers: few units, two classes, T and B as they are.

        What is left is what NumPy and Python take to make a call, however fast the arithmetic.
        A single sequence keeps sixteen units: with fewer, its cell makes other calls.
        """
        return replace(self, hidden=min(self.hidden, 16) if self.batch == 1 else 2, classes=2)

    @property
    def learning_rate(self) -> float:
        return 0.01 if self.optimizer == "adagrad" else 0.001

    def data(self) -> Batch:
        """Random tokens, the same at every call; targets are the tokens one step on."""
        rng = np.random.default_rng(0)
        tokens = rng.integers(0, self.classes, (self.steps + 1, self.batch))
        return Batch(tokens=tokens[:-1].copy(), targets=tokens[1:].copy())


WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        Workload("vanilla", "vanilla V=65 H=100 T=25 B=1", "rnn", 100, 25, 1, 12, 1.7),
        Workload(
            "vanilla-adagrad", "vanilla V=65 H=100 T=25 B=1, Adagrad",
            "rnn", 100, 25, 1, 12, 1.7, optimizer="adagrad",
        ),
        Workload("vanilla-long", "vanilla H=64 T=1000 B=1", "rnn", 64, 1000, 1, 12, 1.4),
        Workload("hello", "hello (V=4 H=3 T=4 B=1)", "rnn", 3, 4, 1, 15, 4, classes=4),
        Workload("lstm", "LSTM H=128 T=50 B=1", "lstm", 128, 50, 1, 2, 2),
        Workload("gru", "GRU H=128 T=50 B=1", "gru", 128, 50, 1, 8, 2.2),
        Workload("vanilla-batch", "vanilla H=128 T=50 B=32", "rnn", 128, 50, 32, 2, 1.5),
        Workload("gru-batch", "GRU H=128 T=50 B=32", "gru", 128, 50, 32, 2, 1.5),
        Workload("lstm-batch", "LSTM H=128 T=50 B=32", "lstm", 128, 50, 32, 1, 1.5),
        Workload(
            "lstm-deep", "LSTM 2 layers H=256 T=100 B=64", "lstm", 256, 100, 64, 1, 1.3, layers=2
        ),
    )
}  # fmt: skip


def chosen(names: list[str] | None) -> Iterator[Workload]:
    """The workloads of these names, all of them without names.

    Raises:
        UserError: if there is no workload of a name.
    """
    unknown = [name for name in names or [] if name not in WORKLOADS]
    if unknown:
        raise UserError(
            f"there is no workload {', '.join(unknown)}; use one of {', '.join(WORKLOADS)}"
        )
    return iter([WORKLOADS[name] for name in names] if names else WORKLOADS.values())
