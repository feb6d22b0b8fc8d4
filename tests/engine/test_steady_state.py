"""Buffers are made once: training, recorded or not, takes no memory while it runs."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network, TraceRecorder, make_optimizer
from rnnviz.trace import ModelSpec


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "jordan"])
@pytest.mark.parametrize("input_kind", ["one-hot", "vector"])
@pytest.mark.parametrize("size", [1, 16])
@pytest.mark.parametrize("traced", [False, True])
def test_training_takes_no_memory_once_it_runs(
    cell: Any, input_kind: Any, size: int, traced: bool
) -> None:
    spec = ModelSpec(input_size=9, hidden_size=40, output_size=9, cell=cell, input_kind=input_kind)
    network = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    optimizer = make_optimizer("adam", network.params)
    rng = np.random.default_rng(1)
    targets = rng.integers(0, 9, (4800 // size, size))
    if input_kind == "vector":
        batch = Batch(x=rng.normal(size=(*targets.shape, 9)).astype(np.float32), targets=targets)
    else:
        batch = Batch(tokens=targets, targets=targets)
    go = TraceRecorder(network).capture if traced else network.loss_and_gradients

    def iterate() -> None:
        go(batch)
        optimizer.step(network.grads)

    for _ in range(3):
        iterate()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    for _ in range(3):
        iterate()
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # One row of numbers per step and unit is 768 kB; NumPy itself borrows three times 8192.
    assert after - before < 4_000
    assert peak - before < 150_000


@pytest.mark.parametrize("attention", ["dot", "general", "additive"])
@pytest.mark.parametrize("traced", [False, True])
def test_looking_at_the_encoder_takes_none_either(attention: Any, traced: bool) -> None:
    spec = ModelSpec(
        input_size=9, hidden_size=24, output_size=9, kind="many-to-many", attention=attention,
        bidirectional=True,
    )  # fmt: skip
    network = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    tokens = np.random.default_rng(1).integers(0, 9, (80, 8))
    batch = Batch(tokens=tokens, targets=tokens, decoder_tokens=tokens)
    go = TraceRecorder(network).capture if traced else network.loss_and_gradients
    for _ in range(3):
        go(batch)
    tracemalloc.start()
    go(batch)  # the states that are handed on are new in every pass, in place of the last ones
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    for _ in range(3):
        go(batch)
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The shares alone, one number for each pair of steps, are 205 kB.
    assert after - before < 4_000
    assert peak - before < 180_000


@pytest.mark.parametrize(
    "model",
    [
        {"cell": "rnn", "layer_norm": True},
        {"cell": "lstm", "layer_norm": True},
        {"cell": "gru", "layer_norm": True},
        {"cell": "lstm", "peepholes": True},
        {"cell": "gru", "layers": 2, "dropout": 0.3},
        {"input_kind": "embedding", "embedding_size": 64},
        {"kind": "many-to-one", "head": "mean"},
        {"kind": "many-to-one", "head": "max"},
    ],
)
def test_what_cells_and_heads_have_in_addition_takes_none_either(model: Any) -> None:
    spec = ModelSpec(input_size=9, hidden_size=64, output_size=9, **model)
    network = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    tokens = np.random.default_rng(1).integers(0, 9, (60, 16))
    batch = Batch(tokens=tokens, targets=tokens)
    rng = np.random.default_rng(2)
    for _ in range(3):
        network.loss_and_gradients(batch, rng=rng)
    tracemalloc.start()
    network.loss_and_gradients(batch)  # the gradient at the first state is new in every pass
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    for _ in range(3):
        network.loss_and_gradients(batch, rng=rng)
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # One row of numbers per step and unit is 246 kB; a single step works in a few of its own.
    assert after - before < 4_000
    assert peak - before < 150_000


def test_truncated_backpropagation_takes_none_either() -> None:
    spec = ModelSpec(input_size=9, hidden_size=40, output_size=9)
    network = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    tokens = np.random.default_rng(1).integers(0, 9, (4800, 1))
    batch = Batch(tokens=tokens, targets=tokens)
    for _ in range(3):
        network.loss_and_gradients(batch, window=5)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    network.loss_and_gradients(batch, window=5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The cuts themselves, 959 numbers of Python's, are 38 kB; a row for each would be 154.
    assert peak - before < 120_000


def test_a_small_model_does_not_take_a_big_block() -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4, cell="lstm")
    tokens = np.array([[0], [1], [2], [2]])
    tracemalloc.start()
    network = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float32)
    network.loss_and_gradients(Batch(tokens=tokens, targets=tokens))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 1_000_000
