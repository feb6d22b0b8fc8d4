"""The decoder of an encoder–decoder: its layers, attention to a memory, and the outputs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arena import Arena, time_major
from rnnviz.engine.attention import Attention, check_memory
from rnnviz.engine.head import Head
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.pooling import EachStep
from rnnviz.engine.stack import Stack
from rnnviz.trace.arrays import Array, Tape
from rnnviz.trace.spec import ModelSpec


class Decoder:
    """T_out steps that read tokens, start from given states and may look at a memory."""

    def __init__(
        self,
        spec: ModelSpec,
        params: Parameters,
        grads: Parameters,
        arena: Arena,
        steps: int,
    ) -> None:
        self.stack = Stack(spec, "decoder_", params, grads, arena, steps)
        self.attention = Attention(spec, params, grads) if spec.attention != "none" else None
        features = self.stack.top
        if self.attention is not None:
            features = arena.steps(steps, spec.hidden_size)
            self._attended_gradient = arena.steps(steps, spec.hidden_size)
        self.head = Head(EachStep(features), params, grads, arena, steps)

    def forward(
        self, tokens: Array, state: Mapping[str, Array], rng: np.random.Generator | None
    ) -> None:
        """From ``tokens`` (T_out, B) to the scores.

        ``state``: first states (B, H) by name; with attention also ``memory`` (B, T_in, E) and
        ``memory_mask`` (B, T_in), false where there is nothing to look at.

        Raises:
            UserError: if there is attention and no memory.
        """
        self.stack.read(tokens, None)
        self.stack.forward(state, rng)
        if self.attention is not None:
            memory = check_memory(state.get("memory"))
            mask = state.get("memory_mask")
            attended = self.attention.forward(
                _batch_first(self.stack.top), memory, None if mask is None else ~mask
            )
            _batch_first(self.head.features)[...] = attended
        self.head.forward()

    def backward(self, gradient: Array) -> Array | None:
        """From ``gradient`` (V, T·B) at the scores; returns that at the memory (B, T_in, E)."""
        at_memory = None
        if self.attention is None:
            self.head.backward(gradient, self.stack.top_gradient)
        else:
            self.head.backward(gradient, self._attended_gradient)
            at_query, at_memory = self.attention.backward(_batch_first(self._attended_gradient))
            _batch_first(self.stack.top_gradient)[...] = at_query
        self.stack.backward(())
        return at_memory

    def record(self) -> Tape:
        """The forward tape by documented name."""
        arrays = self.stack.record()
        arrays["logits"] = time_major(self.head.outputs)
        if self.attention is not None:
            arrays["attention"] = self.attention.weights.swapaxes(0, 1)
            arrays["attention_context"] = self.attention.context.swapaxes(0, 1)
            arrays["attended"] = self.attention.attended.swapaxes(0, 1)
        return arrays

    def record_gradients(self) -> Tape:
        """The backward tape by documented name."""
        arrays = self.stack.record_gradients()
        if self.attention is not None:
            arrays["dL_dattention"] = self.attention.weights_gradient.swapaxes(0, 1)
            arrays["dL_dattended"] = time_major(self._attended_gradient)
        return arrays


def _batch_first(array: Array) -> Array:
    """The view (B, T, F) of a pass's array."""
    return time_major(array).swapaxes(0, 1)
