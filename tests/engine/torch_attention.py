"""Where a decoder looks, written out in PyTorch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

torch = pytest.importorskip("torch")

Tensor = Any


def attention_shares(
    kind: str, weight: Mapping[str, Tensor], query: Tensor, memory: Tensor, lengths: Tensor
) -> Tensor:
    """(B, T_out, T_in) shares of the true steps of the encoder, for each step of the decoder."""
    if kind == "additive":
        mixed = (query @ weight["W_a"].T)[:, :, None] + (memory @ weight["U_a"].T)[:, None]
        scores = (torch.tanh(mixed) * weight["v_a"][0]).sum(-1)
    elif kind == "general":
        scores = query @ weight["W_a"] @ memory.transpose(1, 2)
    else:
        keys = memory @ weight["W_mem"].T if "W_mem" in weight else memory
        scores = query @ keys.transpose(1, 2)
    ended = torch.arange(memory.shape[1]) >= lengths[:, None]
    return torch.softmax(scores.masked_fill(ended[:, None], -torch.inf), -1)
