"""Writing with an encoder–decoder, one token at a time."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.arena import Arena, time_major
from rnnviz.engine.batch import token_ids
from rnnviz.engine.counting import check_ids
from rnnviz.engine.decoder import Decoder
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.state import State
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.shapes_of_parameters import feature_width
from rnnviz.trace.spec import ModelSpec


class DecoderSteps:
    """Decoders of one step, one for each number of sequences."""

    def __init__(self, spec: ModelSpec, params: Parameters, grads: Parameters) -> None:
        self._spec = spec
        self._params = params
        self._grads = grads
        self._decoders: dict[int, Decoder] = {}
        kinds = ("h", "c") if spec.has_cell_state else ("h",)
        layers = spec.layer_names("decoder_")
        self._widths = {f"decoder_{k}_{name}": spec.hidden_size for name in layers for k in kinds}
        self._needed = (*self._widths, *(("memory",) if spec.attention != "none" else ()))
        self._widths["memory"] = feature_width(spec, "encoder_")

    def step(self, tokens: Array, state: State | None) -> tuple[Array, State]:
        """``tokens`` (1, B) to logits (B, V) and the next state, both in memory of their own.

        Raises:
            UserError: if there is no state, it is that of more or fewer sequences or of another
                model, or an id is none of the decoder's.
        """
        tokens = token_ids("tokens", tokens)
        size = tokens.shape[1]
        if not state or "decoder_h_l0" not in state:
            raise UserError("the decoder has no state to start from: encode an input first")
        if state.batch_size != size:
            raise UserError(f"the state belongs to {state.batch_size} sequences, not to {size}")
        missing = [name for name in self._needed if name not in state]
        if missing:
            raise UserError(f"the state lacks {', '.join(missing)}: use what encode gave")
        for name, array in state.items():
            width = self._widths.get(name, array.shape[-1])
            if array.shape[-1] != width:
                raise UserError(
                    f"the state {name} is {array.shape[-1]} wide; this model's: {width}"
                )
        check_ids("tokens", tokens, self._spec.output_size)
        decoder = self._decoders.get(size)
        if decoder is None:
            arena = Arena(size, self._params.dtype)
            decoder = Decoder(self._spec, self._params, self._grads, arena, 1)
            self._decoders[size] = decoder
        decoder.forward(tokens, state, None)
        kept = {name: state[name] for name in ("memory", "memory_mask") if name in state}
        logits = np.array(time_major(decoder.head.outputs)[0])
        return logits, State(decoder.stack.final_state() | kept)
