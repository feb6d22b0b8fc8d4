"""The rare facts a training loop reports; everything frequent goes by mailbox and history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rnnviz.engine import Batch
from rnnviz.session.comparing import Written
from rnnviz.session.questions import Reply
from rnnviz.session.run import Run
from rnnviz.tasks.base import Example, Score, Split
from rnnviz.trace import Trace


@dataclass(frozen=True, slots=True)
class Started:
    """Training goes on after ``iteration``."""

    iteration: int


@dataclass(frozen=True, slots=True)
class Paused:
    """Training rests after ``iteration``."""

    iteration: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The iterations asked for are done."""

    iteration: int


@dataclass(frozen=True, slots=True)
class Diverged:
    """The loss or a gradient of ``iteration`` was not finite; that update was not made."""

    iteration: int
    message: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A command could not be carried out; the run is as it was. ``details`` is for a log."""

    message: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class Travelled:
    """The run stands after ``iteration``; ``furthest`` is how far it has been."""

    iteration: int
    furthest: int


@dataclass(frozen=True, slots=True)
class WasReset:
    """The run stands at its beginning; its history is empty."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another run is on the table."""

    run: Run


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A run with weights set by hand is ready; the one at work goes on."""

    run: Run
    text: str


@dataclass(frozen=True, slots=True)
class LearningRateSet:
    """This learning rate holds from the next iteration on."""

    learning_rate: float


@dataclass(frozen=True, slots=True)
class Sampled:
    """What the model wrote when it fed itself."""

    trace: Trace
    text: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The score after ``iteration``."""

    iteration: int
    score: Score
    loss: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """The user's own input is on the stage; ``title`` names it, ``said`` is the answer."""

    iteration: int
    title: str
    said: str
    batch: Batch


@dataclass(frozen=True, slots=True)
class Listed:
    """What there is to browse in one part of the data of ``run``."""

    run: Run
    split: Split
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Replied:
    """What the network said; it took ``seconds``."""

    run: Run
    iteration: int
    replies: tuple[Reply, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """Answers to one question in several ways; ``answer`` is the right one, if it is known."""

    iteration: int
    title: str
    answer: str
    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """The run is in this file."""

    path: Path


Event = (
    Started
    | Paused
    | Finished
    | Diverged
    | Failed
    | Travelled
    | WasReset
    | Replaced
    | Rewritten
    | LearningRateSet
    | Sampled
    | Evaluated
    | Tried
    | Listed
    | Replied
    | Decoded
    | Saved
)
