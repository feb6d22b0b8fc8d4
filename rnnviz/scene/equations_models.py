"""The models whose equations come typeset: every cell, every kind, up to nine layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import get_args

from rnnviz.scene.equations import every_piece
from rnnviz.scene.equations_levels import level_pieces
from rnnviz.scene.equations_typeset import parts
from rnnviz.scene.update_rules import RULES, update_formula
from rnnviz.trace import ModelSpec
from rnnviz.trace.spec import Activation, Attention, CellKind, Head

DIGITS = (1, 2, 3, 4, 5)


def known_models() -> Iterator[ModelSpec]:
    """One description for each set of equations; what they share is typeset once."""
    small = ModelSpec(input_size=4, hidden_size=3, output_size=4)
    for activation in get_args(Activation):
        yield replace(small, activation=activation, layers=2)
        yield replace(small, cell="jordan", activation=activation)
    cells: tuple[CellKind, ...] = ("rnn", "lstm", "gru")
    for cell in cells:
        for layers, both in product((1, 2), (False, True)):
            yield replace(small, cell=cell, layers=layers, bidirectional=both)
            yield replace(
                small, cell=cell, layers=layers, bidirectional=both, kind="many-to-many",
                attention="dot",
            )  # fmt: skip
        yield replace(small, cell=cell, kind="many-to-many")
        for both, dropout in product((False, True), (0.0, 0.1)):
            summed = replace(
                small, cell=cell, layers=3, bidirectional=both, residual=True, dropout=dropout
            )
            yield summed
            yield replace(summed, layers=1)
            yield replace(summed, residual=False)
            yield replace(summed, kind="many-to-many", attention="dot")
            yield replace(summed, layer_norm=True)
        for layers, both in product((1, 2), (False, True)):
            yield replace(small, cell=cell, layer_norm=True, layers=layers, bidirectional=both)
    attentions: tuple[Attention, ...] = ("general", "additive")
    for attention, dropout in product(attentions, (0.0, 0.1)):
        yield replace(small, kind="many-to-many", attention=attention, dropout=dropout)
    heads: tuple[Head, ...] = ("last", "mean", "max")
    for head in heads:
        yield replace(small, kind="many-to-one", head=head)
        for layers, dropout in product((1, 2), (0.0, 0.1)):
            asked = replace(small, kind="many-to-one", head=head, dropout=dropout, layers=layers)
            yield asked
            yield replace(asked, bidirectional=True)
    yield replace(small, cell="lstm", peepholes=True)
    yield replace(small, loss="squared-error")


def every_known_part() -> set[str]:
    """All parts of the formulas of these models, for steps of up to five digits."""
    pieces = {
        piece
        for name, decay in product((*RULES, ""), (0.0, 1.0))
        for formula in update_formula(name, decay)
        for piece in formula
    }
    for spec in known_models():
        for digits in DIGITS:
            pieces |= every_piece(spec, digits)
            for step in (10 ** (digits - 1), 10**digits - 1):
                pieces |= level_pieces(spec, step)
    return {part for piece in pieces for _, part in parts(piece)}
