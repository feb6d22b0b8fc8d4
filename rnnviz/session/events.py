"""The rare facts a training loop reports; everything frequent goes by mailbox and history."""

from __future__ import annotations

from pathlib import Path

import msgspec

from rnnviz.engine import Batch
from rnnviz.session.commands import Command, Errand
from rnnviz.session.comparing import Written
from rnnviz.session.learner import GivenRate
from rnnviz.session.questions import Reply
from rnnviz.session.run import Run
from rnnviz.tasks.base import Example, Score, Split
from rnnviz.trace import Trace


class Started(msgspec.Struct, frozen=True):
    """Training goes on after ``iteration``."""

    iteration: int


class Paused(msgspec.Struct, frozen=True):
    """Training rests after ``iteration``."""

    iteration: int


class Finished(msgspec.Struct, frozen=True):
    """The iterations asked for are done, or ``why`` no more would teach anything."""

    iteration: int
    why: str = ""


class Diverged(msgspec.Struct, frozen=True):
    """The loss or a gradient of ``iteration`` was not finite; that update was not made."""

    iteration: int
    message: str


class Failed(msgspec.Struct, frozen=True):
    """A command could not be carried out; the run is as it was. ``details`` is for a log,
    ``command`` is None where none was given: training goes on by itself."""

    message: str
    details: str = ""
    command: Command | None = None


class Travelled(msgspec.Struct, frozen=True):
    """The run stands after ``iteration``; ``furthest`` is how far it has been."""

    iteration: int
    furthest: int


class WasReset(msgspec.Struct, frozen=True):
    """The run stands at its beginning; its history is empty."""


class Replaced(msgspec.Struct, frozen=True):
    """Another run is on the table."""

    run: Run


class Rewritten(msgspec.Struct, frozen=True):
    """A run has weights set by hand, ``text`` says which; `Replaced` puts it on the table."""

    run: Run
    text: str


class LearningRateSet(msgspec.Struct, frozen=True):
    """This learning rate holds from the next iteration on; ``before`` brings back the one that it
    took the place of."""

    given: GivenRate
    before: GivenRate


class Sampled(msgspec.Struct, frozen=True):
    """What the model wrote when it fed itself, and what it had been asked."""

    trace: Trace
    text: str
    prompt: str
    temperature: float


class Evaluated(msgspec.Struct, frozen=True):
    """The score after ``iteration``."""

    iteration: int
    score: Score
    loss: float | None = None


class Tried(msgspec.Struct, frozen=True, eq=False):
    """The user's own input is on the stage; ``title`` names it, ``said`` is the answer."""

    iteration: int
    title: str
    said: str
    batch: Batch


class Listed(msgspec.Struct, frozen=True):
    """What there is to browse in one part of the data of ``run``."""

    run: Run
    split: Split
    examples: tuple[Example, ...]


class Replied(msgspec.Struct, frozen=True):
    """What the network said; it took ``seconds``."""

    run: Run
    iteration: int
    replies: tuple[Reply, ...]
    seconds: float


class Decoded(msgspec.Struct, frozen=True):
    """Answers to one question in several ways; ``answer`` is the right one, if it is known."""

    iteration: int
    title: str
    answer: str
    written: tuple[Written, ...]


class PutOff(msgspec.Struct, frozen=True):
    """What was asked lasts, and training has begun: the answer comes when that rests."""

    errand: Errand


class Branched(msgspec.Struct, frozen=True):
    """This run goes on, with the past of the one before, which keeps its own future."""

    run: Run
    before: Run
    iteration: int


class Saved(msgspec.Struct, frozen=True):
    """The run, as far as ``iteration``, is in this file; that took ``seconds``."""

    path: Path
    run: Run
    iteration: int
    seconds: float = 0.0
    quietly: bool = False


class NotSaved(msgspec.Struct, frozen=True):
    """What nobody had asked for by hand could not be written."""

    message: str


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
    | PutOff
    | Branched
    | Saved
    | NotSaved
)
