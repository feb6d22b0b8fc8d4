"""What one tick of the window's clock does, and in which turns while training runs flat out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent

if TYPE_CHECKING:
    from rnnviz.app.shell import Shell

_SIDE_SECONDS = 0.2
"""While training runs flat out, the inspector and the list of steps are shown so often."""
_LONGEST_JUMP = 0.25
"""Seconds that an animation goes on at most in one frame, however late the frame is."""


class FrameLoop:
    """Frame by frame: collects what the worker did, moves the animation, refreshes the figures."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self._since_side = 0.0

    def tick(self, seconds: float) -> bool:
        """One frame; True while there is something to hurry for.

        Flat out, it is built and painted while the trainer rests, so that neither slows the other.
        """
        desk = self._shell.desk
        if desk is None or not desk.flat_out:
            return self._frame(seconds)
        desk.host.gate.close()
        try:
            busy = self._frame(seconds)
            QCoreApplication.sendPostedEvents(self._shell.window, QEvent.Type.UpdateRequest.value)
        finally:
            desk.host.gate.open()
        return busy

    def _frame(self, seconds: float) -> bool:
        shell, desk = self._shell, self._shell.desk
        playing = shell.player.playing
        self._since_side += seconds
        if desk is not None:
            watching = shell.held or playing
            shell.model.set_live(desk.flat_out and not watching)
            desk.poll(take_trace=not watching and not self._take_turns())
        shell.player.tick(min(seconds, _LONGEST_JUMP))
        shell.lab.tick(seconds)
        shell.findings.tick(seconds)
        if desk is None or shell.display is None:
            return shell.player.playing or shell.lab.busy
        shell.display.tick(seconds)
        if shell.model_desk is not None:
            shell.model_desk.tick(seconds, shell.model.state)
        if shell.examples is not None:
            shell.examples.tick(seconds)
        return shell.player.playing or desk.training or desk.building or shell.lab.busy

    def _take_turns(self) -> bool:
        """While passes come with every frame, one view is shown a tick: the graph with a new pass,
        then the strips, and now and then the side. True if this tick's turn was taken here.
        """
        shell = self._shell
        if not shell.model.live:
            return False
        if shell.window.stage.is_behind:
            shell.window.stage.catch_up()
            return True
        if self._since_side >= _SIDE_SECONDS:
            self._since_side = 0.0
            shell.show_side()
            return True
        return False
