"""One cell along time, in one direction: its input, its steps, its gradients."""

from __future__ import annotations

from collections.abc import Mapping

from rnnviz.engine import products
from rnnviz.engine.cells.base import Cell
from rnnviz.engine.inputs import Input
from rnnviz.trace.record import Array


class Strand:
    """A cell, what it reads, and where its gradients go.

    A strand knows its own order of steps only: the backward direction of a bidirectional
    layer is a strand whose input was turned round.

    Args:
        name: ``l0``, ``l0_reverse``, ``encoder_…`` excluded.
        grads: the gradient views of this cell by bare name (``W_xh``, …).
    """

    def __init__(self, name: str, cell: Cell, source: Input, grads: Mapping[str, Array]) -> None:
        self.name = name
        self.cell = cell
        self.source = source
        self.grads = grads

    def start(self, state: Mapping[str, Array]) -> None:
        """Set the initial state: ``h`` (and ``c``), (H[, B]); zero where not given."""
        self.cell.h[0] = state.get("h", 0.0)
        if self.cell.c is not None:
            self.cell.c[0] = state.get("c", 0.0)

    def forward(self) -> None:
        """From the input to every state."""
        cell = self.cell
        cell.load()
        self.source.project(cell.input_matrix, cell.input_bias, cell.xp)
        cell.forward()

    def backward(self, cuts: tuple[int, ...]) -> None:
        """From ``cell.above`` to every gradient, those of the weights included."""
        cell, grads = self.cell, self.grads
        cell.backward(cuts)
        dz = cell.gradient_columns()
        self.source.weight_gradient(dz, grads["W_xh"])
        cell.weight_gradients(dz, grads)

    def input_gradient(self, out: Array) -> None:
        """``out`` (T, D[, B]) = gradient at the input."""
        products.apply_transposed(self.cell.weights["W_xh"], self.cell.dz, out)
