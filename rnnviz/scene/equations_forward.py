"""Each cell's equations, forward. A formula is a tuple of pieces: lines may break between them.

Sources: Elman 1990 (rnn), Jordan 1986, Hochreiter and Schmidhuber 1997 with the forget gate of
Gers et al. 2000 (lstm), Cho et al. 2014 with the reset gate after the product (gru).
"""

from __future__ import annotations

from rnnviz.scene.equations_symbols import LayerSymbols

Formula = tuple[str, ...]
"""Pieces of LaTeX; a continuing piece begins with its operator (``{}+``)."""


def _squash(symbols: LayerSymbols) -> str:
    """The function with its opening bracket; a linear cell has neither."""
    return {"tanh": r"\tanh(", "relu": r"\mathrm{ReLU}(", "linear": ""}[symbols.spec.activation]


def matrix_product(symbols: LayerSymbols, below: str, vector: str) -> str:
    """A matrix times a vector, layer-normalised where the model does that (Ba et al. 2016)."""
    plain = rf"{symbols.weight('W', below)}\,{vector}"
    return rf"\mathrm{{LN}}({plain})" if symbols.spec.layer_norm else plain


def state_formulas(symbols: LayerSymbols, step: int) -> tuple[Formula, ...]:
    """How the state of a step is made; the last formula is that of h itself."""
    cell = symbols.spec.cell
    if cell == "lstm":
        return _lstm(symbols, step)
    if cell == "gru":
        return _gru(symbols, step)
    h, x, squash = symbols.at("h", step), symbols.source(step), _squash(symbols)
    before = symbols.before(step)
    carried = (
        rf"W_{{yh}}\,y_{{{before}}}"
        if cell == "jordan"
        else matrix_product(symbols, "hh", symbols.at("h", before))
    )
    return (
        (
            rf"{h} = {squash}{carried}",
            rf"{{}}+ {matrix_product(symbols, 'xh', x)}",
            rf"{{}}+ {symbols.weight('b', 'h')}{')' if squash else ''}",
        ),
    )


def gate_formula(symbols: LayerSymbols, gate: str, step: int) -> Formula:
    """One gate of an LSTM or GRU."""
    before = symbols.at("h", symbols.before(step))
    squash = r"\tanh" if gate in "gn" else r"\sigma"
    from_x = matrix_product(symbols, f"x{gate}", symbols.source(step))
    from_h = matrix_product(symbols, f"h{gate}", before)
    bias = symbols.weight("b", gate)
    if gate == "n":
        return (
            rf"{symbols.at('n', step)} = \tanh({from_x} + {bias}",
            rf"{{}}+ {symbols.at('r', step)}\odot {symbols.at('m', step)})",
        )
    pieces = [rf"{symbols.at(gate, step)} = {squash}({from_h}", rf"{{}}+ {from_x}"]
    if symbols.spec.peepholes and gate in "ifo":
        seen = step if gate == "o" else symbols.before(step)
        pieces.append(rf"{{}}+ w_{{c{gate}}}\odot {symbols.at('c', seen)}")
    return (*pieces, rf"{{}}+ {bias})")


def reset_formula(symbols: LayerSymbols, step: int) -> Formula:
    """The recurrent product of a GRU's candidate, before the reset gate multiplies it."""
    product = matrix_product(symbols, "hn", symbols.at("h", symbols.before(step)))
    return (rf"{symbols.at('m', step)} = {product} + {symbols.weight('b', 'hn')}",)


def cell_formula(symbols: LayerSymbols, step: int) -> Formula:
    """The LSTM's cell state."""
    at = symbols.at
    return (
        rf"{at('c', step)} = {at('f', step)}\odot {at('c', symbols.before(step))}",
        rf"{{}}+ {at('i', step)}\odot {at('g', step)}",
    )


def _lstm(symbols: LayerSymbols, step: int) -> tuple[Formula, ...]:
    at = symbols.at
    gates = tuple(gate_formula(symbols, gate, step) for gate in symbols.spec.gates)
    shown = (
        rf"\mathrm{{LN}}({at('c', step)}) + b_{{c}}" if symbols.spec.layer_norm else at("c", step)
    )
    hidden = (rf"{at('h', step)} = {at('o', step)}\odot\tanh({shown})",)
    return (*gates, cell_formula(symbols, step), hidden)


def _gru(symbols: LayerSymbols, step: int) -> tuple[Formula, ...]:
    at = symbols.at
    reset, update, candidate = (gate_formula(symbols, gate, step) for gate in symbols.spec.gates)
    hidden = (
        rf"{at('h', step)} = (1-{at('z', step)})\odot {at('n', step)}",
        rf"{{}}+ {at('z', step)}\odot {at('h', symbols.before(step))}",
    )
    return (reset, update, reset_formula(symbols, step), candidate, hidden)
