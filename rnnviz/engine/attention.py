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

import numpy as np
from numpy.typing import NDArray

from rnnviz.engine.attention_scores import Additive, Dot, General, Room, Score, rows, swapped
from rnnviz.engine.parameters import Parameters
from rnnviz.trace.errors import UserError
from rnnviz.trace.record import Array
from rnnviz.trace.spec import ModelSpec

_NEVER = -1e30  # a score whose exponential is exactly 0, in every dtype and without NaN


class Attention:
    """Scores, their softmax over the encoder's steps, the context and the attended state.

    Attributes after ``forward``: ``weights`` (B, T_out, T_in), ``context`` (B, T_out, E),
    ``attended`` (B, T_out, H); after ``backward`` also ``weights_gradient``. The next pass of the
    same shapes writes into the same arrays.
    """

    def __init__(self, spec: ModelSpec, params: Parameters, grads: Parameters) -> None:
        scores: dict[str, type[Dot | General | Additive]] = {
            "dot": Dot,
            "general": General,
            "additive": Additive,
        }
        self._room = Room(params.dtype)
        self._score: Score = scores[spec.attention](params, grads, self._room)
        self._matrix, self._gradient = params["W_c"], grads["W_c"]

    def forward(self, query: Array, memory: Array, padding: NDArray[np.bool_] | None) -> Array:
        """``attended``; ``padding`` (B, T_in) is true where there is nothing to look at."""
        array, width = self._room.array, query.shape[2]
        self._query = array("query", *query.shape)
        self._query[...] = query  # products of rows that are no rows in memory are slow
        self._memory = array("memory", *memory.shape)
        self._memory[...] = memory
        self.weights = shares = array("weights", *query.shape[:2], memory.shape[1])
        self._score.forward(self._query, self._memory, shares)
        if padding is not None:
            np.copyto(shares, _NEVER, where=padding[:, None, :])
        row = array("row", *shares.shape[:2], 1)
        np.maximum.reduce(shares, -1, out=row, keepdims=True)
        np.subtract(shares, row, shares)
        np.exp(shares, shares)
        np.add.reduce(shares, -1, out=row, keepdims=True)
        np.divide(shares, row, shares)
        self.context = array("context", *query.shape[:2], memory.shape[2])
        np.matmul(shares, self._memory, self.context)
        self._joined = array("joined", *query.shape[:2], width + memory.shape[2])
        self._joined[..., :width], self._joined[..., width:] = query, self.context
        self.attended = array("attended", *query.shape)
        np.matmul(self._joined, self._matrix.T, self.attended)
        np.tanh(self.attended, self.attended)
        return self.attended

    def backward(self, gradient: Array) -> tuple[Array, Array]:
        """From ``gradient`` (B, T_out, H) at ``attended`` to those at query and memory."""
        array, query, memory, shares = self._room.array, self._query, self._memory, self.weights
        dz = array("dz", *query.shape)
        np.multiply(self.attended, self.attended, dz)
        np.subtract(1.0, dz, dz)
        np.multiply(dz, gradient, dz)
        np.matmul(rows(dz).T, rows(self._joined), self._gradient)
        at_joined = array("at joined", *self._joined.shape)
        np.matmul(dz, self._matrix, at_joined)
        width = query.shape[2]
        at_context = at_joined[..., width:]
        self.weights_gradient = array("at weights", *shares.shape)
        np.matmul(at_context, swapped(memory), self.weights_gradient)
        at_scores, row = array("at scores", *shares.shape), array("row", *shares.shape[:2], 1)
        np.multiply(self.weights_gradient, shares, at_scores)
        np.add.reduce(at_scores, -1, out=row, keepdims=True)
        np.subtract(self.weights_gradient, row, at_scores)
        np.multiply(at_scores, shares, at_scores)
        dq, dm = array("at query", *query.shape), array("at memory", *memory.shape)
        self._score.backward(query, memory, at_scores, dq, dm)
        np.add(dq, at_joined[..., :width], dq)
        through_context = array("through context", *memory.shape)
        np.matmul(swapped(shares), at_context, through_context)
        np.add(dm, through_context, dm)
        return dq, dm


def check_memory(memory: Array | None) -> Array:
    """The memory of a state, (B, T_in, E).

    Raises:
        UserError: if the state has none, because nothing was encoded.
    """
    if memory is None:
        raise UserError("the decoder has nothing to look at: encode an input first")
    return memory
