"""The passes of a network, one for each shape of batch; the newest few keep their buffers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from rnnviz.engine.batch import Batch
from rnnviz.engine.encoder_decoder_pass import EncoderDecoderPass
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.sequence_pass import SequencePass
from rnnviz.trace.arrays import Array, Tape
from rnnviz.trace.spec import ModelSpec

_KEPT = 8
"""With ragged data shapes keep changing: the least recently used buffers go."""


_KEPT_RECORDED = 2
"""What is recorded is large, and there may be several tapes of it."""


class Pass(Protocol):
    """Buffers and order of work for one shape of batch; T is ``steps``."""

    steps: int

    def forward(
        self, batch: Batch, state: Mapping[str, Array], rng: np.random.Generator | None
    ) -> None:
        """Fill all states and outputs, from ``state`` (B, H) by name; ``rng`` draws dropout masks,
        None means no dropout."""

    def initial_state(self, batch: Batch) -> dict[str, Array]:
        """States before the first step, (B, H) by name."""

    def encode(
        self, batch: Batch, state: Mapping[str, Array], rng: np.random.Generator | None
    ) -> dict[str, Array]:
        """Read the input of an encoder–decoder; what its decoder starts from, (B, …) by name, as
        views of the buffers where possible."""

    def losses(self, targets: Array, mask: Array) -> Array:
        """Fill the losses; L, the scalar that is differentiated. Shapes: see ``Loss.load``."""

    def backward(self, cuts: tuple[int, ...]) -> None:
        """Fill all gradients; none leaves a step in ``cuts`` for the one before."""

    def final_state(self) -> dict[str, Array]:
        """States after the last true step, (B, …) by name, copied."""

    def logits(self) -> Array:
        """(T, B, V), a view."""

    def record(self) -> Tape:
        """The forward tape by documented name, as views; some of it to be made later."""

    def record_gradients(self) -> Tape:
        """Losses and the backward tape by documented name, after a recorded pass."""


class Passes:
    """Passes on shared parameters, made when first needed; ``recorded``: see ``Arena``."""

    def __init__(
        self, spec: ModelSpec, params: Parameters, grads: Parameters, *, recorded: bool = False
    ) -> None:
        self._spec = spec
        self._recorded = recorded
        self._params = params
        self._grads = grads
        self._kept: OrderedDict[tuple[int, int, int], Pass] = OrderedDict()
        self._newest: tuple[tuple[int, int, int], Pass] | None = None

    def of(self, batch: Batch) -> Pass:
        """The pass for the shape of ``batch``."""
        size = batch.batch_size
        return self.shaped(batch.steps, size, batch.output_steps)

    def shaped(self, steps: int, size: int, output_steps: int) -> Pass:
        """The pass for T (or T_in), B and T_out."""
        key = (steps, size, output_steps)
        if self._newest is not None and self._newest[0] == key:
            return self._newest[1]
        made = self._find(key)
        self._newest = (key, made)
        return made

    def _find(self, key: tuple[int, int, int]) -> Pass:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        steps, size, output_steps = key
        common = (self._spec, self._params, self._grads, steps, size)
        if self._spec.kind == "many-to-many":
            made: Pass = EncoderDecoderPass(*common, output_steps, recorded=self._recorded)
        else:
            made = SequencePass(*common, recorded=self._recorded)
        self._kept[key] = made
        if len(self._kept) > (_KEPT_RECORDED if self._recorded else _KEPT):
            self._kept.popitem(last=False)
        return made
