"""The backward pass of a gate: its δ as the product of what reaches it and how it acts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.captions import subscript
from rnnviz.scene.equations import equations_of
from rnnviz.scene.inspector_flow import Flow
from rnnviz.scene.inspector_node import Node, gradient_is_known
from rnnviz.scene.inspector_terms import at_step, before, gate_block, shown_units
from rnnviz.scene.numbers import exactly, short, signed_writer
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import Values


@dataclass(frozen=True, slots=True)
class GateGradient:
    """δ (H,) of one gate at one step, and the three factors (H,) whose product it is, by name."""

    delta: Values
    factors: tuple[tuple[str, Values], ...]


def gate_gradient(state: ViewState, node: Node) -> GateGradient | None:
    """The numbers of a gate's δ; None where the trace has no gradients."""
    trace, row, gate = state.trace, state.row, node.base

    def own(name: str, offset: int = 0) -> Values | None:
        return at_step(trace, node, name, row, offset)

    def gradient(name: str) -> Values | None:
        values = trace.get(f"dL_d{node.prefix}{name}_{node.layer}")
        return None if values is None else values[node.index, min(row, values.shape[1] - 1)]

    pre, value = gradient("a"), own(gate)
    if pre is None or value is None:
        return None
    delta = pre[gate_block(trace.spec, gate)]
    slope_name = f"1 − {gate}²" if gate in "gn" else f"{gate}(1 − {gate})"
    slope = 1 - value**2 if gate in "gn" else value * (1 - value)
    reached: tuple[str, Values | None] = ("∂L/∂h", gradient("h"))
    acts: tuple[str, Values | None]
    if trace.spec.cell == "lstm":
        if gate == "o":
            acts = ("tanh", _ratio(own("h"), value))
        else:
            reached = ("∂L/∂c", gradient("c"))
            acts = {"i": ("g", own("g")), "g": ("i", own("i"))}.get(
                gate, ("c before", own("c", before(node)))
            )
    elif gate == "r":
        reached, acts = ("δ of n", pre[gate_block(trace.spec, "n")]), ("W h + b", own("m"))
    else:
        earlier, candidate, update = own("h", before(node)), own("n"), own("z")
        if earlier is None or candidate is None or update is None:
            return None
        acts = ("h before − n", earlier - candidate) if gate == "z" else ("1 − z", 1 - update)
    if reached[1] is None or acts[1] is None:
        return None
    factors = ((reached[0], reached[1]), (acts[0], acts[1]), (slope_name, slope))
    return GateGradient(delta, factors)


def _ratio(h: Values | None, o: Values) -> Values | None:
    """tanh of what the output gate lets through, exact with and without a normalisation."""
    if h is None:
        return None
    return np.divide(h, o, out=np.zeros_like(h), where=o != 0)


def gate_backward(flow: Flow, state: ViewState, node: Node) -> None:
    """The section: the equation, and a line of factors for each unit shown."""
    found = gate_gradient(state, node)
    if found is None:
        return
    theme = state.theme
    reached = gradient_is_known(state, node)
    flow.heading("backward", theme.gradient, "" if reached else "the cursor is not there yet")
    flow.formulas(equations_of(state.trace, node, state.row).backward, theme.ink, 14.0)
    units = shown_units(found.delta, node.unit, 6)
    write = signed_writer(float(np.abs(found.delta).max(initial=0.0)))
    first = signed_writer(float(np.abs(found.factors[0][1]).max(initial=0.0)))
    header = (f"δ{subscript(node.step)}", "value", *(name for name, _ in found.factors))
    rows = [
        (
            f"[{u + 1}]", write(float(found.delta[u])),
            first(float(found.factors[0][1][u])),
            *(exactly(float(values[u])) for _, values in found.factors[1:]),
        )
        for u in units
    ]  # fmt: skip
    flow.table(header, rows, (theme.muted, theme.gradient))
    length = short(float(np.linalg.norm(found.delta.astype(np.float64))), 3)
    note = "" if len(units) == len(found.delta) else f" over all {len(found.delta)} units"
    flow.words(
        f"the first number is the product of the others, before rounding; length {length}{note}",
        10.0,
    )
