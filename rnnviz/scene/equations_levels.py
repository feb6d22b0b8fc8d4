"""The symbols inside a cell and of its matrix products, to be typeset beforehand."""

from __future__ import annotations

from rnnviz.scene.equations_backward import delta
from rnnviz.scene.equations_output import top_state
from rnnviz.scene.equations_symbols import LayerSymbols, atom, gradient
from rnnviz.scene.product_data import product_names
from rnnviz.trace import ModelSpec

WORDS = ("other gates", "other paths", "from later steps", "rest")
"""What is added to a product beside it, where it has no symbol."""


def level_pieces(spec: ModelSpec, step: int) -> set[str]:
    """All pieces of LaTeX inside the cells of a model, for one step."""
    found = {rf"{{}}+ {atom(word_tex(word))}" for word in WORDS}
    hidden_names = {f"y_{{{step}}}", rf"\hat{{y}}_{{{step}}}", top_state(spec, step)}
    found |= hidden_names | {"W_{hy}", r"W_{hy}^{\top}", "b_{y}", gradient(f"y_{{{step}}}")}
    found.add(rf"{atom('W_{hy}')}\,{top_state(spec, step)}")
    if spec.attention != "none":
        found.add(gradient(rf"\tilde{{h}}_{{{step}}}"))
    found |= {delta(step, mark) for mark in ("", r"\text{above}", *spec.gates)}
    found |= {f"a_{{{step}}}^{{{gate}}}" for gate in spec.gates}
    for prefix in spec.prefixes:
        for layer in spec.layer_names(prefix):
            symbols = LayerSymbols(spec, prefix, layer)
            cell = symbols.at("c", step)
            found |= {rf"{{}}+ w_{{c{gate}}}\odot {cell}" for gate in spec.gates if spec.peepholes}
            found |= {rf"w_{{c{gate}}}\odot {cell}" for gate in spec.gates if spec.peepholes}
            found |= {symbols.at(letter, step) for letter in ("a", "m", "h", "c", *spec.gates)}
            names = product_names(spec)
            weights = [symbols.weight("W", name) for name in names]
            found |= {*weights, *(symbols.transposed("W", name) for name in names)}
            found.add(rf"{weights[0]}\,,\;{weights[-1]}")
            found |= {f"a_{{{step}}}", r"\mathrm{LN}", rf"{{}}+ \mathrm{{LN}}({weights[0]})"}
            found.add(rf"\mathrm{{LN}}({weights[0]}) + {symbols.weight('b', 'hn')}")
    return found


def word_tex(word: str) -> str:
    """A word inside an equation."""
    return rf"\text{{{word}}}"
