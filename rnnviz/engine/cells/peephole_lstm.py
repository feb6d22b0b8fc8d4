"""The LSTM with peepholes (Gers, Schmidhuber 2000): the gates also look at the cell state.

a_i += w_ci c_{t-1}, a_f += w_cf c_{t-1}, a_o += w_co c_t; elementwise, one weight a unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy import add, multiply, tanh

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Dims, Views
from rnnviz.engine.cells.lstm import Lstm
from rnnviz.engine.products import Call
from rnnviz.trace.record import Array


class PeepholeLstm(Lstm):
    """Forward, the output gate has to wait for c_t. Back, peepholes only change two factors:

    that of dh in dc (+ w_co times that of da_o), and that of dc in the carry (+ w_ci and w_cf
    times those of da_i and da_f).
    """

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> None:
        super().__init__(dims, weights, arena)
        n = dims.hidden
        self._peep = arena.array(3 * n)  # w_co, w_ci, w_cf, halved like the gates
        self._peep_o = arena.column(self._peep[:n])
        self._peep_i_f = arena.column(self._peep[n:])
        a, gates = self._a, self._s[:-1]
        self._a_parts = a, a[:n], a[n : 3 * n], a[n:]
        parts = gates[:, n : 4 * n], gates[:, :n], gates[:, n : 3 * n], gates[:, 4 * n :]
        self._more: Views = list(zip(*parts, strict=True))
        self._seen = arena.steps(1, 2 * n)[0]

    def load(self) -> None:
        super().load()
        n = self.dims.hidden
        for place, name in enumerate(("w_co", "w_ci", "w_cf")):
            multiply(self.weights[name], 0.5, self._peep[place * n : (place + 1) * n])

    def forward(self) -> None:
        n, seen, half = self.dims.hidden, self._seen, self._half
        a, a_o, a_if, a_ifg = self._a_parts
        igfc, ig, fc = self._igfc, self._igfc[:n], self._igfc[n:]
        for views, more in zip(self._ahead, self._more, strict=True):
            product, operand, xp, _, _, _, gc, c, tc, o, h = views
            ifg, gate_o, i_f, before = more
            product(operand, a)
            add(a, xp, a)
            multiply(self._peep_i_f[:n], before, seen[:n])
            multiply(self._peep_i_f[n:], before, seen[n:])
            add(a_if, seen, a_if)
            tanh(a_ifg, ifg)
            multiply(i_f, half, i_f)
            add(i_f, half, i_f)
            multiply(i_f, gc, igfc)
            add(ig, fc, c)
            multiply(self._peep_o, c, seen[:n])
            add(a_o, seen[:n], a_o)
            tanh(a_o, gate_o)
            multiply(o, half, o)
            add(o, half, o)
            tanh(c, tc)
            multiply(o, tc, h)

    def preactivations(self, matrix: Array, xp: Array) -> Array:
        assert self.c is not None
        n, a = self.dims.hidden, super().preactivations(matrix, xp)
        a[:, :n] += self._peep_o * self.c[1:]
        a[:, n : 2 * n] += self._peep_i_f[:n] * self.c[:-1]
        a[:, 2 * n : 3 * n] += self._peep_i_f[n:] * self.c[:-1]
        return a

    def _make_factors(self, *quantities: Array) -> None:
        super()._make_factors(*quantities)
        p_f, p_if, _, _, p_o, p_u = quantities[-6:]
        n, column = self.dims.hidden, self.arena.column
        weights = self.weights
        seen, more = (self.arena.scratch(f"peeped at {k}", *p_o.shape) for k in (0, 1))
        multiply(column(weights["w_co"]), p_o, seen)
        add(p_u, seen, p_u)
        multiply(column(weights["w_ci"]), p_if[:, :n], seen)
        multiply(column(weights["w_cf"]), p_if[:, n:], more)
        add(seen, more, seen)
        add(p_f, seen, p_f)

    def weight_gradients(self, dz: Array, grads: Mapping[str, Array]) -> list[Call]:
        return [*super().weight_gradients(dz, grads), partial(self._at_peepholes, grads)]

    def _at_peepholes(self, grads: Mapping[str, Array]) -> None:
        assert self.c is not None
        n = self.dims.hidden
        product = self.arena.scratch("peephole", *self.c[1:].shape)
        for name, start, seen in (
            ("w_ci", 0, self.c[:-1]),
            ("w_cf", n, self.c[:-1]),
            ("w_co", 3 * n, self.c[1:]),
        ):
            multiply(self.dz[:, start : start + n], seen, product)
            np.add.reduce(product, 0 if product.ndim == 2 else (0, 2), out=grads[name])
