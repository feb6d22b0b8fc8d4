"""The composition root: makes the window and its helpers and connects them, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication

from rnnviz.app.autosave import Autosave
from rnnviz.app.collector import GuiCollector
from rnnviz.app.examples.examples_desk import ExamplesDesk
from rnnviz.app.file_dialogs import FileDialogs
from rnnviz.app.findings_desk import FindingsDesk
from rnnviz.app.focus_frame import FocusFrames
from rnnviz.app.focus_keys import FocusKeys
from rnnviz.app.frame_loop import FrameLoop
from rnnviz.app.governor import FrameGovernor
from rnnviz.app.guests import StageGuests
from rnnviz.app.handlers import command_handlers
from rnnviz.app.look import Look
from rnnviz.app.model_desk import ModelDesk
from rnnviz.app.player import Player
from rnnviz.app.recent_menu import RecentMenu
from rnnviz.app.rooms import Rooms
from rnnviz.app.settings import Settings
from rnnviz.app.stage_model import StageModel
from rnnviz.app.ticker import Ticker
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.app.training_display import TrainingDisplay
from rnnviz.app.window import MainWindow
from rnnviz.app.window_layout import first_frame, keep_layout, restore_splitters
from rnnviz.scene.axis import GUTTER
from rnnviz.scene.captions import model_words, phase_caption, subject_words
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.theme import Theme
from rnnviz.scene.timeline import Unit
from rnnviz.session.run import Run
from rnnviz.trace import Trace

if TYPE_CHECKING:
    from rnnviz.app.documents import Documents
    from rnnviz.app.lab.lab_desk import LabDesk

_FIRST_WIDTH = 600.0


class Shell(QObject):
    """One window on one run, or on a bare trace, from its first frame to its clean end."""

    closed = Signal()

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        frames_per_second: float = 60.0,
        window: MainWindow | None = None,
    ) -> None:
        super().__init__()
        self.settings = settings
        self.look = Look(app, settings, self)
        self.model = StageModel(self.look.theme, GUTTER, _FIRST_WIDTH, self)
        self.player = Player(self.model, self)
        self.desk: TrainingDesk | None = None
        self.display: TrainingDisplay | None = None
        self.model_desk: ModelDesk | None = None
        self.examples: ExamplesDesk | None = None
        self.autosave: Autosave | None = None
        self.governor = FrameGovernor(frames_per_second)
        self.held = False
        self._is_open = True
        self.window = window if window is not None else first_frame(settings, self.look.theme)
        self.window.fill(self.model, command_handlers(self))
        self.rooms = Rooms(self)
        self._guests = StageGuests(self)
        self.findings = FindingsDesk(self.window.inspector, self.model, self)
        self._keys = FocusKeys(self)
        FocusFrames(app, self)
        app.installEventFilter(self._keys)
        self._app = app
        self._collector = GuiCollector(self)
        self.frames = FrameLoop(self)
        self._ticker = Ticker(self.frames.tick, self.governor, self)
        self._connect()
        self.set_theme(self.look.theme)
        restore_splitters(self.window, settings)

    # --- life ------------------------------------------------------------------------------------

    def attach(self, run: Run) -> None:
        """Put a run on the table and start the worker."""
        self._run = run
        self.desk = desk = TrainingDesk(run, self)
        self.model_desk = ModelDesk(self.window.panel, desk, self)
        self.model_desk.open_text = self.rooms.ask_text
        self.display = TrainingDisplay(self.window, desk, self)
        self.display.set_theme(self.look.theme)
        self.rooms.attach(desk)
        dialogs = FileDialogs(self.settings)
        self.examples = ExamplesDesk(self.window.tabs, desk, self.window, dialogs, self)
        self.examples.stage_wanted.connect(self._guests.make_way)
        self.examples.failed.connect(self.window.banner.show_error)
        self.autosave = Autosave(desk, self.settings, self)
        self.autosave.failed.connect(self.window.banner.show_error)
        desk.traced.connect(self._take)
        desk.sampled.connect(self._guests.show_sample)
        desk.failed.connect(self.window.banner.show_error)
        desk.failed.connect(self.window.sample.refuse)
        desk.noted.connect(self.window.banner.show_note)
        desk.leaving.connect(self.window.banner.dismiss_note)
        desk.leaving.connect(self._guests.make_way)
        desk.run_changed.connect(self._run_changed)
        self.window.sample.asked.connect(desk.sample)
        self._enable_training(True)
        self.window.show_training(True)
        self._run_changed()

    def show_trace(self, trace: Trace) -> None:
        """Show a recorded pass; without a run all that belongs to training is out of sight."""
        self._take(trace)
        if self.desk is None:
            self._guests.host = trace
            self.window.tell_subject(subject_words(trace), model_words(trace.spec))
            self.window.show_training(False)

    def show_recorded(self, trace: Trace) -> None:
        """Put a recorded pass on the stage in front of the run, if there is one; Esc goes back."""
        self.held = self.desk is not None
        self.show_trace(trace)
        self.player.to_end()
        if self.desk is not None:
            self.window.banner.show_state("The stage shows a recorded pass. Esc: back to training.")

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way that would still change what a resting window shows."""
        busy = self.findings.busy or (self.model_desk is not None and self.model_desk.busy)
        return self.window.inspector.is_ready and not busy

    def start(self) -> None:
        """Let the window's clock run."""
        self._ticker.start()

    @Slot()
    def close(self) -> None:
        """Stop the worker and every timer; called once, when the window closes."""
        if not self._is_open:
            return
        self._is_open = False
        self._ticker.stop()
        self._collector.stop()
        self._app.removeEventFilter(self._keys)
        keep_layout(self.window, self.settings)
        # The worker may have to finish an iteration first: a window that waits looks dead.
        self.window.hide()
        self.rooms.close()
        self.findings.close()
        if self.model_desk is not None:
            self.model_desk.close()
        if self.examples is not None:
            self.examples.close()
        self.settings.sync()
        if self.desk is not None:
            self.desk.close()
        self.closed.emit()

    @property
    def lab(self) -> LabDesk:
        """The laboratory, furnished when first asked for."""
        return self.rooms.lab

    @property
    def documents(self) -> Documents:
        """What opens and saves files."""
        return self.rooms.documents

    # --- what arrives ----------------------------------------------------------------------------

    @Slot(object)
    def _take(self, trace: Trace) -> None:
        self.player.show_trace(trace)

    @Slot()
    def release(self) -> None:
        """Back from a sample or edit to the passes of training, or to the recorded one."""
        self._guests.leave()

    def step_back(self) -> None:
        """Away with an error that was read; out of a product or cell; from a sample or edit to the
        live pass; from an example; from a chosen node to what the cursor is at."""
        if self.window.banner.put_away_error() or self.window.stage.levels.outward():
            return
        if self.held:
            self.release()
        elif self.examples is None or not self.examples.unwatch():
            self.model.select("")

    @Slot()
    def _run_changed(self) -> None:
        if self.desk is not None and self.model_desk is not None:
            if self.desk.run is not self._run:
                # Another learning rate is no other run: what is in sight of this one stays.
                self.release()
                self._run = self.desk.run
                self.window.banner.dismiss_error()
            self.window.banner.settle()
            self.model_desk.refresh()
            self.window.tell_subject(self.model_desk.subject, self.model_desk.model_words)
            desk = self.model_desk
            model = (self._run.config.task, self._run.config.options, self._run.spec)
            self.window.sample.set_available(desk.can_sample, desk.sample_steps, model)
            if self.examples is not None:
                self.examples.show_run(can_sample=self.model_desk.can_sample)

    @Slot()
    def _stage_changed(self) -> None:
        state = self.model.state
        if state is None:
            return
        if not state.live:
            self.show_side()
        text, color = phase_caption(
            state.trace, state.cursor, state.theme, at_end=self.model.at_end
        )
        self.window.transport.show_phase(text, color)

    def show_side(self) -> None:
        """Show the state in whatever stands at the side."""
        state, shown = self.model.state, self.window.side.currentWidget()
        if state is None:
            return
        if shown is self.window.inspector:
            self.window.inspector.show(state)
        elif shown is self.window.steps:
            self.window.steps.show(state)

    @Slot(object)
    def set_theme(self, theme: Theme) -> None:
        self.model.set_theme(theme)
        self.window.set_theme(theme)
        if self.display is not None:
            self.display.set_theme(theme)
        self.look.tick_menu(self.window.actions_by_id)

    # --- wiring ----------------------------------------------------------------------------------

    def _connect(self) -> None:
        window = self.window
        self.recent = RecentMenu(
            window.menus["File"],
            window.actions_by_id["save-run"],
            self.settings,
            self.rooms.open_path,
        )
        window.closing = self.close
        window.dropped = self.rooms.open_path
        window.painted = self.governor.spend
        window.transport.unit_chosen.connect(lambda unit: self.player.set_unit(cast(Unit, unit)))
        window.transport.speed_chosen.connect(self.player.set_speed)
        self.player.playing_changed.connect(window.transport.show_playing)
        window.stage.strips.set_strip_layout(self.settings.strips)
        window.stage.strips.layout_changed.connect(self._keep_strips)
        window.steps.operation_chosen.connect(lambda index: self.player.seek(index + 1.0))
        window.side.currentChanged.connect(self._stage_changed)
        window.inspector.node_clicked.connect(self.model.select)
        window.inspector.node_hovered.connect(self.model.hover)
        self.model.changed.connect(self._stage_changed)
        self.rooms.held.connect(self._guests.hold)
        self.rooms.edited.connect(self._guests.show_edited)
        self.rooms.walked.connect(self._guests.show_walk)
        self.rooms.released.connect(self.release)
        self.rooms.hurried.connect(self._ticker.hurry)
        self.look.changed.connect(self.set_theme)
        window.actions_by_id["still"].setChecked(self.settings.still)
        window.actions_by_id["start-paused"].setChecked(self.settings.starts_paused)
        self.model.set_still(self.settings.still)
        self._enable_training(False)

    @Slot(object)
    def _keep_strips(self, layout: StripLayout) -> None:
        self.settings.strips = layout

    def _enable_training(self, on: bool) -> None:
        for name in ("train", "train-once", "reset", "sample", "slowly", "save-run", "evaluate"):
            self.window.actions_by_id[name].setEnabled(on)
        for name in ("undo", "redo"):
            self.window.actions_by_id[name].setEnabled(False)
        for widget in (self.window.panel, self.window.tabs, self.window.transport.train):
            widget.setEnabled(on)

    def on_desk(self, move: Callable[[TrainingDesk], None]) -> None:
        """Do something about training; a sample on the stage gives way to it."""
        if self.desk is not None:
            self.release()
            move(self.desk)
