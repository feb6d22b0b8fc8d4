"""The GRU step, reset after the product: n = tanh(W_xn x + b_n + r⊙m), m = W_hn h′ + b_hn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnviz.analysis.layers import LayerRun
from rnnviz.analysis.steps.base import Steps, weighted_rows

Array = NDArray[Any]


class GruSteps(Steps):
    """h = (1−z)⊙n + z⊙h′, gates r, z, n, previous state h′.

    With α_z = (h′−n) z(1−z), α_n = (1−z)(1−n²), α_r = α_n m r(1−r):

    J = diag(z) + diag(α_z) W_z + diag(α_n r) W_n + diag(α_r) W_r, and for the input
    diag(α_z) U_z + diag(α_n) U_n + diag(α_r) U_r.

    Source: Cho et al. (arXiv 1406.1078) in the variant of cuDNN and PyTorch, whose r scales the
    product and not the state that goes into it; derived here.
    """

    def __init__(self, run: LayerRun, dtype: Any) -> None:
        H = run.hidden_size
        super().__init__(run.steps, H, H, dtype)
        r, z, n, m = (run.sequence(name).astype(dtype, copy=False) for name in "rznm")
        previous = run.previous_h.astype(dtype, copy=False)
        self._z = z
        self._alpha_z = (previous - n) * z * (1 - z)
        self._alpha_n = (1 - z) * (1 - n * n)
        self._alpha_r = self._alpha_n * m * r * (1 - r)
        self._alpha_m = self._alpha_n * r
        self._W_hh = np.ascontiguousarray(run.W_hh, dtype=dtype).reshape(3, H, H)
        self._W_xh = np.ascontiguousarray(run.W_xh, dtype=dtype).reshape(3, H, -1)
        self._buffer = np.empty((H, H), dtype)
        self._term = np.empty((H, H), dtype)
        self._diagonal = self._buffer.reshape(-1)[:: H + 1]

    def hidden_jacobian(self, t: int) -> Array:
        self._fold(self._W_hh, self._alpha_m[t], t, self._buffer, self._term)
        self._diagonal += self._z[t]
        return self._buffer

    def input_jacobian(self, t: int) -> Array:
        folded = np.empty((self.hidden_size, self._W_xh.shape[2]), self.dtype)
        self._fold(self._W_xh, self._alpha_n[t], t, folded, np.empty_like(folded))
        return folded

    def _fold(self, weight: Array, candidate: Array, t: int, out: Array, term: Array) -> None:
        weighted_rows(weight[0], self._alpha_r[t], out)
        weighted_rows(weight[1], self._alpha_z[t], term)
        out += term
        weighted_rows(weight[2], candidate, term)
        out += term
