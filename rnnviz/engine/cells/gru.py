"""The GRU (Cho et al. 2014), reset **after** the recurrent product, as PyTorch and cuDNN do it.

r, z = σ(a_r), σ(a_z); m_t = W_hn h_{t-1} + b_hn; n_t = tanh(W_xn x_t + b_n + r m_t);
h_t = n_t + z (h_{t-1} − n_t).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
from numpy import add, multiply, subtract, tanh
from numpy.typing import NDArray

from rnnviz.engine import products
from rnnviz.engine.arena import Arena, Columns
from rnnviz.engine.cells.base import Cell, Dims, Views
from rnnviz.engine.products import Call
from rnnviz.trace.record import Array


class Gru(Cell):
    """The GRU with r and z side by side and their ½ folded into the weights (see the LSTM).

    On the way back every quantity is one factor times dh_t, the factors made for a block of
    steps at once: dh = above + carry_{t+1} + Wᵀ [dm, da_r, da_z]_{t+1};
    [carry, dm, da_r, da_z, da_n] = [z, P r, P m r(1−r), (h_{t-1} − n) z(1−z), P]·dh,
    P = (1−z)(1−n²).
    """

    def __init__(self, dims: Dims, weights: Mapping[str, Array], arena: Arena) -> None:
        super().__init__(dims, weights, arena)
        steps, n = dims.steps, dims.hidden
        self.xp = self._gates = arena.steps(steps, 3 * n)  # r, z, n
        self._m = arena.steps(steps, n)
        self._a = self.scratch(3 * n)
        self._a_parts = self._a[: 2 * n], self._a[2 * n :]
        self._step = arena.steps(1, n)[0]
        self._dh = self.each_step()
        # Rows [carry, dm, da_r, da_z, da_n]; one row more for what comes after the end.
        self._q = arena.steps(steps + 1, 5 * n)
        self._zero = arena.steps(1, 5 * n)[0]
        self.dz = self._q[:-1, 2 * n :]
        self.dr = self._q[:-1, n : 4 * n]
        first = self.blocks(5)[0]
        self._scaled = self.scaled(5)
        self._factors = arena.steps(first[1] - first[0], 5 * n)
        self._recurrent = self.private(3 * n, n)  # rows r, z halved, then n
        # Rows n, r, z, the order of dr: W_hh for the way back, and its gradient.
        self._back_matrix, self._at_recurrent = arena.array(3 * n, n), arena.array(3 * n, n)
        self.input_matrix = arena.array(weights["W_xh"].shape[1], 3 * n).T
        self.input_bias = self._input_bias = arena.array(3 * n)
        # b_hn written out for every sequence, see ``Arena.spread``.
        self._hidden_bias = arena.array(*arena.shape(n))
        self._at_biases = arena.array(3 * n)
        self._ahead = self._views_ahead()

    def load(self) -> None:
        n = self.dims.hidden
        for private, name in (
            (self._recurrent, "W_hh"),
            (self.input_matrix, "W_xh"),
            (self._input_bias, "b_h"),
        ):
            given = self.weights[name]
            multiply(given[: 2 * n], self._half, private[: 2 * n])
            private[2 * n :] = given[2 * n :]
        given = self.weights["W_hh"]
        self._back_matrix[:n] = given[2 * n :]
        self._back_matrix[n:] = given[: 2 * n]
        self._hidden_bias[...] = self.arena.column(self.weights["b_hn"])

    def forward(self) -> None:
        bias, step, half = self._hidden_bias, self._step, self._half
        a, (a_rz, a_n) = self._a, self._a_parts
        for product, operand, rz, r, z, m, n, before, h in self._ahead:
            product(operand, a)
            add(a_rz, rz, a_rz)  # xp stands in the gates
            tanh(a_rz, rz)
            multiply(rz, half, rz)
            add(rz, half, rz)
            add(a_n, bias, m)
            multiply(r, m, a_n)
            add(a_n, n, a_n)
            tanh(a_n, n)
            subtract(before, n, step)
            multiply(z, step, step)
            add(n, step, h)

    def backward(self, cuts: tuple[int, ...]) -> None:
        scaled = self._scaled
        for forward, factors, steps, edge in self.views_back(cuts):
            self._make_factors(*forward, *factors)
            for product, operand, dh, above, carry, factor, q in steps:
                product(operand, dh)
                add(dh, above, dh)
                add(dh, carry, dh)
                scaled(factor, dh, q)
            self.fade(edge)

    def _make_factors(  # one argument a quantity of the formulas
        self, r: Array, z: Array, n: Array, m: Array, before: Array,
        p_carry: Array, p_m: Array, p_r: Array, p_z: Array, p_n: Array,
    ) -> None:  # fmt: skip
        one = self._one
        subtract(one, z, p_carry)  # 1 − z, until z itself is written there
        subtract(before, n, p_z)
        multiply(p_z, p_carry, p_z)
        multiply(p_z, z, p_z)
        multiply(n, n, p_n)
        subtract(one, p_n, p_n)
        multiply(p_n, p_carry, p_n)
        multiply(p_n, r, p_m)
        subtract(one, r, p_r)
        multiply(p_r, m, p_r)
        multiply(p_r, p_m, p_r)
        p_carry[...] = z

    def _shared_columns(self) -> Columns:
        """dm, da_r, da_z, da_n of some sequences as one matrix: what ``dr`` and ``dz`` share is
        copied once, and some of its rows are a matrix again."""
        return self.arena.columns(self._q[:-1, self.dims.hidden :], "gradient")

    def gradient_columns(self) -> Columns:
        if self.arena.batch == 1:
            return super().gradient_columns()
        both, fill = self._shared_columns()
        return Columns(both[self.dims.hidden :], fill)

    def weight_gradients(self, dz: Array, grads: Mapping[str, Array]) -> list[Call]:
        n, found, out = self.dims.hidden, self._at_recurrent, grads["W_hh"]
        previous = self.previous_columns()
        if self.arena.batch == 1:
            dr, fill = self.arena.columns(self.dr, "recurrent gradient")
            biases: list[Call] = [
                products.bias_gradient(dr, self._ones, self._at_biases),
                partial(np.copyto, grads["b_hn"], self._at_biases[:n]),
            ]
        else:
            dr, fill = self._shared_columns().matrix[: 3 * n], ()
            biases = [products.bias_gradient(dr[:n], self._ones, grads["b_hn"])]
        return [
            *fill,
            *previous.fill,
            products.weight_gradient(dr, previous.matrix, found),
            partial(np.copyto, out[: 2 * n], found[n:]),
            partial(np.copyto, out[2 * n :], found[:n]),
            *biases,
        ]

    def silence(self, padding: NDArray[np.bool_]) -> None:
        # z = 1 and all else 0 hands a gradient at the last state back through padding.
        n, gates = self.dims.hidden, self._gates
        for array in (gates[:, :n], gates[:, 2 * n :], self._m, self.h[1:]):
            np.copyto(array, 0.0, where=padding)
        np.copyto(gates[:, n : 2 * n], 1.0, where=padding)

    def initial_gradient(self) -> dict[str, Array]:
        product, operand = self.recurrent(self._back_matrix.T, self.dr[:1])[0]
        return {"h": product(operand) + self._q[0, : self.dims.hidden]}

    def record(self) -> dict[str, Array]:
        n, gates = self.dims.hidden, self._gates
        named = {name: gates[:, k * n : (k + 1) * n] for k, name in enumerate("rzn")}
        return {"h": self.h[1:], "m": self._m, **named}

    def sums(self, xp: Array) -> Array:
        n, a = self.dims.hidden, self.preactivations(self._recurrent, xp)
        multiply(a[:, : 2 * n], 2.0, a[:, : 2 * n])
        multiply(self._gates[:, :n], self._m, a[:, 2 * n :])
        add(a[:, 2 * n :], xp[:, 2 * n :], a[:, 2 * n :])
        return a

    def record_gradients(self) -> dict[str, Array]:
        return {"a": self.dz, "h": self._dh}

    def _views_ahead(self) -> Views:
        n, gates = self.dims.hidden, self._gates
        states = list(self.h)
        recurrent = self.recurrent(self._recurrent, states[:-1])
        return [
            (
                product, operand, gate[: 2 * n], gate[:n], gate[n : 2 * n],
                m, gate[2 * n :], before, h,
            )
            for (product, operand), gate, m, before, h in zip(
                recurrent, gates, self._m, states[:-1], states[1:],
                strict=True,
            )
        ]  # fmt: skip

    def _views_back(self, cuts: tuple[int, ...]) -> Views:
        n, q, gates = self.dims.hidden, self._q, self._gates
        handed = self.later(q, q[-1], cuts, self._zero)
        recurrent = self.recurrent(self._back_matrix.T, [row[n : 4 * n] for row in handed])
        dh = self.rows_of(self._dh)
        views = []
        for start, stop in self.blocks(5):
            run = slice(start, stop)
            p = self._factors[: stop - start]
            forward = (
                gates[run, :n], gates[run, n : 2 * n], gates[run, 2 * n :],
                self._m[run], self.h[start:stop],
            )  # fmt: skip
            factors = tuple(p[:, k * n : (k + 1) * n] for k in range(5))
            steps = [
                (
                    *recurrent[t], dh[t], self.above[t], handed[t][:n],
                    self.by_rows(p[t - start], 5), self.by_rows(q[t], 5),
                )
                for t in reversed(range(start, stop))
            ]  # fmt: skip
            views.append((forward, factors, steps, q[start]))
        return views
