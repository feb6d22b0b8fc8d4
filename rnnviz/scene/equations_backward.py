"""The equations of the backward pass: where the gradient at a state comes from.

∂L/∂h_t is always the total derivative: what arrives from above at this step (direct) plus what
comes back through the next step. Werbos 1990; for gated cells the products are written with δ,
the gradient at a gate's pre-activation, and with layer normalisation with J, the step's Jacobian.
"""

from __future__ import annotations

from typing import Literal

from rnnviz.scene.equations_forward import Formula
from rnnviz.scene.equations_symbols import LayerSymbols, atom, bare, gradient


def _above(symbols: LayerSymbols, step: int) -> str:
    """What arrives from the outputs or from the layer above, at this step alone."""
    spec = symbols.spec
    plain = not spec.residual and not spec.layer_norm and spec.dropout == 0.0
    top = symbols.number == spec.layers - 1
    if top and plain and spec.head == "step" and spec.attention == "none":
        if symbols.prefix == "encoder_":
            return ""
        if len(spec.directions(symbols.prefix)) == 1:
            turned = atom(r"W_{hy}^{\top}")
            return rf"{turned}\,{gradient(f'y_{{{step}}}')}"
    if not top and plain and len(spec.directions(symbols.prefix)) == 1:
        upper = LayerSymbols(spec, symbols.prefix, f"l{symbols.number + 1}")
        return rf"{upper.transposed('W', 'xh')}\,{delta(step, f'({upper.number + 1})')}"
    return delta(step, r"\text{above}")


ChainEnd = Literal["", "last", "handed"]
"""After a step a layer's chain goes on, it is over, or a decoder goes on from there."""


def chain_end(*, last: bool, handed: bool) -> ChainEnd:
    return "handed" if handed else "last" if last else ""


def ends_of(prefix: str) -> tuple[ChainEnd, ...]:
    """Every end that there can be in a part."""
    return ("", "last", "handed") if prefix == "encoder_" else ("", "last")


def _handed_over(symbols: LayerSymbols, letter: str) -> str:
    """What the decoder's first state hands back to the encoder's last one; where the encoder has
    two directions, through each one's half of W_bridge."""
    start = LayerSymbols(symbols.spec, "decoder_", f"l{symbols.number}")
    slope = gradient(start.at(letter, 0))
    if not symbols.spec.bidirectional:
        return slope
    way = r"\leftarrow" if symbols.reverse else r"\rightarrow"
    turned = atom(rf"W_{{bridge\,{letter}}}^{{{way}\top}}")
    return rf"{turned}\,{slope}"


def state_gradient(symbols: LayerSymbols, step: int, end: ChainEnd) -> Formula:
    """∂L/∂h of a step; `end` says whether the layer's chain goes on after it."""
    here, after = symbols.at("h", step), symbols.after(step)
    above = _above(symbols, step)
    if end == "last" or symbols.spec.cell == "jordan":
        # What a jordan cell carries on is its output: later steps hand back to ∂L/∂y.
        return (rf"{gradient(here)} = {above or '0'}",)
    handed = (_handed_over(symbols, "h"),) if end else ()
    through = handed or _through(symbols, after)
    if not above:
        return (rf"{gradient(here)} = {through[0]}", *(rf"{{}}+ {p}" for p in through[1:]))
    return (rf"{gradient(here)} = {above}", *(rf"{{}}+ {piece}" for piece in through))


def _through(symbols: LayerSymbols, after: int) -> tuple[str, ...]:
    """The terms that come back from the next step, for each cell."""
    spec = symbols.spec
    next_h = symbols.at("h", after)
    if spec.layer_norm:
        return (rf"J_{{{after}}}^{{\top}}\,{gradient(next_h)}",)
    if spec.cell == "lstm":
        first, second, third, fourth = (
            rf"{symbols.transposed('W', f'h{gate}')}\,{delta(after, gate)}" for gate in spec.gates
        )
        return (f"{first} + {second}", f"{third} + {fourth}")
    if spec.cell == "gru":
        at, turned = symbols.at, symbols.transposed
        reset = rf"{turned('W', 'hr')}\,{delta(after, 'r')}"
        update = rf"{turned('W', 'hz')}\,{delta(after, 'z')}"
        return (
            rf"{at('z', after)}\odot {gradient(next_h)}",
            f"{reset} + {update}",
            rf"{turned('W', 'hn')}\,({at('r', after)}\odot{delta(after, 'n')})",
        )
    if spec.activation == "linear":
        return (rf"{symbols.transposed('W', 'hh')}\,{gradient(next_h)}",)
    slope = (
        rf"\mathrm{{ReLU}}'(a_{{{after}}})"
        if spec.activation == "relu"
        else f"(1-{squared(symbols, after)})"
    )
    return (rf"{symbols.transposed('W', 'hh')}\,({slope}\odot {gradient(next_h)})",)


def delta(step: int, mark: str = "") -> str:
    """The gradient at the pre-activations of a step, of one gate or layer where it is marked."""
    return atom(rf"\delta_{{{step}}}" + (f"^{{{mark}}}" if mark else ""))


def squared(symbols: LayerSymbols, step: int, letter: str = "h") -> str:
    """A quantity of a step, squared."""
    plain = symbols.at(letter, step)
    if "^" in plain:
        return rf"({plain})^{{2}}"
    return atom(rf"{bare(plain)}^{{2}}")


def cell_gradient(symbols: LayerSymbols, step: int, end: ChainEnd) -> Formula:
    """∂L/∂c of an LSTM step: no matrix stands in the way from c to c."""
    at = symbols.at
    handed = (rf"{{}}+ {_handed_over(symbols, 'c')}",) if end == "handed" else ()
    if symbols.spec.layer_norm:
        inner = rf"J_{{{step}}}^{{c\top}}\,{gradient(at('h', step))}"
        here = rf"{gradient(at('c', step))} = {inner}"
        return (here, *handed) if end else (here, _carried(symbols, step))
    here = (
        rf"{gradient(at('c', step))} = {at('o', step)}\odot"
        rf"(1-\tanh^{{2}}{at('c', step)})\odot {gradient(at('h', step))}"
    )
    peeped = symbols.spec.peepholes
    pieces = [here, *([rf"{{}}+ w_{{co}}\odot{delta(step, 'o')}"] if peeped else [])]
    if end:
        return (*pieces, *handed)
    pieces.append(_carried(symbols, step))
    if peeped:
        after = symbols.after(step)
        pieces.append(rf"{{}}+ w_{{ci}}\odot{delta(after, 'i')}")
        pieces.append(rf"{{}}+ w_{{cf}}\odot{delta(after, 'f')}")
    return tuple(pieces)


def _carried(symbols: LayerSymbols, step: int) -> str:
    after = symbols.after(step)
    return rf"{{}}+ {symbols.at('f', after)}\odot {gradient(symbols.at('c', after))}"
