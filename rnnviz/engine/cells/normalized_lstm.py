"""The LSTM with layer normalisation of both products and of what the output gate lets out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Dims
from rnnviz.engine.cells.normalization import LayerNorm, NormalizedCell
from rnnviz.engine.products import Call
from rnnviz.trace.record import Array


class NormalizedLstm(NormalizedCell):
    """i, f, o = σ(a), g = tanh(a_g); c_t = f c_{t-1} + i g; h_t = o tanh(LN(c_t; gain_c) + b_c)."""

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> None:
        super().__init__(dims, weights, arena, gates=4)
        steps, n = dims.steps, dims.hidden
        self._norm_c = LayerNorm(arena, steps, weights["gain_c"], (slice(0, n),))
        self._bias_c = arena.column(weights["b_c"])
        self.c = arena.steps(steps + 1, n)
        self.c_after = arena.steps(1, n)[0]
        self._gates = arena.steps(steps, 4 * n)  # i, f, g, o
        self._shown = arena.steps(steps, n)  # tanh(LN(c) + b_c)
        self._at_norm = arena.steps(steps, n)
        self._normed_c, self._at_c = arena.steps(1, n), arena.steps(1, n)

    def _parts(self, hidden: int) -> tuple[slice, ...]:
        return (slice(0, 4 * hidden),)

    def _step(self, t: int) -> None:
        assert self.c is not None
        n = self.dims.hidden
        a = self.xp[t] + self.normed[t]
        gates = self._gates[t]
        gates[...] = 0.5 * np.tanh(0.5 * a) + 0.5
        gates[2 * n : 3 * n] = np.tanh(a[2 * n : 3 * n])
        i, f, g, o = (gates[k * n : (k + 1) * n] for k in range(4))
        self.c[t + 1] = f * self.c[t] + i * g
        self._norm_c.forward(slice(t, t + 1), self.c[t + 1 : t + 2], self._normed_c)
        self._shown[t] = np.tanh(self._normed_c[0] + self._bias_c)
        self.h[t + 1] = o * self._shown[t]

    def _step_back(self, t: int, carry: Array) -> Array:
        assert self.c is not None
        n = self.dims.hidden
        i, f, g, o = (self._gates[t, k * n : (k + 1) * n] for k in range(4))
        shown, dh = self._shown[t], self.dh[t]
        self._at_norm[t] = dh * o * (1.0 - shown * shown)
        row = slice(t, t + 1)
        self._norm_c.backward(row, self._at_norm[row], self._at_c)
        dc = self._at_c[0] + carry
        self.dc[t] = dc
        da = self.da[t]
        da[:n] = dc * g * i * (1.0 - i)
        da[n : 2 * n] = dc * self.c[t] * f * (1.0 - f)
        da[2 * n : 3 * n] = dc * i * (1.0 - g * g)
        da[3 * n :] = dh * shown * o * (1.0 - o)
        self.dn[t] = da
        back: Array = dc * f
        return back

    def weight_gradients(self, dz: Array, grads: Mapping[str, Array]) -> list[Call]:
        axes = 0 if self._at_norm.ndim == 2 else (0, 2)
        return [
            *super().weight_gradients(dz, grads),
            partial(self._norm_c.gain_gradient, self._at_norm, grads["gain_c"]),
            partial(np.add.reduce, self._at_norm, axes, out=grads["b_c"]),
        ]

    def silence(self, padding: NDArray[np.bool_]) -> None:
        # f = 1 and all else 0 hands a gradient at the last cell state back through padding.
        super().silence(padding)
        n = self.dims.hidden
        for array in (self._gates[:, :n], self._gates[:, 2 * n :], self._shown):
            np.copyto(array, 0.0, where=padding)
        np.copyto(self._gates[:, n : 2 * n], 1.0, where=padding)
        assert self.c is not None
        np.copyto(self.c[1:], 0.0, where=padding)

    def record(self) -> dict[str, Array]:
        assert self.c is not None
        n = self.dims.hidden
        gates = {name: self._gates[:, k * n : (k + 1) * n] for k, name in enumerate("ifgo")}
        return super().record() | {"c": self.c[1:]} | gates

    def record_gradients(self) -> dict[str, Array]:
        return super().record_gradients() | {"c": self.dc}
