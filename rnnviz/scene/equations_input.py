"""What a step reads, and the gradient that arrives there."""

from __future__ import annotations

from rnnviz.scene.equations_backward import delta
from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_symbols import LayerSymbols, bare, gradient
from rnnviz.trace import ModelSpec

_READ = {"one-hot": "onehot", "embedding": "embedding"}
"""What a token becomes; where the input is numbers it is what it is."""


def input_formula(spec: ModelSpec, prefix: str, step: int) -> Formula:
    """How the token of a step becomes x; empty where there is no token."""
    name = _READ.get(spec.input_kind)
    return _made(spec, prefix, step, name) if name else ()


def input_formulas(spec: ModelSpec, prefix: str, step: int) -> list[Formula]:
    """Of every kind of input."""
    return [_made(spec, prefix, step, name) for name in _READ.values()]


def _made(spec: ModelSpec, prefix: str, step: int, name: str) -> Formula:
    x = LayerSymbols(spec, prefix, "l0").source(step)
    return (rf"{x} = \mathrm{{{name}}}(w_{{{step}}})",)


def input_gradient(spec: ModelSpec, prefix: str, step: int) -> Formula:
    """∂L/∂x_t: what the lowest layer hands down, in each of its directions."""
    names = [
        name for name in spec.layer_names(prefix) if LayerSymbols(spec, prefix, name).number == 0
    ]
    terms = []
    for name in names:
        symbols = LayerSymbols(spec, prefix, name)
        arrow = r"\leftarrow" if symbols.reverse else r"\rightarrow"
        turned = symbols.transposed("W", "xh")
        if spec.layer_norm:
            # The normalisation lies between the product and the pre-activation.
            matrix, x = bare(symbols.weight("W", "xh")), bare(symbols.source(step))
            product = rf"({matrix}\,{x})"
            terms.append(rf"{turned}\,{gradient(product)}")
        else:
            terms.append(rf"{turned}\,{delta(step, arrow if len(names) > 1 else '')}")
    x = LayerSymbols(spec, prefix, names[0]).source(step)
    return (rf"{gradient(x)} = {terms[0]}", *(f"{{}}+ {term}" for term in terms[1:]))
