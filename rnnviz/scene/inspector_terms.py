"""The numbers that go into one unit of one step, taken from the trace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.activations import function_name
from rnnviz.scene.handover import true_steps
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.product_norm import normalised, normed_parts
from rnnviz.scene.strips_reduce import Values
from rnnviz.trace import ModelSpec, Trace


@dataclass(frozen=True, slots=True)
class Terms:
    """A pre-activation a = carried (W_hh h') + read (W_xh x) + bias, for one unit; both products
    normalised where the model does that.

    `read` is what is left of the recorded a, so that it is right whatever the layer reads.
    """

    carried: float
    read: float
    bias: float
    peeped: float | None = None
    """What the gate sees of the cell state, where it does (w_c c)."""

    @property
    def total(self) -> float:
        return self.carried + self.read + self.bias + (self.peeped or 0.0)


def array(trace: Trace, node: Node, base: str) -> Values | None:
    """An array of the node's layer: ``h``, ``W_hh``, …"""
    return trace.get(f"{node.prefix}{base}_{node.layer}")


def at_step(trace: Trace, node: Node, base: str, row: int, offset: int = 0) -> Values | None:
    """(H,) numbers of the layer at the node's step, `offset` steps later in time.

    Before the first step (for a layer that runs backwards, after the last one that the sequence
    has) it is the initial state of this pass.
    """
    values = array(trace, node, base)
    if values is None:
        return None
    index = node.index + offset
    row = min(row, values.shape[1] - 1)
    stop = true_steps(trace, node.prefix, row) if offset > 0 else len(values)
    if 0 <= index < stop:
        found: Values = values[index, row]
        return found
    first = array(trace, node, f"{base}0")
    if first is None:
        return np.zeros(values.shape[2])
    return np.asarray(first[row] if first.ndim == 2 else first)


def before(node: Node) -> int:
    """The offset to the step whose state the layer carries on."""
    return 1 if node.layer.endswith("_reverse") else -1


def carried_from(trace: Trace, node: Node, row: int) -> Values | None:
    """What the recurrent matrix is applied to: h', or the output y' of a jordan cell."""
    if trace.spec.cell != "jordan":
        return at_step(trace, node, "h", row, before(node))
    logits = trace.get("logits")
    if logits is None:
        return None
    row = min(row, logits.shape[1] - 1)
    start = array(trace, node, "y0") if node.index == 0 else None
    if node.index == 0:
        return np.zeros(logits.shape[2]) if start is None else np.asarray(start[row])
    previous: Values = logits[node.index - 1, row]
    return previous


def terms(trace: Trace, node: Node, row: int, unit: int, gate: str = "") -> Terms | None:
    """The terms of a unit's pre-activation, of a gate where the cell has gates.

    None where the trace does not hold what it takes.
    """
    spec = trace.spec
    matrix = array(trace, node, "W_yh" if spec.cell == "jordan" else "W_hh")
    bias = array(trace, node, "b_h")
    total = at_step(trace, node, "a", row)
    carried = carried_from(trace, node, row)
    if matrix is None or bias is None or total is None or carried is None:
        return None
    block = spec.gates.index(gate) if gate else 0
    index = block * spec.hidden_size + unit
    from_h = _from_state(trace, node, matrix, carried, index)
    if from_h is None:
        return None
    if gate == "n":
        reset, inner = at_step(trace, node, "r", row), at_step(trace, node, "m", row)
        if reset is None or inner is None:
            return None
        from_h = float(reset[unit] * inner[unit])
    offset = float(bias[index])
    peeped = _peeped(trace, node, row, unit, gate)
    rest = float(total[index]) - from_h - offset - (peeped or 0.0)
    return Terms(from_h, rest, offset, peeped)


def _from_state(
    trace: Trace, node: Node, matrix: Values, carried: Values, index: int
) -> float | None:
    """One number of W_hh h', normalised with the others of its step where the model does that."""
    if not trace.spec.layer_norm:
        return float(matrix[index] @ carried)
    gain = array(trace, node, "gain_h")
    if gain is None:
        return None
    product = matrix.astype(np.float64) @ carried.astype(np.float64)
    return float(normalised(product, gain, normed_parts(trace.spec))[index])


def _peeped(trace: Trace, node: Node, row: int, unit: int, gate: str) -> float | None:
    weight = array(trace, node, f"w_c{gate}") if gate else None
    seen = at_step(trace, node, "c", row, 0 if gate == "o" else before(node))
    if weight is None or seen is None:
        return None
    return float(weight[unit] * seen[unit])


def is_put(trace: Trace, node: Node, base: str, row: int, unit: int) -> bool:
    """Whether a what-if has put that number of the node's cell in the place of the computed one."""
    return trace.is_by_hand(f"{node.prefix}{base}_{node.layer}", node.index, row, unit)


def squash(spec: ModelSpec, base: str) -> str:
    """The function that a state or gate is the value of; empty where it is the sum itself."""
    if base == "h" and not spec.gates:
        return "" if spec.activation == "linear" else function_name(spec.activation)
    return "tanh" if base in ("g", "n", "h") else "σ"


def term_names(spec: ModelSpec, gate: str, *, peeped: bool) -> tuple[str, ...]:
    """What the terms of a pre-activation are called, in the order of `Terms`."""
    carried = "W_yh y" if spec.cell == "jordan" else f"W_h{gate or 'h'} h"
    if gate == "n":
        carried = "r ⊙ m"
    if spec.layer_norm:
        carried = "r ⊙ m" if gate == "n" else "LN h"
    names = (carried, "LN x" if spec.layer_norm else f"W_x{gate or 'h'} x")
    return (*names, *(("w_c c",) if peeped else ()), f"b_{gate or 'h'}")


def gate_block(spec: ModelSpec, gate: str) -> slice:
    """The rows of a gate in the stacked weights and pre-activations; all without a gate."""
    if not gate:
        return slice(None)
    start = spec.gates.index(gate) * spec.hidden_size
    return slice(start, start + spec.hidden_size)


FEW = 8
"""Units up to which the first ones are written out; of more, the strongest say more."""


def which_units(shown: int, values: Values, *, chosen: bool) -> str:
    """How many units are written out, and which: none where all are."""
    if shown >= len(values):
        return ""
    strongest = ", the strongest" if len(values) > FEW else ""
    if chosen:
        strongest = f", the chosen one and {'the strongest' if strongest else 'the first'}"
    return f"{shown} of {len(values)} units{strongest}"


def shown_units(values: Values, chosen: int, count: int = 4) -> list[int]:
    """Which units are written out: the chosen one first, then the first or the strongest ones."""
    units = list(range(min(count, len(values))))
    if len(values) <= count:
        return units
    if len(values) > FEW:
        sizes = np.nan_to_num(np.abs(values), nan=np.inf, posinf=np.inf)
        units = np.argsort(-sizes, kind="stable")[:count].tolist()
    if 0 <= chosen < len(values):
        units = [chosen, *(u for u in units if u != chosen)][:count]
    return units
