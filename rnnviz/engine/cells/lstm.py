"""The LSTM (Hochreiter, Schmidhuber 1997; forget gate: Gers et al. 2000), gates i, f, g, o.

i, f, o = σ(a_i), σ(a_f), σ(a_o), g = tanh(a_g), a = W_hh h_{t-1} + W_xh x_t + b_h;
c_t = f c_{t-1} + i g, h_t = o tanh(c_t).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy import add, multiply, subtract, tanh
from numpy.typing import NDArray

from rnnviz.engine.arena import Arena
from rnnviz.engine.cells.base import Cell, Dims, Views
from rnnviz.trace.record import Array


class Lstm(Cell):
    """The LSTM with its gates side by side, so that few operations serve all of them.

    σ(a) = ½ tanh(a/2) + ½, with the ½ folded into private copies of the weights (exact, a power
    of two): one tanh for all four gates. A step's row of ``_s`` is [o, i, f, g, c_{t-1}]: the
    three sigmoids are one run, and i g and f c_{t-1} are one product of two runs.

    On the way back everything that depends on the forward pass alone is a factor made for a
    block of steps at once, so that a step is five operations:
    dh = above + W_hhᵀ da_{t+1};  [da_o, u] = [h(1−o), o(1−tanh²c)]·dh;
    dc = u + carry;  [carry, da_i, da_f, da_g] = [f, ig(1−i), fc(1−f), i(1−g²)]·dc.
    """

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> None:
        super().__init__(dims, weights, arena)
        steps, n = dims.steps, dims.hidden
        self._s = arena.steps(steps + 1, 5 * n)
        # For one sequence rows that lie next to each other are filled faster.
        self.xp = arena.steps(steps, 4 * n) if arena.batch == 1 else self._s[:-1, : 4 * n]
        self.c = self._s[:, 4 * n :]
        self._tanh_c = arena.steps(steps, n)
        self._a, self._igfc = self.scratch(4 * n), self.scratch(2 * n)
        self._dh, self._dc = self.each_step(), self.each_step()
        # Rows [carry, da_i, da_f, da_g, da_o, u]; one row more for what comes after the end.
        self._q = arena.steps(steps + 1, 6 * n)
        self.dz = self.dr = self._q[:-1, n : 5 * n]
        self.c_after = self._q[-1, :n]
        self._zero = arena.steps(1, 6 * n)[0]
        first = self.blocks(6)[0]
        self._scaled = self.scaled(4)
        self._factors = arena.steps(first[1] - first[0], 6 * n)
        self._recurrent = self.private(4 * n, n)
        width = weights["W_xh"].shape[1]
        self.input_matrix = arena.array(width, 4 * n).T
        self.input_bias = self._input_bias = arena.array(4 * n)
        self._ahead = self._views_ahead()

    def load(self) -> None:
        n = self.dims.hidden
        for private, name in (
            (self._recurrent, "W_hh"),
            (self.input_matrix, "W_xh"),
            (self._input_bias, "b_h"),
        ):
            given = self.weights[name]
            multiply(given[3 * n :], self._half, private[:n])
            multiply(given[: 2 * n], self._half, private[n : 3 * n])
            private[3 * n :] = given[2 * n : 3 * n]

    def forward(self) -> None:
        a, igfc, half = self._a, self._igfc, self._half
        ig, fc = igfc[: self.dims.hidden], igfc[self.dims.hidden :]
        for product, operand, xp, gates, oif, i_f, gc, c, tc, o, h in self._ahead:
            product(operand, a)
            add(a, xp, a)
            tanh(a, gates)
            multiply(oif, half, oif)
            add(oif, half, oif)
            multiply(i_f, gc, igfc)
            add(ig, fc, c)
            tanh(c, tc)
            multiply(o, tc, h)

    def backward(self, cuts: tuple[int, ...]) -> None:
        scaled = self._scaled
        for forward, factors, steps, edge in self.views_back(cuts):
            self._make_factors(*forward, *factors)
            for product, operand, dh, above, p_o, da_o, p_u, u, carry, dc, f_dc, q_dc in steps:
                product(operand, dh)
                add(dh, above, dh)
                multiply(p_o, dh, da_o)
                multiply(p_u, dh, u)
                add(u, carry, dc)
                scaled(f_dc, dc, q_dc)
            self.fade(edge)

    def _make_factors(self, *quantities: Array) -> None:
        o, i, i_f, f, g, gc, h, tc, p_f, p_if, p_g, p_ou, p_o, p_u = quantities
        p_f[...] = f
        multiply(i_f, gc, p_ou)  # i g and f c, until p_o and p_u are written there
        subtract(self._one, i_f, p_if)
        multiply(p_if, p_ou, p_if)
        multiply(p_o, g, p_g)
        subtract(i, p_g, p_g)
        subtract(self._one, o, p_o)
        multiply(p_o, h, p_o)
        multiply(h, tc, p_u)
        subtract(o, p_u, p_u)

    def silence(self, padding: NDArray[np.bool_]) -> None:
        # f = 1 and all else 0 hands a gradient at the last cell state back through padding.
        n = self.dims.hidden
        for array in (self._s[:-1, : 2 * n], self._s[:-1, 3 * n : 4 * n]):
            np.copyto(array, 0.0, where=padding)
        np.copyto(self._s[:-1, 2 * n : 3 * n], 1.0, where=padding)
        for array in (self._s[1:, 4 * n :], self._tanh_c, self.h[1:]):
            np.copyto(array, 0.0, where=padding)

    def initial_gradient(self) -> dict[str, Array]:
        product, operand = self.recurrent(self.weights["W_hh"].T, self.dz[:1])[0]
        return {"h": product(operand), "c": self._q[0, : self.dims.hidden]}

    def record(self) -> dict[str, Array]:
        n = self.dims.hidden
        assert self.c is not None
        gates = {
            name: self._s[:-1, k * n : (k + 1) * n]
            for name, k in (("i", 1), ("f", 2), ("g", 3), ("o", 0))
        }
        return {"h": self.h[1:], "c": self.c[1:], **gates}

    def sums(self, xp: Array) -> Array:
        return self._unfolded(self.preactivations(self._recurrent, xp))

    def record_gradients(self) -> dict[str, Array]:
        return {"a": self.dz, "h": self._dh, "c": self._dc}

    def _unfolded(self, a: Array) -> Array:
        """Pre-activations in the order and scale of the weights."""
        n, out = self.dims.hidden, np.empty_like(a)
        multiply(a[:, n : 3 * n], 2.0, out[:, : 2 * n])
        out[:, 2 * n : 3 * n] = a[:, 3 * n :]
        multiply(a[:, :n], 2.0, out[:, 3 * n :])
        return out

    def _views_ahead(self) -> Views:
        n, s, c = self.dims.hidden, self._s, self.c
        assert c is not None
        states = list(self.h)
        products = self.recurrent(self._recurrent, states[:-1])
        rows = zip(
            products, self.xp, s, s[:, : 3 * n], s[:, n : 3 * n], s[:, 3 * n :],
            c[1:], self._tanh_c, s[:, :n], states[1:],
            strict=False,  # s has one row more
        )  # fmt: skip
        return [
            (product, operand, xp, row[: 4 * n], *rest)
            for (product, operand), xp, row, *rest in rows
        ]

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        n, s, q = self.dims.hidden, self._s, self._q
        handed = self.later(q, q[-1], cuts, self._zero)
        products = self.recurrent(self.weights["W_hh"].T, [row[n : 5 * n] for row in handed])
        dh, dc = self.rows_of(self._dh), self.rows_of(self._dc)
        views = []
        for start, stop in self.blocks(6):
            run = slice(start, stop)
            p = self._factors[: stop - start]
            o, i, f, g = (s[run, k * n : (k + 1) * n] for k in range(4))
            forward = (
                o, i, s[run, n : 3 * n], f, g, s[run, 3 * n :],
                self.h[start + 1 : stop + 1], self._tanh_c[run],
            )  # fmt: skip
            p_g, p_o, p_u = (p[:, k * n : (k + 1) * n] for k in (3, 4, 5))
            factors = (p[:, :n], p[:, n : 3 * n], p_g, p[:, 4 * n :], p_o, p_u)
            steps = [
                (
                    *products[t], dh[t], self.above[t],
                    p[t - start, 4 * n : 5 * n], q[t, 4 * n : 5 * n], p[t - start, 5 * n :],
                    q[t, 5 * n :], handed[t][:n], dc[t],
                    self.by_rows(p[t - start, : 4 * n], 4), self.by_rows(q[t, : 4 * n], 4),
                )
                for t in reversed(range(start, stop))
            ]  # fmt: skip
            views.append((forward, factors, steps, q[start]))
        return views
