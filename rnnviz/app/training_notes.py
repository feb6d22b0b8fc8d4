"""What the window notes of what the worker has done, in a sentence; most of it is seen without."""

from __future__ import annotations

from rnnviz.session import commands as c
from rnnviz.session import events as e

_PUT_OFF: dict[type[c.Errand], str] = {
    c.Sample: "The sample",
    c.Evaluate: "The score on held-out data",
    c.Decode: "The comparison",
    c.Try: "The answer",
}
"""What somebody has asked for by hand, and would miss."""


def note_of(event: e.Event) -> str:
    """The note, or nothing where none is needed."""
    match event:
        case e.Finished(at, why):
            return why or f"Training rests after {at:,} iterations: T goes on."
        case e.Rewritten(_, text):
            return f"Applied to the network: {text}. Undo: Ctrl+Z."
        case e.Saved(path, quietly=False):
            return f"Saved the run as {path}"
        case e.PutOff(errand) if type(errand) in _PUT_OFF:
            return f"{_PUT_OFF[type(errand)]} takes long and waits until training rests."
    return ""
