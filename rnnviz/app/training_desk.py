"""Everything about training in the window: run it, travel in it, change it, undo the change."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from rnnviz.app.builder import RunBuilder, Wish
from rnnviz.app.config_edits import edited, is_same, with_rate
from rnnviz.app.guests import SampleShown
from rnnviz.app.learning_rate import Answers, ChangeRate, LearningRate
from rnnviz.app.run_changes import ReplaceRun, RunChanges, change_words
from rnnviz.app.session_host import SessionHost
from rnnviz.app.training_notes import note_of
from rnnviz.app.unsaved import Unsaved
from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.config import RunConfig
from rnnviz.session.footprint import NO_ROOM
from rnnviz.session.learner import GivenRate
from rnnviz.session.run import Run
from rnnviz.session.weight_change import WeightChange, check_changes
from rnnviz.trace import UserError

SLOW_PACE_SECONDS = 0.05
"""Rest after each iteration when the user wants to watch every update."""


class TrainingDesk(QObject):
    """Turns the user's wishes into commands of the worker and its events into signals.

    A run is built in the background; until it is ready, and if it cannot be built, the run on
    the table goes on as if nothing had been asked.
    """

    traced = Signal(object)
    run_changed = Signal()
    opened = Signal(str)
    state_changed = Signal()
    sampled = Signal(object)
    leaving = Signal()
    """The run on the table is about to be left, for another run or for its own past."""
    noted = Signal(str)
    failed = Signal(str)

    def __init__(self, run: Run, parent: QObject) -> None:
        super().__init__(parent)
        self.host = SessionHost(run, self)
        self.undo_stack = RunChanges(self)
        self._builder = RunBuilder()
        self._slow = False
        self._task = run.task.name
        self._drawn = 0
        self._rate = LearningRate(run.given_rate)
        self.is_at_rest = False
        """Whether the worker has ended."""
        self._put = run
        """The run that was put on the table last; the worker may not have seen it yet."""
        self.unsaved = Unsaved()
        self.unsaved.add(run, run.furthest)
        self.host.traced.connect(self.traced)
        self.host.happened.connect(self._hear)

    @property
    def run(self) -> Run:
        """On the table, as the worker has told."""
        return self.host.run

    @property
    def training(self) -> bool:
        return self.host.training

    @property
    def learning_rate(self) -> float:
        """In force, or about to be."""
        return self._rate.value

    @property
    def building(self) -> bool:
        return self._builder.busy

    @property
    def put(self) -> Run:
        """On the table, or put there and about to arrive."""
        return self._put

    # --- wishes ----------------------------------------------------------------------------------

    def toggle(self) -> None:
        if self.training:
            self.host.send(c.Pause())
        else:
            self.start()

    def start(self, iterations: int | None = None) -> None:
        self.host.send(c.Start(iterations))

    def once(self) -> None:
        self.host.send(c.StepOnce())

    def reset(self) -> None:
        """Begin again with the same seed; undo brings back what had been learned."""
        self._builder.start(self._put.anew, Wish("reset", self._put.config, anew=True))

    @property
    def flat_out(self) -> bool:
        """Whether training runs faster than anybody could read along."""
        return self.training and not self._slow

    @property
    def slow(self) -> bool:
        return self._slow

    def set_slow(self, slow: bool) -> None:
        """Rest after every iteration, or not; another task begins without rests."""
        self._slow = slow
        self.host.send(c.SetPace(SLOW_PACE_SECONDS if slow else 0.0))
        self.state_changed.emit()

    def travel(self, iteration: int) -> None:
        self.leaving.emit()
        self.host.send(c.Travel(iteration))

    def set_weights(self, changes: tuple[WeightChange, ...], text: str) -> None:
        """Go on with weights set by hand; undo brings back the run as it was trained. What is asked
        for next is asked of the new run: the worker gives it its numbers in its turn."""
        like = self.run
        try:
            check_changes(like, changes)
            run = like.blank()
        except (UserError, MemoryError) as error:
            self.failed.emit(str(error) or NO_ROOM)
            return
        given = self._rate.given if like is self._put else like.given_rate
        put = partial(self._put_by, c.SetWeights(run, like, changes, text), given)
        self._leave_for(run, text, put)

    def look(self) -> None:
        self.host.send(c.Look())

    def evaluate(self) -> None:
        self.host.send(c.Evaluate())

    def sample(self, prompt: str, steps: int, temperature: float) -> None:
        self._drawn += 1
        self.host.send(c.Sample(prompt, steps, temperature, seed=self._drawn))

    def save(self, path: Path) -> None:
        self.host.send(c.Save(path))

    def change(self, field: str, value: Any) -> None:
        """Change one setting: the learning rate at once, unless another run is about to come, all
        else by a new run. Of a saved run that is being read, it is changed when that is there."""
        put, wish = self._put, self._builder.wish
        if wish is None and field == "learning_rate":
            if value != self.learning_rate:
                asked = self._rate.given, GivenRate(value)
                self.undo_stack.push(ChangeRate(*asked, self._put_rate, self._put_run))
            return
        own = put.config if field == "optimizer" else with_rate(put.plan, self.learning_rate)
        wish = wish or Wish("", own)
        base, text = wish.config, change_words(field, value)
        if base is None:
            self._builder.later.append(partial(self.change, field, value))
            return
        self.build(lambda: edited(base, field, value), text, wish.source, anew=wish.anew)

    def build(
        self, config: Callable[[], RunConfig], text: str, source: str = "", *, anew: bool = False
    ) -> None:
        """Make a run in the background, `source` is the file it is made from, and put it on the
        table when it is ready; what was asked for before and is not there yet is given up for it.
        """
        try:
            made = config()
        except Exception:
            self.run_changed.emit()
            raise
        wish = Wish(text, made, source, anew or bool(source))
        self._builder.start(lambda: Run.create(made), wish)

    def stay(self) -> None:
        """The run on the table is wanted after all: give up what is being built."""
        if self.building:
            self._builder.cancel()
            self.run_changed.emit()

    def open_run(self, path: Path, loader: Callable[[Path], Run]) -> None:
        """Load a saved run in the background."""

        def load() -> Run:
            run = loader(path)
            self.unsaved.note(run, run.furthest)
            return run

        self._builder.start(load, Wish(f"open {path.name}", source=str(path), anew=True))

    # --- what happens ----------------------------------------------------------------------------

    def poll(self, wants_trace: Callable[[], bool]) -> None:
        """Collect what the worker and the builder have done since the last frame."""
        wish, later = self._builder.wish, self._builder.later
        result = self._builder.poll()
        if isinstance(result, str):
            self.failed.emit(result)
            self.run_changed.emit()
        elif result is not None and wish is not None:
            self._take(result, wish)
        for change in later if result is not None else ():
            change()
        self.host.poll(wants_trace)

    def _take(self, made: Run, wish: Wish) -> None:
        if not wish.anew and is_same(made.plan, self._put.plan, self.learning_rate):
            # A setting went back: what is on the table, with all it has learned, is asked for.
            self.run_changed.emit()
            return
        self._leave_for(made, wish.text)
        if wish.source:
            self.opened.emit(wish.source)

    def close(self) -> bool:
        """Stop everything that runs; False if the worker did not end in time."""
        self._builder.close()
        self.is_at_rest = self.host.close()
        return self.is_at_rest

    def _hear(self, event: e.Event) -> None:
        match event:
            case e.Failed(message, _, c.SetLearningRate()):
                self.failed.emit(message)
                if self._rate.settle(self._put.given_rate):
                    self.run_changed.emit()
            case e.Failed(message, _, c.SetWeights(run)):
                self.failed.emit(message)
                self.undo_stack.take_out(run, self.run)
                if self._put is run:
                    self._put = self.run
                    self._rate.follow(self.run.given_rate)
                    self.run_changed.emit()
            case e.Failed(message) | e.Diverged(_, message):
                self.failed.emit(message)
            case e.Replaced(run):
                if self._slow and run.task.name != self._task:
                    self.set_slow(False)
                self._task = run.task.name
                if run is self._put:
                    self.undo_stack.arrived()
                    self._rate.follow(run.given_rate)
                self.run_changed.emit()
                if run.data_problem is not None:
                    self.failed.emit(run.data_problem)
            case e.Branched(run, before, iteration):
                # Its past is no more than that of the run before.
                self.unsaved.add(run, min(self.unsaved.safe(before), iteration))
                was_left = self._put is not before
                self._put = self._put if was_left else run
                if self._rate.branch(before, run):
                    self.undo_stack.branched(before, run)
                elif not was_left:
                    text, there = f"train on from iteration {iteration:,}", lambda: None
                    self.undo_stack.push(ReplaceRun(text, before, run, self._put_run, first=there))
            case e.LearningRateSet(given, before):
                if self._rate.settle(given, before):
                    self.run_changed.emit()
            case e.Travelled() | e.WasReset():
                if self.run is self._put and self._rate.follow(self.run.given_rate):
                    self.run_changed.emit()
            case e.Sampled(trace, text, prompt, temperature):
                self.sampled.emit(SampleShown(prompt, temperature, text, trace))
            case e.Saved(_, run, at, _, False):
                self.unsaved.note(run, at)
        if note := note_of(event):
            self.noted.emit(note)
        self.state_changed.emit()

    def _leave_for(self, run: Run, text: str, first: Callable[[], Run] | None = None) -> None:
        self.undo_stack.leave(ReplaceRun(text, self._put, run, self._put_run, first=first))

    def _put_run(self, run: Run) -> Run:
        return self._put_by(c.Replace(run), run.given_rate)

    def _put_by(self, command: c.Replace | c.SetWeights, given: GivenRate) -> Run:
        left, run = self._put, command.run
        # Undone or redone, say, while another was built: what was asked for last is what counts.
        self._builder.cancel()
        self._put = run
        self._rate.leave(given)
        self.unsaved.add(run)
        self.leaving.emit()
        self.host.send(command)
        return left

    def _put_rate(self, given: GivenRate, answers: Answers) -> None:
        self._rate.ask(given, answers)
        self.host.send(c.SetLearningRate(*given))
