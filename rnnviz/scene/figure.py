"""What of a picture goes on paper: no buttons, and a cursor only where one was meant."""

from __future__ import annotations

from dataclasses import replace

from rnnviz.scene.shapes import Layer, Picture
from rnnviz.scene.state import ViewState


def is_at_a_step(state: ViewState) -> bool:
    """Whether somebody stands within the pass: at its end it is shown as a whole."""
    return state.cursor.done < len(state.timeline)


def figure_of(picture: Picture, *, at_step: bool) -> Picture:
    """The picture as a figure: without what only answers to a hand, such as buttons, folded
    titles, hints, the colour of links and what lights up under the mouse; with the mark of the
    cursor's step only `at_step`, where that step was chosen or is being played."""
    dropped = ("control",) if at_step else ("control", "cursor")
    layers = (_on_paper(layer) for layer in picture.layers)
    return replace(picture, layers=tuple(layer for layer in layers if layer.role not in dropped))


def _on_paper(layer: Layer) -> Layer:
    if layer.role != "control" or not layer.paper:
        return layer
    return replace(
        layer, shapes=layer.paper, key=layer.key and ("paper", layer.key), role="figure", paper=()
    )
