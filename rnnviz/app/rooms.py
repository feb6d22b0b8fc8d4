"""Rooms of the window that are furnished when they are first entered.

The first pass should not wait for the laboratory, for files and for the exporters.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoGroup

from rnnviz.app.file_kinds import is_run
from rnnviz.app.training_desk import TrainingDesk
from rnnviz.app.undo import Undoing

if TYPE_CHECKING:
    from rnnviz.app.documents import Documents
    from rnnviz.app.lab.lab_desk import LabDesk
    from rnnviz.app.lab.what_if_controls import WhatIfControls
    from rnnviz.app.shell import Shell
    from rnnviz.trace import Trace


class Rooms(QObject):
    """The laboratory and the files of one shell, each made when first asked for.

    The laboratory's signals: `held` keeps live passes off the stage, `edited` carries a pass with
    what-if edits, `walked` one in which a single loss counts, `released` gives the stage back,
    `hurried` says that a figure is on its way.
    """

    held = Signal()
    walked = Signal(object, int)
    edited = Signal(object)
    released = Signal()
    hurried = Signal()

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._desk: TrainingDesk | None = None
        self._lab: LabDesk | None = None
        self._documents: Documents | None = None
        self._gripped: WhatIfControls | None = None
        self._stacks = QUndoGroup(self)
        actions = shell.window.actions_by_id
        self._undoing = Undoing(
            self._stacks, actions["undo"], actions["redo"], self._edits_in_sight, self
        )
        for told in (self.held, self.released):
            told.connect(self._undoing.refresh)
        shell.window.menus["Edit"].aboutToShow.connect(self._undoing.refresh)
        shell.window.side.currentChanged.connect(self._enter)
        stage = shell.window.stage
        stage.strips.numbers_wanted.connect(self.take_numbers)
        for view in (stage.graph, stage.strips):
            view.value_gripped.connect(self.grip_value)
            view.value_dragged.connect(self.drag_value)
            view.value_released.connect(self.release_value)

    def attach(self, desk: TrainingDesk) -> None:
        """A run has come on the table."""
        self._desk = desk
        desk.opened.connect(self.opened)
        self._stacks.addStack(desk.undo_stack)
        self._stacks.setActiveStack(desk.undo_stack)
        if self._lab is not None:
            self._connect_run(self._lab, desk)

    @Slot(str)
    def opened(self, path: str) -> None:
        """A file is on the table. Data are opened to be learned, at once as from the command
        line; a saved run stands where it stood."""
        settings = self._shell.settings
        settings.remember(path)
        if self._desk is not None and not is_run(Path(path)) and not settings.starts_paused:
            self._desk.start()

    @property
    def lab(self) -> LabDesk:
        """The laboratory, behind its tab."""
        if self._lab is None:
            from rnnviz.app.lab.lab_desk import LabDesk

            shell = self._shell
            panel = shell.window.lab
            self._lab = LabDesk(panel, panel.figures, shell.model, shell.settings, self)
            self._lab.actions.held.connect(self.held)
            self._lab.actions.edited.connect(self._show_edited)
            self._lab.actions.released.connect(self.released)
            self._lab.hurried.connect(self.hurried)
            self._lab.walker.shown.connect(self.walked)
            self._lab.walker.ended.connect(shell.player.show_trace)
            self._lab.walker.ended.connect(self.released)
            self._lab.walker.failed.connect(shell.window.banner.show_error)
            self._lab.takeaway.noted.connect(shell.window.banner.show_note)
            self._lab.takeaway.failed.connect(shell.window.banner.show_error)
            if self._desk is not None:
                self._connect_run(self._lab, self._desk)
        return self._lab

    @property
    def documents(self) -> Documents:
        """What opens and saves files."""
        if self._documents is None:
            from rnnviz.app.documents import Documents

            self._documents = Documents(self._shell)
        return self._documents

    def open_path(self, path: str) -> None:
        """Open whatever a file holds."""
        self.documents.open_path(path)

    def ask_text(self) -> None:
        """Ask for a text to learn."""
        self.documents.ask_text()

    @Slot(str, str)
    def take_numbers(self, strip: str, way: str) -> None:
        """Copy or save the numbers of a strip."""
        from rnnviz.app.numbers import take_strip

        take_strip(self._shell, strip, "copy" if way == "copy" else "save")

    @Slot(str)
    def grip_value(self, node: str) -> None:
        """A number on the stage is taken in hand: what-if opens on it."""
        banner = self._shell.window.banner
        if not node.endswith("]"):
            where = "zoom in, or drag it on its strip"
            if "W_" in node.partition("@")[0]:
                where = "double-click the matrix, and drag it in its product"
            banner.show_note(f"There are too many numbers here to take one: {where}.")
            return
        controls, state = self._what_if(), self._shell.model.state
        if controls is None or state is None or not controls.grip(node, state.trace):
            banner.show_note(
                "This follows from other numbers: drag one of a state, gate, input or weight."
            )
            return
        self._gripped = controls

    @Slot(float)
    def drag_value(self, share: float) -> None:
        """It is moved by a share of its range."""
        if self._gripped is not None:
            self._gripped.drag(share)

    @Slot()
    def release_value(self) -> None:
        """It is let go: the next drag is a step of its own for undo."""
        if self._gripped is not None:
            self._gripped.history.settle()
            self._gripped = None

    @Slot(object)
    def _show_edited(self, trace: Trace) -> None:
        self.edited.emit(trace)
        # Only the pass that stands on the stage by now says whether its edits are in sight.
        self._undoing.refresh()

    def let_go(self) -> None:
        """The stage goes back to the live passes."""
        if self._lab is not None:
            self._lab.actions.let_go()
        self._undoing.refresh()

    def undo(self) -> None:
        """Take back the last what-if edit of the pass in sight, or the last change of the run."""
        self._undoing.undo(lambda: self._shell.on_desk(lambda desk: desk.undo_stack.undo()))

    def redo(self) -> None:
        """Make that again."""
        self._undoing.redo(lambda: self._shell.on_desk(lambda desk: desk.undo_stack.redo()))

    def _edits_in_sight(self) -> WhatIfControls | None:
        """The edits of the pass on the stage, or those that could be made on it again."""
        state = self._shell.model.state
        edits = None if self._lab is None else self._lab.edits
        if edits is None or state is None:
            return None
        return edits if state.trace is edits.base or state.trace is edits.shown else None

    def _what_if(self) -> WhatIfControls | None:
        from rnnviz.app.lab.what_if_controls import WhatIfControls

        self._shell.window.show_lab()
        card = self.lab.panel.card
        card.choose("what-if")
        # The form learns of the pass on the stage before anything is set in it.
        self.lab.tick(0.0)
        return card.controls if isinstance(card.controls, WhatIfControls) else None

    @property
    def busy(self) -> bool:
        """Whether the laboratory has something to compute."""
        return self._lab is not None and self._lab.busy

    @property
    def hurries(self) -> bool:
        """Whether somebody waits for an answer of the laboratory with a hand on a slider."""
        return self._lab is not None and self._lab.worker.hurries

    def answer(self) -> bool:
        """Show what somebody waits for, if it has come; whether it has."""
        return self._lab is not None and self._lab.answer()

    def tick(self, seconds: float) -> None:
        """Let time go by in the rooms that are furnished."""
        if self._lab is not None:
            self._lab.tick(seconds)

    def close(self) -> None:
        """End what works in the rooms."""
        if self._lab is not None:
            self._lab.close()

    @Slot(int)
    def _enter(self, tab: int) -> None:
        if self._lab is None and self._shell.window.is_lab(tab):
            self.lab.tick(0.0)

    def _connect_run(self, lab: LabDesk, desk: TrainingDesk) -> None:
        lab.run = lambda: desk.run
        lab.worker.gate = desk.host.gate
        lab.actions.applied.connect(desk.set_weights)
