"""A GRU's m = W_hn h' + b_hn: the candidate's recurrent product, which the reset gate scales."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.as_written import equals, put_in, read
from rnnviz.scene.captions import subscript
from rnnviz.scene.equations import equations_of, layer_symbols
from rnnviz.scene.inspector_flow import Flow
from rnnviz.scene.inspector_matrices import column, state_scale, symmetric
from rnnviz.scene.inspector_node import Node, gradient_is_known
from rnnviz.scene.inspector_numbers import Matrix
from rnnviz.scene.inspector_terms import array, at_step, before, gate_block, is_put, shown_units
from rnnviz.scene.numbers import exactly, short, signed_writer, term
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import Values


def reset_section(flow: Flow, state: ViewState, node: Node) -> None:
    """Equation, matrices, the sum in numbers, and the gradient that r lets through."""
    equations = equations_of(state.trace, node, state.row)
    flow.formulas(equations.forward, state.theme.ink)
    m, bias = at_step(state.trace, node, "m", state.row), array(state.trace, node, "b_hn")
    if m is None or bias is None:
        return
    _matrices(flow, state, node, m, bias)
    units = shown_units(m, node.unit)
    note = "" if len(units) == len(m) else f"{len(units)} of {len(m)} units"
    flow.heading("forward", state.theme.hidden, note)
    put = [is_put(state.trace, node, "m", state.row, u) for u in units]
    flow.lines(
        [
            f"[{u + 1}] {put_in(term(float(m[u])))}"
            if own
            else _line(u, float(m[u]), float(bias[u]))
            for u, own in zip(units, put, strict=True)
        ]
    )
    flow.words("the reset gate multiplies it: r ⊙ m is what the candidate sees of h", 10.0)
    _backward(flow, state, node)


def _matrices(flow: Flow, state: ViewState, node: Node, m: Values, bias: Values) -> None:
    trace, symbols = state.trace, layer_symbols(state.trace.spec, node)
    stacked = array(trace, node, "W_hh")
    found: list[Matrix] = []
    if stacked is not None:
        block = stacked[gate_block(trace.spec, "n")]
        name = f"{node.prefix}W_hn_{node.layer}"
        found.append(Matrix(symbols.weight("W", "hn"), block, symmetric(state, block), name))
    earlier = at_step(trace, node, "h", state.row, before(node))
    if earlier is not None:
        tex = symbols.at("h", symbols.before(node.step))
        found.append(Matrix(tex, column(earlier), state_scale(state, node)))
    for tex, values in ((symbols.weight("b", "hn"), bias), (symbols.at("m", node.step), m)):
        found.append(Matrix(tex, column(values), symmetric(state, values)))
    flow.matrices(found)


def _line(unit: int, m: float, bias: float) -> str:
    """``[1] +0.120 −0.034 = +0.086``: the product, the bias and their sum."""
    product, offset, right = term(m - bias), term(bias), term(m)
    return f"[{unit + 1}] {product} {offset} {equals(read(product) + read(offset), right)} {right}"


def _backward(flow: Flow, state: ViewState, node: Node) -> None:
    trace, theme = state.trace, state.theme
    pre = trace.get(f"dL_d{node.prefix}a_{node.layer}")
    r = at_step(trace, node, "r", state.row)
    if pre is None or r is None:
        return
    given = pre[node.index, min(state.row, pre.shape[1] - 1)][gate_block(trace.spec, "n")]
    reached = gradient_is_known(state, node)
    flow.heading("backward", theme.gradient, "" if reached else "the cursor is not there yet")
    flow.formulas(equations_of(trace, node, state.row).backward, theme.ink, 14.0)
    gradient = np.asarray(given * r)
    write = signed_writer(float(np.abs(given).max(initial=0.0)))
    rows = [
        (f"[{u + 1}]", write(float(gradient[u])), exactly(float(r[u])), write(float(given[u])))
        for u in shown_units(gradient, node.unit, 6)
    ]
    header = (f"∂L/∂m{subscript(node.step)}", "value", "r", "δ of n")
    flow.table(header, rows, (theme.muted, theme.gradient))
    length = short(float(np.linalg.norm(gradient.astype(np.float64))))
    flow.words(f"the first number is the product of the others, before rounding; length {length}")
