"""What went wrong in the worker, as the event that reports it."""

from __future__ import annotations

import traceback

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.footprint import NO_ROOM
from rnnviz.session.run import TrainingDiverged
from rnnviz.trace import UserError


def reported(error: Exception, command: c.Command | None) -> e.Diverged | e.Failed:
    """The event for an error that is being handled; ``command`` is what was obeyed, if anything."""
    match error:
        case TrainingDiverged():
            return e.Diverged(error.iteration, str(error))
        case UserError():
            return e.Failed(str(error), command=command)
        case MemoryError():
            return e.Failed(NO_ROOM, command=command)
        case _:
            words = f"{type(error).__name__}: {error}"
            return e.Failed(words, traceback.format_exc(), command)
