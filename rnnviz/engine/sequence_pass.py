"""One pass of a network without a decoder: input, recurrent layers, outputs, losses, and back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arena import Arena, batch_major, time_major
from rnnviz.engine.batch import Batch
from rnnviz.engine.cells.jordan import Jordan
from rnnviz.engine.context import ContextBridge
from rnnviz.engine.head import Head, JordanHead
from rnnviz.engine.losses import make_loss
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.pooling import make_pooling
from rnnviz.engine.stack import Stack
from rnnviz.engine.step_norms import Factor, step_norm
from rnnviz.trace.arrays import Array, Tape
from rnnviz.trace.spec import ModelSpec


class SequencePass:
    """The buffers and the order of work for T steps of B sequences."""

    def __init__(
        self,
        spec: ModelSpec,
        params: Parameters,
        grads: Parameters,
        steps: int,
        batch: int,
        *,
        recorded: bool = False,
    ) -> None:
        self.spec = spec
        self.steps = steps
        self.arena = Arena(batch, params.dtype, recorded=recorded)
        self.stack = Stack(spec, "", params, grads, self.arena, steps)
        pooling = make_pooling(spec, self.stack.top, self.arena)
        cell = self.stack.strands[0].cell
        if isinstance(cell, Jordan):
            self.head: Head = JordanHead(cell, pooling, params, grads, self.arena)
        else:
            is_top = pooling.features is self.stack.top
            columns = self.stack.layers[-1].shared_columns() if is_top else None
            self.head = Head(pooling, params, grads, self.arena, steps, columns)
        self.loss = make_loss(spec, self.arena, steps)
        self.context = ContextBridge(params, grads) if spec.context_size else None
        self._context_gradient: Array | None = None

    def forward(
        self, batch: Batch, state: Mapping[str, Array], rng: np.random.Generator | None
    ) -> None:
        """Fill all states and outputs; see ``Stack.forward``."""
        self.stack.read(batch.tokens, batch.x, batch.lengths)
        self.stack.forward(self._from_context(batch, state), rng)
        self.head.forward()

    def initial_state(self, batch: Batch) -> dict[str, Array]:
        """States before the first step, (B, H) by name."""
        return self.stack.initial_state(self._from_context(batch, {}))

    def encode(
        self, batch: Batch, state: Mapping[str, Array], rng: np.random.Generator | None
    ) -> dict[str, Array]:
        """Nothing is encoded where there is no decoder."""
        return {}

    def _from_context(self, batch: Batch, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """The given state, or the one that the context sets."""
        if self.context is None:
            return state
        first = self.context.forward(None if state else batch.context)
        return state if first is None else {"h_l0": first}

    def losses(self, targets: Array, mask: Array) -> Array:
        """Fill the losses; L, the scalar that is differentiated. Shapes: see ``Loss.load``."""
        self.loss.load(targets, mask)
        self.loss.forward(self.head.scores)
        return self.loss.total()

    def backward(self, cuts: tuple[int, ...]) -> None:
        """Fill all gradients."""
        self.loss.backward()
        self.head.backward(self.loss.at_scores, self.stack.top_gradient)
        self.stack.backward(cuts, self.loss.sparse)
        if isinstance(self.head, JordanHead):
            self.head.finish()
        if self.context is not None:
            first = self.stack.strands[0].cell.initial_gradient()["h"]
            self._context_gradient = self.context.backward(batch_major(first))

    def final_state(self) -> dict[str, Array]:
        """States after the last true step, (B, H) by name, copied."""
        return self.stack.final_state()

    def logits(self) -> Array:
        """(T, B, V), a view."""
        return time_major(self.head.outputs)

    def record(self) -> Tape:
        """Everything computed so far by documented name, as views where possible."""
        arrays = self.stack.record()
        arrays["logits"] = self.logits()
        return arrays

    def record_gradients(self) -> Tape:
        """Losses and gradients by documented name."""
        arrays = self.stack.record_gradients()
        arrays |= self.loss.record()
        cell = self.stack.strands[0].cell
        outputs = cell.dy if isinstance(cell, Jordan) else self.loss.gradient
        arrays["dL_dlogits"] = time_major(outputs)
        arrays["step_norm_W_hy"] = step_norm(Factor(outputs), Factor(self.head.features))
        if self._context_gradient is not None:
            arrays["dL_dcontext"] = self._context_gradient
        return arrays
