"""Small runs for the tests, and what it means for two of them to be the same."""

from pathlib import Path

import numpy as np

from rnnviz.session import ModelOptions, Run, RunConfig, TrainingOptions

TEXT = "the quick brown fox jumps over the lazy dog; " * 30

BOOK = "a small book that is read again and again. " * 20


def hello(seed: int = 0, **training: object) -> Run:
    """The lecture's run."""
    return Run.create(RunConfig(seed=seed, training=TrainingOptions(**training)))  # type: ignore[arg-type]  # any setting


def text_run(folder: Path, seed: int = 0, cell: str = "rnn", dropout: float = 0.0) -> Run:
    """A run on a text file: carried state, several sequences side by side, Adam, a schedule."""
    path = folder / "fox.txt"
    if not path.exists():
        path.write_text(TEXT)
    return Run.create(
        RunConfig(
            task=str(path),
            seed=seed,
            model=ModelOptions(
                cell=cell,  # type: ignore[arg-type]  # one of the cells
                hidden_size=6,
                layers=2 if dropout else 1,
                dropout=dropout,
            ),
            training=TrainingOptions(
                optimizer="adam",
                learning_rate=0.01,
                schedule="cosine",
                warmup=5,
                batch_size=3,
                window=7,
                iterations=100,
            ),
        )
    )


def small(task: str, **model: int) -> Run:
    """A small model on a task, four sequences at a time."""
    return Run.create(
        RunConfig(
            task=task,
            model=ModelOptions(hidden_size=8, **model),
            training=TrainingOptions(batch_size=4),
        )
    )


def fingerprint(run: Run) -> bytes:
    """Every bit that decides how a run goes on, and its history."""
    snapshot = run.trainer.snapshot()
    parts = [f"{name}:".encode() + array.tobytes() for name, array in snapshot.arrays.items()]
    return b"".join(parts) + repr(snapshot.facts).encode() + run.history.to_array().tobytes()


def same(run: Run, other: Run) -> bool:
    """Whether two runs stand at the same place, to the bit."""
    assert np.array_equal(run.net.params.flat, other.net.params.flat)
    return fingerprint(run) == fingerprint(other)


class Clock:
    """Seconds that go by only when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds
