"""Everything about training in the window: run it, travel in it, change it, undo the change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from rnnviz.app.builder import RunBuilder
from rnnviz.app.config_edits import edited, is_same
from rnnviz.app.guests import SampleShown
from rnnviz.app.learning_rate import Branched, ChangeRate, LearningRate
from rnnviz.app.session_host import SessionHost
from rnnviz.app.undo import LIMIT, ReplaceRun, change_words
from rnnviz.app.unsaved import Unsaved
from rnnviz.session import commands as c
from rnnviz.session import events as e
from rnnviz.session.config import RunConfig
from rnnviz.session.run import Run
from rnnviz.session.weight_change import WeightChange

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
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(LIMIT)
        self._builder = RunBuilder()
        self._text = ""
        self._source = ""
        self._is_choice = False
        self._slow = False
        self._task = run.task.name
        self._drawn = 0
        self._rate = LearningRate(run.learning_rate)
        self.is_at_rest = False
        """Whether the worker has ended, so that the run is nobody's but the caller's."""
        self._put = run
        """The run that was put on the table last; the worker may not have seen it yet."""
        self._wished: RunConfig | None = None
        """What was asked for and is not on the table yet: the next change adds to it."""
        self.unsaved = Unsaved()
        self.unsaved.add(run, run.furthest)
        self.host.traced.connect(self.traced)
        self.host.happened.connect(self._hear)

    @property
    def run(self) -> Run:
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
        """The run that is on the table, or was put there and is about to arrive."""
        return self._put

    def need_not_keep(self, iterations: int) -> None:
        """The first so many iterations of the run on the table are nothing that anybody made."""
        self.unsaved.note(self.run, iterations)

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
        self._text = "reset"
        self._is_choice = False
        self._source = ""
        self._wished = None
        self._builder.start(self._put.anew)

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
        """Go on with weights set by hand; undo brings back the run as it was trained."""
        self.host.send(c.SetWeights(changes, text))

    def look(self) -> None:
        """Ask for the present pass once more."""
        self.host.send(c.Look())

    def evaluate(self) -> None:
        """Score the model on held-out data now."""
        self.host.send(c.Evaluate())

    def sample(self, prompt: str, steps: int, temperature: float) -> None:
        self._drawn += 1
        self.host.send(c.Sample(prompt, steps, temperature, seed=self._drawn))

    def save(self, path: Path) -> None:
        self.host.send(c.Save(path))

    def change(self, field: str, value: Any) -> None:
        """Change one setting: the learning rate at once, unless another run is about to come, all
        else by a new run."""
        if field == "learning_rate" and self._wished is None:
            if value != self.learning_rate:
                change = ChangeRate(self.learning_rate, value, self._put_rate, self._put_run)
                self.undo_stack.push(change)
            return
        config = self._wished or self.run.config
        if (
            self._wished is None
            and field != "optimizer"
            and self.learning_rate != self.run.plan.training.learning_rate
        ):
            # A rate that was changed on the way is a choice like any other.
            config = edited(config, "learning_rate", self.learning_rate)
        self.build(lambda: edited(config, field, value), change_words(field, value))

    def build(self, config: Callable[[], RunConfig], text: str, source: str = "") -> None:
        """Make a run in the background and put it on the table when it is ready.

        `source` is the file it is made from, if there is one.
        """
        self._source = source
        self._text = text
        self._is_choice = not source
        try:
            made = config()
        except Exception:
            self.run_changed.emit()
            raise
        self._wished = made
        self._builder.start(lambda: Run.create(made))

    def stay(self) -> None:
        """The run on the table is wanted after all: give up what is being built."""
        if self.building:
            self._give_up_building()
            self.run_changed.emit()

    def _give_up_building(self) -> None:
        self._builder.cancel()
        self._wished = None

    def open_run(self, path: Path, loader: Callable[[Path], Run]) -> None:
        """Load a saved run in the background."""
        self._text = f"open {path.name}"
        self._source = str(path)
        self._is_choice = False

        def load() -> Run:
            run = loader(path)
            self.unsaved.note(run, run.furthest)
            return run

        self._wished = None
        self._builder.start(load)

    # --- what happens ----------------------------------------------------------------------------

    def poll(self, wants_trace: Callable[[], bool]) -> None:
        """Collect what the worker and the builder have done since the last frame."""
        result = self._builder.poll()
        if isinstance(result, str):
            self._wished = None
            self.failed.emit(result)
            self.run_changed.emit()
        elif result and self._is_choice and self._is_there(result):
            # A setting went back: what is on the table, with all it has learned, is asked for.
            self._wished = None
            self.run_changed.emit()
        elif result is not None:
            self.undo_stack.push(ReplaceRun(self._text, self._put, result, self._put_run))
            if self._source:
                self.opened.emit(self._source)
        self.host.poll(wants_trace)

    def _is_there(self, made: Run) -> bool:
        """Whether that is the run on the table, but for what has been learned."""
        put = self._put
        rate = self.learning_rate if put is self.run else put.learning_rate
        return is_same(made.plan, put.plan, rate)

    def close(self) -> bool:
        """Stop everything that runs; False if the worker did not end in time."""
        self._builder.close()
        self.is_at_rest = self.host.close()
        return self.is_at_rest

    def _hear(self, event: e.Event) -> None:
        match event:
            case e.Failed(message) | e.Diverged(_, message):
                self.failed.emit(message)
                if self._rate.give_up(self.run.learning_rate):
                    self.run_changed.emit()
            case e.Finished(_, why) if why:
                self.noted.emit(why)
            case e.Replaced(run):
                if self._slow and run.task.name != self._task:
                    self.set_slow(False)
                self._task = run.task.name
                if run.config == self._wished:
                    self._wished = None
                self._rate.follow(run.learning_rate)
                self.run_changed.emit()
                if run.data_problem is not None:
                    self.failed.emit(run.data_problem)
            case e.Rewritten(run, text):
                self.undo_stack.push(ReplaceRun(text, self.run, run, self._put_run))
                self.noted.emit(f"Applied to the network: {text}. Undo: Ctrl+Z.")
            case e.Branched(run, before, iteration):
                # Its past is no more than that of the run before.
                self.unsaved.add(run, min(self.unsaved.safe(before), iteration))
                was_left = self._put is not before
                self._put = self._put if was_left else run
                if not self._rate.branch(before, run) and not was_left:
                    text = f"train on from iteration {iteration:,}"
                    self.undo_stack.push(ReplaceRun(text, before, run, self._put_run, done=True))
            case e.LearningRateSet(rate):
                if self._rate.arrive(rate):
                    self.run_changed.emit()
            case e.Travelled() | e.WasReset():
                if self._rate.follow(self.run.learning_rate):
                    self.run_changed.emit()
            case e.Sampled(trace, text, prompt, temperature):
                self.sampled.emit(SampleShown(prompt, temperature, text, trace))
            case e.Saved(path, run, at, _, False):
                self.unsaved.note(run, at)
                self.noted.emit(f"Saved the run as {path}")
        self.state_changed.emit()

    def _put_run(self, run: Run) -> None:
        if self.building:
            # Undone or redone meanwhile: what was asked for last is what counts.
            self._give_up_building()
        if run.config != self._wished:
            self._wished = None
        self._put = run
        self.unsaved.add(run)
        self.leaving.emit()
        self.host.send(c.Replace(run))

    def _put_rate(self, rate: float, branched: Branched) -> None:
        self._rate.ask(rate, branched)
        self.host.send(c.SetLearningRate(rate))
