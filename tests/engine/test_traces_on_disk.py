"""Whatever the engine records can be saved and is recognised when it is opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.trace import ModelSpec, load_trace, save_trace

T, B, D, V = 5, 3, 4, 6
TOKENS = {"tokens": np.arange(T * B).reshape(T, B) % D}
CLASSES = {"targets": np.arange(T * B).reshape(T, B) % V}


@pytest.mark.parametrize(
    ("model", "batch"),
    [
        ({}, TOKENS | CLASSES),
        ({}, TOKENS),
        ({"cell": "jordan"}, TOKENS | CLASSES),
        ({"cell": "lstm", "peepholes": True, "learned_state": True}, TOKENS | CLASSES),
        ({"cell": "gru", "layers": 2, "bidirectional": True}, TOKENS | CLASSES),
        ({"cell": "lstm", "layer_norm": True, "layers": 2, "residual": True}, TOKENS | CLASSES),
        ({"input_kind": "embedding", "embedding_size": 7}, TOKENS | CLASSES),
        (
            {"input_kind": "vector", "loss": "squared-error"},
            {"x": np.ones((T, B, D)), "targets": np.ones((T, B, V))},
        ),
        (
            {"kind": "many-to-one", "head": "mean", "bidirectional": True},
            TOKENS | {"targets": np.array([0, 1, 2]), "lengths": np.array([5, 3, 1])},
        ),
        (
            {"kind": "one-to-many", "context_size": 8},
            TOKENS | CLASSES | {"context": np.ones((B, 8))},
        ),
        (
            {"kind": "many-to-many", "cell": "gru", "bidirectional": True, "attention": "additive"},
            TOKENS
            | {"decoder_tokens": np.zeros((T + 2, B), int), "targets": np.ones((T + 2, B), int)},
        ),
    ],
)
def test_every_kind_of_pass_survives_the_disk(tmp_path: Path, model: Any, batch: Any) -> None:
    spec = ModelSpec(**({"input_size": D, "hidden_size": 8, "output_size": V} | model))
    net = Network.create(spec, rng=np.random.default_rng(0))
    trace = net.trace(Batch(**batch))
    save_trace(trace, tmp_path / "t.npz")
    back = load_trace(tmp_path / "t.npz")
    assert back.spec == spec
    assert set(back) == set(trace)
    for name in trace:
        np.testing.assert_array_equal(back[name], trace[name])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_number_of_a_trace_has_the_precision_of_its_pass(dtype: Any) -> None:
    spec = ModelSpec(
        input_size=D, hidden_size=8, output_size=V, kind="one-to-many", context_size=8,
        loss="squared-error",
    )  # fmt: skip
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=dtype)
    numbers = {"targets": np.ones((T, B, V), np.float32), "context": np.ones((B, 8), np.float32)}
    trace = net.trace(Batch(**TOKENS, **numbers))  # type: ignore[arg-type]  # a mapping of arrays
    odd = {name: array.dtype for name, array in trace.arrays.items() if array.dtype.kind == "f"}
    assert {"targets", "context", "logits"} <= odd.keys()
    assert set(odd.values()) == {np.dtype(dtype)}
