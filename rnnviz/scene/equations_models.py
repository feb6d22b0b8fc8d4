"""The models whose equations come typeset with the program: every cell, kind and common depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

from rnnviz.scene.equations import every_piece
from rnnviz.scene.equations_output import update_formula
from rnnviz.trace import ModelSpec
from rnnviz.trace.spec import Activation

DIGITS = (1, 2, 3, 4, 5)
LAYERS = (1, 2)
_OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam")


def known_models() -> Iterator[ModelSpec]:
    """One description for each set of equations."""
    small = ModelSpec(input_size=4, hidden_size=3, output_size=4)
    for activation in get_args(Activation):
        for layers in LAYERS:
            yield replace(small, activation=activation, layers=layers)
        yield replace(small, cell="jordan", activation=activation)
    yield replace(small, kind="many-to-many")
    for cell in ("rnn", "lstm", "gru"):
        for layers in LAYERS:
            yield replace(small, cell=cell, layers=layers)
        yield replace(small, cell=cell, bidirectional=True)
        yield replace(small, cell=cell, layer_norm=True)
        yield replace(small, cell=cell, kind="many-to-many", attention="dot")
    for attention in ("general", "additive"):
        yield replace(small, kind="many-to-many", attention=attention)
    for head in ("last", "mean", "max"):
        yield replace(small, kind="many-to-one", head=head)
    yield replace(small, cell="lstm", peepholes=True)
    yield replace(small, loss="squared-error")


def every_known_piece() -> set[str]:
    """All pieces of LaTeX of these models, for steps of up to five digits."""
    pieces = {
        piece for name in _OPTIMIZERS for formula in update_formula(name) for piece in formula
    }
    for spec in known_models():
        for digits in DIGITS:
            pieces |= every_piece(spec, digits)
    return pieces
