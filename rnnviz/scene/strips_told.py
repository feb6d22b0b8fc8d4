"""What each strip says at the cursor's step, in words for those who listen instead of look."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.numbers import exactly, short, vector
from rnnviz.scene.sampled import drawn_classes, mark_word
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_far import target_classes
from rnnviz.scene.strips_known import known_columns
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_outputs import class_word, top_classes
from rnnviz.scene.strips_reduce import Values
from rnnviz.scene.strips_silence import is_padded
from rnnviz.scene.strips_tokens import input_tokens, visible_token
from rnnviz.trace import Part

_LISTED = 6
"""Units up to which every one is told; of more the two ends."""
_CLASSES = 3
"""Of an output so many of the likeliest."""


def told(state: ViewState, strip: Strip, column: int, memo: StripsMemo) -> str:
    """Name and values of a strip at a column; empty where it has none there.

    What the cursor has not reached stands under a veil: told, too, and that it is ahead.
    """
    part = strip.part
    if not part.start <= column < part.stop:
        return ""
    key = ("told", strip.name, state.row, column, state.trace.mode == "sample" and state.cursor)
    words: str = memo.get(key, lambda: _named(state, strip, column))
    if not words or strip.is_input:
        return words
    known = known_columns(state, strip)
    return words if known is None or column in known else f"{words} (ahead)"


def _named(state: ViewState, strip: Strip, column: int) -> str:
    if is_padded(state, strip, column):
        return f"{strip.caption.name}: padding"
    words = _words(state, strip, column - strip.part.start)
    return f"{strip.caption.name} {words}" if words else ""


def _words(state: ViewState, strip: Strip, step: int) -> str:
    if strip.family == "tokens":
        tokens = input_tokens(state, strip.part.prefix)
        return f"“{visible_token(tokens[step])}”" if step < len(tokens) else ""
    array = state.trace[strip.name]
    if array.ndim == 1:
        return short(float(array[step]), 3)
    row: Values = array[step, min(state.row, array.shape[1] - 1)]
    if strip.family == "loss":
        return short(float(row), 3)
    if strip.family == "norms":
        return short(float(np.linalg.norm(row.astype(np.float64))), 3)
    if strip.family == "outputs" and strip.range == "unit":
        return _probabilities(state, strip, row, step)
    if strip.name == "attention":
        return _attention(state, row)
    return _units(row)


def _probabilities(state: ViewState, strip: Strip, row: Values, step: int) -> str:
    """The likeliest classes, and what was wanted or drawn if it is not among them."""
    best = top_classes(row[None], min(_CLASSES, len(row)))[0].tolist()
    sample = state.trace.mode == "sample"
    marked = int((drawn_classes if sample else _targets)(state, strip.part)[step])
    shown = [*best, marked] if marked >= 0 and marked not in best else best
    word = mark_word(state)
    said = (
        f"“{class_word(state, index)}” {exactly(float(row[index]), 2)}"
        + (f" ({word})" if index == marked else "")
        for index in shown
    )
    return ", ".join(said)


def _targets(state: ViewState, part: Part) -> Values:
    return target_classes(state, part.steps)


def _attention(state: ViewState, row: Values) -> str:
    """Where most of it goes."""
    best = int(row.argmax())
    source = input_tokens(state, "encoder_")
    word = f" “{visible_token(source[best])}”" if best < len(source) else ""
    return f"most to input {best + 1}{word}, {exactly(float(row[best]), 2)}"


def _units(row: Values) -> str:
    """Every unit of a few; of many how many there are, and the lowest and the highest."""
    if len(row) <= _LISTED:
        return vector(row.tolist(), _LISTED)
    low, high = int(row.argmin()), int(row.argmax())
    ends = (f"[{at + 1}] {short(float(row[at]), 2)}" for at in (low, high))
    return f"{len(row)} units, from {' to '.join(ends)}"
