"""What a model that writes has written so far: of a sample nothing is known before it is drawn."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.state import ViewState
from rnnviz.trace import Part

WANTED_TEXT, DRAWN_TEXT = "target", "drawn"


def mark_word(state: ViewState) -> str:
    """What the class that is marked in an output is called."""
    return DRAWN_TEXT if state.trace.mode == "sample" else WANTED_TEXT


def drawn_classes(
    state: ViewState, part: Part, *, foreseen: bool = False
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """(T,) class that was drawn at each step of a part, -1 where none was, or not yet unless it
    is `foreseen`."""
    sampled = state.trace.get("sampled")
    if state.trace.mode != "sample" or sampled is None or len(sampled) != part.steps:
        return np.full(part.steps, -1)
    classes = sampled[:, min(state.row, sampled.shape[1] - 1)].astype(np.intp)
    if not foreseen:
        classes[max(drawn_steps(state) - part.start, 0) :] = -1
    return classes


def drawn_steps(state: ViewState) -> int:
    """Steps from the left whose next token is known at the cursor; all where nothing is drawn."""
    if state.trace.mode != "sample":
        return state.trace.columns
    return state.timeline.known(state.cursor.done, "forward", "output").stop


def inputs_known(state: ViewState) -> int:
    """Steps from the left whose input is known: the prompt, and what was drawn before."""
    sampled = state.trace.get("sampled")
    if state.trace.mode != "sample" or sampled is None:
        return state.trace.columns
    row = sampled[:, min(state.row, sampled.shape[1] - 1)]
    prompt = 1 + int(np.argmax(row >= 0))
    return max(prompt, min(drawn_steps(state) + 1, state.trace.columns))
