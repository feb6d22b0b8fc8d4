"""Between the model panel and the run: what is in force, what the user may choose, what follows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Slot

from rnnviz.analysis.progress import Progress
from rnnviz.app.config_edits import for_task
from rnnviz.app.lab.worker import LabWorker
from rnnviz.app.model_panel import OPEN_TEXT, ModelPanel, PanelValues
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.engine.schedules import Schedule
from rnnviz.scene.captions import model_words
from rnnviz.session import events as e
from rnnviz.session.data_identity import data_path
from rnnviz.session.run import Run
from rnnviz.session.sampling import vocabulary_of
from rnnviz.session.setup import Training
from rnnviz.tasks.registry import ENTRIES
from rnnviz.trace import ModelSpec, Trace, UserError

_LINE = 60
_FACTS_SECONDS = 0.5
_MOST_UNITS = 192
"""Above this the spectrum of W_hh costs more than a few frames; it is left out while training."""


class ModelDesk(QObject):
    """Keeps the panel true to the run on the table and turns edits into new runs."""

    def __init__(self, panel: ModelPanel, desk: TrainingDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._panel = panel
        self._desk = desk
        self._since_facts = _FACTS_SECONDS
        self._facts_of: object = None
        self._newest: Trace | None = None
        """The last pass of training, whatever else is on the stage."""
        self._newest_of: Run | None = None
        """The run whose pass that is, which may have been left since."""
        self._shown: Run | None = None
        self._worker = LabWorker()
        self.open_text: Callable[[], None] | None = None
        desk.traced.connect(self._note)
        desk.host.happened.connect(self._hear)
        panel.edited.connect(desk.change)
        panel.kind_chosen.connect(self._choose_kind)
        panel.task_chosen.connect(self._choose_task)

    @property
    def can_sample(self) -> bool:
        """Whether the model reads what it writes, so that it can feed itself."""
        try:
            vocabulary_of(self._desk.run.task, self._desk.run.net)
        except UserError:
            return False
        return True

    @property
    def sample_steps(self) -> int:
        """How much the model writes unless asked for another length: the word of the lecture, or
        about a line of a text."""
        return 4 if self._desk.run.task.name == "hello" else _LINE

    @property
    def busy(self) -> bool:
        """Whether figures are being computed."""
        return self._worker.busy

    @property
    def subject(self) -> str:
        """What is learned, in a word: the name of the task, or of the user's own file."""
        run = self._desk.run
        listed = _listed_as(run)
        built_in = any(entry.info.name == listed for entry in ENTRIES)
        return run.task.name if built_in else Path(listed).name

    @property
    def model_words(self) -> str:
        """The model in a few words, for the corner of the window."""
        run = self._desk.run
        return f"{model_words(run.spec)} · seed {run.config.seed}"

    def refresh(self) -> None:
        """Show the settings of the run on the table."""
        run = self._desk.run
        tasks = [(e.info.name, e.info.title) for e in ENTRIES if e.info.kind == run.spec.kind]
        current = _listed_as(run)
        if current not in dict(tasks):
            tasks.append((current, run.task.info.title))
        self._panel.show_tasks(tasks, current)
        self._panel.show_values(
            panel_values(
                run.spec, run.plan.training, current, run.config.seed, self._desk.learning_rate
            )
        )
        self._facts_of = None
        if run is not self._shown:
            self._shown, self._since_facts = run, _FACTS_SECONDS
            self._panel.show_facts("")

    def tick(self, seconds: float) -> None:
        """Refresh the figures under the fields twice a second; the worker computes them."""
        for done in self._worker.take():
            if done.ticket is self._facts_of and not done.error:
                self._panel.show_facts(str(done.result))
        self._since_facts += seconds
        trace = self._newest
        if trace is None or self._since_facts < _FACTS_SECONDS or trace is self._facts_of:
            return
        if self._newest_of is not self._desk.run:
            # Another run has come on the table, and its first pass not yet.
            return
        self._since_facts = 0.0
        self._facts_of = trace
        weights = trace.get(f"{trace.spec.prefixes[-1]}W_hh_l0")
        if weights is not None and (weights.shape[1] <= _MOST_UNITS or not self._desk.training):
            self._worker.ask("spectrum", trace, partial(_measured, weights, trace.spec))
        elif weights is None:
            self._panel.show_facts("")

    @Slot(object)
    def _note(self, trace: Trace) -> None:
        self._newest, self._newest_of = trace, self._desk.run

    @Slot(object)
    def _hear(self, event: e.Event) -> None:
        """A branch goes on with the weights of the run that it left."""
        if isinstance(event, e.Branched) and event.before is self._newest_of:
            self._newest_of = event.run

    def close(self) -> bool:
        """End the worker; False if it did not stop in time."""
        return self._worker.close()

    def _choose_kind(self, kind: str) -> None:
        """The first task of that kind; the present one where it already is of it."""
        if kind == self._desk.put.spec.kind:
            self._desk.stay()
            return
        for entry in ENTRIES:
            if entry.info.kind == kind and not entry.missing:
                self._choose_task(entry.info.name)
                return
        self.refresh()

    def _choose_task(self, name: str) -> None:
        run = self._desk.put
        if name == OPEN_TEXT:
            self.refresh()
            if self.open_text is not None:
                self.open_text()
        elif name == _listed_as(run):
            self._desk.stay()
        else:
            self._desk.build(partial(for_task, name, {}, run.config), f"task {name}")


def _listed_as(run: Run) -> str:
    """Its task in the list: the name of a built-in one, the place of the user's own data, which a
    run that was opened from a file has as an option of the task that reads it."""
    path = data_path(run.task)
    return run.config.task if path is None else str(path)


def panel_values(
    spec: ModelSpec, training: Training, task: str, seed: int, learning_rate: float
) -> PanelValues:
    """The settings in force, defaults filled in."""
    return PanelValues(
        kind=spec.kind,
        task=task,
        cell=spec.cell,
        activation="" if spec.gates else spec.activation,
        hidden_size=spec.hidden_size,
        layers=spec.layers,
        bidirectional=spec.bidirectional,
        optimizer=training.optimizer,
        learning_rate=learning_rate,
        schedule=_schedule_words(training.schedule),
        clip_norm=training.clip_norm or 0.0,
        window=training.window,
        batch_size=training.batch_size,
        seed=seed,
    )


def _schedule_words(schedule: Schedule) -> str:
    """Why η over the graph is not the number in the panel."""
    if schedule.kind == "constant" and not schedule.warmup:
        return ""
    rise = f" after a rise over {schedule.warmup:,} iterations" if schedule.warmup else ""
    end = schedule.idle_from
    fall = f", down to 0 at iteration {end:,}" if end is not None else ""
    return (
        f"Scaled by this run's schedule: {schedule.kind}{rise}{fall}. "
        "η over the graph is what one update takes"
    )


def _measured(weights: np.ndarray[Any, Any], spec: ModelSpec, progress: Progress) -> str:
    return spectrum_facts(weights, spec)


def spectrum_facts(weights: np.ndarray[Any, Any], spec: ModelSpec) -> str:
    """Spectral radius ρ and largest singular value σ₁ of the recurrent weights, in words.

    `weights` (G·H, H); of a gated cell the blocks are named by their gates. Where the network has
    several such matrices, it is said first which of them this is.
    """
    if not np.isfinite(weights).all():
        return "W_hh has entries that are not finite"
    size = weights.shape[1]
    whose = _whose(spec)
    lines = [f"{whose}:"] if whose else []
    for block, gate in enumerate(spec.gates or ("",)):
        square = weights[block * size : (block + 1) * size].astype(np.float64)
        radius = float(np.abs(np.linalg.eigvals(square)).max())
        largest = float(np.linalg.svd(square, compute_uv=False)[0])
        name = f"W_h{gate}" if gate else "W_hh"
        lines.append(f"{name}:  ρ = {radius:.2f}   σ₁ = {largest:.2f}")
    return "\n".join(lines)


def _whose(spec: ModelSpec) -> str:
    """Which of several recurrent matrices the figures are of: the last part's lowest layer."""
    prefix = spec.prefixes[-1]
    words = [prefix.removesuffix("_")] if prefix else []
    if spec.layers > 1:
        words.append(f"layer 1 of {spec.layers}")
    if len(spec.directions(prefix)) == 2:
        words.append("left to right")
    return ", ".join(words)
