"""Titles of the inspector: what is selected, in words."""

from __future__ import annotations

from rnnviz.scene.captions import pass_words, subscript
from rnnviz.scene.inspector_node import Node
from rnnviz.scene.sampled import drawn_steps, inputs_known
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_tokens import input_tokens, target_tokens, visible_token
from rnnviz.trace import ModelSpec, Trace

_NAMES = {
    "x": ("x", "input"),
    "h": ("h", "hidden state"),
    "c": ("c", "cell state"),
    "i": ("i", "input gate"),
    "f": ("f", "forget gate"),
    "g": ("g", "candidate"),
    "o": ("o", "output gate"),
    "r": ("r", "reset gate"),
    "z": ("z", "update gate"),
    "n": ("n", "candidate"),
    "m": ("m", "recurrent product"),
    "logits": ("ŷ", "output"),
    "probs": ("ŷ", "output"),
    "attention": ("α", "attention"),
    "loss": ("L", "loss"),
}


def title(trace: Trace, node: Node) -> str:
    """``h₃ — hidden state at step 3``."""
    if node.base in ("loss_total", "L"):
        return "L — the total loss"
    if node.base == "W":
        return "W — the shared weights"
    if node.base not in _NAMES:
        return f"{node.base} — weights"
    symbol, words = _NAMES[node.base]
    return f"{symbol}{subscript(node.step)} — {words} at step {node.step}"


def weight_words(trace: Trace, name: str) -> str:
    """A parameter's name; of a single layer nobody needs the number."""
    return name.replace("_l0", "") if trace.spec.layers == 1 else name


def stack_words(spec: ModelSpec, below: str) -> str:
    """What a stacked matrix (``hh`` or ``xh``) of a gated cell is made of; empty without gates."""
    if not spec.gates:
        return ""
    blocks = ", ".join(f"W_{below[0]}{gate}" for gate in spec.gates)
    return f"W_{below} is {blocks}, one above the other"


def subtitle(state: ViewState, node: Node) -> str:
    """Where it stands: part, layer, direction, unit, the tokens of the step and the iteration."""
    trace = state.trace
    if node.column < 0:
        return pass_words(trace)
    words = [{"encoder_": "encoder", "decoder_": "decoder", "": ""}[node.part.prefix]]
    if node.layer and trace.spec.layers > 1:
        words.append(f"layer {int(node.layer[1:].split('_')[0]) + 1} of {trace.spec.layers}")
    if node.layer and len(trace.spec.directions(node.prefix)) == 2:
        words.append("right to left" if node.layer.endswith("_reverse") else "left to right")
    if node.unit >= 0:
        words.append(f"unit {node.unit + 1}")
    read = input_tokens(state, node.part.prefix)
    if node.index < min(len(read), inputs_known(state)):
        words.append(f"reads “{visible_token(read[node.index])}”")
    said = target_tokens(state)
    known = node.index < min(len(said), drawn_steps(state))
    if node.part == trace.output_part and known and said[node.index]:
        verb = "drew" if trace.mode == "sample" else "should say"
        words.append(f"{verb} “{visible_token(said[node.index])}”")
    words.append(pass_words(trace))
    return " · ".join(word for word in words if word)
