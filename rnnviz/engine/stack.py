"""The layers of one part on top of each other: a deep recurrent network."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine.arena import Arena, batch_major, time_major
from rnnviz.engine.cells import Dims
from rnnviz.engine.inputs import Embedded, Input, OneHot, Vectors
from rnnviz.engine.layer import Layer, of_layer
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.shapes import reads_one_hot
from rnnviz.engine.strand import Strand, padding_of
from rnnviz.engine.turn import Turn
from rnnviz.trace.arrays import Array, Later, Tape
from rnnviz.trace.shapes_of_parameters import read_width
from rnnviz.trace.spec import ModelSpec


class Stack:
    """Everything recurrent of one part (``prefix``), from its input to the top state.

    Attributes:
        top: (T, F[, B]) what the part hands upwards.
        top_gradient: (T, F[, B]) where the gradient at ``top`` is put.
        padding: (T, 1[, B]) true after the end of a sequence, or None.
    """

    def __init__(
        self,
        spec: ModelSpec,
        prefix: str,
        params: Parameters,
        grads: Parameters,
        arena: Arena,
        steps: int,
    ) -> None:
        self.spec = spec
        self.prefix = prefix
        self.arena = arena
        self.steps = steps
        self.padding: NDArray[np.bool_] | None = None
        self.lengths: NDArray[np.intp] | None = None
        self.turn = Turn(steps, arena.batch)
        self.source = self._source(params, grads)
        self.layers: list[Layer] = []
        source: Input = self.source
        dims = Dims(steps, spec.hidden_size)
        for depth in range(spec.layers):
            names = tuple(f"l{depth}{way}" for way in spec.directions(prefix))
            weights = {name: of_layer(params, prefix, name) for name in names}
            gradients = {name: of_layer(grads, prefix, name) for name in names}
            layer = Layer(
                spec, names, weights, gradients, source, self.turn, arena, dims, depth == 0
            )
            self.layers.append(layer)
            source = Vectors(arena, layer.out)
        self._fading = False
        self._input_gradient: Array | None = None
        if isinstance(self.source, Embedded):
            self._input_gradient = arena.steps(steps, self.source.width)
        self.top = self.layers[-1].out
        self.top_gradient = self.layers[-1].gradient

    @property
    def strands(self) -> list[Strand]:
        """All cells along time, bottom layer first."""
        return [strand for layer in self.layers for strand in layer.strands]

    def _source(self, params: Parameters, grads: Parameters) -> Input:
        width = read_width(self.spec, self.prefix)
        if reads_one_hot(self.spec, self.prefix):
            return OneHot(self.arena, self.steps, width)
        name = f"{self.prefix}embedding"
        if name in params:
            return Embedded(self.arena, self.steps, params[name], grads[name])
        return Vectors(self.arena, self.arena.steps(self.steps, width))

    def read(
        self, tokens: Array | None, x: Array | None, lengths: NDArray[np.intp] | None = None
    ) -> None:
        """Take the input of the next pass: ``tokens`` (T, B) or ``x`` (T, B, D)."""
        self.source.read(tokens, x)
        self.lengths = lengths
        self.padding = padding_of(lengths, self.steps, self.arena)
        if len(self.layers[0].strands) == 2:
            self.turn.load(lengths)

    def forward(self, state: Mapping[str, Array], rng: np.random.Generator | None) -> None:
        """From the input to the top.

        ``state`` (B, H) by name; the learned one or zero where there is none. ``rng`` draws
        the dropout masks, None means no dropout.
        """
        for layer in self.layers:
            layer.draw(rng)
            for strand in layer.strands:
                given = self._initial(strand, state) if state else _NOTHING
                strand.start(given, self.padding, self.lengths)
            layer.forward()

    def backward(self, cuts: tuple[int, ...], fading: bool = False) -> None:
        """From ``top_gradient`` to every gradient of the part; ``fading``: see ``Cell``."""
        if fading != self._fading:
            self._fading = fading
            for strand in self.strands:
                strand.cell.fading = fading
        for depth in reversed(range(len(self.layers))):
            self.layers[depth].backward(cuts)
            if depth:
                self.layers[depth].input_gradient(self.layers[depth - 1].gradient)
        if self._input_gradient is not None:
            self.layers[0].input_gradient(self._input_gradient)
            self.source.backward(self._input_gradient)

    def initial_state(self, state: Mapping[str, Array]) -> dict[str, Array]:
        """States before the first step, (B, H) by name, copied."""
        for layer in self.layers:
            for strand in layer.strands:
                # Where sequences ended in the last pass is still asked for: see ``final_state``.
                strand.start(self._initial(strand, state), self.padding, self.lengths)
        return {
            f"{self.prefix}{kind}_{strand.name}": batch_major(rows[0]).copy()
            for layer in self.layers
            for strand in layer.strands[:1]
            for kind, rows in strand.cell.state_rows().items()
        }

    def final_state(self) -> dict[str, Array]:
        """States after the last true step, (B, H) by name, copied; forward direction only."""
        return {
            f"{self.prefix}{kind}_{strand.name}": batch_major(array).copy()
            for layer in self.layers
            for strand in layer.strands[:1]
            for kind, array in strand.final().items()
        }

    def record(self) -> Tape:
        """The forward tape by documented name, as views (T, B, ·) and (B, H)."""
        arrays: Tape = {f"{self.prefix}x": self._input()}
        if self.source.token_ids is not None:
            arrays[f"{self.prefix}tokens"] = self.source.token_ids.reshape(self.steps, -1)
        for depth, layer in enumerate(self.layers):
            if layer.dropout_mask is not None:
                arrays[f"{self.prefix}dropout_l{depth}"] = time_major(layer.dropout_mask)
            for k, strand in enumerate(layer.strands):
                arrays[f"{self.prefix}a_{strand.name}"] = self._sums(strand, k)
                for name, array in strand.cell.record().items():
                    arrays[f"{self.prefix}{name}_{strand.name}"] = self._natural(array, k)
                for name, array in strand.cell.state_rows().items():
                    arrays[f"{self.prefix}{name}0_{strand.name}"] = batch_major(array[0])
        return arrays

    def record_gradients(self) -> Tape:
        """The backward tape by documented name, as views."""
        prefix = f"dL_d{self.prefix}"
        arrays: Tape = {f"{prefix}x": self._at_input()}
        for layer in self.layers:
            for k, strand in enumerate(layer.strands):
                cell = strand.cell
                for name, array in strand.record_gradients().items():
                    arrays[f"{prefix}{name}_{strand.name}"] = self._natural(array, k)
                arrays[f"{prefix}h_direct_{strand.name}"] = self._natural(cell.above, k)
                for name, norm in strand.step_norms(self.turn.view if k else _as_it_is).items():
                    arrays[f"step_norm_{self.prefix}{name}_{strand.name}"] = norm
                for name, array in cell.initial_gradient().items():
                    arrays[f"{prefix}{name}0_{strand.name}"] = batch_major(array)
        return arrays

    def _input(self) -> Array | Later:
        if isinstance(self.source, OneHot):
            shape = (self.steps, self.arena.batch, self.source.width)
            return Later(shape, lambda: time_major(self.source.vectors()))
        return time_major(self.source.vectors())

    def _sums(self, strand: Strand, direction: int) -> Later:
        shape = (self.steps, self.arena.batch, strand.cell.input_matrix.shape[0])
        return Later(shape, lambda: self._natural(strand.sums(), direction))

    def _at_input(self) -> Array | Later:
        if self._input_gradient is not None:
            return time_major(self._input_gradient)

        def make() -> Array:  # nothing below needed it
            shape = self.arena.shape(self.steps, self.source.width)
            gradient = np.empty(shape, self.arena.dtype)
            self.layers[0].input_gradient(gradient)
            return time_major(gradient)

        return Later((self.steps, self.arena.batch, self.source.width), make)

    def _natural(self, array: Array, direction: int) -> Array:
        """An array of a strand in the order of the time axis, (T, B, F)."""
        return time_major(self.turn.view(array) if direction else array)

    def _initial(self, strand: Strand, state: Mapping[str, Array]) -> dict[str, Array]:
        given = {}
        for kind in strand.cell.state_rows():
            array = state.get(f"{self.prefix}{kind}_{strand.name}")
            if array is not None:
                given[kind] = array[0] if self.arena.batch == 1 else array.T
        return given


_NOTHING: dict[str, Array] = {}


def _as_it_is(array: Array) -> Array:
    return array
