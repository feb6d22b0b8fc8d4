"""What the worker is asked about a run, and leaves where something more urgent is asked for.

A network that takes seconds for a pass takes minutes to write a text or to be scored. Between its
passes the commands that wait are looked at: who pauses, travels or closes need not wait for that.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.questions import Interrupted
from rnnviz.session.run import Run
from rnnviz.session.spectator import Spectator
from rnnviz.trace import Trace

Errand = c.Try | c.Ask | c.Decode | c.Sample | c.Evaluate

LEAVING = (c.Replace, c.SetWeights, c.Reset, c.Shutdown)
"""After these the run is no longer what it was asked about."""
_URGENT = (*LEAVING, c.Pause, c.StepOnce, c.Travel)


class Errands:
    """Runs them, one at a time, and knows what waits meanwhile."""

    def __init__(self, commands: SimpleQueue[c.Command], postponed: deque[c.Command]) -> None:
        self._commands, self._postponed = commands, postponed

    def run(
        self, errand: Errand, run: Run, spectator: Spectator
    ) -> tuple[e.Event, Trace | None] | None:
        """The answer, with a pass to show if there is one. None where something urgent came first:
        then the errand waits behind that, unless its run is left."""
        try:
            with self.interruptible(run):
                return answer(errand, run, spectator)
        except Interrupted:
            waiting = self._postponed
            last = max(at for at, each in enumerate(waiting) if isinstance(each, _URGENT))
            if not any(isinstance(each, LEAVING) for each in waiting):
                waiting.insert(last + 1, errand)
            return None

    @contextmanager
    def interruptible(self, run: Run) -> Iterator[None]:
        """Whatever the network does in here may end in `Interrupted`."""
        run.net.interrupt = self._look
        try:
            yield
        finally:
            run.net.interrupt = None

    def _look(self) -> None:
        while not self._commands.empty():
            self._postponed.append(self._commands.get())
        if any(isinstance(each, _URGENT) for each in self._postponed):
            raise Interrupted


def answer(errand: Errand, run: Run, spectator: Spectator) -> tuple[e.Event, Trace | None]:
    """What a run says to it, with a pass to show if there is one."""
    match errand:
        case c.Try():
            return spectator.tried(run, errand)
        case c.Ask(examples):
            return spectator.replied(run, examples), None
        case c.Decode():
            return spectator.decoded(run, errand), None
        case c.Sample(prompt, steps, temperature, seed, top_k, beam):
            trace = run.sample(prompt, steps, temperature, seed, top_k=top_k, beam=beam)
            return e.Sampled(trace, run.sampled_text(trace), prompt, temperature), None
        case c.Evaluate():
            score, loss = run.examine()
            return e.Evaluated(run.iteration, score, loss), None
