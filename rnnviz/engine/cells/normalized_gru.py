"""The GRU with layer normalisation: r and z together, the candidate by itself."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Dims
from rnnviz.engine.cells.normalization import NormalizedCell
from rnnviz.engine.products import Call
from rnnviz.trace.record import Array


class NormalizedGru(NormalizedCell):
    """r, z = σ(LN(W_h h) + LN(W_x x) + b); m = LN(W_hn h) + b_hn; n = tanh(LN(W_xn x) + b_n + r m);
    h_t = n + z (h_{t-1} − n)."""

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> None:
        super().__init__(dims, weights, arena, gates=3)
        steps, n = dims.steps, dims.hidden
        self._gates = arena.steps(steps, 3 * n)  # r, z, n
        self._m = arena.steps(steps, n)
        self._bias = arena.column(weights["b_hn"])

    def _parts(self, hidden: int) -> tuple[slice, ...]:
        return (slice(0, 2 * hidden), slice(2 * hidden, 3 * hidden))

    def _step(self, t: int) -> None:
        n = self.dims.hidden
        xp, normed, gates = self.xp[t], self.normed[t], self._gates[t]
        gates[: 2 * n] = 0.5 * np.tanh(0.5 * (xp[: 2 * n] + normed[: 2 * n])) + 0.5
        self._m[t] = normed[2 * n :] + self._bias
        gates[2 * n :] = np.tanh(xp[2 * n :] + gates[:n] * self._m[t])
        self.h[t + 1] = gates[2 * n :] + gates[n : 2 * n] * (self.h[t] - gates[2 * n :])

    def _step_back(self, t: int, carry: Array) -> Array:
        n = self.dims.hidden
        r, z, new = (self._gates[t, k * n : (k + 1) * n] for k in range(3))
        dh, da, dn = self.dh[t], self.da[t], self.dn[t]
        at_new = dh * (1.0 - z) * (1.0 - new * new)
        da[:n] = at_new * self._m[t] * r * (1.0 - r)
        da[n : 2 * n] = dh * (self.h[t] - new) * z * (1.0 - z)
        da[2 * n :] = at_new
        dn[: 2 * n] = da[: 2 * n]
        dn[2 * n :] = at_new * r
        back: Array = dh * z
        return back

    def weight_gradients(self, dz: Array, grads: Mapping[str, Array]) -> list[Call]:
        at_m = self.dn[:, 2 * self.dims.hidden :]
        axes = 0 if at_m.ndim == 2 else (0, 2)
        return [
            *super().weight_gradients(dz, grads),
            partial(np.add.reduce, at_m, axes, out=grads["b_hn"]),
        ]

    def silence(self, padding: NDArray[np.bool_]) -> None:
        # z = 1 and all else 0: padded steps add no gradient of their own.
        super().silence(padding)
        n = self.dims.hidden
        for array in (self._gates[:, :n], self._gates[:, 2 * n :], self._m):
            np.copyto(array, 0.0, where=padding)
        np.copyto(self._gates[:, n : 2 * n], 1.0, where=padding)

    def record(self) -> dict[str, Array]:
        n = self.dims.hidden
        gates = {name: self._gates[:, k * n : (k + 1) * n] for k, name in enumerate("rzn")}
        return {"h": self.h[1:], "m": self._m, **gates}

    def sums(self, xp: Array) -> Array:
        n, a = self.dims.hidden, super().sums(xp)
        a[:, 2 * n :] = self.xp[:, 2 * n :] + self._gates[:, :n] * self._m
        return a
