"""Layer normalisation inside cells (Ba, Kiros, Hinton 2016), supplement's form for all of them.

a_t = LN(W_hh h_{t-1}; gain_h) + LN(W_xh x_t; gain_x) + b_h, with
LN(v; gain) = gain ⊙ (v − mean(v)) / √(var(v) + ε) over the G·H numbers of a step
(GRU: r and z together, n by itself). The LSTM also normalises what its output sees:
h_t = o tanh(LN(c_t; gain_c) + b_c).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine import products
from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Cell, Dims, Views
from rnnviz.engine.products import Call
from rnnviz.trace.record import Array

EPSILON = 1e-5


class LayerNorm:
    """LN of T steps: ``parts`` of the features are normalised each by itself."""

    def __init__(self, arena: Arena, steps: int, gain: Array, parts: tuple[slice, ...]) -> None:
        self._gain = arena.column(gain)
        self._parts = parts
        self._unit = arena.steps(steps, len(gain))
        self._work = arena.scratch("layer norm", *arena.shape(steps, len(gain)))
        self._scales = [arena.steps(steps, 1) for _ in parts]

    def forward(self, rows: slice, v: Array, out: Array) -> None:
        """``out`` = LN of ``v``, both (n, F[, B]); they belong to the steps ``rows``."""
        units, works = self._unit[rows], self._work[rows]
        for part, scales in zip(self._parts, self._scales, strict=True):
            unit, square, scale = units[:, part], works[:, part], scales[rows]
            np.subtract(v[:, part], v[:, part].mean(axis=1, keepdims=True), unit)
            np.multiply(unit, unit, square)
            scale[...] = 1.0 / np.sqrt(square.mean(axis=1, keepdims=True) + EPSILON)
            np.multiply(unit, scale, unit)
        np.multiply(units, self._gain, out)

    def backward(self, rows: slice, gradient: Array, out: Array) -> None:
        """From the ``gradient`` at LN(v) to that at ``v``, ``out``."""
        np.multiply(gradient, self._gain, out)
        units, works = self._unit[rows], self._work[rows]
        for part, scales in zip(self._parts, self._scales, strict=True):
            unit, work, at_unit = units[:, part], works[:, part], out[:, part]
            np.multiply(at_unit, unit, work)
            along = work.mean(axis=1, keepdims=True)
            np.subtract(at_unit, at_unit.mean(axis=1, keepdims=True), at_unit)
            np.multiply(unit, along, work)
            np.subtract(at_unit, work, at_unit)
            np.multiply(at_unit, scales[rows], at_unit)

    def gain_gradient(self, gradient: Array, out: Array) -> None:
        """``out`` (F,) from the gradient at LN(v), (T, F[, B])."""
        np.multiply(gradient, self._unit, self._work)
        self._work.sum(axis=0 if gradient.ndim == 2 else (0, 2), out=out)


class NormalizedCell(Cell):
    """A cell whose two products are normalised: the loops and the two norms.

    A concrete cell says how a step turns ``xp`` and ``recurrent`` into its state, and back.
    Steps are written plainly here: the normalisation costs more than calls do.
    """

    bias_at_input = False

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena, gates: int) -> None:
        super().__init__(dims, weights, arena)
        steps, width = dims.steps, gates * dims.hidden
        self.xp = arena.steps(steps, width)
        self.input_bias = np.zeros(width, dtype=arena.dtype)  # added after the norm
        parts = self._parts(dims.hidden)
        self._norm_x = LayerNorm(arena, steps, weights["gain_x"], parts)
        self._norm_h = LayerNorm(arena, steps, weights["gain_h"], parts)
        self.normed = arena.steps(steps, width)  # LN(W_hh h_{t-1})
        self.dz = arena.steps(steps, width)
        self.dr = arena.steps(steps, width)
        self.da = arena.steps(steps, width)  # gradient at the sums, as the input's share
        self.dn = arena.steps(steps, width)  # gradient at ``normed``
        self.dh = arena.steps(steps, dims.hidden)
        self.dc = arena.steps(steps, dims.hidden)
        self._initial: dict[str, Array] = {}

    @abstractmethod
    def _parts(self, hidden: int) -> tuple[slice, ...]:
        """What is normalised by itself."""

    @abstractmethod
    def _step(self, t: int) -> None:
        """From ``xp[t]``, ``normed[t]`` and ``h[t]`` to ``h[t+1]``."""

    @abstractmethod
    def _step_back(self, t: int, carry: Array) -> Array:
        """From ``dh[t]`` and ``carry`` to ``da[t]`` and ``dn[t]``; returns the new carry.

        The carry is what reaches the step before without a matrix: at c for the LSTM,
        at h for the GRU.
        """

    def forward(self) -> None:
        everything = slice(None)
        bias = self.arena.column(self.weights["b_h"])
        self._norm_x.forward(everything, self.xp, self.xp)
        np.add(self.xp, bias, self.xp)
        matrix = self.weights["W_hh"]
        for t in range(self.dims.steps):
            row = slice(t, t + 1)
            self._norm_h.forward(row, (matrix @ self.h[t])[None], self.normed[row])
            self._step(t)

    def backward(self, cuts: tuple[int, ...]) -> None:
        matrix = self.weights["W_hh"].T
        back = np.zeros_like(self.h[0])
        carry = back if self.c_after is None else self.c_after
        for t in reversed(range(self.dims.steps)):
            np.add(self.above[t], back, self.dh[t])
            carry = self._step_back(t, carry)
            row = slice(t, t + 1)
            self._norm_h.backward(row, self.dn[row], self.dr[row])
            back = matrix @ self.dr[t]
            if self.c is None:
                back = back + carry
            self._initial = {"h": back} if self.c is None else {"h": back, "c": carry}
            if t in cuts:
                back, carry = np.zeros_like(back), np.zeros_like(carry)
        self._norm_x.backward(slice(None), self.da, self.dz)

    def weight_gradients(self, dz: Array, grads: Mapping[str, Array]) -> list[Call]:
        dr, da = (self.arena.columns(array, "gradient") for array in (self.dr, self.da))
        previous = self.previous_columns()
        return [
            *dr.fill,
            *previous.fill,
            products.weight_gradient(dr.matrix, previous.matrix, grads["W_hh"]),
            *da.fill,
            products.bias_gradient(da.matrix, self._ones, grads["b_h"]),
            partial(self._norm_x.gain_gradient, self.da, grads["gain_x"]),
            partial(self._norm_h.gain_gradient, self.dn, grads["gain_h"]),
        ]

    def silence(self, padding: NDArray[np.bool_]) -> None:
        np.copyto(self.h[1:], 0.0, where=padding)

    def initial_gradient(self) -> dict[str, Array]:
        return self._initial

    def record(self) -> dict[str, Array]:
        return {"h": self.h[1:]}

    def sums(self, xp: Array) -> Array:
        a: Array = self.xp + self.normed
        return a

    def record_gradients(self) -> dict[str, Array]:
        return {"a": self.da, "h": self.dh}

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        return []
