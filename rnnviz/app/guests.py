"""Passes on the stage that are not training's: a sample, an edited pass, one loss walking back.

Live passes wait until they are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    """Puts them on the stage of a shell, with a word of how to get back."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell

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
        shell = self._shell
        if not shell.held or not shell.window.banner.isVisible():
            shell.window.banner.show_state(
                "The stage shows an edited pass; the network is as it was. Esc: back to training."
            )
        shell.held = True
        shell.player.show_trace(trace)

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
