"""What a model may be made of."""

from typing import Any

import pytest

from rnnviz.trace import ModelSpec, UserError

LIMITS = {
    "input_size": (1, 1_000_000),
    "hidden_size": (1, 8192),
    "output_size": (1, 1_000_000),
    "layers": (1, 16),
    "embedding_size": (0, 8192),
    "context_size": (0, 65_536),
}


def spec(**more: Any) -> ModelSpec:
    sizes = {"input_size": 3, "hidden_size": 2, "output_size": 3, "kind": "one-to-many"}
    return ModelSpec(**(sizes | more))


@pytest.mark.parametrize("name", LIMITS)
def test_a_size_may_be_as_small_and_as_large_as_is_said_and_no_more(name: str) -> None:
    low, high = LIMITS[name]
    for size in (low, high):
        assert getattr(spec(**{name: size}), name) == size
    for size in (low - 1, high + 1, -high, 2.0, True, "2"):
        with pytest.raises(UserError, match=rf"^{name} is .*; use a whole number from {low} to"):
            spec(**{name: size})


@pytest.mark.parametrize("name", ["bidirectional", "layer_norm", "peepholes", "learned_state"])
def test_what_is_there_or_not_is_true_or_false(name: str) -> None:
    for wrong in (1, 0, "true", None):
        with pytest.raises(UserError, match=rf"^{name} is .*; use true or false"):
            spec(**{name: wrong})


@pytest.mark.parametrize("dropout", [1, 1.0, -0.1, float("nan"), float("inf"), True, "0.5"])
def test_dropout_is_a_share_below_one(dropout: Any) -> None:
    with pytest.raises(UserError, match=r"^dropout is .*; use a share from 0"):
        spec(dropout=dropout)
