"""How the encoder's last states become the decoder's first ones."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.parameters import Parameters
from rnnviz.engine.stack import Stack
from rnnviz.trace.record import Array


class Bridge:
    """The same numbers, or W_bridge [forward; reverse] where the encoder has two directions."""

    def __init__(self, encoder: Stack, params: Parameters, grads: Parameters) -> None:
        self._encoder = encoder
        self._params = params
        self._grads = grads
        self._joined: dict[str, Array] = {}

    def forward(self) -> dict[str, Array]:
        """First states of the decoder, (B, H) by name."""
        states: dict[str, Array] = {}
        for depth, layer in enumerate(self._encoder.layers):
            finals = [strand.final() for strand in layer.strands]
            for kind in finals[0]:
                parts = [np.atleast_2d(final[kind].T) for final in finals]
                name = f"{kind}_l{depth}"
                if len(parts) == 1:
                    states[f"decoder_{name}"] = parts[0].copy()
                else:
                    self._joined[name] = np.concatenate(parts, axis=1)
                    matrix = self._params[f"W_bridge_{name}"]
                    states[f"decoder_{name}"] = self._joined[name] @ matrix.T
        return states

    def backward(self, decoder: Stack) -> None:
        """Hand the gradients at the decoder's first states to the ends of the encoder."""
        for depth, layer in enumerate(self._encoder.layers):
            initial = decoder.layers[depth].strands[0].cell.initial_gradient()
            for strand in layer.strands:
                strand.after = {}
            for kind, gradient in initial.items():
                name = f"{kind}_l{depth}"
                if len(layer.strands) == 1:
                    layer.strands[0].after[kind] = gradient
                    continue
                rows = np.atleast_2d(gradient.T)
                np.dot(rows.T, self._joined[name], self._grads[f"W_bridge_{name}"])
                back = self._params[f"W_bridge_{name}"].T @ gradient
                for strand, part in zip(layer.strands, np.split(back, 2), strict=True):
                    strand.after[kind] = part
