"""The rare facts a training loop reports; everything frequent goes by mailbox and history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rnnviz.session.run import Run
from rnnviz.tasks.base import Score
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
    | Saved
)
