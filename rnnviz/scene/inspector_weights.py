"""The shared weights: matrices, their gradients, and what the optimiser does with them."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.equations import equations_of, weight_symbol
from rnnviz.scene.inspector_flow import Flow, Matrix
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.inspector_state import column, symmetric
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import Values
from rnnviz.trace import Trace

_MOST = 8
"""Matrices shown with all weights selected; one that is chosen is always shown."""


def weight_names(trace: Trace, node: Node) -> list[str]:
    """The parameters a node stands for: one, or all matrices of the model for ``W``."""
    if node.base != "W":
        suffix = f"_{node.layer}" if node.layer else ""
        name = f"{node.prefix}{node.base}{suffix}"
        if name not in trace and node.base[:-1] in ("W_h", "W_x"):
            # One gate's matrix is a block of the stacked one.
            name = f"{node.prefix}{node.base[:-1]}h{suffix}"
        return [name] if name in trace else []
    return [
        name
        for name, values in trace.arrays.items()
        if values.ndim == 2
        and name.removeprefix("encoder_").removeprefix("decoder_").startswith("W_")
    ]


def weights_section(flow: Flow, state: ViewState, node: Node) -> None:
    """Each matrix beside its gradient, with their lengths, then the update."""
    trace, theme = state.trace, state.theme
    names = weight_names(trace, node)
    flow.formulas(equations_of(trace, node).forward, theme.ink)
    if trace.update is not None:
        flow.words("g is ∂L/∂W after clipping, η the learning rate", 10.0)
    for name in names[:_MOST]:
        values = trace[name] if trace[name].ndim == 2 else column(trace[name])
        symbol = weight_symbol(name)
        flow.heading(name, theme.weight, f"{values.shape[0]} × {values.shape[1]}")
        shown = [Matrix(symbol, values, symmetric(state, values), name)]
        gradient = trace.get(f"dL_d{name}")
        if gradient is not None:
            slope = gradient if gradient.ndim == 2 else column(gradient)
            tex = rf"\partial L/\partial {symbol}"
            shown.append(Matrix(tex, slope, symmetric(state, slope)))
        flow.matrices(shown)
        lengths = f"length {_length(values)}"
        if gradient is not None:
            lengths += f" · gradient {_length(gradient)}"
        flow.words(lengths, 11.0)
        ranges = f"colours ±{short(shown[0].scale.high, 1)}"
        if len(shown) > 1:
            ranges += f" and ±{short(shown[1].scale.high, 1)}"
        flow.words(ranges, 10.0)
    if len(names) > _MOST:
        flow.words(f"and {len(names) - _MOST} more: select a layer's states to see its weights")
    if trace.has_gradients and node.base == "W":
        flow.heading("backward", theme.gradient, "every step adds its share")
        flow.formulas(equations_of(trace, node).backward, theme.ink, 14.0)
    _update(flow, state)


def _update(flow: Flow, state: ViewState) -> None:
    update = state.trace.update
    if update is None:
        return
    theme = state.theme
    flow.heading("update", theme.weight, update.optimizer)
    rows = [
        ("learning rate η", short(update.learning_rate, 3)),
        ("gradient length", short(update.grad_norm, 3)),
    ]
    if update.clip is not None:
        clipped = update.clipped_norm < update.grad_norm * (1 - 1e-9)
        after = short(update.clipped_norm, 3) if clipped else "not reached"
        rows.append((f"clipped at {short(update.clip, 3)}", after))
    rows.append(("‖ΔW‖", short(update.update_norm, 3)))
    if update.param_norm > 0:
        rows.append(("‖ΔW‖ / ‖W‖", short(update.update_norm / update.param_norm, 3)))
    flow.table(("", "this iteration"), rows)


def _length(values: Values) -> str:
    return short(float(np.linalg.norm(np.asarray(values, np.float64))), 3)
