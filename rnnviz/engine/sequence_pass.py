"""One pass of a network without a decoder: input, recurrent layers, outputs, losses, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arena import Arena, time_major
from rnnviz.engine.batch import Batch
from rnnviz.engine.head import Head
from rnnviz.engine.losses import make_loss
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.stack import Stack
from rnnviz.engine.step_norms import step_norm
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec


class SequencePass:
    """The buffers and the order of work for T steps of B sequences.

    ``record``: keep every intermediate for a trace instead of reusing its buffer.
    """

    def __init__(
        self,
        spec: ModelSpec,
        params: Parameters,
        grads: Parameters,
        steps: int,
        batch: int,
        record: bool,
    ) -> None:
        self.spec = spec
        self.steps = steps
        self.recording = record
        self.arena = Arena(batch, params.dtype)
        self.stack = Stack(spec, "", params, grads, self.arena, steps, record)
        self.head = Head(self.stack.top, params, grads, self.arena, steps)
        self.loss = make_loss(spec, self.arena, steps, record)

    def forward(self, batch: Batch, state: Mapping[str, Array]) -> None:
        """Fill all states and outputs."""
        self.stack.read(batch.tokens, batch.x)
        self.stack.forward(state)
        self.head.forward()

    def losses(self, targets: Array, mask: Array) -> Array:
        """Fill the losses; the scalar that is differentiated."""
        self.loss.load(targets, mask)
        self.loss.forward(self.head.outputs)
        return self.loss.total()

    def backward(self, cuts: tuple[int, ...]) -> None:
        """Fill all gradients."""
        self.loss.backward()
        self.head.backward(self.loss.gradient, self.stack.top_gradient)
        self.stack.backward(cuts)

    def final_state(self) -> dict[str, Array]:
        return self.stack.final_state()

    def logits(self) -> Array:
        """(T, B, V), a view."""
        return time_major(self.head.outputs)

    def record(self) -> dict[str, Array]:
        """Everything computed so far by documented name, as views where possible."""
        arrays = self.stack.record()
        arrays["logits"] = self.logits()
        for name, array in self.loss.record().items():
            arrays[name] = time_major(array)
        return arrays

    def record_gradients(self) -> dict[str, Array]:
        """Losses and gradients by documented name."""
        shape = (self.steps, self.arena.batch)
        arrays = self.stack.record_gradients()
        arrays["loss"] = self.loss.steps.reshape(shape)
        arrays["loss_mask"] = self.loss.mask.reshape(shape)
        arrays["loss_total"] = np.asarray(self.loss.total())
        arrays["dL_dlogits"] = time_major(self.loss.gradient)
        arrays["step_norm_W_hy"] = step_norm(self.loss.gradient, self.head.features)
        for strand in self.stack.strands:
            cell = strand.cell
            arrays[f"step_norm_W_hh_{strand.name}"] = step_norm(cell.dr, cell.h[:-1])
            arrays[f"step_norm_W_xh_{strand.name}"] = step_norm(cell.dz, strand.source.vectors())
        return arrays
