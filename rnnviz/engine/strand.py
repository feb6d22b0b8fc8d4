"""One cell along time, in one direction: its input, its steps, its gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import products
from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Cell
from rnnviz.engine.inputs import Input
from rnnviz.engine.products import Call
from rnnviz.engine.step_norms import Factor, step_norm
from rnnviz.trace.record import Array


class Strand:
    """A cell, what it reads, and where its gradients go.

    A strand knows its own order of steps only: the backward direction of a bidirectional
    layer is a strand whose input was turned round. Padding is always at the end.

    Args:
        name: layer and direction, ``l0`` or ``l0_reverse``.
        grads: the gradient views of this cell by bare name (``W_xh``, …).
    """

    def __init__(self, name: str, cell: Cell, source: Input, grads: Mapping[str, Array]) -> None:
        self.name = name
        self.cell = cell
        self.source = source
        self.grads = grads
        self._lengths: NDArray[np.intp] | None = None
        self._padding: NDArray[np.bool_] | None = None
        self._learned: set[str] = set()
        self._from_zero = True  # buffers begin that way
        self.after: dict[str, Array] = {}
        """Gradient at the state after the last true step, (H[, B]): what a decoder hands back."""

    def start(
        self, state: Mapping[str, Array], padding: NDArray[np.bool_] | None, lengths: Array | None
    ) -> None:
        """Set the initial state and the padding of the next pass.

        ``state``: ``h`` (and ``c``), each (H[, B]); where not given the learned one, else zero.
        ``padding`` (T, 1[, B]) is true after the end of a sequence, ``lengths`` (B,); None
        where there is none.
        """
        self._padding, self._lengths = padding, lengths
        cell = self.cell
        if not state and not cell.learns_state:
            if not self._from_zero:
                for rows in cell.state_rows().values():
                    rows[0] = 0.0
            self._from_zero = True
            return
        self._from_zero = False
        self._learned.clear()
        for kind, rows in cell.state_rows().items():
            given = state.get(kind)
            if given is None and f"{kind}_init" in cell.weights:
                given = cell.arena.column(cell.weights[f"{kind}_init"])
                self._learned.add(kind)
            rows[0] = 0.0 if given is None else given

    def forward(self) -> None:
        """From the input to every state."""
        cell = self.cell
        cell.load()
        self._project(cell.xp)
        if self._padding is None:
            cell.forward()
            return
        # A linear state may grow on after its sequence has ended; nobody sees that.
        with np.errstate(over="ignore", invalid="ignore"):
            cell.forward()
        cell.silence(self._padding)

    def backward(self, cuts: tuple[int, ...]) -> None:
        """From ``cell.above`` to every gradient, those of the weights included."""
        cell = self.cell
        if self.after:
            self._receive(self.after)
        cell.backward(cuts)
        for call in self._weight_gradients:
            call()
        if cell.learns_state:
            initial = cell.initial_gradient()
            for kind, gradient in initial.items():
                total = gradient if gradient.ndim == 1 else gradient.sum(axis=1)
                self.grads[f"{kind}_init"][...] = total if kind in self._learned else 0.0

    @cached_property
    def _weight_gradients(self) -> list[Call]:
        """What makes the gradients of the weights after each ``cell.backward``, in that order."""
        cell, grads = self.cell, self.grads
        dz, fill = cell.gradient_columns()
        calls = [*fill, *self.source.weight_gradient(dz, grads["W_xh"])]
        if cell.bias_at_input:
            calls.append(self.source.bias_gradient(dz, grads["W_xh"], grads["b_h"]))
        return calls + cell.weight_gradients(dz, grads)

    def input_gradient(self, out: Array) -> None:
        """``out`` (T, D[, B]) = gradient at the input."""
        products.apply_transposed(self.cell.weights["W_xh"], self.cell.dz, out)()

    def final(self) -> dict[str, Array]:
        """The state after the last true step of each sequence, (H[, B]) by ``h``, ``c``."""
        rows = self.cell.state_rows()
        lengths = self._lengths
        if lengths is None or self._padding is None:
            return {kind: array[-1] for kind, array in rows.items()}
        if self.cell.arena.batch == 1:
            return {kind: array[lengths[0]] for kind, array in rows.items()}
        every = np.arange(self.cell.arena.batch)
        return {kind: array[lengths, :, every].T for kind, array in rows.items()}

    def sums(self) -> Array:
        """The pre-activations, (T, G·H[, B]), 0 in padding; see ``Cell.sums``."""
        xp = np.empty_like(self.cell.xp)
        self._project(xp)
        a = self.cell.sums(xp)
        if self._padding is not None:
            np.copyto(a, 0.0, where=self._padding)
        return a

    def record_gradients(self) -> dict[str, Array]:
        """Gradients at the states by name, each (T, ·[, B]); see ``Cell.record_gradients``."""
        tape = self.cell.record_gradients()
        if self._padding is not None and "c" in tape:
            # On its way to the last true step a decoder's gradient at c passes through padding.
            tape["c"] = np.where(self._padding, 0.0, tape["c"])
        return tape

    def step_norms(self, natural: Callable[[Array], Array]) -> dict[str, Array]:
        """Each step's share of the weight gradients, (T,) by parameter.

        ``natural`` brings an array of this strand into the order of the time axis.
        """
        cell = self.cell
        at_input = Factor(natural(cell.dz))
        at_recurrent = at_input if cell.dr is cell.dz else Factor(natural(cell.dr))
        recurrent = "W_yh" if "W_yh" in cell.weights else "W_hh"
        return {
            recurrent: step_norm(at_recurrent, Factor(natural(cell.before))),
            "W_xh": step_norm(at_input, self.source.factor(natural)),
        }

    def _project(self, xp: Array) -> None:
        cell = self.cell
        self.source.project(cell.input_matrix, cell.input_bias, xp)
        if self._padding is not None:
            np.copyto(xp, cell.quiet_input, where=self._padding)

    def _receive(self, gradient: Mapping[str, Array]) -> None:
        cell, lengths = self.cell, self._lengths
        if lengths is None or self._padding is None:
            cell.above[-1] += gradient["h"]
        elif cell.arena.batch == 1:
            cell.above[lengths[0] - 1] += gradient["h"]
        else:
            cell.above[lengths - 1, :, np.arange(cell.arena.batch)] += gradient["h"].T
        if cell.c_after is not None:
            cell.c_after[...] = gradient["c"]


def padding_of(lengths: Array | None, steps: int, arena: Arena) -> NDArray[np.bool_] | None:
    """(T, 1[, B]), true after the end of each sequence; None where all are ``steps`` long."""
    if lengths is None or lengths.min() == steps:
        return None
    after = np.arange(steps)[:, None] >= lengths
    padding: NDArray[np.bool_] = after if arena.batch == 1 else after[:, None, :]
    return padding
