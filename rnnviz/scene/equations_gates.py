"""The gradient δ at a gate's pre-activation: what reaches its state, times how the gate acts.

Hochreiter and Schmidhuber 1997, Gers et al. 2000 (lstm); Cho et al. 2014 with the reset gate
after the product (gru).
"""

from __future__ import annotations

from rnnviz.scene.equations_backward import delta, squared
from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_symbols import LayerSymbols, gradient


def gate_gradient(symbols: LayerSymbols, gate: str, step: int) -> Formula:
    """δ of a gate at a step."""
    at, before = symbols.at, symbols.before(step)
    own = at(gate, step)
    slope = f"(1-{squared(symbols, step, gate)})" if gate in "gn" else rf"{own}\odot(1-{own})"
    if symbols.spec.cell == "lstm":
        reached = gradient(at("h" if gate == "o" else "c", step))
        acts_on = {"i": at("g", step), "f": at("c", before), "g": at("i", step)}.get(gate)
        factor = acts_on or rf"\tanh({_shown_cell(symbols, step)})"
    elif gate == "r":
        reached = delta(step, "n")
        factor = at("m", step)
    else:
        reached = gradient(at("h", step))
        acts_on = rf"({at('h', before)} - {at('n', step)})"
        factor = acts_on if gate == "z" else f"(1-{at('z', step)})"
    return (
        rf"{delta(step, gate)} = {reached}\odot {factor}",
        rf"{{}}\odot {slope}",
    )


def reset_gradient(symbols: LayerSymbols, step: int) -> Formula:
    """∂L/∂m of a GRU: what the reset gate lets through to the recurrent product."""
    at = symbols.at
    return (rf"{gradient(at('m', step))} = {at('r', step)}\odot {delta(step, 'n')}",)


def _shown_cell(symbols: LayerSymbols, step: int) -> str:
    cell = symbols.at("c", step)
    return rf"\mathrm{{LN}}({cell}) + b_{{c}}" if symbols.spec.layer_norm else cell
