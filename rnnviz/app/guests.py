"""Passes on the stage that are not training's: a sample, an edited pass, one loss walking back.

Live passes wait until they are gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from rnnviz.scene.strips_tokens import visible_token
from rnnviz.trace import Trace

if TYPE_CHECKING:
    from rnnviz.app.shell import Shell


@dataclass(frozen=True, slots=True)
class SampleShown:
    """A sample the model wrote: what it was asked and what came out."""

    prompt: str
    temperature: float
    text: str
    trace: Trace


_EXCERPT = 120
"""Characters of a sample that its message quotes."""


class StageGuests(QObject):
    """Puts them on the stage of a shell, with a word of how to get back, and takes them away."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.host: Trace | None = None
        """The recorded pass whose stage it is in a window without a run."""

    def leave(self) -> None:
        """Give the stage back to the passes of training, or to the recorded one."""
        shell = self._shell
        if not shell.held:
            return
        shell.held = False
        shell.rooms.let_go()
        shell.player.stop()
        shell.window.banner.leave_state()
        state = shell.model.state
        if shell.desk is not None:
            shell.desk.look()
        elif self.host is not None and (state is None or state.trace is not self.host):
            # Like a live pass a new one, which ends the edits and walks of the one before.
            self.host = replace(self.host)
            shell.player.show_trace(self.host)

    @Slot()
    def make_way(self) -> None:
        """Another pass is about to come: it would wait for a guest, and until one is played."""
        self.leave()
        self._shell.player.stop()

    @Slot()
    def hold(self) -> None:
        """Keep live passes off the stage."""
        self._shell.held = True

    @Slot(object)
    def show_sample(self, sample: SampleShown) -> None:
        """Show the model writing, as the loop that it is."""
        shell = self._shell
        shell.held = True
        # A model must read something before it can write.
        first = visible_token(sample.trace.labels.inputs[0][0])
        begun = (
            "" if sample.prompt.strip() else f", which began with “{first}” for want of a prompt"
        )
        prompt = sample.prompt or f"({first})"
        shell.window.sample.show_text(prompt, sample.temperature, sample.text)
        shell.player.present(sample.trace)
        shell.window.banner.show_state(
            f"The stage shows the sample{begun}: “{_excerpt(sample.text)}”. "
            "Esc: back to the training pass."
        )

    @Slot(object)
    def show_edited(self, trace: Trace) -> None:
        """Show a pass with what-if edits."""
        shell, banner = self._shell, self._shell.window.banner
        home = "training" if shell.desk is not None else "the recorded pass"
        words = f"The stage shows an edited pass; the network is as it was. Esc: back to {home}."
        # A hand on a slider edits again and again: what is said over the words stays meanwhile.
        if not shell.held or not banner.isVisible() or banner.state != words:
            banner.show_state(words)
        shell.held = True
        before = shell.model.state
        shell.player.show_trace(trace)
        if before is not None:
            # The number under the hand stays where it is.
            shell.window.stage.levels.stay(before)

    @Slot(object, int)
    def show_walk(self, trace: Trace, loss: int) -> None:
        """Play the way back of one loss, as if it alone counted."""
        shell = self._shell
        shell.held = True
        shell.window.banner.show_state(
            f"The stage shows the gradient of the loss of step {loss + 1} alone. "
            "Esc: back to the whole pass."
        )
        shell.player.present(trace, backward=True)


def _excerpt(text: str) -> str:
    """The beginning of what was written, on one line: in a low window the list of samples is no
    higher than that."""
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT].rstrip()}…"
