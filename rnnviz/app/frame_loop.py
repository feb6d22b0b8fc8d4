"""What one tick of the window's clock does, and in which turns while training runs flat out."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent

from rnnviz.app.ticker import Pace
from rnnviz.views.unhurried import UnhurriedWidget

if TYPE_CHECKING:
    from rnnviz.app.shell import Shell

_SIDE_SECONDS = 0.4
"""While training runs flat out, the inspector and the list of steps are shown so often: they are
words and figures, which nobody reads faster."""
SWITCH_SECONDS = 0.001
"""How long a thread may keep the interpreter while another waits for it."""
_PATIENCE_SECONDS = 0.001
"""How long a frame waits for the trainer to finish its iteration."""
_HASTE_SECONDS = 0.0002
"""What a thread may keep while the trainer is in the middle of something long, such as scoring:
Qt gives the interpreter away at every other call, and drawing waits as long as that each time."""
_LONGEST_JUMP = 0.25
"""Seconds that an animation goes on at most in one frame, however late the frame is."""


class FrameLoop:
    """Frame by frame: collects what the worker did, moves the animation, refreshes the figures.

    While training runs flat out, a frame shows one view: the graph with a new pass, the strips,
    the curve or the side in turn. A frame begins with painting what the frame before has built;
    then the next view is built in a slice of time of its own, so that keys and the mouse get their
    turn in between. However long building takes, pictures come at even intervals.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._since_side = 0.0
        self._since_frame = 0.0
        self._turns = ["side", "curve", "stage"]
        self._slices: deque[Callable[[], object]] = deque()
        self._built: UnhurriedWidget | None = None

    def tick(self, seconds: float) -> Pace:
        """One frame, or another slice of it.

        Flat out, frames are built and painted while the trainer rests, so that neither slows the
        other.
        """
        desk = self._shell.desk
        if self._slices:
            return self._slice()
        self._since_frame += seconds
        if self._shell.rooms.hurries and self._since_frame < self._shell.governor.interval:
            self._answer()
            return self._until_next()
        seconds, self._since_frame = self._since_frame, 0.0
        if desk is None or not desk.flat_out:
            self._paint_built()
            if self._frame(seconds):
                return self._until_next()
            if self._shell.rooms.hurries:
                return "poll"
            return "soon" if self._shell.rooms.busy else "rest"
        desk.host.gate.close()
        rests = desk.host.gate.let_finish(_PATIENCE_SECONDS)
        sys.setswitchinterval(SWITCH_SECONDS if rests else _HASTE_SECONDS)
        try:
            self._paint_built()
            self._frame(seconds)
        except BaseException:
            self._slices.clear()
            raise
        finally:
            if not self._slices:
                self._paint()
                desk.host.gate.open()
        return "slice" if self._slices else self._until_next()

    def _until_next(self) -> Pace:
        return "poll" if self._shell.rooms.hurries else "frame"

    def _answer(self) -> None:
        """Between two frames only what a hand waits for is looked for, and painted at once.

        The trainer has rested since it was asked for; it goes on when the answer is to be seen.
        """
        desk = self._shell.desk
        if desk is not None:
            desk.host.gate.close()
        try:
            if self._shell.rooms.answer():
                # On whichever window of the program it is.
                QCoreApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        finally:
            if desk is not None:
                desk.host.gate.open()

    def _slice(self) -> Pace:
        desk = self._shell.desk
        try:
            self._slices.popleft()()
        except BaseException:
            self._slices.clear()
            raise
        finally:
            if not self._slices and desk is not None:
                desk.host.gate.open()
        return "slice" if self._slices else self._until_next()

    def _paint(self) -> None:
        """Paint what is to be painted now, not when the event loop comes to it."""
        window = self._shell.window
        QCoreApplication.sendPostedEvents(window, QEvent.Type.UpdateRequest.value)

    def _frame(self, seconds: float) -> bool:
        shell, desk = self._shell, self._shell.desk
        playing = shell.player.playing
        self._since_side += seconds
        if desk is not None:
            watching = shell.held or playing
            shell.model.set_live(desk.flat_out and not watching)
            is_behind = shell.model.live and bool(shell.window.stage.behind)
            desk.poll(lambda: not (is_behind or playing or shell.held))
        inside = bool(shell.window.stage.inside)
        shell.player.tick(min(seconds, _LONGEST_JUMP), inside=inside)
        shell.rooms.tick(seconds)
        shell.findings.tick(seconds)
        if desk is None or shell.display is None:
            return shell.player.playing
        if shell.model.state is None:
            shell.window.stage.wait(seconds)
        shell.display.tick(seconds)
        if shell.autosave is not None:
            shell.autosave.tick(seconds)
        if shell.model_desk is not None:
            shell.model_desk.tick(seconds)
        if shell.examples is not None:
            shell.examples.tick(seconds)
        self._take_turns()
        return shell.player.playing or desk.training or desk.building

    def _take_turns(self) -> None:
        """Whose turn it is to be shown, in slices that follow one another."""
        shell, state = self._shell, self._shell.model.state
        stage, display = shell.window.stage, shell.display
        if state is None or display is None:
            return
        if not shell.model.live:
            display.catch_up()
            return
        side = shell.window.side.currentWidget()
        due = {
            "side": self._since_side >= _SIDE_SECONDS
            and side in (shell.window.inspector, shell.window.steps),
            "curve": display.is_behind,
            "stage": bool(stage.behind),
        }
        turn = next((each for each in self._turns if due[each]), None)
        if turn is None:
            return
        # Who was shown comes last: what takes long to build does not leave the others behind.
        self._turns.remove(turn)
        self._turns.append(turn)
        if turn == "stage":
            view = stage.behind.pop(0)
            self._show(view, lambda: view.show(state))
        elif turn == "curve":
            self._show(shell.window.curve, display.catch_up)
        else:
            self._since_side = 0.0
            if side is shell.window.inspector:
                self._show(shell.window.inspector.page, shell.show_side)
            else:
                self._slices.extend((shell.show_side, self._paint))

    def _show(self, view: UnhurriedWidget, prepare: Callable[[], object]) -> None:
        """Build a view's picture in a slice of time, paint it where the next frame begins."""

        def build() -> None:
            with view.unhurried():
                prepare()
            self._built = view

        self._slices.append(build)

    def _paint_built(self) -> None:
        view, self._built = self._built, None
        if view is not None:
            view.flush()
            self._paint()
