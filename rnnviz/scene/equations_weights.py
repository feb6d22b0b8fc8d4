"""The gradient of a shared matrix: every step adds its share, an outer product."""

from __future__ import annotations

import re

from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_symbols import LayerSymbols, atom, bare, gradient
from rnnviz.trace import ModelSpec

_LAYERED = re.compile(r"(?P<prefix>encoder_|decoder_|)W_(?P<below>[a-z]{2})_(?P<layer>l\d+\w*)")


def weight_gradient(spec: ModelSpec, name: str) -> Formula:
    """∂L/∂W of a parameter (``W_hh_l0``, ``W_hi_l0`` for one gate's block, ``W_hy``), as a sum over
    steps; empty for what is no recurrent, input or output matrix.
    """
    if name == "W_hy":
        top = LayerSymbols(spec, spec.prefixes[-1], spec.layer_names(spec.prefixes[-1])[-1])
        pooled = {"mean": r"\bar{h}_{t}", "max": r"h_{t}^{\max}"}
        read = pooled.get(spec.head, "u_{t}" if top.hands_up_more else "h_{t}")
        read = read if spec.attention == "none" else r"\tilde{h}_{t}"
        whole = gradient("W_{hy}")
        return (rf"{whole} = {_SUM}{_slope('y_{t}')}\,{_row(read)}",)
    found = _LAYERED.fullmatch(name)
    if found is None:
        return ()
    symbols, below = LayerSymbols(spec, found["prefix"], found["layer"]), found["below"]
    matrix = symbols.weight("W", below)
    if below[0] != "x":
        read = f"{below[0]}_{{{'t+1' if symbols.reverse else 't-1'}}}"
    else:
        below_symbols = LayerSymbols(spec, found["prefix"], f"l{max(symbols.number - 1, 0)}")
        letter = "u" if below_symbols.hands_up_more else "h"
        read = "x_{t}" if symbols.number == 0 else f"{letter}_{{t}}^{{({symbols.number})}}"
    stacked = below in ("hh", "xh", "yh")
    if spec.layer_norm or (spec.cell == "gru" and below in ("hh", "hn")):
        # δ is not yet the gradient at the product: a normalisation or the reset gate lies between.
        slope = _slope(rf"({bare(matrix)}\,{read})")
    else:
        slope = r"\delta_{t}" if stacked else rf"\delta_{{t}}^{{{below[1]}}}"
    return (rf"{gradient(matrix)} = {_SUM}{slope}\,{_row(read)}",)


_SUM = r"\Sigma_{t}\,"


def _slope(symbol: str) -> str:
    return atom(rf"\frac{{\partial L}}{{\partial {symbol}}}")


def _row(symbol: str) -> str:
    """A column vector turned into a row."""
    base, _, above = symbol.partition("^")
    mark = above.removeprefix("{").removesuffix("}")
    return atom(rf"{base}^{{{mark}\top}}")


def shared_gradients(spec: ModelSpec) -> tuple[Formula, ...]:
    """Those of the lowest layer's matrices and of the output, for all shared weights at once."""
    prefix = spec.prefixes[-1]
    layer = spec.layer_names(prefix)[0]
    recurrent = "yh" if spec.cell == "jordan" else "hh"
    names = (f"{prefix}W_{below}_{layer}" for below in (recurrent, "xh"))
    return tuple(weight_gradient(spec, name) for name in (*names, "W_hy"))


def every_weight_gradient(spec: ModelSpec) -> tuple[Formula, ...]:
    """All of a model, to be typeset beforehand."""
    gates = spec.gates if spec.gates else ()
    below = ["xh", "yh" if spec.cell == "jordan" else "hh"]
    below += [f"{source}{gate}" for gate in gates for source in "hx"]
    names = [
        f"{prefix}W_{each}_{layer}"
        for prefix in spec.prefixes
        for layer in spec.layer_names(prefix)
        for each in below
    ]
    return tuple(weight_gradient(spec, name) for name in (*names, "W_hy"))
