"""Hidden states, cell states and gates: equation, matrices, arithmetic, and the gradient."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.captions import subscript
from rnnviz.scene.colors import ColorScale
from rnnviz.scene.equations import equations_of, is_chain_end, layer_symbols
from rnnviz.scene.inspector_flow import SMALL, Flow, Matrix
from rnnviz.scene.inspector_node import Node, gradient_is_known
from rnnviz.scene.inspector_terms import (
    array,
    at_step,
    before,
    carried_from,
    shown_units,
    terms,
)
from rnnviz.scene.numbers import fixed, short, signed
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import Values
from rnnviz.scene.strips_values import nice_bound


def symmetric(state: ViewState, values: Values) -> ColorScale:
    """A diverging map over the range that the values need, rounded up, zero in the middle."""
    finite = values[np.isfinite(values)]
    bound = nice_bound(float(np.abs(finite).max(initial=0.0)))
    return ColorScale(state.theme.diverging, -bound, bound)


def column(values: Values) -> Values:
    return values[:, None]


def state_section(flow: Flow, state: ViewState, node: Node) -> None:
    """Everything about a state or gate of one step."""
    trace, theme = state.trace, state.theme
    equations = equations_of(trace, node)
    flow.formulas(equations.forward, theme.ink)
    _matrices(flow, state, node)
    values = at_step(trace, node, node.base, state.row)
    if values is None:
        return
    lines = _arithmetic(state, node, values)
    note = "" if len(values) <= len(lines) else f"{len(lines)} of {len(values)} units"
    flow.heading("forward", theme.hidden, note)
    flow.lines(lines)
    if node.base in ("h", "c"):
        _backward(flow, state, node)


def _matrices(flow: Flow, state: ViewState, node: Node) -> None:
    trace, theme, row = state.trace, state.theme, state.row
    symbols = layer_symbols(trace.spec, node)
    letter = "yh" if trace.spec.cell == "jordan" else "hh"
    found: list[Matrix] = []
    carried = carried_from(trace, node, row)
    recurrent = array(trace, node, f"W_{letter}")
    reading = array(trace, node, "W_xh")
    weights = [w for w in (recurrent, reading) if w is not None]
    scale = symmetric(state, np.concatenate([w.ravel() for w in weights])) if weights else None
    gated = len(trace.spec.gates) > 0
    if recurrent is not None and scale is not None:
        below = "h" if gated else letter
        tex = symbols.weight("W", below)
        found.append(Matrix(tex, recurrent, scale, f"{node.prefix}W_{letter}_{node.layer}"))
    if carried is not None and trace.spec.cell != "jordan":
        tex = symbols.at("h", symbols.before(node.step))
        found.append(Matrix(tex, column(carried), theme.states))
    if reading is not None and scale is not None:
        tex = symbols.weight("W", "x" if gated else "xh")
        found.append(Matrix(tex, reading, scale, f"{node.prefix}W_xh_{node.layer}"))
    if symbols.number == 0 and (x := trace.get(f"{node.prefix}x")) is not None:
        read = x[node.index, min(row, x.shape[1] - 1)]
        if len(read) <= SMALL:
            found.append(Matrix(symbols.source(node.step), column(read), theme.states))
    for name in (*trace.spec.gates, "c", "h"):
        own = at_step(trace, node, name, row)
        if own is None or (name == "c" and not trace.spec.has_cell_state):
            continue
        if name == "h" or gated:
            unit_range = name in "ifozr"
            shown = theme.probabilities if unit_range else theme.states
            shown = symmetric(state, own) if name == "c" else shown
            found.append(Matrix(symbols.at(name, node.step), column(own), shown))
    flow.matrices(found)
    if scale is not None:
        flow.words(f"colours: weights ±{short(scale.high, 1)}, states ±1, gates 0 to 1" if gated
                   else f"colours: weights ±{short(scale.high, 1)}, states ±1", 10.0)  # fmt: skip


def _arithmetic(state: ViewState, node: Node, values: Values) -> list[str]:
    """One line a unit: the numbers that were added, and what came out."""
    trace, spec = state.trace, state.trace.spec
    units = shown_units(values, node.unit, 3 if len(values) <= 3 else 4)
    label = len(values) > 3 or node.unit >= 0
    lines = []
    for unit in units:
        right = signed(float(values[unit]))
        if spec.cell == "lstm" and node.base in "hc":
            text = _lstm_line(state, node, unit, right)
        elif spec.cell == "gru" and node.base == "h":
            text = _gru_line(state, node, unit, right)
        else:
            gate = node.base if node.base in spec.gates else ""
            parts = terms(trace, node, state.row, unit, gate)
            squash = "tanh" if node.base in "gnh" else "σ"
            if node.base == "h" and spec.activation == "relu":
                squash = "ReLU"
            if parts is not None:
                inside = f"{signed(parts.carried)} {signed(parts.read)} {signed(parts.bias)}"
            else:
                inside = _total(state, node, gate, unit)
            text = f"{squash}({inside}) = {right}"
        lines.append(f"[{unit + 1}] {text}" if label else text)
    return lines


def _value(state: ViewState, node: Node, base: str, unit: int, offset: int = 0) -> float:
    values = at_step(state.trace, node, base, state.row, offset)
    return float(values[unit]) if values is not None else float("nan")


def _total(state: ViewState, node: Node, gate: str, unit: int) -> str:
    """The pre-activation alone, where its terms are not plain products."""
    spec = state.trace.spec
    total = at_step(state.trace, node, "a", state.row)
    if total is None:
        return "…"
    block = spec.gates.index(gate) if gate else 0
    return signed(float(total[block * spec.hidden_size + unit]))


def _lstm_line(state: ViewState, node: Node, unit: int, right: str) -> str:
    def value(base: str, offset: int = 0) -> str:
        return fixed(_value(state, node, base, unit, offset), 3)

    if node.base == "h":
        shown = "LN(c) + b" if state.trace.spec.layer_norm else value("c")
        return f"{value('o')} × tanh({shown}) = {right}"
    carried = value("c", before(node))
    return f"{value('f')} × {carried} + {value('i')} × {value('g')} = {right}"


def _gru_line(state: ViewState, node: Node, unit: int, right: str) -> str:
    z = _value(state, node, "z", unit)
    n = fixed(_value(state, node, "n", unit), 3)
    h = fixed(_value(state, node, "h", unit, before(node)), 3)
    return f"{fixed(1 - z, 3)} × {n} + {fixed(z, 3)} × {h} = {right}"


def _backward(flow: Flow, state: ViewState, node: Node) -> None:
    """The total gradient at the state: what came from above, and what came back through time."""
    trace, theme, row = state.trace, state.theme, state.row
    total = trace.get(f"dL_d{node.prefix}{node.base}_{node.layer}")
    if total is None:
        return
    row = min(row, total.shape[1] - 1)
    gradient = total[node.index, row]
    reached = gradient_is_known(state, node)
    flow.heading("backward", theme.gradient, "" if reached else "the cursor is not there yet")
    backward = equations_of(trace, node).backward
    flow.formulas(backward[-1:] if node.base == "c" else backward, theme.ink, 14.0)
    direct = trace.get(f"dL_d{node.prefix}h_direct_{node.layer}") if node.base == "h" else None
    symbol = f"∂L/∂{node.base}{subscript(node.step)}"
    units = shown_units(gradient, node.unit, 6)
    if direct is not None:
        above = direct[node.index, row]
        ends = is_chain_end(trace.spec, node, trace)
        after = layer_symbols(trace.spec, node).after(node.step)
        header = (symbol, "total", "from above", "–" if ends else f"from h{subscript(after)}")
        rows = [
            (f"[{u + 1}]", signed(float(gradient[u]), 4), signed(float(above[u]), 4),
             signed(float(gradient[u] - above[u]), 4))
            for u in units
        ]  # fmt: skip
        norms = (
            "length", _norm(gradient), _norm(above), _norm(gradient - above)
        )  # fmt: skip
        flow.table(header, [*rows, norms], (theme.muted, theme.ink, theme.output, theme.gradient))
    else:
        flow.lines([f"{symbol}[{u + 1}] = {signed(float(gradient[u]), 4)}" for u in units])
        flow.lines([f"length {_norm(gradient)}"], theme.muted)
    if len(units) < len(gradient):
        flow.words(f"{len(units)} of {len(gradient)} units; lengths are over all of them", 10.0)


def _norm(values: Values) -> str:
    return short(float(np.linalg.norm(values.astype(np.float64))), 3)
