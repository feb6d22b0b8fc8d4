"""The layers of one part on top of each other: a deep recurrent network."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arena import Arena, batch_major, time_major
from rnnviz.engine.cells import Dims, make_cell
from rnnviz.engine.inputs import Embedded, Input, OneHot, Vectors
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.shapes import input_width, reads_one_hot
from rnnviz.engine.strand import Strand
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec


class Stack:
    """Everything recurrent of one part (``prefix``), from its input to the top state.

    Attributes:
        top: (T, F[, B]) what the part hands upwards.
        top_gradient: (T, F[, B]) where the gradient at ``top`` is put.
    """

    def __init__(
        self,
        spec: ModelSpec,
        prefix: str,
        params: Parameters,
        grads: Parameters,
        arena: Arena,
        steps: int,
        record: bool,
    ) -> None:
        self.spec = spec
        self.prefix = prefix
        self.params = params
        self.grads = grads
        self.arena = arena
        self.steps = steps
        self.source = self._source()
        self.strands: list[Strand] = []
        source: Input = self.source
        for name in spec.layer_names(prefix):
            weights = _of_layer(params, prefix, name)
            cell = make_cell(spec, Dims(steps, spec.hidden_size, record), weights, arena)
            strand = Strand(name, cell, source, _of_layer(grads, prefix, name))
            self.strands.append(strand)
            source = Vectors(arena, cell.h[1:])
        self._input_gradient: Array | None = None
        if record or isinstance(self.source, Embedded):
            self._input_gradient = arena.steps(steps, self.source.width)
        self.top = self.strands[-1].cell.h[1:]
        self.top_gradient = self.strands[-1].cell.above

    def _source(self) -> Input:
        width = input_width(self.spec, self.prefix)
        if reads_one_hot(self.spec, self.prefix):
            return OneHot(self.arena, self.steps, width)
        name = f"{self.prefix}embedding"
        if name in self.params:
            return Embedded(self.arena, self.steps, self.params[name], self.grads[name])
        return Vectors(self.arena, self.arena.steps(self.steps, width))

    def read(self, tokens: Array | None, x: Array | None) -> None:
        """Take the input of the next pass: ``tokens`` (T, B) or ``x`` (T, B, D)."""
        source = self.source
        if isinstance(source, OneHot | Embedded):
            assert tokens is not None
            np.copyto(source.tokens, tokens.reshape(source.tokens.shape))
            if isinstance(source, Embedded):
                source.look_up()
        elif isinstance(source, Vectors):
            assert x is not None
            time_major(source.x)[...] = x

    def forward(self, state: Mapping[str, Array]) -> None:
        """From the input to the top; ``state`` (B, H) by name, zero where there is none."""
        for strand in self.strands:
            strand.start(self._initial(strand, state))
            strand.forward()

    def backward(self, cuts: tuple[int, ...]) -> None:
        """From ``top_gradient`` to every gradient of the part."""
        for k in reversed(range(len(self.strands))):
            strand = self.strands[k]
            strand.backward(cuts)
            if k > 0:
                strand.input_gradient(self.strands[k - 1].cell.above)
            elif self._input_gradient is not None:
                strand.input_gradient(self._input_gradient)
                if isinstance(self.source, Embedded):
                    self.source.table_gradient(self._input_gradient)

    def final_state(self) -> dict[str, Array]:
        """The last states, (B, H) by name, copied."""
        state = {}
        for strand in self.strands:
            state[f"{self.prefix}h_{strand.name}"] = batch_major(strand.cell.h[-1]).copy()
            if strand.cell.c is not None:
                state[f"{self.prefix}c_{strand.name}"] = batch_major(strand.cell.c[-1]).copy()
        return state

    def record(self) -> dict[str, Array]:
        """The forward tape by documented name, as views (T, B, ·) and (B, H)."""
        arrays = {f"{self.prefix}x": time_major(self.source.vectors())}
        if isinstance(self.source, OneHot | Embedded):
            arrays[f"{self.prefix}tokens"] = self.source.tokens.reshape(self.steps, -1)
        for strand in self.strands:
            for name, array in strand.cell.record().items():
                arrays[f"{self.prefix}{name}_{strand.name}"] = time_major(array)
            arrays[f"{self.prefix}h0_{strand.name}"] = batch_major(strand.cell.h[0])
            if strand.cell.c is not None:
                arrays[f"{self.prefix}c0_{strand.name}"] = batch_major(strand.cell.c[0])
        return arrays

    def record_gradients(self) -> dict[str, Array]:
        """The backward tape by documented name, as views."""
        arrays = {}
        prefix = f"dL_d{self.prefix}"
        if self._input_gradient is not None:
            arrays[f"{prefix}x"] = time_major(self._input_gradient)
        for strand in self.strands:
            cell = strand.cell
            for name, array in cell.record_gradients().items():
                arrays[f"{prefix}{name}_{strand.name}"] = time_major(array)
            arrays[f"{prefix}h_direct_{strand.name}"] = time_major(cell.above)
            for name, array in cell.initial_gradient().items():
                arrays[f"{prefix}{name}0_{strand.name}"] = batch_major(array)
        return arrays

    def _initial(self, strand: Strand, state: Mapping[str, Array]) -> dict[str, Array]:
        given = {}
        for kind in ("h", "c"):
            array = state.get(f"{self.prefix}{kind}_{strand.name}")
            if array is not None:
                given[kind] = array[0] if self.arena.batch == 1 else array.T
        return given


def _of_layer(parameters: Parameters, prefix: str, layer: str) -> dict[str, Array]:
    """The parameters of one layer and direction, by bare name."""
    ending = f"_{layer}"
    return {
        name.removeprefix(prefix).removesuffix(ending): parameters[name]
        for name in parameters
        if name.startswith(prefix) and name.endswith(ending)
    }
