"""After the end of a sequence: what a pass holds there, and that nothing there can be edited."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import layer_names
from rnnviz.analysis.replay.edits import Edit
from rnnviz.analysis.saturation import counted_steps
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]
_HANDS_ON = ("f", "z")
"""The gates that are 1 in padding, so that what is carried stays what it was."""


def silenced(trace: Trace, arrays: Mapping[str, Array], b_y: Array) -> dict[str, Array]:
    """The recorded arrays of every layer, with the values of ``docs/trace.md`` at padding.

    States, gates and pre-activations are 0 there, the gates that carry on are 1. The output of a
    jordan cell, which is a state of its own, is that of the silent state: b_y.
    """
    found: dict[str, Array] = {}
    for layer in layer_names(trace):
        counted = counted_steps(trace, layer.prefix)[..., None]
        if counted.all():
            continue
        for part in ("a", "h", "c", "m", *trace.spec.gates):
            name = layer.array(part)
            if name in arrays:
                found[name] = np.where(counted, arrays[name], float(part in _HANDS_ON))
        if trace.spec.cell == "jordan":
            found["logits"] = np.where(counted, arrays["logits"], b_y)
    return found


def check_not_over(trace: Trace, edits: Iterable[Edit], recorded: Collection[str]) -> None:
    """Whether every edited step is one that the sequences it concerns have.

    Raises:
        UserError: if all of them have ended by then.
    """
    lengths, first = trace.get("lengths"), trace.spec.prefixes[0]
    if lengths is None:
        return
    for edit in edits:
        is_output = edit.name in ("logits", "attention") or edit.name.startswith("decoder_")
        if edit.step is None or (first and is_output):
            continue
        if edit.name not in recorded and edit.name != f"{first}tokens":
            continue
        rows = lengths if edit.row is None else lengths[edit.row : edit.row + 1]
        if len(rows) and edit.step >= rows.max():
            whose = "this sequence ends" if edit.row is not None else "all sequences end"
            raise UserError(
                f"{whose} at step {int(rows.max())}: there is no {edit.name} at step "
                f"{edit.step + 1} to edit"
            )
