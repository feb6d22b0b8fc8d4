"""The equations of any node of a pass, forward and backward."""

from __future__ import annotations

from dataclasses import dataclass

from rnnviz.scene.equations_backward import cell_gradient, chain_end, ends_of, state_gradient
from rnnviz.scene.equations_forward import (
    Formula,
    cell_formula,
    gate_formula,
    reset_formula,
    state_formulas,
)
from rnnviz.scene.equations_gates import gate_gradient, reset_gradient
from rnnviz.scene.equations_input import input_formula, input_formulas, input_gradient
from rnnviz.scene.equations_output import (
    attention_formula,
    attention_gradient,
    context_formula,
    loss_formula,
    output_formulas,
    output_gradient,
    top_state,
    total_formula,
)
from rnnviz.scene.equations_symbols import LayerSymbols, gradient
from rnnviz.scene.equations_weights import (
    every_weight_gradient,
    shared_gradients,
    weight_gradient,
)
from rnnviz.scene.handover import handover_index, true_steps
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.update_rules import update_formula
from rnnviz.trace import ModelSpec, Trace


@dataclass(frozen=True, slots=True)
class Equations:
    """What makes a quantity, and what its gradient is made of."""

    forward: tuple[Formula, ...]
    backward: tuple[Formula, ...]


def layer_symbols(spec: ModelSpec, node: Node) -> LayerSymbols:
    """The letters of the node's layer; the lowest where the node names none."""
    return LayerSymbols(spec, node.prefix, node.layer or spec.layer_names(node.prefix)[0])


def is_chain_end(trace: Trace, node: Node, row: int = 0) -> bool:
    """Whether no later step of the same layer hands a gradient back to this one, in a sequence
    of the batch."""
    if layer_symbols(trace.spec, node).reverse:
        return node.index == 0
    cuts = trace.get("cuts")
    cut = cuts is not None and node.column + 1 in cuts.tolist()
    return cut or node.index == true_steps(trace, node.part.prefix, row) - 1


def hands_over(trace: Trace, node: Node, row: int = 0) -> bool:
    """Whether a decoder starts from this state of a sequence, and hands a gradient back to it."""
    return node.prefix == "encoder_" and node.index == handover_index(trace, node.layer, row)


def equations_of(trace: Trace, node: Node, row: int = 0) -> Equations:
    """The equations of a node for a sequence of the batch; empty for what has none."""
    spec = trace.spec
    symbols = layer_symbols(spec, node)
    end = chain_end(last=is_chain_end(trace, node, row), handed=hands_over(trace, node, row))
    step, back = node.step, trace.has_gradients
    if node.base == "h":
        forward = state_formulas(symbols, step)
        chain = state_gradient(symbols, step, end)
        cells = (cell_gradient(symbols, step, end),) if spec.has_cell_state else ()
        return Equations(forward, (chain, *cells) if back else ())
    if node.base == "c":
        chain = cell_gradient(symbols, step, end)
        return Equations((cell_formula(symbols, step),), (chain,) if back else ())
    if node.base in spec.gates:
        chain = gate_gradient(symbols, node.base, step)
        forward = (gate_formula(symbols, node.base, step),)
        if node.base == "n":
            forward = (reset_formula(symbols, step), *forward)
        return Equations(forward, (chain,) if back else ())
    if node.base == "m" and spec.cell == "gru":
        chain = reset_gradient(symbols, step)
        return Equations((reset_formula(symbols, step),), (chain,) if back else ())
    if node.base in ("logits", "probs", "y"):
        ends = spec.cell != "jordan" or is_chain_end(trace, node, row)
        chain = output_gradient(spec, step, last=ends)
        return Equations(output_formulas(spec, step), (chain,) if back else ())
    if node.base == "attention":
        chain = attention_gradient(spec, step)
        known = back and "dL_dattention" in trace
        forward = (attention_formula(spec, step), context_formula(spec, step))
        return Equations(forward, (chain,) if known else ())
    if node.base == "loss":
        chain = (rf"{gradient(f'L_{{{step}}}')} = m_{{{step}}}",)
        return Equations((loss_formula(spec, step),), (chain,) if back else ())
    if node.base in ("loss_total", "L"):
        return Equations((total_formula(),), (total_gradient(),) if back else ())
    if node.base == "W":
        done = trace.update
        update = update_formula(done.optimizer, done.weight_decay) if done is not None else ()
        return Equations(update, shared_gradients(spec) if back else ())
    if node.base.startswith("W_"):
        chain = weight_gradient(spec, parameter_name(node))
        return Equations(used_in(spec, symbols, node), (chain,) if back and chain else ())
    if node.base == "x":
        chain = input_gradient(spec, node.prefix, step)
        known = back and f"dL_d{node.prefix}x" in trace
        read = input_formula(spec, node.prefix, step)
        return Equations((read,) if read else (), (chain,) if known else ())
    return Equations((), ())


def used_in(spec: ModelSpec, symbols: LayerSymbols, node: Node) -> tuple[Formula, ...]:
    """What a matrix makes at a step; nothing for one that stands for all steps together."""
    below = node.base.removeprefix("W_")
    if node.column < 0:
        return ()
    if below == "hy":
        return output_formulas(spec, node.step)
    if below not in ("hh", "xh", "yh", *(f"{side}{gate}" for gate in spec.gates for side in "hx")):
        return ()
    if below == "hn":
        return (reset_formula(symbols, node.step),)
    if below[1] in spec.gates:
        return (gate_formula(symbols, below[1], node.step),)
    # Of stacked gates every one in which a block of the matrix works.
    mine = f"W_{{{below[0]}"
    formulas = state_formulas(symbols, node.step)
    return tuple(formula for formula in formulas if any(mine in piece for piece in formula))


def total_gradient() -> Formula:
    """Where the backward pass begins."""
    return (rf"{gradient('L')} = 1",)


def parameter_name(node: Node) -> str:
    """The name of the parameter that a node stands for (``encoder_W_hh_l0``)."""
    return f"{node.prefix}{node.base}" + (f"_{node.layer}" if node.layer else "")


def weight_symbol(name: str) -> str:
    """A parameter's name as mathematics, without its layer: ``W_hh_l0`` → ``W_{hh}``."""
    bare = name.removeprefix("encoder_").removeprefix("decoder_")
    letter, _, rest = bare.partition("_")
    below = rest.split("_l")[0].replace("_", r"\,")
    return rf"{letter}_{{{below}}}"


_MATRICES = (
    *("W_hy", "W_xh", "W_hh", "W_yh", "W_c", "W_a", "U_a"),
    *("W_mem", "W_ch", "W_bridge_h", "W_bridge_c"),
    *("b_h", "b_hn", "b_y", "b_c", "b_ch", "b_bridge_h", "b_bridge_c"),
)


def captions(spec: ModelSpec, step: int) -> set[str]:
    """The symbols over the matrices and vectors of a step."""
    found = {f"y_{{{step}}}", f"y_{{{step - 1}}}", top_state(spec, step)}
    for name in _MATRICES:
        symbol = weight_symbol(name)
        found |= {symbol, rf"\partial L/\partial {symbol}"}
    for prefix in spec.prefixes:
        for layer in spec.layer_names(prefix):
            symbols = LayerSymbols(spec, prefix, layer)
            found |= {symbols.at(letter, step) for letter in ("h", "c", "m", *spec.gates)}
            found.add(symbols.at("h", symbols.before(step)))
            found.add(symbols.source(step))
            blocks = [f"{source}{gate}" for gate in spec.gates for source in "hx"]
            found |= {symbols.weight("W", b) for b in ("h", "x", "hh", "xh", "yh", *blocks)}
            found |= {symbols.weight("b", gate) for gate in ("h", "hn", *spec.gates)}
            for matrix in (weight_symbol(f"W_{block}") for block in blocks):
                found |= {matrix, rf"\partial L/\partial {matrix}"}
    return found


def every_piece(spec: ModelSpec, digits: int) -> set[str]:
    """All pieces of LaTeX that a model of this kind can need with steps of that many digits."""
    first = 10 ** (digits - 1)
    pieces: set[str] = set()
    formulas: list[Formula] = []
    # Around the change of digits a step and its neighbour differ in length.
    for step in {max(first, 1), first + 1, 10**digits - 1}:
        for prefix in spec.prefixes:
            for name in spec.layer_names(prefix):
                symbols = LayerSymbols(spec, prefix, name)
                formulas += state_formulas(symbols, step)
                for end in ends_of(prefix):
                    formulas.append(state_gradient(symbols, step, end))
                    if spec.has_cell_state:
                        formulas.append(cell_gradient(symbols, step, end))
                formulas += [gate_gradient(symbols, gate, step) for gate in spec.gates]
                if spec.cell == "gru":
                    formulas.append(reset_gradient(symbols, step))
            formulas.append(input_gradient(spec, prefix, step))
            formulas += input_formulas(spec, prefix, step)
        formulas += output_formulas(spec, step)
        formulas += [output_gradient(spec, step, last=last) for last in (False, True)]
        formulas += [loss_formula(spec, step), total_formula(), total_gradient()]
        formulas.append((rf"{gradient(f'L_{{{step}}}')} = m_{{{step}}}",))
        if spec.attention != "none":
            formulas += [attention_formula(spec, step), context_formula(spec, step)]
            formulas.append(attention_gradient(spec, step))
    formulas += every_weight_gradient(spec)
    pieces.update(captions(spec, first), captions(spec, 10**digits - 1))
    for formula in formulas:
        pieces.update(formula)
    return pieces
