"""What the window (or a test) may ask of a training loop: small frozen records."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import Batch
from rnnviz.session.run import Run
from rnnviz.session.weight_change import WeightChange
from rnnviz.tasks.base import Example, Split


class Start(msgspec.Struct, frozen=True):
    """Train on, ``iterations`` more or, if None, until told otherwise.

    After travelling back a branch of the run trains on; so it is with `StepOnce` and
    `SetLearningRate`. The event `Branched` carries it.
    """

    iterations: int | None = None


class Pause(msgspec.Struct, frozen=True):
    """Stop after the iteration that is being computed."""


class StepOnce(msgspec.Struct, frozen=True):
    """Train one iteration, show it, and pause."""


class Reset(msgspec.Struct, frozen=True):
    """Back to the first iteration with the same seed, or with another one."""

    seed: int | None = None


class Replace(msgspec.Struct, frozen=True):
    """Go on with another run (another task, another model, a file that was opened)."""

    run: Run


class SetLearningRate(msgspec.Struct, frozen=True):
    """Use this learning rate from the next iteration on; `scheduled`: see `GivenRate`."""

    learning_rate: float
    scheduled: bool = False


class SetWeights(msgspec.Struct, frozen=True):
    """Put ``run`` on the table, a `Run.blank` of the run ``like``: it goes on from where that one
    stands, with weights set by hand, ``text`` says which. ``like`` is not touched.
    """

    run: Run
    like: Run
    changes: tuple[WeightChange, ...]
    text: str = ""


class SetPace(msgspec.Struct, frozen=True):
    """Wait this many seconds after every iteration (0: flat out)."""

    seconds: float


class Travel(msgspec.Struct, frozen=True):
    """Go to the state after that iteration; of several in the queue only the last counts."""

    iteration: int


class Watch(msgspec.Struct, frozen=True):
    """Show this example (or this typed text) instead of the batch in training; None: the batch."""

    example: Example | Batch | str | None


class Look(msgspec.Struct, frozen=True):
    """Show the pass of what is watched, or of the batch, once more."""


class Try(msgspec.Struct, frozen=True, eq=False):
    """Read the user's own text or picture (h, w, 3), say what the network answers, and watch it."""

    own: str | NDArray[np.uint8]


class ListExamples(msgspec.Struct, frozen=True):
    """Name everything of one part of the data."""

    split: Split


class Ask(msgspec.Struct, frozen=True):
    """What does the network say to these examples?"""

    examples: tuple[Example, ...]


class Decode(msgspec.Struct, frozen=True):
    """Compare greedy, drawn and beam answers to what is watched, or to an example."""

    temperature: float = 1.0
    width: int = 4
    seed: int = 0


class Sample(msgspec.Struct, frozen=True):
    """Let the model feed itself for ``steps`` steps after ``prompt``."""

    prompt: str
    steps: int
    temperature: float = 1.0
    seed: int = 0
    top_k: int | None = None
    beam: int | None = None


class Evaluate(msgspec.Struct, frozen=True):
    """Score the model on held-out data."""


class Save(msgspec.Struct, frozen=True):
    """Write the run at work to a file; or, `quietly` because nobody asked for it, ``run``."""

    path: Path
    run: Run | None = None
    quietly: bool = False


class Shutdown(msgspec.Struct, frozen=True):
    """Leave the loop."""


Errand = Try | Ask | Decode | Sample | Evaluate
"""Questions about a run; to answer them may take long."""

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
