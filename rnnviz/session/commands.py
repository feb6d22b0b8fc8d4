"""What the window (or a test) may ask of a training loop: small frozen records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch
from rnnviz.session.run import Run
from rnnviz.session.weight_change import WeightChange
from rnnviz.tasks.base import Example, Split


@dataclass(frozen=True, slots=True)
class Start:
    """Train on, ``iterations`` more or, if None, until told otherwise."""

    iterations: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop after the iteration that is being computed."""


@dataclass(frozen=True, slots=True)
class StepOnce:
    """Train one iteration, show it, and pause."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Back to the first iteration with the same seed, or with another one."""

    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Replace:
    """Go on with another run (another task, another model, a file that was opened)."""

    run: Run


@dataclass(frozen=True, slots=True)
class SetLearningRate:
    """Use this learning rate from the next iteration on."""

    learning_rate: float


@dataclass(frozen=True, slots=True)
class SetWeights:
    """Make a run that goes on from here with weights set by hand; ``text`` says which.

    The run at work is not touched: the answer `Rewritten` carries the new one, to `Replace` with.
    """

    changes: tuple[WeightChange, ...]
    text: str = ""


@dataclass(frozen=True, slots=True)
class SetPace:
    """Wait this many seconds after every iteration (0: flat out)."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Travel:
    """Go to the state after that iteration; of several in the queue only the last counts."""

    iteration: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Show this example (or this typed text) instead of the batch in training; None: the batch."""

    example: Example | Batch | str | None


@dataclass(frozen=True, slots=True)
class Look:
    """Show the pass of what is watched, or of the batch, once more."""


@dataclass(frozen=True, slots=True, eq=False)
class Try:
    """Read the user's own text or picture (h, w, 3), say what the network answers, and watch it."""

    own: str | NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ListExamples:
    """Name everything of one part of the data."""

    split: Split


@dataclass(frozen=True, slots=True)
class Ask:
    """What does the network say to these examples?"""

    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Decode:
    """Compare greedy, drawn and beam answers to what is watched, or to an example."""

    temperature: float = 1.0
    width: int = 4
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """Let the model feed itself for ``steps`` steps after ``prompt``."""

    prompt: str
    steps: int
    temperature: float = 1.0
    seed: int = 0
    top_k: int | None = None
    beam: int | None = None


@dataclass(frozen=True, slots=True)
class Evaluate:
    """Score the model on held-out data."""


@dataclass(frozen=True, slots=True)
class Save:
    """Write the run to a file."""

    path: Path


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Leave the loop."""


Command = (
    Start
    | Pause
    | StepOnce
    | Reset
    | Replace
    | SetLearningRate
    | SetWeights
    | SetPace
    | Travel
    | Watch
    | Look
    | Try
    | ListExamples
    | Ask
    | Decode
    | Sample
    | Evaluate
    | Save
    | Shutdown
)
