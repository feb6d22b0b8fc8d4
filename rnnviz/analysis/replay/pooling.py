"""What the output layer reads: each state, or all states up to it pooled into one."""

from __future__ import annotations

import numpy as np

from rnnviz.analysis.replay.tape import Var, choose, concatenate
from rnnviz.trace import ModelSpec


def pooled(spec: ModelSpec, top: list[Var]) -> list[Var]:
    """T × (B, F) top states → T × (B, F) features; at step t as if the sequence ended there."""
    if spec.head == "mean":
        return _means(top)
    if spec.head == "max":
        return _maxima(top)
    if spec.head == "last" and spec.bidirectional:
        H = spec.hidden_size
        whole = top[0].block(H, 2 * H)
        return [concatenate([h.block(0, H), whole]) for h in top]
    return top


def _means(top: list[Var]) -> list[Var]:
    total = top[0]
    means = [total]
    for count, h in enumerate(top[1:], start=2):
        total = total + h
        means.append(total * (1.0 / count))
    return means


def _maxima(top: list[Var]) -> list[Var]:
    largest = [top[0]]
    for h in top[1:]:
        raised = np.asarray(h.value > largest[-1].value)
        largest.append(choose(raised, h, largest[-1]))
    return largest
