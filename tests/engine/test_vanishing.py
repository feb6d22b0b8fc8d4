"""A gradient on its way to nothing: exact while it counts, gone before it is slow to handle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.trace import ModelSpec


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("size", [1, 2])
def test_a_gradient_that_halves_is_dropped_before_it_is_subnormal_and_not_while_it_counts(
    cell: Any, size: int
) -> None:
    spec = ModelSpec(input_size=3, hidden_size=8, output_size=2, kind="many-to-one", cell=cell)
    exact = Network.create(spec, rng=np.random.default_rng(0), dtype=np.float64)
    for name in ("W_hh_l0", "W_xh_l0", "b_h_l0"):
        exact.params[name][...] *= 0.1
    if cell == "rnn":
        exact.params["W_hh_l0"][...] += 0.5 * np.eye(8)
    tokens = np.random.default_rng(1).integers(0, 3, (400, size))
    batch = Batch(tokens=tokens, targets=np.zeros(size, int))
    rounded = Network.create(spec, rng=np.random.default_rng(0))
    rounded.params.flat[:] = exact.params.flat
    found = np.abs(rounded.trace(batch)["dL_dh_l0"]).astype(np.float64)
    least = np.finfo(np.float32).tiny
    largest = found.max(axis=2)
    assert (largest[0] == 0.0).all()
    assert largest[largest > 0.0].min() >= least
    norms = np.linalg.norm(exact.trace(batch)["dL_dh_l0"], axis=2)
    counts = norms > 1e9 * least
    assert 50 < np.count_nonzero(counts[:, 0]) < 350
    np.testing.assert_allclose(np.linalg.norm(found, axis=2)[counts], norms[counts], rtol=1e-2)
