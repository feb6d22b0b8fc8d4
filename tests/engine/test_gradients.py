"""Every gradient of the engine against the complex step, in float64."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.engine import Batch
from rnnviz.trace import ModelSpec
from tests.engine.complex_step import derivative, relative_error, twin_networks


@pytest.mark.parametrize("input_kind", ["one-hot", "vector", "embedding"])
@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", ["tanh", "relu", "lstm", "gru"])
def test_the_gradient_of_every_parameter_matches_the_complex_step(
    input_kind: str, size: int, layers: int, cell: str
) -> None:
    rng = np.random.default_rng(3)
    spec = ModelSpec(
        input_size=5,
        hidden_size=4,
        output_size=6,
        input_kind=input_kind,  # type: ignore[arg-type]  # parametrised
        embedding_size=3 if input_kind == "embedding" else 0,
        layers=layers,
        cell=cell if cell in ("lstm", "gru") else "rnn",  # type: ignore[arg-type]  # parametrised
        activation="relu" if cell == "relu" else "tanh",
    )
    targets = rng.integers(-1, 6, (5, size))
    if input_kind == "vector":
        batch = Batch(x=rng.normal(size=(5, size, 5)), targets=targets)
    else:
        batch = Batch(tokens=rng.integers(0, 5, (5, size)), targets=targets)
    network, twin = twin_networks(spec, seed=7)
    network.loss_and_gradients(batch)
    exact = derivative(twin, twin.params.flat, batch)
    assert relative_error(network.grads.flat, exact) <= 1e-12
