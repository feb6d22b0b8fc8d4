"""Gate saturation: how often each unit is wide open, shut, or at the end of its range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerName, find, layer_names
from rnnviz.trace import Trace, UserError

Array = NDArray[Any]

NOTHING_SATURATES = (
    "a linear unit has no end of its range: nothing can saturate; choose tanh, relu or a gated cell"
)
_SQUASHED_BY_SIGMOID = ("i", "f", "o", "r", "z")


@dataclass(frozen=True, slots=True, eq=False)
class Saturation:
    """Of one gate or state of one layer, by unit (H,): fractions of all counted steps.

    Gates: ``left`` < 0.1, ``right`` > 0.9, drawn against each other (left + right ≤ 1). tanh
    states: ``left`` < −0.9, ``right`` > 0.9. relu states: ``left`` = 0 (a unit with left = 1 is
    dead), ``right`` is 0. A linear state has no end of its range and is left out.
    """

    name: str
    left: Array
    right: Array
    steps: int


def saturation(
    trace: Trace, *, low: float = 0.1, high: float = 0.9, state: float = 0.9
) -> tuple[Saturation, ...]:
    """left(j) = share of steps with gate_j < ``low``, right(j) with gate_j > ``high``: (H,) each.

    Over all steps and sequences of the pass, padding left out, for every gate and the hidden
    state of every layer. The GRU's n and the LSTM's g are tanh values and are measured like
    states against ± ``state`` (a threshold of our choice).

    Source: Karpathy, Johnson & Fei-Fei, *Visualizing and Understanding Recurrent Networks*
    (arXiv 1506.02078), on the statistics of gate activations.

    Raises:
        UserError: if the thresholds are out of order.
    """
    if not 0.0 <= low <= high <= 1.0 or not 0.0 <= state <= 1.0:
        raise UserError(f"thresholds must be ordered within 0 and 1, not {low}, {high}, {state}")
    found = []
    for layer in layer_names(trace):
        counted = counted_steps(trace, layer.prefix)
        for gate in trace.spec.gates:
            values = find(trace, layer.array(gate))[counted]
            if gate in _SQUASHED_BY_SIGMOID:
                found.append(_measure(layer, gate, values < low, values > high))
            else:
                found.append(_measure(layer, gate, values < -state, values > state))
        h = find(trace, layer.array("h"))[counted]
        if trace.spec.activation == "relu":
            found.append(_measure(layer, "h", h <= 0.0, np.zeros_like(h, dtype=bool)))
        elif trace.spec.bounded_states:
            found.append(_measure(layer, "h", h < -state, h > state))
    return tuple(found)


def counted_steps(trace: Trace, prefix: str = "") -> NDArray[np.bool_]:
    """(T, B): which steps are not padding."""
    steps, batch = find(trace, f"{prefix}h_l0").shape[:2]
    lengths = trace.get("lengths")
    if lengths is None or prefix == "decoder_":
        return np.ones((steps, batch), dtype=bool)
    return np.asarray(np.arange(steps)[:, None] < lengths[None])


def _measure(layer: LayerName, array: str, left: Array, right: Array) -> Saturation:
    return Saturation(layer.array(array), left.mean(axis=0), right.mean(axis=0), len(left))
