"""The frame of a cell and, left and right of it, the same cell at the step before and after."""

from __future__ import annotations

from rnnviz.scene.cell_canvas import Canvas
from rnnviz.scene.cell_data import CellData
from rnnviz.scene.shapes import Box, Hit
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width

SIDE = 84.0
"""Room for a neighbour on each side of the board, board units."""
_TOP, _HIGH, _WIDE = 200.0, 96.0, 62.0
FRAME = (4.0, 4.0, 992.0, 442.0)
"""The cell itself; its figures stand below."""


def neighbours(canvas: Canvas, state: ViewState, data: CellData) -> None:
    """Draw frame and neighbours; a click on one goes to its step."""
    theme = canvas.theme
    frame = canvas.rect(*FRAME)
    canvas.under.append(Box(frame, 0, theme.hidden, 1.4, 12.0 * canvas.scale))
    for column, left, words in (
        (data.neighbours[0], -SIDE + 10.0, "the step before"),
        (data.neighbours[1], 1000.0 + SIDE - 10.0 - _WIDE, "the step after"),
    ):
        place = canvas.rect(left, _TOP, _WIDE, _HIGH)
        gone = column is None
        canvas.under.append(
            Box(place, theme.panel if gone else theme.box, theme.line if gone else theme.muted,
                1.2, 7.0 * canvas.scale, dashed=gone)
        )  # fmt: skip
        middle = left + _WIDE / 2
        if column is None:
            edge, tip = _edge(state, data, before=left < 0)
            if tip:
                canvas.hits.append(Hit(place, "", tip))
                if text_width(edge, canvas.font(11.0)) > _WIDE * canvas.sx - 6.0:
                    edge = f"{edge[:3]}."
            canvas.label(middle, _TOP + _HIGH / 2, edge, theme.muted, 11.0, align="center")
            continue
        step = column - data.column + data.step
        room = _WIDE * canvas.sx - 2.0
        # One set of weights at every step: not another cell, but this one again.
        lines = ("same", "cell") if text_width("same", canvas.font(13.0)) <= room else ("", "=")
        for number, line in enumerate(lines):
            y = _TOP + 24.0 + 19.0 * number
            canvas.label(middle, y, line, theme.muted, 13.0, align="center", bold=True)
        tip = f"Go to {words}: the same cell with the same weights, at step {step}"
        words = f"step {step}"
        if text_width(words, canvas.font(10.5)) > _WIDE * canvas.sx - 2.0:
            words = str(step)
        canvas.label(middle, _TOP + 66.0, words, theme.muted, 10.5, align="center")
        canvas.hits.append(Hit(place, f"go:{column}", tip))


def _edge(state: ViewState, data: CellData, *, before: bool) -> tuple[str, str]:
    """What lies beyond the first or last step of a chain, and that in a sentence, where it is
    the other part of the network."""
    if len(state.trace.parts) > 1:
        if before and data.prefix == "decoder_":
            return "encoder", "The decoder starts from the encoder's last state"
        if not before and data.prefix == "encoder_":
            return "decoder", "The decoder starts from this state"
    return ("start" if before else "end"), ""
