"""One layer: a cell along time, or two in opposite directions, and what it hands upwards."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells import Cell, Dims, make_cell
from rnnviz.engine.inputs import Input, OneHot, Vectors
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.state_columns import StateColumns
from rnnviz.engine.strand import Strand
from rnnviz.engine.turn import Turn
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec


class Layer:
    """Reads ``source``, hands up ``out`` = dropout(h) (+ its input, where residual).

    Both directions read the same input; their states stand side by side in ``out``. Dropout
    and the residual sum are on the way up only, never on the way from step to step
    (Zaremba et al. 2014).

    Attributes:
        out: (T, F[, B]), F = H or 2H.
        gradient: (T, F[, B]) where the gradient at ``out`` is put before ``backward``.
        dropout_mask: (T, F[, B]), 0 or 1/(1−p), or None without dropout.
    """

    def __init__(
        self,
        spec: ModelSpec,
        names: tuple[str, ...],
        weights: Mapping[str, Mapping[str, Array]],
        grads: Mapping[str, Mapping[str, Array]],
        source: Input,
        turn: Turn,
        arena: Arena,
        dims: Dims,
        bottom: bool,
    ) -> None:
        self.source = source
        self.turn = turn
        self._rate = spec.dropout
        self._hidden = dims.hidden
        self._residual = spec.residual and not bottom
        sources = [source]
        if len(names) == 2:
            sources.append(_twin(source, arena, dims.steps))
        self.strands = [
            Strand(name, make_cell(spec, dims, weights[name], arena), each, grads[name])
            for name, each in zip(names, sources, strict=True)
        ]
        cell = self.strands[0].cell
        self._direct = len(names) == 1 and not self._residual and not self._rate
        self.out = cell.h[1:]
        self.gradient = cell.above
        self.dropout_mask: Array | None = None
        if not self._direct:
            width = dims.hidden * len(names)
            self.out = arena.steps(dims.steps, width)
            self.gradient = arena.steps(dims.steps, width)
            self._passed = arena.steps(dims.steps, width)
        if self._rate:
            shape = self.out.shape
            self._drawn = np.empty(shape), np.empty(shape, np.bool_)
            self._mask = arena.array(*shape)
            self._kept_scale = arena.constant(1.0 / (1.0 - self._rate))
        if len(names) == 2:
            self._other = arena.steps(dims.steps, source.width)

    def shared_columns(self) -> StateColumns | None:
        """The states as a matrix for whoever reads ``out`` as well, if they are what it is made of;
        None for one sequence, whose states are a matrix as they stand."""
        if not self._direct or self.out.ndim == 2:
            return None
        cell = self.strands[0].cell
        cell.columns = StateColumns(cell.arena, cell.h)
        return cell.columns

    def draw(self, rng: np.random.Generator | None) -> None:
        """Draw the dropout mask of the next pass, or none without ``rng``."""
        self.dropout_mask = None
        if self._rate and rng is not None:
            chances, kept = self._drawn
            rng.random(out=chances)
            np.greater_equal(chances, self._rate, kept)
            np.multiply(kept, self._kept_scale, self._mask)
            self.dropout_mask = self._mask

    def forward(self) -> None:
        """From the input to ``out``; the initial states are set."""
        if len(self.strands) == 2:
            self._turn_input()
        for strand in self.strands:
            strand.forward()
        if self._direct:
            return
        n = self._hidden
        self.out[:, :n] = self.strands[0].cell.h[1:]
        if len(self.strands) == 2:
            self.turn.copy(self.strands[1].cell.h[1:], self.out[:, n:])
        if self.dropout_mask is not None:
            np.multiply(self.out, self.dropout_mask, self.out)
        if self._residual and isinstance(self.source, Vectors):
            np.add(self.out, self.source.x, self.out)

    def backward(self, cuts: tuple[int, ...]) -> None:
        """From ``gradient`` to those of all weights."""
        if not self._direct:
            passed = self.gradient
            if self.dropout_mask is not None:
                passed = self._passed
                np.multiply(self.gradient, self.dropout_mask, passed)
            n = self._hidden
            self._hand_down(self.strands[0].cell, passed[:, :n])
            if len(self.strands) == 2:
                self._hand_down(self.strands[1].cell, self.turn.view(passed[:, n:]))
        for strand in self.strands:
            strand.backward(cuts)

    def input_gradient(self, out: Array) -> None:
        """After ``backward``: ``out`` (T, D[, B]) = gradient at the input."""
        self.strands[0].input_gradient(out)
        if len(self.strands) == 2:
            self.strands[1].input_gradient(self._other)
            np.add(out, self.turn.view(self._other), out)
        if self._residual:
            np.add(out, self.gradient, out)

    @staticmethod
    def _hand_down(cell: Cell, gradient: Array) -> None:
        cell.above[...] = gradient

    def _turn_input(self) -> None:
        ours, theirs = self.source, self.strands[1].source
        if isinstance(ours, OneHot) and isinstance(theirs, OneHot):
            self.turn.copy(ours.tokens, theirs.tokens)
        elif isinstance(ours, Vectors) and isinstance(theirs, Vectors):
            self.turn.copy(ours.x, theirs.x)


def _twin(source: Input, arena: Arena, steps: int) -> Input:
    """A buffer for the same input, turned round."""
    if isinstance(source, OneHot):
        return OneHot(arena, steps, source.width)
    return Vectors(arena, arena.steps(steps, source.width))


def of_layer(parameters: Parameters, prefix: str, layer: str) -> dict[str, Array]:
    """The parameters of one layer and direction, by bare name (``W_xh``, …).

    The output layer is among them: a jordan cell needs it at every step.
    """
    ending = f"_{layer}"
    shared = {name: parameters[name] for name in ("W_hy", "b_y")}
    return shared | {
        name.removeprefix(prefix).removesuffix(ending): parameters[name]
        for name in parameters
        if name.startswith(prefix) and name.endswith(ending)
    }
