"""The one number under the mouse in words: which entry of which quantity, and its value."""

from __future__ import annotations

import re

from rnnviz.scene.captions import local_step
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState

_NUMBER = re.compile(r"(?P<name>\w+)@(?P<column>\d+)\[(?P<first>\d+)(,(?P<second>\d+))?\]")


def number_told(state: ViewState, number: str) -> str:
    """``h[5] = −0.932 at step 4`` for ``h_l0@3[4]``, ``W_hh[2, 1] = 0.419`` for an entry of a
    matrix; empty for what names no single number of the pass. Units count from 1, as on screen."""
    match = _NUMBER.fullmatch(number)
    if match is None:
        return ""
    name, column, first = match["name"], int(match["column"]), int(match["first"])
    array = state.trace.get(name)
    if array is None or column >= state.trace.columns:
        return ""
    sign = re.sub(r"_l\d+(_reverse)?$", "", name).removeprefix("encoder_").removeprefix("decoder_")
    if match["second"] is not None:
        second = int(match["second"])
        if array.ndim != 2 or first >= array.shape[0] or second >= array.shape[1]:
            return ""
        return f"{sign}[{first + 1}, {second + 1}] = {short(float(array[first, second]), 3)}"
    part = next(part for part in state.trace.parts if part.start <= column < part.stop)
    step = column - part.start
    if array.ndim != 3 or step >= len(array) or first >= array.shape[2]:
        return ""
    value = short(float(array[step, min(state.row, array.shape[1] - 1), first]), 3)
    said = f"[{first + 1}] = {value} at step {local_step(state.trace, column)}"
    if sign != "logits":
        return sign + said
    return f"y{said}{', before the softmax' if 'probs' in state.trace else ''}"
