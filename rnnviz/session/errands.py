"""What the worker is asked about a run, and leaves where something more urgent is asked for.

A network that takes seconds for a pass takes minutes to write a text or to be scored. Between its
passes the commands that wait are looked at: who pauses, travels, closes or trains on need not wait
for that.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from time import perf_counter

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.commands import Errand
from rnnviz.session.questions import Interrupted
from rnnviz.session.run import Run
from rnnviz.session.spectator import Spectator
from rnnviz.trace import Trace

LEAVING = (c.Replace, c.SetWeights, c.Reset, c.Shutdown)
"""After these the run is no longer what it was asked about."""
_URGENT = (*LEAVING, c.Pause, c.StepOnce, c.Travel)
PATIENCE_SECONDS = 0.25
"""So long who wants to train waits for an errand: most are done by then, and what they say is of
the weights that they were asked about."""


class Errands:
    """Runs them, one at a time, and knows what waits meanwhile; ``now`` is a clock."""

    def __init__(
        self,
        commands: SimpleQueue[c.Command],
        postponed: deque[c.Command],
        now: Callable[[], float] = perf_counter,
    ) -> None:
        self._commands, self._postponed = commands, postponed
        self._now, self._begun, self._most = now, 0.0, math.inf
        self._left: deque[Errand] = deque()
        """Those that had to give way to training, which may last: they wait until it rests."""

    def next(self, *, resting: bool) -> c.Command:
        """What is to be done now; waits for it if there is nothing. ``resting``: nobody trains."""
        if self._postponed:
            command = self._postponed.popleft()
        elif resting and self._left and self._commands.empty():
            command = self._left.popleft()
        else:
            command = self._commands.get()
        if isinstance(command, LEAVING):
            self._left.clear()
        return command

    @property
    def wait(self) -> bool:
        """Whether some wait until training rests."""
        return bool(self._left)

    def run(
        self, errand: Errand, run: Run, spectator: Spectator
    ) -> tuple[e.Event, Trace | None] | None:
        """The answer, with a pass to show if there is one. Where something urgent came first, the
        errand waits behind that, unless its run is left: then it is None, or `PutOff`."""
        try:
            with self.interruptible(run):
                return answer(errand, run, spectator)
        except Interrupted:
            return self._put_off(errand)

    def _put_off(self, errand: Errand) -> tuple[e.Event, None] | None:
        waiting, urgent = self._postponed, self._urgent
        if any(isinstance(each, LEAVING) for each in waiting):
            return None
        last = max(at for at, each in enumerate(waiting) if isinstance(each, urgent))
        if isinstance(waiting[last], c.Start):
            self._left.append(errand)
            return e.PutOff(errand), None
        waiting.insert(last + 1, errand)
        return None

    @contextmanager
    def interruptible(self, run: Run, most: float = math.inf) -> Iterator[None]:
        """Whatever the network does in here may end in `Interrupted`, after `most` seconds too."""
        self._begun, self._most = self._now(), most
        run.net.interrupt = self._look
        try:
            yield
        finally:
            run.net.interrupt = None

    def _look(self) -> None:
        while not self._commands.empty():
            self._postponed.append(self._commands.get())
        urgent = self._urgent
        is_over = self._now() - self._begun > self._most
        if is_over or any(isinstance(each, urgent) for each in self._postponed):
            raise Interrupted

    @property
    def _urgent(self) -> tuple[type[c.Command], ...]:
        """What the errand at hand gives way to."""
        is_long = self._now() - self._begun > PATIENCE_SECONDS
        return (*_URGENT, c.Start) if is_long else _URGENT


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
