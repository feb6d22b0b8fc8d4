"""What a cell is doing at a moment, in a few words; at rest, how to go on from here."""

from __future__ import annotations

from rnnviz.scene.activations import function_name
from rnnviz.scene.cell_moment import Moment
from rnnviz.trace.spec import Activation

Story = tuple[tuple[float, str], ...]
"""Up to which share of the step (or the step back) which words hold."""

_VANILLA: Story = (
    (0.25, "h and x become one vector"),
    (0.6, "one matrix times that vector, plus b"),
    (0.85, "{function} of every number"),
    (1.0, "the new state goes on and up"),
)
_VANILLA_BACK: Story = (
    (0.25, "from the next step and from above: one sum"),
    (0.5, "times the slope of {function}"),
    (1.0, "times the matrix, transposed"),
)
_FORWARD: dict[str, Story] = {
    "rnn": _VANILLA,
    "jordan": (
        (0.25, "the last output and x become one vector"),
        *_VANILLA[1:3],
        (1.0, "state, then output: the next step reads it"),
    ),
    "lstm": (
        (0.15, "h and x become one vector"),
        (0.35, "every gate has its matrix for it"),
        (0.45, "gates between 0 and 1, the candidate between −1 and 1"),
        (0.58, "forget: f ⊙ the old c; write: i ⊙ g"),
        (0.76, "added: the new c"),
        (0.9, "shown: o ⊙ tanh of c"),
        (1.0, "the new h goes on and up"),
    ),
    "gru": (
        (0.15, "h and x become one vector"),
        (0.35, "every gate has its matrix for it"),
        (0.45, "reset: r ⊙ what comes from h"),
        (0.6, "update gate and candidate"),
        (0.75, "z keeps of the old, 1 − z takes of the new"),
        (1.0, "added: the new h goes on and up"),
    ),
}
_BACKWARD: dict[str, Story] = {
    "rnn": _VANILLA_BACK,
    "jordan": (
        (0.4, "from the loss and the next step, through the output's matrix"),
        (0.6, "times the slope of {function}"),
        (1.0, "times the matrix, transposed"),
    ),
    "lstm": (
        (0.1, "from the next step and from above"),
        (0.2, "through o and tanh into c"),
        (0.4, "along c only f; off it into every gate"),
        (0.6, "times the slopes of the gates"),
        (1.0, "times the matrices, transposed: back to h"),
    ),
    "gru": (
        (0.1, "from the next step and from above"),
        (0.4, "straight back only z; off it into every gate"),
        (0.6, "times the slopes of the gates"),
        (1.0, "times the matrices, transposed: back to h"),
    ),
}
_LINEAR = {
    "{function} of every number": "no function: the sum is the state",
    "times the slope of {function}": "no function: its slope is 1",
}
HINT = "double-click a W: its product · Esc: out"


def doing(cell: str, activation: Activation, moment: Moment) -> str:
    """What is going on inside a cell; empty before it begins, a hint once nothing moves."""
    story, share = _FORWARD[cell], moment.forward
    if share >= 1.0:
        story, share = _BACKWARD[cell], moment.backward
    if not 0.0 < share < 1.0:
        return HINT
    words = next(text for until, text in story if share <= until)
    if activation == "linear":
        words = _LINEAR.get(words, words)
    return words.format(function=function_name(activation))
