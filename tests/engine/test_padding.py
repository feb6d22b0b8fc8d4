"""Sequences of different lengths side by side give what each of them gives alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec

V, STEPS, LENGTHS = 4, 6, np.array([6, 1, 4])
CELLS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "rnn", "activation": "relu"},
    {"cell": "rnn", "activation": "linear"},
    {"cell": "rnn", "layer_norm": True},
    {"cell": "lstm"},
    {"cell": "lstm", "peepholes": True},
    {"cell": "lstm", "layer_norm": True},
    {"cell": "gru"},
    {"cell": "gru", "layer_norm": True},
]
KINDS: list[dict[str, Any]] = [
    {"kind": "aligned"},
    {"kind": "many-to-one", "head": "last"},
    {"kind": "many-to-one", "head": "max"},
    {"kind": "many-to-many"},
    {"kind": "many-to-many", "attention": "general"},
]


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELLS, ids=lambda c: "-".join(map(str, c.values())))
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: "-".join(k.values()))
@pytest.mark.parametrize("alone", [False, True])
def test_padding_changes_neither_a_loss_nor_a_gradient(
    kind: dict[str, Any], cell: dict[str, Any], bidirectional: bool, alone: bool
) -> None:
    spec = ModelSpec(
        input_size=V, hidden_size=5, output_size=V, learned_state=True, layers=2,
        bidirectional=bidirectional, **kind, **cell,
    )  # fmt: skip
    rng = np.random.default_rng(1)
    net = Network.create(spec, rng=rng, dtype=np.float64)
    net.params.flat[:] = rng.uniform(-0.6, 0.6, net.params.flat.size)
    ids = rng.integers(0, V, (2, STEPS, 3))
    decodes = spec.kind == "many-to-many"

    def batch(rows: slice, steps: int, lengths: Any = None) -> Batch:
        said = {"decoder_tokens": ids[1, :, rows]} if decodes else {}
        out = STEPS if decodes else steps
        return Batch(
            tokens=ids[0, :steps, rows], targets=ids[1, :out, rows], lengths=lengths, **said
        )

    loss, summed = 0.0, np.zeros_like(net.grads.flat)
    sequences = [1] if alone else [0, 1, 2]
    for b in sequences:
        single = batch(slice(b, b + 1), int(LENGTHS[b]))
        loss += net.loss_and_gradients(single) / len(sequences)
        summed += net.grads.flat / len(sequences)
    rows = slice(1, 2) if alone else slice(None)
    found = net.loss_and_gradients(batch(rows, STEPS, LENGTHS[rows]))
    assert found == pytest.approx(loss, rel=1e-12)
    assert np.abs(net.grads.flat - summed).max() <= 1e-11 * np.abs(summed).max()


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("layer_norm", [False, True])
@pytest.mark.parametrize(
    ("cell", "quiet"),
    [
        ("rnn", {"h": 0.0, "a": 0.0}),
        ("lstm", {"h": 0.0, "c": 0.0, "i": 0.0, "f": 1.0, "g": 0.0, "o": 0.0, "a": 0.0}),
        ("gru", {"h": 0.0, "r": 0.0, "z": 1.0, "n": 0.0, "m": 0.0, "a": 0.0}),
    ],
)
def test_after_its_end_a_sequence_stands_still_at_nothing(
    cell: Any, quiet: dict[str, float], layer_norm: bool, size: int
) -> None:
    spec = ModelSpec(input_size=V, hidden_size=5, output_size=V, cell=cell, layer_norm=layer_norm)
    net = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    ids = np.random.default_rng(1).integers(0, V, (2, STEPS, size))
    lengths = LENGTHS[-size:]
    trace = net.trace(Batch(tokens=ids[0], targets=ids[1], lengths=lengths))
    ended = np.arange(STEPS)[:, np.newaxis] >= lengths
    for name, value in quiet.items():
        assert (trace[f"{name}_l0"][ended] == value).all(), name
    for name in ("dL_dh_l0", "dL_da_l0", "dL_dx"):
        assert not trace[name][ended].any(), name
