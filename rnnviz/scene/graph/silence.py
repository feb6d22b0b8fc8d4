"""Steps at which nothing happens: padding after a sequence's end, and outputs that nobody asks for.

A batch is as long as its longest sequence; of a sequence that gets one answer only the last output
counts; a task of memory asks only at the end. What does not take part is not drawn as if it did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnviz.scene.graph.memo import of_trace
from rnnviz.trace import Trace

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Silence:
    """Columns of padding, and columns whose output does not count (padding among them)."""

    padding: frozenset[int] = frozenset()
    unasked: frozenset[int] = frozenset()


NOTHING = Silence()


@of_trace
def silence_of(trace: Trace, row: int, columns: range) -> Silence:
    """What is silent among some columns of one sequence of the batch."""
    padding, unasked = _flags(trace, row)
    found = [
        frozenset((np.flatnonzero(flags[columns.start : columns.stop]) + columns.start).tolist())
        for flags in (padding, unasked)
    ]
    return Silence(*found) if any(found) else NOTHING


@of_trace
def _flags(trace: Trace, row: int) -> tuple[Flags, Flags]:
    """(columns,) which are padding, and (columns,) whose output does not count."""
    padding = np.zeros(trace.columns, bool)
    unasked = np.zeros(trace.columns, bool)
    first, out = trace.parts[0], trace.output_part
    decodes, row = len(trace.parts) > 1, min(row, trace.batch_size - 1)
    lengths, mask = trace.get("lengths"), trace.get("loss_mask")
    stop = first.stop
    if lengths is not None and trace.mode != "sample":
        stop = first.start + max(int(lengths[row]), 1)
        padding[stop : first.stop] = True
    if "logits" not in trace:
        return padding, unasked
    outputs = int(trace["logits"].shape[0])
    begin = out.stop - outputs
    asked = np.flatnonzero(mask[:, row] > 0) + begin if mask is not None else np.zeros(0, int)
    if len(asked) and decodes:
        # A decoder has no lengths of its own: after the last word that counts it is padding.
        padding[int(asked[-1]) + 1 : out.stop] = True
    if trace.spec.cell == "jordan" or trace.mode == "sample":
        # Every output goes into the next step.
        return padding, padding
    unasked[begin : out.stop] = True
    if len(asked):
        unasked[asked] = False
    elif trace.spec.kind == "many-to-one":
        unasked[(out.stop if decodes else stop) - 1] = False
    else:
        unasked[begin : out.stop] = padding[begin : out.stop]
    return padding, unasked
