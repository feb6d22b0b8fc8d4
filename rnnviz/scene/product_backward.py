"""The products of a backward step: the same matrices transposed, from δ to what they were given.

δ is the gradient at the product itself: ∂L/∂a, for the candidate of a GRU r ⊙ ∂L/∂a, and with
layer normalisation that gradient taken back through the normalisation.
"""

from __future__ import annotations

import numpy as np

from rnnviz.scene.cell_data import CellData
from rnnviz.scene.equations_backward import delta
from rnnviz.scene.equations_levels import word_tex
from rnnviz.scene.equations_symbols import LayerSymbols, atom, gradient
from rnnviz.scene.product_data import Product, Summand, Vector, completed
from rnnviz.scene.product_forward import block_of, product_of
from rnnviz.scene.product_norm import normalised_back, normed_parts
from rnnviz.trace import Trace

OTHER = word_tex("other paths")


def at_product(trace: Trace, data: CellData, side: str) -> Vector | None:
    """(G·H,) the gradient at W_hh h' (side ``h`` or ``y``) or at W_xh x of a step."""
    da = data.get("da")
    if da is None:
        return None
    given: Vector = da.astype(np.float64)
    spec = trace.spec
    if spec.cell == "gru" and side == "h":
        r = data.get("r")
        if r is None:
            return None
        given = given.copy()
        given[2 * spec.hidden_size :] *= r
    if not spec.layer_norm:
        return given
    product = product_of(trace, data, side)
    gain = trace.get(f"{data.prefix}gain_{side}_{data.layer}")
    if product is None or gain is None:
        return None
    return normalised_back(product, gain, given, normed_parts(spec))


def handed_back(trace: Trace, data: CellData) -> Vector | None:
    """(H,) what goes back to the state before through the matrices of all gates together."""
    side = "y" if trace.spec.cell == "jordan" else "h"
    given = at_product(trace, data, side)
    if given is None or data.w_hh is None:
        return None
    return turned(data.w_hh, given)


def turned(matrix: Vector, given: Vector) -> Vector:
    """Wᵀ δ, float64, of a δ of any size: computed in the precision of W, which need not be
    copied, with δ brought to the size of 1 before."""
    most = float(np.abs(given).max(initial=0.0))
    if most == 0.0 or not np.isfinite(most):
        most = 1.0
    scaled = given / most
    # What is so small beside the rest only makes the product slow (denormal numbers).
    scaled = np.where(np.abs(scaled) < 1e-30, 0.0, scaled).astype(matrix.dtype)
    found: Vector = (matrix.T @ scaled).astype(np.float64) * most
    return found


def is_cut(trace: Trace, data: CellData) -> bool:
    """Whether truncated BPTT hands nothing back from this step."""
    cuts = trace.get("cuts")
    return cuts is not None and data.step - 1 in cuts.tolist()


def backward_product(trace: Trace, data: CellData, name: str, row: int) -> Product | None:
    """The product with the transpose, or None where the pass has no gradients."""
    if name == "hy":
        return output_product_back(trace, data.column, row)
    spec, side, gate = trace.spec, name[0], name[1:] if trace.spec.gates else ""
    matrix = data.w_xh if side == "x" else data.w_hh
    given = at_product(trace, data, side)
    if matrix is None or given is None:
        return None
    block = block_of(trace, gate)
    symbols = LayerSymbols(spec, data.prefix, data.layer)
    result: Vector = matrix[block].T.astype(np.float64) @ given[block]
    summands: list[Summand] = []
    if gate:
        others: Vector = matrix.T.astype(np.float64) @ given - result
        summands.append(Summand(word_tex("other gates"), others))
    note = ""
    if side == "x":
        total, total_tex, rest = _at_input(trace, data, row, symbols)
        if total is None and data.depth > 0:
            note = "to the layer below, which adds it to its own gradient"
    else:
        total, total_tex, rest, note = _at_state(trace, data, row, side, symbols, summands)
    parts, total = completed(total, result, summands, rest)
    return Product(
        name, True, matrix[block].T, given[block],
        symbols.transposed("W", name), delta(data.step, gate), "free",
        result, parts, total_tex, total if total_tex else None, note=note,
    )  # fmt: skip


def _at_input(
    trace: Trace, data: CellData, row: int, symbols: LayerSymbols
) -> tuple[Vector | None, str, str]:
    at_x = trace.get(f"dL_d{data.prefix}x") if data.depth == 0 else None
    if at_x is None:
        return None, "", OTHER
    return at_x[data.step - 1, row], gradient(symbols.source(data.step)), OTHER


def _at_state(
    trace: Trace, data: CellData, row: int, side: str, symbols: LayerSymbols,
    summands: list[Summand],
) -> tuple[Vector | None, str, str, str]:  # fmt: skip
    """The total gradient at the state before, and what else arrives there."""
    dh, z = data.get("dh"), data.get("z")
    if side == "h" and trace.spec.cell == "gru" and dh is not None and z is not None:
        here = gradient(symbols.at("h", data.step))
        summands.append(Summand(rf"{symbols.at('z', data.step)}\odot {here}", z * dh))
    if is_cut(trace, data):
        return None, "", OTHER, "the gradient is cut here: this never reaches the step before"
    letter = "y" if side == "y" else "h"
    before = f"y_{{{data.before}}}" if side == "y" else symbols.at("h", data.before)
    back = data.neighbours[0]
    if back is None:
        start = trace.get(f"dL_d{data.prefix}{letter}0_{data.layer}")
        total = start[row] if start is not None else None
        return total, gradient(before) if total is not None else "", OTHER, ""
    name = "dL_dlogits" if side == "y" else f"dL_d{data.prefix}h_{data.layer}"
    array = trace.get(name)
    if array is None:
        return None, "", OTHER, ""
    direct = trace.get(f"dL_d{data.prefix}h_direct_{data.layer}") if side == "h" else None
    at = data.before - 1
    if direct is not None:
        tex = delta(data.before, r"\text{above}")
        summands.append(Summand(tex, direct[at, row]))
    rest = OTHER if side == "h" else delta(data.before, r"\text{above}")
    return array[at, row], gradient(before), rest, ""


def output_product_back(trace: Trace, column: int, row: int) -> Product | None:
    """W_hyᵀ times the gradient at the outputs."""
    part, matrix, slope = trace.output_part, trace.get("W_hy"), trace.get("dL_dlogits")
    index, spec = column - part.start, trace.spec
    if matrix is None or slope is None or not 0 <= index < part.steps:
        return None
    given = slope[index, row]
    result = matrix.T.astype(np.float64) @ given.astype(np.float64)
    step, total_tex, total = index + 1, "", None
    at, note = trace.get("dL_dattended"), ""
    if spec.attention != "none" and at is not None:
        total, total_tex = at[index, row], gradient(rf"\tilde{{h}}_{{{step}}}")
    elif spec.head == "step" and len(spec.directions(part.prefix)) == 1:
        top = LayerSymbols(spec, part.prefix, f"l{spec.layers - 1}")
        whole = trace.get(f"dL_d{part.prefix}h_{top.name}")
        if whole is not None and f"{part.prefix}dropout_{top.name}" not in trace:
            total, total_tex = whole[index, row], gradient(top.at("h", step))
    else:
        note = "to the states that the output looks at"
    parts, whole_sum = completed(total, result, [], word_tex("from later steps"))
    return Product(
        "hy", True, matrix.T, given, atom(r"W_{hy}^{\top}"), gradient(f"y_{{{step}}}"), "free",
        result, parts, total_tex, whole_sum if total_tex else None, note=note,
    )  # fmt: skip
