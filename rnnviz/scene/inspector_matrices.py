"""Which matrices and vectors of a step the inspector shows: those in the node's own equation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations import layer_symbols
from rnnviz.scene.equations_symbols import LayerSymbols
from rnnviz.scene.inspector_flow import SMALL, Flow
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.inspector_numbers import Matrix
from rnnviz.scene.inspector_terms import (
    array,
    at_step,
    before,
    carried_from,
    gate_block,
    squash,
)
from rnnviz.scene.numbers import short
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import Values, largest_finite
from rnnviz.scene.strips_values import nice_bound


def symmetric(state: ViewState, values: Values) -> ColorScale:
    """A diverging map over the range that the values need, rounded up, zero in the middle."""
    most = max(abs(float(values.min(initial=0.0))), float(values.max(initial=0.0)))
    bound = nice_bound(most if np.isfinite(most) else largest_finite(values))
    return ColorScale(state.theme.diverging, -bound, bound)


def column(values: Values) -> Values:
    return values[:, None]


def state_matrices(flow: Flow, state: ViewState, node: Node) -> None:
    """What the equation of a state or gate is made of: weights with numbers where they are few."""
    spec, symbols = state.trace.spec, layer_symbols(state.trace.spec, node)
    gated = bool(spec.gates)
    found: list[Matrix] = []
    scale: ColorScale | None = None
    if not gated or node.base in spec.gates:
        found, scale = _products(state, node, symbols)
    elif node.base == "c":
        found = _vectors(state, node, symbols, ("f",))
        found += _earlier(state, node, symbols, "c")
    elif spec.cell == "gru":
        found = _earlier(state, node, symbols, "h")
    found += _vectors(state, node, symbols, _own_names(state, node))
    flow.matrices(_signed(found, _signs(state, node)))
    ranges = [f"weights ±{short(scale.high, 1)}"] if scale is not None else []
    ranges += [
        f"states ±{short(state_scale(state, node).high, 1)}",
        *(["gates 0 to 1"] if gated else []),
    ]
    flow.words(f"colours: {', '.join(ranges)}", 10.0)


def state_scale(state: ViewState, node: Node) -> ColorScale:
    """±1; where the states here leave that, the range that the step's and those before need."""
    trace, row = state.trace, state.row
    found = [at_step(trace, node, "h", row, offset) for offset in (0, before(node))]
    below = trace.get(f"{node.prefix}h_l{layer_symbols(trace.spec, node).number - 1}")
    if below is not None:
        found.append(below[node.index, min(row, below.shape[1] - 1)])
    values = np.concatenate([h for h in found if h is not None])
    fits = np.abs(values).max(initial=0.0) <= 1.0
    return state.theme.states if fits else symmetric(state, values)


def _signs(state: ViewState, node: Node) -> tuple[str, ...]:
    """What stands before each matrix where these, side by side, are the whole equation."""
    spec = state.trace.spec
    if node.base == "c" and not spec.layer_norm:
        return ("", "⊙", "+", "⊙", "=")
    if node.base == "n" or spec.layer_norm or (spec.gates and node.base not in spec.gates):
        return ()
    if spec.peepholes and node.base in "ifo":
        return ()
    name = squash(spec, node.base)
    return (f"{name}(", "", "+", "", "+", ") =") if name else ("", "", "+", "", "+", "=")


def _signed(matrices: list[Matrix], signs: tuple[str, ...]) -> list[Matrix]:
    """The matrices with their signs; without, where one of the equation's is too large to show."""
    if len(signs) != len(matrices):
        return matrices
    return [replace(each, before=sign) for each, sign in zip(matrices, signs, strict=True)]


def _own_names(state: ViewState, node: Node) -> tuple[str, ...]:
    """The quantities of this step that belong to the node's equation, the node itself last."""
    spec = state.trace.spec
    if node.base in spec.gates:
        return ("r", "n") if node.base == "n" else (node.base,)
    if node.base == "c":
        return ("i", "g", "c")
    if spec.cell == "lstm":
        return ("i", "f", "g", "o", "c", "h")
    return (*spec.gates, "h")


def _products(
    state: ViewState, node: Node, symbols: LayerSymbols
) -> tuple[list[Matrix], ColorScale | None]:
    """The two products of a pre-activation: of a gate its own block of the stacked weights."""
    trace, theme, row = state.trace, state.theme, state.row
    gate = node.base if node.base in trace.spec.gates else ""
    letter = "yh" if trace.spec.cell == "jordan" else "hh"
    block = gate_block(trace.spec, gate)
    recurrent, reading = (array(trace, node, f"W_{name}") for name in (letter, "xh"))
    weights = [w[block] for w in (recurrent, reading) if w is not None]
    if not weights:
        return [], None
    scale = symmetric(state, np.concatenate([w.ravel() for w in weights]))
    found: list[Matrix] = []

    def weight(values: Values | None, below: str) -> None:
        if values is not None:
            name = f"{node.prefix}W_{below}_{node.layer}"
            found.append(Matrix(symbols.weight("W", below), values[block], scale, name))

    weight(recurrent, f"h{gate}" if gate else letter)
    carried = carried_from(trace, node, row)
    if carried is not None:
        back = symbols.before(node.step)
        if trace.spec.cell == "jordan":
            found.append(Matrix(f"y_{{{back}}}", column(carried), symmetric(state, carried)))
        else:
            found.append(Matrix(symbols.at("h", back), column(carried), state_scale(state, node)))
    weight(reading, f"x{gate}" if gate else "xh")
    if symbols.number == 0 and (x := trace.get(f"{node.prefix}x")) is not None:
        read = x[node.index, min(row, x.shape[1] - 1)]
        if len(read) <= SMALL:
            shown = theme.states if np.abs(read).max(initial=0) <= 1 else symmetric(state, read)
            found.append(Matrix(symbols.source(node.step), column(read), shown))
    elif symbols.number > 0:
        found += _from_below(state, node, symbols)
    bias = array(trace, node, "b_h")
    if bias is not None and not trace.spec.layer_norm:
        values = column(bias[block])
        below = gate or "h"
        found.append(Matrix(symbols.weight("b", below), values, symmetric(state, values)))
    return found, scale


def _from_below(state: ViewState, node: Node, symbols: LayerSymbols) -> list[Matrix]:
    """What a layer above the lowest reads: the state below, where that is all that is handed up."""
    spec, layers = state.trace.spec, state.trace.spec.directions(node.prefix)
    if spec.residual or spec.dropout or len(layers) > 1:
        return []
    values = state.trace.get(f"{node.prefix}h_l{symbols.number - 1}")
    if values is None:
        return []
    read = values[node.index, min(state.row, values.shape[1] - 1)]
    return [Matrix(symbols.source(node.step), column(read), state_scale(state, node))]


def _earlier(state: ViewState, node: Node, symbols: LayerSymbols, letter: str) -> list[Matrix]:
    values = at_step(state.trace, node, letter, state.row, before(node))
    if values is None:
        return []
    scale = symmetric(state, values) if letter == "c" else state.theme.states
    return [Matrix(symbols.at(letter, symbols.before(node.step)), column(values), scale)]


def _vectors(
    state: ViewState, node: Node, symbols: LayerSymbols, names: tuple[str, ...]
) -> list[Matrix]:
    found = []
    for name in names:
        own = at_step(state.trace, node, name, state.row)
        if own is None:
            continue
        unit_range = name in state.trace.spec.gates and name not in "gn"
        scale = state.theme.probabilities if unit_range else state_scale(state, node)
        scale = symmetric(state, own) if name == "c" else scale
        found.append(Matrix(symbols.at(name, node.step), column(own), scale))
    return found
