"""Attention: at each decoder step, a weighted mean of all encoder states (Luong et al. 2015).

q_t is the decoder's top state, k_s the encoder's; weights α_ts = softmax_s(score(q_t, k_s)),
context = Σ_s α_ts k_s, attended h̃_t = tanh(W_c [q_t; context_t]). Scores:

- dot: q·k (k through W_mem where the encoder is bidirectional and twice as wide)
- general (Luong et al. 2015): q·W_a k
- additive (Bahdanau et al. 2015): v_a·tanh(W_a q + U_a k)

The context does not feed back into the decoder's recurrence, so all T_out steps are done at
once. Arrays here are batch first: ``query`` (B, T_out, H), ``memory`` (B, T_in, E).
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine.parameters import Parameters
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec

_NEVER = -1e30  # a score whose exponential is exactly 0, in every dtype and without NaN


class Score(ABC):
    """How well a query fits a key: (B, T_out, T_in)."""

    def __init__(self, params: Parameters, grads: Parameters) -> None:
        self.params = params
        self.grads = grads

    @abstractmethod
    def forward(self, query: Array, memory: Array) -> Array:
        """The scores (B, T_out, T_in) of ``query`` (B, T_out, H) and ``memory`` (B, T_in, E)."""

    @abstractmethod
    def backward(self, query: Array, memory: Array, gradient: Array) -> tuple[Array, Array]:
        """From ``gradient`` (B, T_out, T_in) at the scores to those at ``query`` and ``memory``, in
        their shapes; fills those of the weights."""


class Dot(Score):
    """q·k, with k = W_mem memory where widths differ."""

    def forward(self, query: Array, memory: Array) -> Array:
        return query @ _swap(self._keys(memory))

    def backward(self, query: Array, memory: Array, gradient: Array) -> tuple[Array, Array]:
        dq = gradient @ self._keys(memory)
        dk = _swap(gradient) @ query
        if "W_mem" in self.params:
            self.grads["W_mem"][...] = np.einsum("bth,bte->he", dk, memory)
            dk = dk @ self.params["W_mem"]
        return dq, dk

    def _keys(self, memory: Array) -> Array:
        if "W_mem" not in self.params:
            return memory
        keys: Array = memory @ self.params["W_mem"].T
        return keys


class General(Score):
    """q·W_a k."""

    def forward(self, query: Array, memory: Array) -> Array:
        return (query @ self.params["W_a"]) @ _swap(memory)

    def backward(self, query: Array, memory: Array, gradient: Array) -> tuple[Array, Array]:
        matrix = self.params["W_a"]
        mixed = gradient @ memory
        self.grads["W_a"][...] = np.einsum("bth,bte->he", query, mixed)
        return mixed @ matrix.T, _swap(gradient) @ (query @ matrix)


class Additive(Score):
    """v_a·tanh(W_a q + U_a k)."""

    def forward(self, query: Array, memory: Array) -> Array:
        self._mixed = np.tanh(
            (query @ self.params["W_a"].T)[:, :, None] + (memory @ self.params["U_a"].T)[:, None]
        )
        scores: Array = self._mixed @ self.params["v_a"][0]
        return scores

    def backward(self, query: Array, memory: Array, gradient: Array) -> tuple[Array, Array]:
        grads, mixed = self.grads, self._mixed
        grads["v_a"][0] = np.einsum("bts,btsh->h", gradient, mixed)
        dz = gradient[..., None] * self.params["v_a"][0] * (1.0 - mixed * mixed)
        at_query, at_memory = dz.sum(axis=2), dz.sum(axis=1)
        grads["W_a"][...] = np.einsum("bth,btq->hq", at_query, query)
        grads["U_a"][...] = np.einsum("bsh,bse->he", at_memory, memory)
        return at_query @ self.params["W_a"], at_memory @ self.params["U_a"]


class Attention:
    """Scores, their softmax over the encoder's steps, the context and the attended state.

    Attributes after ``forward``: ``weights`` (B, T_out, T_in), ``context`` (B, T_out, E),
    ``attended`` (B, T_out, H); after ``backward`` also ``weights_gradient``.
    """

    def __init__(self, spec: ModelSpec, params: Parameters, grads: Parameters) -> None:
        scores: dict[str, type[Dot | General | Additive]] = {
            "dot": Dot,
            "general": General,
            "additive": Additive,
        }
        self._score: Score = scores[spec.attention](params, grads)
        self._matrix, self._gradient = params["W_c"], grads["W_c"]

    def forward(self, query: Array, memory: Array, padding: NDArray[np.bool_] | None) -> Array:
        """``attended``; ``padding`` (B, T_in) is true where there is nothing to look at."""
        self._query, self._memory = query, memory
        scores = self._score.forward(query, memory)
        if padding is not None:
            scores = np.where(padding[:, None, :], _NEVER, scores)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        self.weights: Array = shares / shares.sum(axis=-1, keepdims=True)
        self.context: Array = np.matmul(self.weights, memory)
        self._joined = np.concatenate((query, self.context), axis=-1)
        attended: Array = np.tanh(self._joined @ self._matrix.T)
        self.attended = attended
        return attended

    def backward(self, gradient: Array) -> tuple[Array, Array]:
        """From ``gradient`` (B, T_out, H) at ``attended`` to those at query and memory."""
        dz = gradient * (1.0 - self.attended * self.attended)
        self._gradient[...] = np.einsum("bth,btj->hj", dz, self._joined)
        joined = dz @ self._matrix
        width = self._query.shape[-1]
        dq, at_context = joined[..., :width], joined[..., width:]
        dw = at_context @ _swap(self._memory)
        self.weights_gradient: Array = dw
        dm = _swap(self.weights) @ at_context
        inner = (dw * self.weights).sum(axis=-1, keepdims=True)
        from_query, from_memory = self._score.backward(
            self._query, self._memory, self.weights * (dw - inner)
        )
        return dq + from_query, dm + from_memory


def check_memory(memory: Array | None) -> Array:
    """The memory of a state, (B, T_in, E).

    Raises:
        UserError: if the state has none, because nothing was encoded.
    """
    if memory is None:
        raise UserError("the decoder has nothing to look at: encode an input first")
    return memory


def _swap(array: Array) -> Array:
    return array.swapaxes(-1, -2)
