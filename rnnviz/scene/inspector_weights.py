"""The shared weights: matrices, their gradients, and what the optimiser does with them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.equations import equations_of, parameter_name, weight_symbol
from rnnviz.scene.inspector_flow import Flow
from rnnviz.scene.inspector_matrices import column, symmetric
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.inspector_numbers import Matrix
from rnnviz.scene.inspector_terms import gate_block
from rnnviz.scene.inspector_words import stack_words, weight_words
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import Values
from rnnviz.scene.update_rules import is_clipped, rule_name
from rnnviz.trace import Part, Trace

_MOST = 8
"""Matrices shown with all weights selected; one that is chosen is always shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A parameter to show: `array` in the trace, its `rows`, and the `name` over it."""

    name: str
    array: str
    rows: slice


def shown_weights(trace: Trace, node: Node) -> list[Shown]:
    """The matrices of a node; of one gate's matrix its block of the stacked one."""
    name, gate = parameter_name(node), node.base[-1:]
    if name not in trace and node.base[:-1] in ("W_h", "W_x") and gate in trace.spec.gates:
        stacked = weight_names(trace, node)
        return [Shown(name, each, gate_block(trace.spec, gate)) for each in stacked]
    return [Shown(each, each, slice(None)) for each in weight_names(trace, node)]


def weight_names(trace: Trace, node: Node) -> list[str]:
    """The parameters a node stands for: one; for ``W`` all matrices, then all biases."""
    if node.base != "W":
        suffix = f"_{node.layer}" if node.layer else ""
        name = f"{node.prefix}{node.base}{suffix}"
        if name not in trace and node.base[:-1] in ("W_h", "W_x"):
            # One gate's matrix is a block of the stacked one.
            name = f"{node.prefix}{node.base[:-1]}h{suffix}"
        # What has three dimensions is no parameter: a quantity of every step.
        return [name] if name in trace and len(trace.shape(name)) <= 2 else []

    def of(letter: str, dimensions: int) -> list[str]:
        return [
            name
            for name in trace
            if len(trace.shape(name)) == dimensions
            and name.removeprefix("encoder_").removeprefix("decoder_").startswith(letter)
        ]

    return [*of("W_", 2), *of("b_", 1)]


def weights_section(flow: Flow, state: ViewState, node: Node) -> None:
    """Each matrix beside its gradient, with their lengths, then the update."""
    trace, theme = state.trace, state.theme
    every = shown_weights(trace, node)
    equations = equations_of(trace, node, state.row)
    flow.formulas(equations.forward, theme.ink)
    if node.base == "W" and equations.forward and trace.update is not None:
        decay = ", λ the weight decay" if trace.update.weight_decay > 0.0 else ""
        flow.words(f"g is ∂L/∂W after clipping, η the learning rate{decay}", 10.0)
    for each in every[:_MOST]:
        whole = trace[each.array][each.rows]
        values = whole if whole.ndim == 2 else column(whole)
        symbol = weight_symbol(each.name)
        named = weight_words(trace, each.name)
        flow.heading(named, theme.weight, f"{values.shape[0]} × {values.shape[1]}")
        shown = [Matrix(symbol, values, symmetric(state, values), each.name)]
        gradient = trace.get(f"dL_d{each.array}")
        if gradient is not None:
            gradient = gradient[each.rows]
            slope = gradient if gradient.ndim == 2 else column(gradient)
            tex = rf"\partial L/\partial {symbol}"
            shown.append(Matrix(tex, slope, symmetric(state, slope)))
        flow.matrices(shown)
        _, _, below = each.array.partition("W_")
        if each.rows == slice(None) and below[:2] in ("hh", "xh"):
            flow.words(stack_words(trace.spec, below[:2]), 10.0)
        lengths = f"length {_length(values)}"
        if gradient is not None:
            lengths += f" · gradient {_length(gradient)}"
        flow.words(lengths, 11.0)
        ranges = f"colours ±{short(shown[0].scale.high, 1)}"
        if len(shown) > 1:
            ranges += f" and ±{short(shown[1].scale.high, 1)}"
        flow.words(ranges, 10.0)
    if len(every) > _MOST:
        flow.words(f"and {len(every) - _MOST} more: select a layer's states to see its weights")
    if equations.backward:
        flow.heading("backward", theme.gradient, "every step adds its share")
        flow.formulas(equations.backward, theme.ink, 14.0)
        _share(flow, state, node, every)
    _update(flow, state)


def _share(flow: Flow, state: ViewState, node: Node, every: list[Shown]) -> None:
    """How long the share of the node's step is, or of the cursor's where it stands for all steps;
    where the trace has it for the whole matrix."""
    column_now = node.column if node.column >= 0 else state.cursor.column
    lines = []
    for each in every:
        norms = state.trace.get(f"step_norm_{each.array}")
        if norms is None or each.rows != slice(None):
            continue
        part = _part_of(state.trace, each.array)
        if part.start <= column_now < part.stop:
            share = short(float(norms[column_now - part.start]), 3)
            named = weight_words(state.trace, each.name)
            lines.append((named, share, _length(state.trace[f"dL_d{each.array}"])))
    if lines:
        flow.table(("length", "this step", "sum"), lines, (state.theme.weight,))


def _part_of(trace: Trace, name: str) -> Part:
    """The part whose steps a matrix is used at; the output layer's is the last."""
    return next((p for p in trace.parts if p.prefix and name.startswith(p.prefix)), trace.parts[-1])


def _update(flow: Flow, state: ViewState) -> None:
    update = state.trace.update
    if update is None:
        return
    theme = state.theme
    flow.heading("update", theme.weight, rule_name(update.optimizer))
    rows = [("learning rate η", short(update.learning_rate, 3))]
    if update.weight_decay > 0.0:
        rows.append(("weight decay λ", short(update.weight_decay, 3)))
    rows.append(("gradient length", short(update.grad_norm, 3)))
    if update.clip is not None or is_clipped(update):
        bound = "clipped" if update.clip is None else f"clipped at {short(update.clip, 3)}"
        rows.append((bound, short(update.clipped_norm, 3) if is_clipped(update) else "not reached"))
    rows.append(("‖ΔW‖", short(update.update_norm, 3)))
    if update.param_norm > 0:
        rows.append(("‖ΔW‖ / ‖W‖", short(update.update_norm / update.param_norm, 3)))
    flow.table(("", "this iteration"), rows)


def _length(values: Values) -> str:
    return short(float(np.linalg.norm(np.asarray(values, np.float64))), 3)
