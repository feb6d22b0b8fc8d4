"""The products of a forward step: rows of a matrix times a vector, bias and function."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.activations import function_name
from rnnviz.scene.as_written import BY_HAND
from rnnviz.scene.cell_data import CellData, handed_up
from rnnviz.scene.equations_levels import word_tex
from rnnviz.scene.equations_output import top_state
from rnnviz.scene.equations_symbols import LayerSymbols, atom
from rnnviz.scene.product_data import Product, Summand, Vector, Weight, completed
from rnnviz.scene.product_norm import normalised, normed_parts
from rnnviz.trace import Trace

REST = word_tex("rest")
PUT = word_tex(BY_HAND)
"""What a what-if has added to a sum, by which it comes to the number that was put in its place."""


def block_of(trace: Trace, gate: str) -> slice:
    """Rows of a gate in the stacked arrays of a layer; all rows where there are no gates."""
    hidden = trace.spec.hidden_size
    number = trace.spec.gates.index(gate) if gate else 0
    return slice(number * hidden, (number + 1) * hidden)


def product_of(trace: Trace, data: CellData, side: str) -> Vector | None:
    """(G·H,) the whole product W_hh h' (side ``h``, or ``y`` in a jordan cell) or W_xh x."""
    matrix = data.w_xh if side == "x" else data.w_hh
    vector = data.get("x" if side == "x" else f"{side}_before")
    if matrix is None or vector is None or matrix.shape[1] != len(vector):
        return None
    found: Vector = matrix.astype(np.float64) @ vector.astype(np.float64)
    return found


def contribution(trace: Trace, data: CellData, side: str) -> Vector | None:
    """(G·H,) what the product adds to the pre-activations: normalised where the model does so."""
    product = product_of(trace, data, side)
    if product is None or not trace.spec.layer_norm:
        return product
    gain = trace.get(f"{data.prefix}gain_{side}_{data.layer}")
    return None if gain is None else normalised(product, gain, normed_parts(trace.spec))


def forward_product(trace: Trace, data: CellData, name: str, row: int) -> Product | None:
    """A product inside the cell, or None where the trace lacks what it takes."""
    if name == "hy":
        return output_product(trace, data.column, row)
    spec, side, gate = trace.spec, name[0], name[1:] if trace.spec.gates else ""
    symbols = LayerSymbols(spec, data.prefix, data.layer)
    step, block = data.step, block_of(trace, gate)
    whole, matrix = product_of(trace, data, side), data.w_xh if side == "x" else data.w_hh
    vector = data.get("x" if side == "x" else f"{side}_before")
    if whole is None or matrix is None or vector is None:
        return None
    added = contribution(trace, data, side)
    normed = added[block] if spec.layer_norm and added is not None else None
    partial = whole[block] if normed is None else normed
    h_side = "y" if spec.cell == "jordan" else "h"
    other = "x" if side != "x" else h_side
    summands: list[Summand] = []
    bias = trace.get(f"{data.prefix}b_h_{data.layer}")
    made_name = gate or "h"
    total: Vector | None
    made: Vector | None
    if gate == "n" and side == "h":
        inner = trace.get(f"{data.prefix}b_hn_{data.layer}")
        if inner is not None:
            summands.append(
                _bias(symbols.weight("b", "hn"), f"{data.prefix}b_hn_{data.layer}", inner)
            )
        total_tex, total = symbols.at("m", step), data.get("m")
        put = data.by_hand(trace, "m")
        made_tex = rf"{symbols.at('r', step)}\odot {symbols.at('m', step)}"
        r, m = data.get("r"), data.get("m")
        made = r * m if r is not None and m is not None else None
        function = "r ⊙"
    else:
        share = contribution(trace, data, other)
        if gate == "n":
            r, m = data.get("r"), data.get("m")
            if r is not None and m is not None:
                tex = rf"{symbols.at('r', step)}\odot {symbols.at('m', step)}"
                summands.append(Summand(tex, r * m))
        elif share is not None:
            summands.append(Summand(_product_tex(symbols, data, other, gate), share[block]))
        summands += _peephole(trace, data, symbols, gate)
        if bias is not None:
            summands.append(
                _bias(
                    symbols.weight("b", gate or "h"),
                    f"{data.prefix}b_h_{data.layer}",
                    bias[block],
                    block.start,
                )
            )
        total_tex = symbols.at("a", step) if not gate else rf"a_{{{step}}}^{{{gate}}}"
        recorded = data.get("a")
        total = recorded[block] if recorded is not None else None
        put = data.by_hand(trace, "a").intersection(range(len(whole))[block])
        squash = "tanh" if gate and gate in "gn" else "σ"
        function = squash if gate else function_name(spec.activation)
        made_tex, made = symbols.at(made_name, step), data.get(made_name)
    parts, total = completed(total, partial, summands, PUT if put else REST)
    vector_tex = (
        symbols.source(step)
        if side == "x"
        else (f"y_{{{data.before}}}" if side == "y" else symbols.at("h", data.before))
    )
    summed = side == "x" and spec.residual and data.depth > 1
    free = side == "y" or summed or not spec.bounded_states
    return Product(
        name, False, matrix[block], vector, symbols.weight("W", name), vector_tex,
        "free" if free or (side == "x" and spec.input_kind != "one-hot") else "states",
        whole[block], parts, total_tex, total, function, made_tex, made, normed,
        _gain(trace, data, side, block), by_hand=data.by_hand(trace, made_name),
    )  # fmt: skip


def _product_tex(symbols: LayerSymbols, data: CellData, side: str, gate: str) -> str:
    name = f"{side}{gate or 'h'}"
    at = (
        symbols.source(data.step)
        if side == "x"
        else (f"y_{{{data.before}}}" if side == "y" else symbols.at("h", data.before))
    )
    plain = rf"{symbols.weight('W', name)}\,{at}"
    return rf"\mathrm{{LN}}({plain})" if symbols.spec.layer_norm else plain


def _peephole(trace: Trace, data: CellData, symbols: LayerSymbols, gate: str) -> list[Summand]:
    """What the gate sees of the cell state (Gers and Schmidhuber 2000)."""
    weight = trace.get(f"{data.prefix}w_c{gate}_{data.layer}") if gate else None
    seen = data.get("c" if gate == "o" else "c_before")
    if weight is None or seen is None:
        return []
    step = data.step if gate == "o" else data.before
    own = Weight(f"{data.prefix}w_c{gate}_{data.layer}", weight)
    return [Summand(rf"w_{{c{gate}}}\odot {symbols.at('c', step)}", weight * seen, own)]


def _bias(tex: str, name: str, values: Vector, first: int = 0) -> Summand:
    return Summand(tex, values, Weight(name, values, first))


def _gain(trace: Trace, data: CellData, side: str, block: slice) -> Weight | None:
    """What the normalised product of a gate is multiplied by."""
    name = f"{data.prefix}gain_{side}_{data.layer}"
    found = trace.get(name)
    return None if found is None else Weight(name, found[block], block.start)


def head_input(trace: Trace, index: int, row: int) -> Vector | None:
    """What W_hy is applied to at a step of the output's part."""
    part, spec = trace.output_part, trace.spec
    attended = trace.get("attended")
    if attended is not None:
        value: Vector = attended[index, row]
        return value
    top = spec.layers - 1
    if spec.head == "step":
        return handed_up(trace, part, top, index, row)
    if spec.head == "last":
        here = handed_up(trace, part, top, index, row)
        first = handed_up(trace, part, top, 0, row)
        if here is None or first is None or len(spec.directions(part.prefix)) == 1:
            return here
        half = len(here) // 2
        return np.concatenate([here[:half], first[half:]])
    found = [handed_up(trace, part, top, t, row) for t in range(index + 1)]
    whole = np.array([each for each in found if each is not None])
    pooled: Vector = whole.mean(axis=0) if spec.head == "mean" else whole.max(axis=0)
    return pooled


def output_product(trace: Trace, column: int, row: int) -> Product | None:
    """W_hy times what the output looks at."""
    part, matrix, logits = trace.output_part, trace.get("W_hy"), trace.get("logits")
    index = column - part.start
    if matrix is None or logits is None or not 0 <= index < part.steps:
        return None
    vector = head_input(trace, index, row)
    if vector is None or len(vector) != matrix.shape[1]:
        return None
    step, result = index + 1, matrix.astype(np.float64) @ vector.astype(np.float64)
    bias = trace.get("b_y")
    own = [_bias("b_{y}", "b_y", bias)] if bias is not None else []
    put = any(trace.is_by_hand("logits", index, row, unit) for unit in range(len(result)))
    summands, total = completed(logits[index, row], result, own, PUT if put else REST)
    probs = trace.get("probs")
    free = not trace.spec.bounded_states or (trace.spec.residual and trace.spec.layers > 1)
    said = rf"\hat{{y}}_{{{step}}}" if probs is not None else ""
    return Product(
        "hy", False, matrix, vector, atom("W_{hy}"), top_state(trace.spec, step),
        "free" if free else "states", result, summands, f"y_{{{step}}}", total,
        "softmax" if probs is not None else "", said,
        probs[index, row] if probs is not None else None,
    )  # fmt: skip
