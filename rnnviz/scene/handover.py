"""Where an encoder's last state becomes a decoder's first: the gradient that comes back there.

In a trace it is part of the encoder's ``dL_dh_direct``, because no later step of the encoder
brings it; on its way it comes from the decoder's first step, as from any next step in time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import Trace


def true_steps(trace: Trace, prefix: str, row: int) -> int:
    """How many steps of a part a sequence of the batch has: what follows them is padding."""
    part = next(part for part in trace.parts if part.prefix == prefix)
    lengths = trace.get("lengths")
    if lengths is None or prefix == "decoder_":
        return part.steps
    return min(int(lengths[min(row, len(lengths) - 1)]), part.steps)


def handover_index(trace: Trace, layer: str, row: int) -> int:
    """The step of the encoder, from 0, whose state is handed over: in reverse it is the first,
    else the last one of the sequence."""
    return 0 if layer.endswith("_reverse") else true_steps(trace, trace.parts[0].prefix, row) - 1


NOISE = 1e-5
"""Share of a float32 sum below which a difference of two sums is rounding, not a gradient."""


def from_above(
    direct: NDArray[Any], given: NDArray[Any], whole: NDArray[Any]
) -> NDArray[Any] | None:
    """What reaches the encoder's last state besides what is `given` back to it; None where that
    is rounding beside the `whole` gradient."""
    rest: NDArray[Any] = direct - given
    return rest if np.linalg.norm(rest) > NOISE * np.linalg.norm(whole) else None


def handed_over(trace: Trace, letter: str, layer: str, row: int) -> NDArray[Any] | None:
    """(H,) float64, what the decoder's first state hands back to the encoder's ``h`` or ``c``:
    with two directions through W_bridge, each its half. None where there is no decoder."""
    if len(trace.parts) < 2:
        return None
    number = layer.partition("_")[0]
    start = trace.get(f"dL_ddecoder_{letter}0_{number}")
    if start is None:
        return None
    found = start[row].astype(np.float64)
    bridge = trace.get(f"W_bridge_{letter}_{number}")
    if bridge is None:
        return None if layer.endswith("_reverse") else found
    halves = np.split(bridge.T.astype(np.float64) @ found, 2)
    return halves[1] if layer.endswith("_reverse") else halves[0]
