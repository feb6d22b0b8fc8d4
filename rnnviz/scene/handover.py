"""Where an encoder's last state becomes a decoder's first: the gradient that comes back there.

In a trace it is part of the encoder's ``dL_dh_direct``, because no later step of the encoder
brings it; on its way it comes from the decoder's first step, as from any next step in time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.trace import Trace


def handover_index(trace: Trace, layer: str, row: int) -> int:
    """The step of the encoder, from 0, whose state is handed over: in reverse it is the first,
    else the last one of the sequence."""
    if layer.endswith("_reverse"):
        return 0
    lengths = trace.get("lengths")
    part = trace.parts[0]
    return int(lengths[row]) - 1 if lengths is not None else part.steps - 1


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
