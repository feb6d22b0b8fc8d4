"""One pass of an encoder–decoder (Sutskever et al. 2014): read it all, then write."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.engine.arena import Arena, time_major
from rnnviz.engine.batch import Batch
from rnnviz.engine.bridge import Bridge
from rnnviz.engine.decoder import Decoder
from rnnviz.engine.losses import make_loss
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.stack import Stack
from rnnviz.engine.step_norms import Factor, step_norm
from rnnviz.trace.arrays import Array, Tape
from rnnviz.trace.spec import ModelSpec


class EncoderDecoderPass:
    """The buffers and the order of work for T_in steps of reading and T_out of writing."""

    def __init__(
        self,
        spec: ModelSpec,
        params: Parameters,
        grads: Parameters,
        steps: int,
        batch: int,
        output_steps: int,
        *,
        recorded: bool = False,
    ) -> None:
        self.steps = output_steps
        self.arena = Arena(batch, params.dtype, recorded=recorded)
        self.encoder = Stack(spec, "encoder_", params, grads, self.arena, steps)
        self.bridge = Bridge(self.encoder, params, grads)
        self.decoder = Decoder(spec, params, grads, self.arena, output_steps)
        self.loss = make_loss(spec, self.arena, output_steps)

    def encode(
        self, batch: Batch, state: Mapping[str, Array], rng: np.random.Generator | None
    ) -> dict[str, Array]:
        """Read the input; what the decoder starts from, (B, …) by name."""
        self.encoder.read(batch.tokens, batch.x, batch.lengths)
        self.encoder.forward(state, rng)
        handed = self.bridge.forward()
        if self.decoder.attention is not None:
            handed["memory"] = time_major(self.encoder.top).swapaxes(0, 1)
            handed["memory_mask"] = np.arange(batch.steps) <= batch.ends[:, None]
        return handed

    def forward(
        self, batch: Batch, state: Mapping[str, Array], rng: np.random.Generator | None
    ) -> None:
        """Fill all states and outputs."""
        self._handed = self.encode(batch, state, rng)
        assert batch.decoder_tokens is not None
        self.decoder.forward(batch.decoder_tokens, self._handed, rng)

    def initial_state(self, batch: Batch) -> dict[str, Array]:
        """The encoder's states before its first step, (B, H) by name."""
        return self.encoder.initial_state({})

    def losses(self, targets: Array, mask: Array) -> Array:
        """Fill the losses; L, the scalar that is differentiated. Shapes: see ``Loss.load``."""
        self.loss.load(targets, mask)
        self.loss.forward(self.decoder.head.scores)
        return self.loss.total()

    def backward(self, cuts: tuple[int, ...]) -> None:
        """Fill all gradients; ``cuts`` must be empty."""
        self.loss.backward()
        at_memory = self.decoder.backward(self.loss.at_scores)
        self.bridge.backward(self.decoder.stack)
        top = time_major(self.encoder.top_gradient)
        top[...] = 0.0 if at_memory is None else at_memory.swapaxes(0, 1)
        self.encoder.backward((), fading=self.decoder.attention is None)

    def final_state(self) -> dict[str, Array]:
        """The decoder's last states (B, H) and what it looks at, to go on writing from; copied."""
        kept = {
            name: self._handed[name].copy()
            for name in ("memory", "memory_mask")
            if name in self._handed
        }
        return self.decoder.stack.final_state() | kept

    def logits(self) -> Array:
        """(T_out, B, V), a view."""
        return time_major(self.decoder.head.outputs)

    def record(self) -> Tape:
        """Everything computed so far by documented name, as views where possible."""
        return self.encoder.record() | self.decoder.record()

    def record_gradients(self) -> Tape:
        """Losses and gradients by documented name."""
        arrays = self.encoder.record_gradients() | self.decoder.record_gradients()
        arrays |= self.loss.record()
        arrays["dL_dlogits"] = time_major(self.loss.gradient)
        arrays["step_norm_W_hy"] = step_norm(
            Factor(self.loss.gradient), Factor(self.decoder.head.features)
        )
        return arrays
