"""Who looks at a run while it trains: what is watched, and what is asked about it."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from weakref import WeakKeyDictionary

import numpy as np

from rnnviz.engine import Batch
from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.comparing import compare_decoding
from rnnviz.session.questions import open_question, replies
from rnnviz.session.run import Run
from rnnviz.tasks import Example
from rnnviz.trace import Trace

Watched = Example | Batch | str | None
OWN_PICTURE = "your picture"


class Spectator:
    """Remembers the example or own input that is watched (None: the batch in training)."""

    def __init__(self) -> None:
        self.watched: Watched = None
        self._title = ""
        self._pass: Trace | None = None
        self._left: WeakKeyDictionary[Run, Trace] = WeakKeyDictionary()

    def change(self, before: Run, after: Run) -> None:
        """Another run is on the table; should the one before come back, so does its last pass."""
        self._left.pop(before, None)
        if self._pass is not None and self.has_pass(before):
            self._left[before] = self._pass
        self.watched, self._title = None, ""
        self._pass = self._left.get(after)

    def keep(self, trace: Trace | None) -> None:
        """The pass that an iteration of training made: what is seen as long as it is the last."""
        self._pass = trace

    def remember(self, run: Run, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Make the last iteration's pass again where it is not kept: of a run that was opened."""
        if self.watched is None and not self.has_pass(run):
            self._pass = run.last_pass(cancelled)

    def has_pass(self, run: Run) -> bool:
        """Whether the pass of the run's last iteration is kept."""
        return self._pass is not None and self._pass.iteration == run.iteration

    def trace(self, run: Run) -> Trace:
        """The pass of what is watched, with the present weights; of the batch in training the one
        that the last iteration made, so that its loss is the one in the history."""
        if self.watched is None and self._pass is not None and self.has_pass(run):
            return self._pass
        if self.watched is None or isinstance(self.watched, Example):
            return run.trace(self.watched)
        with np.errstate(all="ignore"):
            return run.trace(open_question(run.task, run.net, run.batch_of(self.watched)))

    def watch(self, run: Run, watched: Watched, title: str = "") -> Trace:
        """Watch something else.

        Raises:
            UserError: if it cannot be read; what was watched before still is. So it is where this
                was interrupted.
        """
        before = self.watched, self._title
        self.watched = watched
        self._title = title or (watched.title if isinstance(watched, Example) else "")
        try:
            return self.trace(run)
        except Exception:
            self.watched, self._title = before
            raise

    def tried(self, run: Run, own: c.Try) -> tuple[e.Tried, Trace]:
        """Read the user's own input, watch it and say what the network answers.

        Raises:
            UserError: if the task cannot read it.
        """
        if isinstance(own.own, str):
            title, batch = own.own, run.task.parse(own.own)
        else:
            title, batch = OWN_PICTURE, run.task.parse_picture(own.own)
        said = run.answer(batch)
        trace = self.watch(run, batch, title)
        return e.Tried(run.iteration, title, said, batch), trace

    def replied(self, run: Run, examples: tuple[Example, ...]) -> e.Replied:
        begun = perf_counter()
        found = replies(run, examples)
        return e.Replied(run, run.iteration, found, perf_counter() - begun)

    def decoded(self, run: Run, how: c.Decode) -> e.Decoded:
        """Compare the ways of decoding for what is watched; for the first example otherwise.

        Raises:
            UserError: if this task does not write its answers word by word.
        """
        watched, title, answer = self.watched, self._title, ""
        if watched is None:
            watched = next(iter(run.task.examples("held-out") or run.task.examples("train")))
            title = watched.title
        if isinstance(watched, Example):
            answer = watched.answer
        written = compare_decoding(
            run,
            run.batch_of(watched),
            temperature=how.temperature,
            width=how.width,
            seed=how.seed,
        )
        return e.Decoded(run.iteration, title, answer, written)
