"""The LSTM step: c_t = f⊙c_{t−1} + i⊙g, h_t = o⊙tanh(c_t), as a joint map of [h; c]."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerRun, find
from rnnviz.analysis.steps.base import Steps, weighted_rows

Array = NDArray[Any]


class LstmSteps(Steps):
    """Gates i, f, g, o; peepholes p_i, p_f read c_{t−1} and p_o reads c_t.

    With α_i = g i(1−i), α_f = c_{t−1} f(1−f), α_g = i(1−g²), α_o = tanh(c) o(1−o):

    - ∂c/∂c′ = diag(f + α_i p_i + α_f p_f) = diag(keep)
    - ∂c/∂h′ = diag(α_i) W_i + diag(α_f) W_f + diag(α_g) W_g
    - ∂h/∂c  = diag(o (1 − tanh²c) + α_o p_o) = diag(expose)
    - ∂h/∂h′ = diag(α_o) W_o + diag(expose) ∂c/∂h′, ∂h/∂c′ = diag(expose ⊙ keep)

    Folding the gates into one (2H, H) matrix before the product halves the work of pulling many
    gradients back. Source: Hochreiter & Schmidhuber, Neural Computation 9 (1997), with the forget
    gate of Gers, Schmidhuber & Cummins, Neural Computation 12 (2000), and the peepholes of Gers,
    Schraudolph & Schmidhuber, JMLR 3 (2002); derived here, and held to finite differences by
    the tests.
    """

    def __init__(self, run: LayerRun, dtype: Any) -> None:
        H = run.hidden_size
        super().__init__(run.steps, H, 2 * H, dtype)
        i, f, g, o, c = (run.sequence(n).astype(dtype, copy=False) for n in "ifgoc")
        previous_c = run.previous("c").astype(dtype, copy=False)
        squashed = np.tanh(c)
        self._alpha_i = g * i * (1 - i)
        self._alpha_f = previous_c * f * (1 - f)
        self._alpha_g = i * (1 - g * g)
        self._alpha_o = squashed * o * (1 - o)
        self.keep = f.copy()
        self.expose = o * (1 - squashed * squashed)
        if run.trace.spec.peepholes:
            p_i, p_f, p_o = _peepholes(run)
            self.keep += self._alpha_i * p_i.astype(dtype) + self._alpha_f * p_f.astype(dtype)
            self.expose += self._alpha_o * p_o.astype(dtype)
        self.cross = self.expose * self.keep
        self._W_hh = np.ascontiguousarray(run.W_hh, dtype=dtype).reshape(4, H, H)
        self._W_xh = np.ascontiguousarray(run.W_xh, dtype=dtype).reshape(4, H, -1)
        self._buffer = np.empty((2 * H, H), dtype)
        self._term = np.empty((H, H), dtype)

    def hidden_jacobian(self, t: int) -> Array:
        self._fold(self._W_hh, t, self._buffer, self._term)
        return self._buffer

    def input_jacobian(self, t: int) -> Array:
        width = self._W_xh.shape[2]
        folded = np.empty((self.state_size, width), self.dtype)
        self._fold(self._W_xh, t, folded, np.empty((self.hidden_size, width), self.dtype))
        return folded

    def _fold(self, weight: Array, t: int, out: Array, term: Array) -> None:
        H = self.hidden_size
        into_h, into_c = out[:H], out[H:]
        weighted_rows(weight[0], self._alpha_i[t], into_c)
        weighted_rows(weight[1], self._alpha_f[t], term)
        into_c += term
        weighted_rows(weight[2], self._alpha_g[t], term)
        into_c += term
        weighted_rows(into_c, self.expose[t], into_h)
        weighted_rows(weight[3], self._alpha_o[t], term)
        into_h += term

    def jacobian(self, t: int) -> Array:
        H = self.hidden_size
        joint = np.zeros((2 * H, 2 * H), self.dtype)
        joint[:, :H] = self.hidden_jacobian(t)
        units = np.arange(H)
        joint[units, H + units] = self.cross[t]
        joint[H + units, H + units] = self.keep[t]
        return joint

    def pull(self, gradients: Array, t: int, out: Array) -> None:
        H = self.hidden_size
        np.matmul(gradients, self.hidden_jacobian(t), out=out[:, :H])
        np.multiply(gradients[:, :H], self.cross[t], out=out[:, H:])
        out[:, H:] += gradients[:, H:] * self.keep[t]


def _peepholes(run: LayerRun) -> tuple[Array, Array, Array]:
    p_i, p_f, p_o = (find(run.trace, run.name.array(f"w_c{gate}")) for gate in "ifo")
    return p_i, p_f, p_o
