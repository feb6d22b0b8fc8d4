"""What training shows of itself: the curve, the state of the button and the figures beside it."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, Slot

from rnnviz.app.examples.words import scored_at
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.app.window import MainWindow
from rnnviz.scene.numbers import short
from rnnviz.scene.theme import Theme
from rnnviz.session import events as e
from rnnviz.trace import Trace

_CURVE_SECONDS = 0.15
_STATUS_SECONDS = 0.25
_SMALL = 0.001
"""Losses below this are not 0.000: the graph says how small they are."""
_RATE_WINDOW = 8
"""Status intervals over which the iterations per second are averaged."""


class TrainingDisplay(QObject):
    """Reads the history at its own gentle rates; the worker never waits for it."""

    def __init__(self, window: MainWindow, desk: TrainingDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._desk = desk
        self._theme: Theme | None = None
        self._since_curve = _CURVE_SECONDS
        self._since_status = _STATUS_SECONDS
        self._shown: tuple[object, ...] = ()
        self._marks: deque[tuple[float, int]] = deque(maxlen=_RATE_WINDOW)
        self._clock = 0.0
        self._counted = 1.0
        window.curve.iteration_dragged.connect(desk.travel)
        window.curve.iteration_released.connect(desk.travel)
        desk.traced.connect(self._count)
        desk.host.happened.connect(self._note_score)
        self._show_score()
        desk.state_changed.connect(self.refresh)
        desk.run_changed.connect(self.refresh)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._shown = ()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show everything as it is now."""
        if not self._desk.training:
            self._marks.clear()
        self._window.transport.show_training(self._desk.training)
        self._window.actions_by_id["slowly"].setChecked(self._desk.slow)
        self._show_status()
        self._show_score()
        self._show_curve()

    @Slot(object)
    def _note_score(self, event: e.Event) -> None:
        """A held-out score is a line of words and, where there is a loss, a point of the curve."""
        match event:
            case e.Evaluated():
                self._show_score()
                self._show_curve()
            case e.Replaced() | e.Branched() | e.WasReset():
                self._show_score()
            case _:
                pass

    def _show_score(self) -> None:
        """The newest score of the iteration that is shown, or of one before it."""
        held_out, line = self._desk.run.held_out, self._window.held_out
        score = held_out.score
        scored = scored_at(score, held_out.points, self._iteration) if score else None
        if scored is None:
            line.show_nothing()
        else:
            line.show_score(scored)

    @Slot(object)
    def _count(self, trace: Trace) -> None:
        """How many losses of a sequence count: L is their sum, averaged over the batch."""
        mask = trace.get("loss_mask")
        if mask is not None and float(mask.sum()) != self._counted:
            self._counted = float(mask.sum())
            self._shown = ()
            self._show_curve()

    def tick(self, seconds: float) -> None:
        """Let time go by; refresh the words that are due (the curve waits for `catch_up`)."""
        self._clock += seconds
        self._since_curve += seconds
        self._since_status += seconds
        if not self._desk.training:
            return
        if self._since_status >= _STATUS_SECONDS:
            self._since_status = 0.0
            self._marks.append((self._clock, self._iteration))
            self._show_status()
        elif self._desk.slow:
            # Who watches every update compares the figures with those on the stage.
            self._show_status()

    @property
    def is_behind(self) -> bool:
        """Whether it is time for the curve to be shown again."""
        rest = 0.0 if self._desk.slow else _CURVE_SECONDS
        return self._desk.training and self._since_curve >= rest

    def catch_up(self) -> None:
        """Show the curve if it is time."""
        if self.is_behind:
            self._since_curve = 0.0
            self._show_curve()

    @property
    def _iteration(self) -> int:
        return self._desk.run.iteration

    def _show_status(self) -> None:
        # The worker may be an iteration further by now: both figures are of one row.
        row = self._desk.run.history.at(self._iteration)
        at = f"{self._iteration if row is None else row.iteration:,}"
        text = f"iteration {at}"
        shorter: tuple[str, ...] = ()
        if row is not None:
            small = 0.0 < row.loss < _SMALL
            loss = f"   loss {short(row.loss, 3) if small else f'{row.loss:.3f}'}"
            # A word that is cut off says less than one that is left out.
            text, shorter = text + loss, (text + loss, at + loss, text, at)
        if len(self._marks) > 1:
            (t0, i0), (t1, i1) = self._marks[0], self._marks[-1]
            if t1 > t0 and i1 > i0:
                text += f"   {(i1 - i0) / (t1 - t0):,.0f} it/s"
                text += ", slowly" if self._desk.slow else ""
        self._window.transport.show_status(text, shorter)

    def _show_curve(self) -> None:
        if self._theme is None:
            return
        run = self._desk.run
        held_out = run.held_out.losses
        shown = (id(run), len(run.history), self._iteration, self._desk.training, held_out)
        if shown != self._shown:
            self._shown = shown
            self._window.curve.show_history(
                run.history,
                iteration=self._iteration,
                training=self._desk.training,
                theme=self._theme,
                classes=run.spec.output_size if run.spec.loss == "cross-entropy" else 0,
                counted=self._counted,
                held_out=held_out,
            )
