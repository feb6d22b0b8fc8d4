"""Hidden states, cell states and gates: equation, matrices, arithmetic, and the gradient."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.activations import function_value
from rnnviz.scene.as_written import equals, let_out, mixed, put_in, read
from rnnviz.scene.captions import PART_MARKS, subscript
from rnnviz.scene.equations import equations_of, hands_over, is_chain_end, layer_symbols
from rnnviz.scene.handover import from_above, handed_over
from rnnviz.scene.inspector_flow import Flow
from rnnviz.scene.inspector_gates import gate_backward
from rnnviz.scene.inspector_matrices import state_matrices
from rnnviz.scene.inspector_node import Node, gradient_is_known
from rnnviz.scene.inspector_terms import (
    FEW,
    at_step,
    before,
    gate_block,
    is_put,
    shown_units,
    squash,
    term_names,
    terms,
    which_units,
)
from rnnviz.scene.inspector_words import stack_words
from rnnviz.scene.numbers import fixed, percent, short, signed_writer, term
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_reduce import Values


def state_section(flow: Flow, state: ViewState, node: Node) -> None:
    """Everything about a state or gate of one step."""
    trace, theme = state.trace, state.theme
    equations = equations_of(trace, node, state.row)
    flow.formulas(equations.forward, theme.ink)
    state_matrices(flow, state, node)
    values = at_step(trace, node, node.base, state.row)
    if values is None:
        return
    lines, heads = _arithmetic(state, node, values)
    which = which_units(len(lines) - heads, values, chosen=node.unit >= 0)
    flow.heading("forward", theme.hidden, which)
    flow.lines(lines, heads=heads)
    if len(values) > FEW and node.base == "h" and trace.spec.gates:
        _gates_of(flow, state, node, shown_units(values, node.unit, 4))
    if len(values) > FEW:
        flow.words(spread(values, unit_range=_is_unit_range(state, node)), 10.0)
    if node.base in ("h", "c"):
        _backward(flow, state, node)
    else:
        gate_backward(flow, state, node)


def _gates_of(flow: Flow, state: ViewState, node: Node, units: list[int]) -> None:
    """What every gate says to the units that are written out."""
    names = [*state.trace.spec.gates, *(["c"] if state.trace.spec.has_cell_state else [])]
    arrays = {name: at_step(state.trace, node, name, state.row) for name in names}
    rows = [
        (f"[{u + 1}]", *(fixed(float(v[u]), 2) for v in arrays.values() if v is not None))
        for u in units
    ]
    header = ("unit", *(name for name, v in arrays.items() if v is not None))
    flow.table(header, rows, (state.theme.muted,))


def _is_unit_range(state: ViewState, node: Node) -> bool:
    return node.base in state.trace.spec.gates and node.base not in "gn"


def spread(values: Values, *, unit_range: bool) -> str:
    """What all units of a layer do, in a line: more than a wall of numbers says."""
    count = len(values)
    finite = values[np.isfinite(values)]
    lost = f"; {count - len(finite)} are no numbers" if len(finite) < count else ""
    if not len(finite):
        return f"none of {count} units is a number"
    if unit_range:
        shut, wide = (percent(float(flags.mean())) for flags in (finite < 0.1, finite > 0.9))
        return f"all {count}: {shut} below 0.1, {wide} above 0.9{lost}"
    mean, most = float(np.abs(finite).mean()), float(np.abs(finite).max())
    full = percent(float((np.abs(finite) > 0.9).mean()))
    if most > 1.0:
        return f"all {count}: mean size {short(mean, 2)}, largest {short(most, 2)}{lost}"
    return f"all {count}: mean size {fixed(mean, 2)}, {full} beyond ±0.9{lost}"


def _arithmetic(state: ViewState, node: Node, values: Values) -> tuple[list[str], int]:
    """One line a unit: the numbers that were added, and what came out; how many lines before
    these say which number is which."""
    spec = state.trace.spec
    units = shown_units(values, node.unit, 3 if len(values) <= 3 else 4)
    labels = [f"[{unit + 1}] " if len(values) > 3 or node.unit >= 0 else "" for unit in units]
    rights = [term(float(values[unit])) for unit in units]
    if spec.cell == "lstm" and node.base in "hc":
        texts = [_lstm_line(state, node, u, r) for u, r in zip(units, rights, strict=True)]
    elif spec.cell == "gru" and node.base == "h":
        texts = [_gru_line(state, node, u, r) for u, r in zip(units, rights, strict=True)]
    else:
        return _sums(state, node, units, labels, rights)
    put = [is_put(state.trace, node, node.base, state.row, unit) for unit in units]
    texts = [put_in(r) if own else t for t, r, own in zip(texts, rights, put, strict=True)]
    return [label + text for label, text in zip(labels, texts, strict=True)], 0


def _sums(
    state: ViewState, node: Node, units: list[int], labels: list[str], rights: list[str]
) -> tuple[list[str], int]:
    """The pre-activations term by term, under the terms' names."""
    trace, spec = state.trace, state.trace.spec
    gate = node.base if node.base in spec.gates else ""
    name = squash(spec, node.base)
    block = gate_block(spec, gate).start or 0
    rows: list[list[str]] = []
    peeped = False
    given = [is_put(trace, node, "a", state.row, block + unit) for unit in units]
    for unit, is_given in zip(units, given, strict=True):
        found = terms(trace, node, state.row, unit, gate)
        if found is None or is_given:
            rows.append([_total(state, node, block + unit)])
            continue
        peeped = found.peeped is not None
        summed = (found.carried, found.read, found.peeped, found.bias)
        rows.append([term(each) for each in summed if each is not None])
    longest = max(map(len, rows), default=1)
    aligned = [row for row in rows if len(row) == longest]
    heads = list(term_names(spec, gate, peeped=peeped)) if longest > 1 else []
    widths = [
        max(map(len, cells))
        for cells in zip(*([heads, *aligned] if heads else aligned), strict=True)
    ]
    opened, closed = (f"{name}(", ")") if name else ("", "")
    padded = [
        " ".join(t.rjust(w) for t, w in zip(row, widths, strict=True)) if row in aligned else row[0]
        for row in rows
    ]
    padded = [put_in(made) if own else made for made, own in zip(padded, given, strict=True)]
    signs = [
        equals(function_value(name, sum(map(read, row))), right)
        for row, right in zip(rows, rights, strict=True)
    ]
    put = [is_put(trace, node, node.base, state.row, unit) for unit in units]
    lines = [
        label + (put_in(right) if own else f"{opened}{made}{closed} {sign} {right}")
        for label, made, sign, right, own in zip(labels, padded, signs, rights, put, strict=True)
    ]
    if not heads:
        return lines, 0
    space = " " * (max(map(len, labels)) + len(opened))
    head = " ".join(t.rjust(w) for t, w in zip(heads, widths, strict=True))
    return [space + head, *lines], 1


def _value(state: ViewState, node: Node, base: str, unit: int, offset: int = 0) -> float:
    values = at_step(state.trace, node, base, state.row, offset)
    return float(values[unit]) if values is not None else float("nan")


def _total(state: ViewState, node: Node, place: int) -> str:
    """The pre-activation alone, where its terms are not plain products."""
    total = at_step(state.trace, node, "a", state.row)
    return "…" if total is None else term(float(total[place]))


def _lstm_line(state: ViewState, node: Node, unit: int, right: str) -> str:
    def value(base: str, offset: int = 0) -> str:
        return term(_value(state, node, base, unit, offset)).removeprefix("+")

    if node.base == "h":
        shown = "LN(c) + b" if state.trace.spec.layer_norm else value("c")
        return let_out(value("o"), shown, right)
    return mixed(value("f"), value("c", before(node)), value("i"), value("g"), right)


def _gru_line(state: ViewState, node: Node, unit: int, right: str) -> str:
    z = _value(state, node, "z", unit)
    n = fixed(_value(state, node, "n", unit), 3)
    h = fixed(_value(state, node, "h", unit, before(node)), 3)
    return mixed(fixed(1 - z, 3), n, fixed(z, 3), h, right)


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
    backward = equations_of(trace, node, state.row).backward
    flow.formulas(backward[-1:] if node.base == "c" else backward, theme.ink, 14.0)
    if any("W_{xh}" in piece for formula in backward for piece in formula):
        flow.words(stack_words(trace.spec, "xh"), 10.0)
    direct = trace.get(f"dL_d{node.prefix}h_direct_{node.layer}") if node.base == "h" else None
    symbol = f"∂L/∂{node.base}{subscript(node.step)}"
    units = shown_units(gradient, node.unit, 6)
    columns: list[tuple[str, Values, int]] = [("total", gradient, theme.ink)]
    if direct is not None and trace.spec.cell != "jordan":
        columns += _sources(state, node, gradient, direct[node.index, row])
    write = signed_writer(float(np.abs(gradient).max(initial=0.0)))
    rows = [(f"[{u + 1}]", *(write(float(values[u])) for _, values, _ in columns)) for u in units]
    norms = ("length", *(_norm(values) for _, values, _ in columns))
    header = (symbol, *(name for name, _, _ in columns))
    flow.table(header, [*rows, norms], (theme.muted, *(color for _, _, color in columns)))
    if len(units) < len(gradient):
        which = which_units(len(units), gradient, chosen=node.unit >= 0)
        flow.words(f"{which}; lengths are over all of them", 10.0)


def _sources(
    state: ViewState, node: Node, total: Values, direct: Values
) -> list[tuple[str, Values, int]]:
    """Of a gradient what came from above, and what came back through time: from the next step, or
    from the decoder that goes on from there."""
    trace, theme, row = state.trace, state.theme, state.row
    if hands_over(trace, node, row):
        given = handed_over(trace, "h", node.layer, row)
        if given is None:
            return []
        started = f"h{subscript(0)}{PART_MARKS['decoder_']}"
        above = from_above(direct, given, total)
        found = [] if above is None else [("from above", above, theme.output)]
        return [*found, (f"from {started}", given, theme.gradient)]
    if is_chain_end(trace, node, row):
        return [("from above", direct, theme.output)]
    after = layer_symbols(trace.spec, node).after(node.step)
    return [
        ("from above", direct, theme.output),
        (f"from h{subscript(after)}", total - direct, theme.gradient),
    ]


def _norm(values: Values) -> str:
    return short(float(np.linalg.norm(values.astype(np.float64))), 3)
