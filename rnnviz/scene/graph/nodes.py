"""The boxes of the steps with their names and tokens: what stays while values come and go."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rnnviz.scene.captions import PART_MARKS, subscript
from rnnviz.scene.graph.layout import GraphLayout
from rnnviz.scene.graph.rows import HEADER, LETTERED, Row
from rnnviz.scene.sampled import drawn_steps, inputs_known, mark_word
from rnnviz.scene.shapes import Align, Box, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_tokens import visible_token, words_fit
from rnnviz.scene.textwidth import fitted, text_width
from rnnviz.scene.theme import Theme
from rnnviz.trace import Part

NAME = 12.0
"""Font size of node names, pixels."""
TOKEN = 12.0
_LEAST_PITCH = 9.0
"""Pixels of a step from which letters under the steps can be read."""
WANTED = 8.5
"""Over the word that a step should say, or that a model which writes has drawn."""
_OVER = 6.0
"""Between that word and what is below or right of it, where it stands over the output."""
_BESIDE_ARROW = 9.0
"""Between it there and the middle of the arrow at its left, whose head is half as wide."""


def role_color(row: Row, theme: Theme) -> int:
    return {
        "input": theme.input,
        "frames": theme.line,
        "state": theme.hidden,
        "output": theme.output,
        "loss": theme.loss,
    }[row.kind]


def boxes(layout: GraphLayout, columns: range, theme: Theme) -> list[Shape]:
    """Outlined boxes of all rows in these columns (losses are drawn with their values)."""
    shapes: list[Shape] = []
    stroke = 1.8 if layout.axis.pitch >= 60 else 1.2
    for row in layout.rows:
        if row.kind in ("loss", "frames"):
            continue
        color = role_color(row, theme)
        for column in columns:
            if row.has(column):
                radius, box = row.corner, layout.box(row, column)
                if layout.shows(row, column):
                    shapes.append(Box(box, theme.box, color, stroke, radius))
                elif layout.pads(column) and row.kind != "output":
                    shapes.append(Box(box, 0, theme.line, 1.0, radius, dashed=True))
    return shapes


def symbol(layout: GraphLayout, row: Row, step: int | None, part: Part | None = None) -> str:
    """A node's name as it is written in the graph: ``h₃``; without a step ``hₜ``. With an encoder
    and a decoder, whose steps are both counted from 1, it says whose: ``h₃ᵉ``, ``h₃ᵈ``.
    """
    letter = {"input": "x", "state": "h", "output": "ŷ", "loss": "L", "frames": ""}[row.kind]
    if row.kind == "output" and layout.spec.loss == "squared-error":
        letter = "y"
    prefix = part.prefix if part is not None and row.kind in ("input", "state") else ""
    return f"{letter}{'ₜ' if step is None else subscript(step)}{PART_MARKS[prefix]}"


def names(
    layout: GraphLayout, columns: range, theme: Theme, *, any_step: bool = False
) -> list[Shape]:
    """Names beside the boxes where there is room for them, else none."""
    shapes: list[Shape] = []
    pitch, grown = layout.axis.pitch, layout.lettering
    size = NAME * grown
    # All of a row or none: with room for nine a tenth would be missing.
    longest = max(layout.parts, key=lambda part: part.steps)
    reserved = {
        row: text_width(symbol(layout, row, longest.steps, longest), size, "serif") + 2.0
        for row in layout.rows
    }
    for column in columns:
        part = layout.part_of(column)
        step = column - part.start + 1
        for row in layout.rows:
            if not layout.shows(row, column) or row.kind in ("loss", "frames"):
                continue
            text = symbol(layout, row, None if any_step else step, part)
            width, widest = text_width(text, size, "serif") + 2.0, reserved[row]
            box = layout.box(row, column)
            if row.kind == "state":
                # Below an upper layer runs the line of the next layer's W.
                least = (20.0 if row is layout.states[0] else 31.0) * grown
                center = layout.axis.center_of(column)
                left, right = center + 8.0, layout.axis.left_of(column + 1) - 6.0
                if row.shift:
                    # Between the rails of the two directions.
                    left, right = center - box.w / 2 + 6.0, center + box.w / 2 - 5.0
                x = min(max(box.right - width, left), right - width)
                if layout.gap < least or right - widest < left or pitch < 44 * grown:
                    continue
                rect = Rect(x, box.bottom + 1.0, width, 15.0 * grown)
            else:
                if box.right + 5.0 + widest > layout.axis.left_of(column + 1) - 7.0:
                    continue
                if row.height < 22.0 * grown:
                    continue
                tall = 16.0 * grown
                rect = Rect(box.right + 5.0, row.middle - tall / 2, width, tall)
            color = role_color(row, theme)
            shapes.append(Label(rect, text, color, size, "left", "serif", italic=True))
    return shapes


def input_tokens(state: ViewState, layout: GraphLayout, columns: Iterable[int]) -> list[str]:
    """The words that go in at some columns, empty where there is none."""
    labels, known, found = state.trace.labels, inputs_known(state), []
    for column in columns:
        part = layout.part_of(column)
        rows = labels.decoder_inputs if part.prefix == "decoder_" else labels.inputs
        step = column - part.start
        found.append(_word(rows, state.row, step) if column < known else "")
    return found


def _all_inputs(state: ViewState) -> list[tuple[str, ...]]:
    """The words that go in at all steps of each part."""
    rows = (state.trace.labels.inputs, state.trace.labels.decoder_inputs)
    return [each[state.row] for each in rows if state.row < len(each)]


def target_tokens(state: ViewState, layout: GraphLayout, columns: Iterable[int]) -> list[str]:
    """The words that should come out at some columns; of a sample those that did."""
    row, known = layout.row("output"), drawn_steps(state)
    if row is None:
        return ["" for _ in columns]
    rows, targets = state.trace.labels.targets, state.trace.get("targets")
    wanted = targets[:, state.row].tolist() if targets is not None and targets.ndim == 2 else None
    found = []
    for column in columns:
        step = column - row.first
        says = column < known and layout.shows(row, column)
        says = says and (wanted is None or wanted[step] >= 0)
        found.append(_word(rows, state.row, step) if says else "")
    return found


def _word(rows: tuple[tuple[str, ...], ...], row: int, step: int) -> str:
    if row >= len(rows) or not 0 <= step < len(rows[row]):
        return ""
    token = rows[row][step]
    return visible_token(token) if token else ""


def tokens(state: ViewState, layout: GraphLayout, columns: range) -> list[Label]:
    """The input word under each step, the wanted word beside (or on) the outputs."""
    theme, pitch = state.theme, layout.axis.pitch
    if pitch < _LEAST_PITCH or not all(words_fit(part, pitch) for part in _all_inputs(state)):
        return []
    found: list[Label | None] = []
    words = input_tokens(state, layout, columns)
    targets = target_tokens(state, layout, columns) if pitch >= 100 else [""] * len(words)
    # Quotes tell a character from a sign of the figure; a word needs none.
    quote = pitch >= 44 and all(len(word) <= 1 for word in words)
    for column, word, wanted in zip(columns, words, targets, strict=True):
        if word:
            found.append(_input_word(layout, column, word, theme.input, quote))
        if wanted:
            found += _wanted_word(layout, column, wanted, quote, mark_word(state), theme)
    return [label for label in found if label is not None and label.text]


@lru_cache(maxsize=4096)
def _input_word(
    layout: GraphLayout, column: int, word: str, color: int, quote: bool
) -> Label | None:
    """The word under a step, or inside its input's box where that has no room for cells."""
    inputs, pitch = layout.row("input"), layout.axis.pitch
    if inputs is None:
        return None
    if inputs.fill == "token":
        body = layout.box(inputs, column).inset(1.5, 0.0)
        size = min(TOKEN * layout.lettering, inputs.height * LETTERED)
        if size < 7.0:
            return None
        return _fitted(body, word, color, False, "center", size)
    left = layout.axis.left_of(column) + 1.0
    size = min(TOKEN * layout.lettering, max(pitch * 0.6, TOKEN))
    rect = Rect(left, layout.rows[-1].bottom + 3.0, pitch - 2.0, size + 5.0)
    return _fitted(rect, word, color, quote, "center", size)


@lru_cache(maxsize=4096)
def _wanted_word(
    layout: GraphLayout, column: int, word: str, quote: bool, name: str, theme: Theme
) -> tuple[Label | None, ...]:
    """The wanted word left of a step's output, or over a wide one, under what it is: it is not what
    the model says.

    Of a sample it is the word that was drawn.
    """
    output = layout.row("output")
    if output is None:
        return ()
    left = layout.axis.left_of(column) + 8.0
    room = layout.box(output, column).x - 4.0 - left
    size, small = TOKEN * layout.lettering, WANTED * layout.lettering
    if room >= text_width(name, small) and output.height >= 1.2 * (size + small):
        align: Align = "right"
        top = output.middle - 0.6 * (size + small)
    else:
        if output.fill in ("numbers", "cells") and layout.lettering == 1.0:
            # Its cell has a frame.
            return ()
        # Beside the arrow that goes up from the output to its loss.
        loss = layout.row("loss")
        left = layout.axis.center_of(column) + _BESIDE_ARROW * min(layout.lettering, 1.5)
        room = layout.axis.left_of(column + 1) - _OVER - left
        small = min(small, (room - 0.5) / text_width(name, 1.0))
        over = 1.2 * (size + small) + _OVER
        if small < WANTED or output.top - (loss.bottom if loss is not None else HEADER) < over:
            return ()
        top, align = output.top - over, "left"
    above = Rect(left, top, room, 1.2 * small)
    place = Rect(left, above.bottom, room, 1.2 * size)
    return (
        Label(above, name, theme.muted, small, align),
        _fitted(place, word, theme.output, quote and len(word) == 1, align, size),
    )


def _fitted(rect: Rect, word: str, color: int, quote: bool, align: Align, size: float) -> Label:
    text = f"“{word}”" if quote else word
    if text_width(text, size) > rect.w:
        text, size = fitted(word, rect.w - 0.5, size)
    return Label(rect, text, color, size, align)
