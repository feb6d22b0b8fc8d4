"""The same models in PyTorch: outputs, loss, gradients of parameters and inputs, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network, make_optimizer
from rnnviz.trace import ModelSpec

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.reference

SIZES = {"input_size": 5, "hidden_size": 7, "output_size": 6}


def recurrent_twin(network: Network) -> Any:
    """``nn.RNN``/``LSTM``/``GRU`` with the weights of ``network``; our one bias is their first."""
    spec, params = network.spec, network.params
    options: dict[str, Any] = {
        "num_layers": spec.layers,
        "bidirectional": spec.bidirectional,
        "dtype": torch.float64,
    }
    if spec.cell == "rnn":
        options["nonlinearity"] = spec.activation
    kind = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[spec.cell]
    twin = kind(spec.input_size, spec.hidden_size, **options)
    state = {}
    for name in spec.layer_names():
        state[f"weight_ih_{name}"] = torch.tensor(params[f"W_xh_{name}"].copy())
        state[f"weight_hh_{name}"] = torch.tensor(params[f"W_hh_{name}"].copy())
        state[f"bias_ih_{name}"] = torch.tensor(params[f"b_h_{name}"].copy())
        second = np.zeros_like(params[f"b_h_{name}"])
        if spec.cell == "gru":
            second[2 * spec.hidden_size :] = params[f"b_hn_{name}"]
        state[f"bias_hh_{name}"] = torch.tensor(second)
    twin.load_state_dict(state)
    return twin


def make_network(size: int = 0, **fields: Any) -> Network:
    spec = ModelSpec(**SIZES, input_kind="vector", **fields)
    return Network.create(spec, rng=np.random.default_rng(size), dtype=np.float64)


def close(ours: np.ndarray, theirs: Any, tolerance: float = 1e-10) -> bool:
    theirs = theirs.detach().numpy()
    return bool(np.abs(ours - theirs).max() <= tolerance * max(1.0, np.abs(theirs).max()))


@pytest.mark.parametrize("cell", ["tanh", "relu", "lstm", "gru"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("size", [1, 4])
def test_a_pass_equals_pytorch(cell: str, layers: int, bidirectional: bool, size: int) -> None:
    network = make_network(
        size,
        cell=cell if cell in ("lstm", "gru") else "rnn",
        activation="relu" if cell == "relu" else "tanh",
        layers=layers,
        bidirectional=bidirectional,
    )
    rng = np.random.default_rng(size)
    x, targets = rng.normal(size=(9, size, 5)), rng.integers(0, 6, (9, size))
    twin = recurrent_twin(network)
    inputs = torch.tensor(x, requires_grad=True)
    weight = torch.tensor(network.params["W_hy"].copy(), requires_grad=True)
    states, _ = twin(inputs)
    logits = states @ weight.T + torch.tensor(network.params["b_y"].copy())
    loss = torch.nn.functional.cross_entropy(
        logits.reshape(-1, 6), torch.tensor(targets.ravel()), reduction="sum"
    )
    (loss / size).backward()

    trace = network.trace(Batch(x=x, targets=targets))
    assert close(trace["logits"], logits)
    assert float(trace["loss_total"]) == pytest.approx(loss.item() / size, rel=1e-12)
    assert close(trace["dL_dx"], inputs.grad)
    assert close(trace["dL_dW_hy"], weight.grad)
    for name in network.spec.layer_names():
        assert close(trace[f"dL_dW_xh_{name}"], getattr(twin, f"weight_ih_{name}").grad)
        assert close(trace[f"dL_dW_hh_{name}"], getattr(twin, f"weight_hh_{name}").grad)
        assert close(trace[f"dL_db_h_{name}"], getattr(twin, f"bias_ih_{name}").grad)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_padded_batches_equal_packed_sequences(cell: str) -> None:
    network = make_network(cell=cell, bidirectional=True, kind="many-to-one", head="last")
    rng = np.random.default_rng(2)
    x, lengths = rng.normal(size=(6, 3, 5)), np.array([6, 2, 4])
    twin = recurrent_twin(network)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        torch.tensor(x), torch.tensor(lengths), enforce_sorted=False
    )
    _, final = twin(packed)
    final = final[0] if cell == "lstm" else final
    features = torch.cat([final[0], final[1]], dim=1).detach().numpy()
    expected = features @ network.params["W_hy"].T + network.params["b_y"]

    trace = network.trace(Batch(x=x, targets=np.array([0, 1, 2]), lengths=lengths))
    assert np.abs(trace["logits"][lengths - 1, np.arange(3)] - expected).max() <= 1e-10


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_twenty_steps_of_training_equal_pytorch(cell: str) -> None:
    network = make_network(cell=cell, loss="squared-error")
    rng = np.random.default_rng(4)
    x, targets = rng.normal(size=(8, 3, 5)), rng.normal(size=(8, 3, 6))
    twin = recurrent_twin(network)
    for name, parameter in twin.named_parameters():
        parameter.requires_grad_(not name.startswith("bias_hh") or cell == "gru")
    head = torch.nn.Linear(7, 6, dtype=torch.float64)
    with torch.no_grad():
        head.weight.copy_(torch.tensor(network.params["W_hy"].copy()))
        head.bias.copy_(torch.tensor(network.params["b_y"].copy()))
    if cell == "gru":  # our single bias of r and z is the sum of their two: hold one of them still
        keep = torch.zeros(21, dtype=torch.float64)
        keep[14:] = 1.0
        twin.bias_hh_l0.register_hook(lambda gradient: gradient * keep)
    trained = [p for p in [*twin.parameters(), *head.parameters()] if p.requires_grad]
    theirs = torch.optim.SGD(trained, lr=0.05)
    ours = make_optimizer("sgd", network.params, learning_rate=0.05)
    for _ in range(20):
        loss = network.loss_and_gradients(Batch(x=x, targets=targets))
        ours.step(network.grads)
        theirs.zero_grad()
        error = head(twin(torch.tensor(x))[0]) - torch.tensor(targets)
        expected = 0.5 * (error * error).sum() / 3
        expected.backward()
        theirs.step()
        assert loss == pytest.approx(expected.item(), rel=1e-10)
    assert close(network.params["W_hh_l0"], twin.weight_hh_l0)
    assert close(network.params["W_hy"], head.weight)
