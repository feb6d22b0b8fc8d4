"""The body of the worker: commands between iterations, a trace only when one is wanted."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import assert_never

from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.detour import Detour
from rnnviz.session.errands import LEAVING, Errands, answer
from rnnviz.session.examiner import Examiner
from rnnviz.session.failures import reported
from rnnviz.session.gate import Gate
from rnnviz.session.mailbox import Mailbox, ShownPass
from rnnviz.session.questions import Interrupted
from rnnviz.session.ration import Showing
from rnnviz.session.run import Run
from rnnviz.session.spectator import Spectator
from rnnviz.session.weight_change import rewrite
from rnnviz.trace import Trace, UserError


class TrainingLoop:
    """Trains a run under remote control. It starts no thread: whoever calls `work` lends one.

    Commands are read from ``commands`` between iterations; ``on_event`` is called in the
    thread that works. Traces go to ``mailbox``, scalars to ``run.history``. With an ``examiner``
    the run is scored on held-out data while it trains, whenever that is due. While it trains flat
    out a pass is shown when ``showing`` says so; when it rests, is stepped or is slowed down, at
    once.
    """

    def __init__(
        self,
        run: Run,
        mailbox: Mailbox[ShownPass],
        commands: SimpleQueue[c.Command],
        on_event: Callable[[e.Event], None],
        examiner: Examiner | None = None,
        showing: Showing | None = None,
    ) -> None:
        self._examiner = examiner
        self._showing = Showing() if showing is None else showing
        self.gate = Gate()
        self.run = run
        self.mailbox = mailbox
        self.commands = commands
        self.on_event = on_event
        self._running = False
        self._remaining: int | None = None
        self._pace = 0.0
        self._spectator = Spectator()
        self._postponed: deque[c.Command] = deque()
        self._errands = Errands(commands, self._postponed)
        self._open = True

    def work(self) -> None:
        """Obey until `Shutdown`: wait while paused, train while started."""
        self._attempt(self._show_last)
        while self._open:
            if self._running:
                self._attempt(self._train, training=True)
            if self._open and not (self._running and self._nothing_asked()):
                command = self._errands.next(resting=not self._running)
                self._attempt(partial(self._obey, command), command)

    def _nothing_asked(self) -> bool:
        return self.commands.empty() and not self._postponed

    def _attempt(
        self,
        action: Callable[[], None],
        command: c.Command | None = None,
        *,
        training: bool = False,
    ) -> None:
        """Do it; what goes wrong is reported, and the loop lives on.

        An error while training pauses the run, and that is reported, too; a command that cannot be
        obeyed changes nothing, but that one iteration or a reset begins with a pause.
        """
        was_running = self._running
        try:
            action()
            return
        except Exception as error:
            self.on_event(reported(error, command))
        if training:
            self._running = False
        if was_running and not self._running:
            self.on_event(e.Paused(self.run.iteration))

    def _train(self) -> None:
        """Iterations in a row until a command waits; this is the loop that has to be lean."""
        step, mailbox, nothing_asked = self.run.step, self.mailbox, self.commands.empty
        examiner, showing, gate = self._examiner, self._showing, self.gate
        while nothing_asked() and not self._postponed:
            if self._remaining is not None:
                if self._remaining <= 0:
                    self._finish()
                    return
                self._remaining -= 1
            if gate.is_closed:
                gate.wait()
            if mailbox.wanted and (self._pace > 0 or showing.is_due):
                showing.shown(self._timed(self._traced_step))
            elif self._remaining == 0:
                self._kept_step()
            elif showing.is_comparing:
                showing.plain(self._timed(step))
            else:
                step()
            if examiner is not None and examiner.is_due:
                self._attempt(partial(self._examine, examiner))
            if self._pace > 0 and self._wait():
                return

    def _timed(self, iterate: Callable[[], object]) -> float:
        """Seconds of work that an iteration takes."""
        work = self._showing.work
        begun = work()
        iterate()
        return work() - begun

    def _wait(self) -> bool:
        """Rest between two iterations; True if a command came meanwhile."""
        try:
            self._postponed.append(self.commands.get(timeout=self._pace))
        except Empty:
            return False
        return True

    def _examine(self, examiner: Examiner) -> None:
        """Score the run between two iterations; where that fails, training goes on all the same."""
        begun, tell = examiner.now(), examiner.spent
        try:
            with self._errands.interruptible(self.run, examiner.patience):
                self.on_event(answer(c.Evaluate(), self.run, self._spectator)[0])
        except Interrupted:
            tell = examiner.left
        finally:
            tell(examiner.now() - begun)

    def _finish(self) -> None:
        self._running = False
        self._show()
        self.on_event(e.Finished(self.run.iteration, self.run.idleness))

    def _traced_step(self) -> None:
        self._kept_step()
        self._show()

    def _kept_step(self) -> None:
        """An iteration whose pass will be in sight when training rests after it."""
        if self._spectator.watched is None:
            self._spectator.keep(self.run.traced_step())
        else:
            self.run.step()

    def _show_last(self) -> None:
        """Show what a run that has come on the table did last; who trains on, travels or leaves it
        meanwhile need not wait for it."""
        detour = Detour(self.commands, self._postponed, (*LEAVING, c.Start, c.StepOnce))
        self._spectator.remember(self.run, detour.is_wanted)
        if detour.iteration is not None:
            self._postponed.append(c.Travel(detour.iteration))
        self._show()

    def _show(self) -> None:
        self._lay_out(self._spectator.trace(self.run))

    def _lay_out(self, trace: Trace) -> None:
        self.mailbox.put(ShownPass(self.run, trace))

    def _pause(self) -> None:
        """Stop with an iteration whose pass is kept, so that what is seen is what was trained."""
        was_running, self._running = self._running, False
        last_is_seen = self._spectator.watched is not None or self._spectator.has_pass(self.run)
        if was_running and not last_is_seen:
            self._traced_step()
        else:
            self._show()
        self.on_event(e.Paused(self.run.iteration))

    def _branch(self) -> None:
        """After travelling back, what comes next is done to a branch: no future is lost."""
        if self.run.iteration < self.run.furthest and self.run.data_problem is None:
            before, self.run = self.run, self.run.branch()
            self.on_event(e.Branched(self.run, before, before.iteration))

    def _replace(self, run: Run) -> None:
        self._spectator.change(self.run, run)
        self._running, self.run = False, run
        if self._examiner is not None:
            self._examiner = Examiner()
        self._showing = Showing(self._showing.now, self._showing.work)
        try:
            self._show_last()
        finally:
            # Also where it has no pass to show: that is reported, and undo leads back.
            self.on_event(e.Replaced(run))

    def _obey(self, command: c.Command) -> None:
        match command:
            case c.Start() if self.run.idleness:
                if not self._spectator.has_pass(self.run):
                    self._show_last()
                self.on_event(e.Finished(self.run.iteration, self.run.idleness))
            case c.Start(iterations):
                self._branch()
                self._running, self._remaining = True, self.run.worth(iterations)
                if self._examiner is not None:
                    self._examiner.begin()
                self.on_event(e.Started(self.run.iteration))
            case c.Pause():
                self._pause()
            case c.StepOnce():
                self._running = False
                self._branch()
                self._traced_step()
                self.on_event(e.Paused(self.run.iteration))
            case c.Reset(seed):
                self._running = False
                self.run.reset(seed)
                self._spectator.keep(None)
                self._show()
                self.on_event(e.WasReset())
            case c.Replace(run):
                self._replace(run)
            case c.SetLearningRate(learning_rate, scheduled):
                self._branch()
                before = self.run.given_rate
                self.run.set_learning_rate(learning_rate, scheduled=scheduled)
                self.on_event(e.LearningRateSet(self.run.given_rate, before))
            case c.SetWeights(run, like, changes, text):
                rewrite(run, like, changes)
                self.on_event(e.Rewritten(run, text))
                self._replace(run)
            case c.SetPace(seconds):
                self._pace = max(seconds, 0.0)
            case c.Travel(iteration):
                self._running = False
                self._travel(iteration)
            case c.Watch(example):
                self._lay_out(self._spectator.watch(self.run, example))
            case c.Look():
                self._show()
            case c.Try() | c.Ask() | c.Decode() | c.Sample() | c.Evaluate():
                self._answer(command)
            case c.ListExamples(split):
                examples = tuple(self.run.task.examples(split))
                self.on_event(e.Listed(self.run, split, examples))
            case c.Save():
                self._save(command)
            case c.Shutdown():
                self._running = self._open = False
            case _:
                assert_never(command)

    def _answer(self, errand: c.Errand) -> None:
        said = self._errands.run(errand, self.run, self._spectator)
        if said is not None:
            event, trace = said
            if trace is not None:
                self._lay_out(trace)
            self.on_event(event)

    def _save(self, command: c.Save) -> None:
        run, begun = command.run or self.run, self._showing.now()
        try:
            run.save(command.path)
        except (UserError, OSError, MemoryError) as error:
            if not command.quietly:
                raise
            self.on_event(e.NotSaved(str(error) or "not enough memory"))
            return
        spent = self._showing.now() - begun
        self.on_event(e.Saved(command.path, run, run.iteration, spent, command.quietly))

    def _travel(self, iteration: int) -> None:
        """While somebody drags, the newest place wins; other commands wait for the arrival."""
        target: int | None = iteration
        while target is not None:
            wanted, target = target, None
            detour = Detour(self.commands, self._postponed)
            made = self.run.revisit(wanted, cancelled=detour.is_wanted)
            self._spectator.keep(made)
            if made is None:
                target = detour.iteration
                if target is None:
                    return
        self._show()
        self.on_event(e.Travelled(self.run.iteration, self.run.furthest))
