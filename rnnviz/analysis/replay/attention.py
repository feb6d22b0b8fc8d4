"""Attention on the tape: a weighted mean of the encoder's states for each decoder step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rnnviz.analysis.layers import Array
from rnnviz.analysis.replay.recorder import Recorder
from rnnviz.analysis.replay.tape import Var, concatenate
from rnnviz.trace import ModelSpec


def attend(
    spec: ModelSpec,
    record: Recorder,
    weights: Mapping[str, Var],
    query: list[Var],
    memory: list[Var],
    counted: Array,
) -> list[Var]:
    """T_out queries (B, H) and T_in memories (B, E) → T_out attended states (B, H).

    α = softmax over s of score(q, k_s), context = Σ α_s k_s, attended =
    tanh(W_c [q; context]). ``counted`` (T_in, B) is False at padding, which weighs nothing.
    Scores: dot q·k (k through W_mem where the widths differ), general q·W_a k, additive
    v_a·tanh(W_a q + U_a k). Source: Luong et al. (arXiv 1508.04025), Bahdanau et al.
    (arXiv 1409.0473).
    """
    keys = _keys(spec, weights, memory)
    nothing = np.where(counted.T, 0.0, -1e30)
    attended = []
    for step, q in enumerate(query):
        asked = q.through(weights["W_a"]) if spec.attention == "additive" else q
        scores = concatenate([_score(spec, weights, asked, key) for key in keys])
        alpha = record.put("attention", step, (scores + nothing).softmax())
        context = alpha.block(0, 1) * memory[0]
        for s, state in enumerate(memory[1:], start=1):
            context = context + alpha.block(s, s + 1) * state
        context = record.put("attention_context", step, context)
        joined = concatenate([q, context])
        attended.append(record.put("attended", step, joined.through(weights["W_c"]).tanh()))
    return attended


def _keys(spec: ModelSpec, weights: Mapping[str, Var], memory: list[Var]) -> list[Var]:
    """What the scores compare the query with, computed once for all decoder steps."""
    if spec.attention == "additive":
        return [state.through(weights["U_a"]) for state in memory]
    if spec.attention == "general":
        return [state.through(weights["W_a"]) for state in memory]
    if "W_mem" in weights:
        return [state.through(weights["W_mem"]) for state in memory]
    return memory


def _score(spec: ModelSpec, weights: Mapping[str, Var], query: Var, key: Var) -> Var:
    """(B, 1)."""
    if spec.attention == "additive":
        return (query + key).tanh().through(weights["v_a"])
    return (query * key).last_axis_sum()
