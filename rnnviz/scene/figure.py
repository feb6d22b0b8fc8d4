"""What of a picture goes on paper: no buttons, and a cursor only where one was meant."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.scene.shapes import Picture
from rnnviz.scene.state import ViewState


def is_at_a_step(state: ViewState) -> bool:
    """Whether somebody stands within the pass: at its end it is shown as a whole."""
    return state.cursor.done < len(state.timeline)


def figure_of(picture: Picture, *, at_step: bool) -> Picture:
    """The picture as a figure: without what only answers to a hand, such as buttons, folded
    titles, hints and what lights up under the mouse; with the mark of the cursor's step only
    `at_step`, where that step was chosen or is being played."""
    dropped = ("control",) if at_step else ("control", "cursor")
    layers = tuple(layer for layer in picture.layers if layer.role not in dropped)
    return replace(picture, layers=layers)
