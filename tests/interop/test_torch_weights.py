"""PyTorch's weights in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.initializers import Init, initialize
from rnnviz.engine.network import Network
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.interop import load_network, read_torch_weights, write_torch_weights
from rnnviz.interop.safetensors_file import read_tensors, write_tensors
from rnnviz.trace import ModelSpec, UserError

H, D, V, T, B = 6, 5, 7, 9, 3
MODELS = [
    {"cell": cell, "layers": layers, "bidirectional": both}
    for cell in ("rnn", "lstm", "gru")
    for layers, both in ((1, False), (2, False), (2, True))
]


def network(dtype: Any = np.float64, **model: Any) -> Network:
    sizes = {"input_size": D, "hidden_size": H, "output_size": V, "input_kind": "vector"}
    spec = ModelSpec(**{**sizes, **model})
    params = Parameters(parameter_shapes(spec), dtype)
    initialize(params, spec, Init(), np.random.default_rng(0))
    return Network(spec, params)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def changed(path: Path, drop: tuple[str, ...] = (), **more: np.ndarray) -> None:
    file = read_tensors(path)
    tensors = {name: t for name, t in file.tensors.items() if name not in drop}
    write_tensors(path, tensors | {k.replace("__", "."): v for k, v in more.items()}, {})


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_come_back_to_the_last_bit(path: Path, model: Any, dtype: Any) -> None:
    net = network(dtype, **model)
    write_torch_weights(net, path, "some.module.")
    back = load_network(path)
    assert back.spec == net.spec
    assert back.dtype == dtype
    np.testing.assert_array_equal(back.params.flat, net.params.flat)


@pytest.mark.parametrize(
    "model",
    [
        {"activation": "relu"},
        {"input_kind": "one-hot"},
        {"input_kind": "embedding", "embedding_size": 4, "cell": "gru"},
        {"input_kind": "embedding", "embedding_size": H, "cell": "lstm"},
    ],
)
def test_what_weights_do_not_show_is_noted_in_the_file(path: Path, model: Any) -> None:
    net = network(**model)
    write_torch_weights(net, path)
    assert load_network(path).spec == net.spec


@pytest.mark.reference
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-5), ("float64", 1e-10)])
@pytest.mark.parametrize("embedding", [False, True])
def test_outputs_equal_pytorchs(
    path: Path, model: Any, dtype: str, tolerance: float, embedding: bool
) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import save_file

    torch.manual_seed(1)
    kind = getattr(torch, dtype)
    layer = getattr(torch.nn, model["cell"].upper())
    rnn = layer(D, H, model["layers"], bidirectional=model["bidirectional"], dtype=kind)
    linear = torch.nn.Linear(H * (1 + model["bidirectional"]), V, dtype=kind)
    table = torch.nn.Embedding(11, D, dtype=kind)
    tensors = {f"net.rnn.{name}": t for name, t in rnn.state_dict().items()}
    tensors |= {f"head.{name}": t for name, t in linear.state_dict().items()}
    tensors |= {"emb.weight": table.weight.detach()} if embedding else {}
    save_file(tensors, path)
    rng = np.random.default_rng(0)
    tokens = rng.integers(0, 11, (T, B))
    x = rng.normal(size=(T, B, D)).astype(dtype)
    with torch.no_grad():
        inputs = table(torch.from_numpy(tokens)) if embedding else torch.from_numpy(x)
        expected = linear(rnn(inputs)[0]).numpy()
    batch = Batch(tokens=tokens) if embedding else Batch(x=x)
    ours = load_network(path).outputs(batch)
    assert ours.dtype == expected.dtype
    np.testing.assert_allclose(ours, expected, rtol=0, atol=tolerance)


@pytest.mark.reference
@pytest.mark.parametrize("model", MODELS)
def test_pytorch_loads_what_was_written_and_computes_the_same(path: Path, model: Any) -> None:
    torch = pytest.importorskip("torch")
    from safetensors.torch import load_file

    net = network(**model)
    write_torch_weights(net, path)
    tensors = load_file(path)
    both = model["bidirectional"]
    rnn = getattr(torch.nn, model["cell"].upper())(D, H, model["layers"], bidirectional=both)
    linear = torch.nn.Linear(H * (1 + both), V)
    whole = torch.nn.ModuleDict({"rnn": rnn, "linear": linear}).double()
    whole.load_state_dict(tensors)
    x = np.random.default_rng(0).normal(size=(T, B, D))
    with torch.no_grad():
        expected = linear(rnn(torch.from_numpy(x))[0]).numpy()
    np.testing.assert_allclose(net.outputs(Batch(x=x)), expected, rtol=0, atol=1e-10)


def test_a_module_alone_shows_its_own_states(path: Path) -> None:
    net = network(cell="gru")
    write_torch_weights(net, path, prefix="")
    changed(path, drop=("linear.weight", "linear.bias"))
    alone = load_network(path)
    assert alone.spec.output_size == H
    x = np.random.default_rng(0).normal(size=(T, B, D))
    trace = alone.trace(Batch(x=x))
    np.testing.assert_array_equal(trace["logits"], trace["h_l0"])


def test_a_module_without_biases_has_zeros(path: Path) -> None:
    write_torch_weights(network(), path)
    changed(path, drop=("rnn.bias_ih_l0", "rnn.bias_hh_l0"))
    assert not load_network(path).params["b_h_l0"].any()


def test_every_fault_is_named_in_one_sentence(path: Path) -> None:
    write_torch_weights(network(layers=2), path)
    changed(
        path,
        drop=("rnn.weight_hh_l1", "rnn.bias_ih_l0"),
        rnn__weight_ih_l1=np.ones((H, H + 1)),
        linear__bias=np.array([np.nan] * V),
        decoder__scale=np.ones(2),
    )
    with pytest.raises(UserError) as caught:
        load_network(path)
    message = str(caught.value)
    for fault in (
        "rnn.weight_hh_l1 is missing",
        "rnn.bias_ih_l0 is missing",
        "rnn.weight_ih_l1 has shape (6, 7), not (6, 6)",
        "linear.bias contains numbers that are not finite",
        "decoder.scale is not part of",
    ):
        assert fault in message
    assert str(path) in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("drop", "more", "cause"),
    [
        (("rnn.weight_ih_l0",), {}, "rnn.weight_ih_l0 is missing"),
        ((), {"rnn__weight_hr_l0": np.ones((2, H))}, "proj_size"),
        ((), {"rnn__weight_hh_l0": np.ones((2 * H, H))}, "1, 3 or 4 times"),
        ((), {"rnn__weight_hh_l0": np.ones(H)}, "not two dimensions"),
        ((), {"rnn__weight_ih_l99999999": np.ones(H)}, "names layer 99999999"),
        ((), {"other__weight_ih_l0": np.ones((H, D))}, "(--prefix), one of 'other.', 'rnn.'"),
        ((), {"linear__bias": np.ones(V + 1)}, "linear.bias has shape (8,), not (7,)"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(path: Path, drop: Any, more: Any, cause: str) -> None:
    write_torch_weights(network(), path)
    changed(path, drop, **more)
    with pytest.raises(UserError) as caught:
        load_network(path)
    assert cause in str(caught.value)


def test_one_of_several_modules_can_be_picked_with_what_stands_beside_it(path: Path) -> None:
    parts = {"encoder": network(cell="gru"), "decoder": network(cell="lstm", layers=2)}
    tensors: dict[str, Any] = {}
    for name, net in parts.items():
        write_torch_weights(net, path, f"{name}.rnn.")
        tensors |= {
            key.replace("linear", f"{name}.out"): tensor
            for key, tensor in read_tensors(path).tensors.items()
        }
    write_tensors(path, tensors | {"encoder.scale": np.array([np.nan])}, {})
    found = load_network(path, prefix="decoder.rnn.")
    assert found.spec == parts["decoder"].spec
    assert load_network(path, prefix="decoder.rnn").spec == found.spec, "the dot may be left out"
    np.testing.assert_array_equal(found.params.flat, parts["decoder"].params.flat)
    with pytest.raises(UserError, match=r"encoder\.scale"):
        load_network(path, prefix="encoder.rnn.")
    with pytest.raises(UserError, match="2 recurrent modules"):
        load_network(path)
    with pytest.raises(UserError, match=r"'coder'; there is 'decoder\.rnn\.', 'encoder\.rnn\.'"):
        load_network(path, prefix="coder")


@pytest.mark.parametrize("dtype", ["int8", np.float16])
def test_weights_are_not_read_into_numbers_that_no_network_works_in(path: Path, dtype: Any) -> None:
    write_torch_weights(network(), path)
    with pytest.raises(UserError, match="a network cannot work in"):
        load_network(path, dtype=dtype)


def test_a_file_without_a_recurrent_module_is_refused(path: Path) -> None:
    write_tensors(path, {"conv.weight": np.ones((2, 2))}, {})
    with pytest.raises(UserError, match=r"no nn\.RNN"):
        load_network(path)


def test_settings_that_contradict_the_file_are_refused(path: Path) -> None:
    write_torch_weights(network(cell="lstm"), path)
    with pytest.raises(UserError, match="activations are fixed"):
        read_torch_weights(path, activation="relu")
    with pytest.raises(UserError, match="no embedding"):
        read_torch_weights(path, input_kind="embedding")
    assert read_torch_weights(path, input_kind="one-hot").spec.input_kind == "one-hot"


def test_the_nonlinearity_can_be_told(path: Path) -> None:
    write_torch_weights(network(), path)
    assert read_torch_weights(path, activation="relu").spec.activation == "relu"


@pytest.mark.parametrize(
    ("model", "cause"),
    [
        ({"cell": "jordan"}, "jordan"),
        ({"learned_state": True}, "learned initial state"),
        ({"activation": "linear"}, "a linear activation"),
        ({"layers": 2, "residual": True}, "residual"),
    ],
)
def test_what_pytorch_lacks_is_not_written_under_its_names(
    path: Path, model: Any, cause: str
) -> None:
    with pytest.raises(UserError, match=cause):
        write_torch_weights(network(**model), path)
    assert not path.exists()


@pytest.mark.parametrize("prefix", ["a\nb", " ", "\udcff", "é.", "a..", "-1", "x" * 300])
def test_a_prefix_whose_names_could_not_be_read_back_is_refused(path: Path, prefix: str) -> None:
    with pytest.raises(UserError, match="makes no names of weights"):
        write_torch_weights(network(), path, prefix)
    assert not path.exists()


def call_whole_numbers(name: str, path: Path) -> None:
    """Have the file say that this tensor holds whole numbers."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header[name]["dtype"] = "I64"
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + content[8 + length :])


def test_a_tensor_that_was_refused_is_not_missing_as_well(path: Path) -> None:
    write_torch_weights(network(), path, "rnn.")
    call_whole_numbers("rnn.weight_ih_l0", path)
    with pytest.raises(UserError) as caught:
        load_network(path)
    assert str(caught.value).count("weight_ih_l0") == 1


def test_a_tensor_of_an_unknown_type_is_named_and_not_called_missing_too(path: Path) -> None:
    entry = {"dtype": "I64", "shape": [3, 2], "data_offsets": [0, 48]}
    header = json.dumps({"rnn.weight_ih_l0": entry, "rnn.weight_hh_l0": entry | {
        "shape": [3, 3], "dtype": "F32", "data_offsets": [48, 84],
    }}).encode()  # fmt: skip
    path.write_bytes(len(header).to_bytes(8, "little") + header + bytes(84))
    with pytest.raises(UserError) as caught:
        load_network(path)
    said = str(caught.value)
    assert "rnn.weight_ih_l0 has type I64" in said
    assert "missing" not in said
    assert "there is no" not in said


def test_the_bias_of_a_refused_weight_is_not_surplus(path: Path) -> None:
    write_torch_weights(network(), path)
    call_whole_numbers("linear.weight", path)
    with pytest.raises(UserError, match=r"linear\.weight has type I") as caught:
        load_network(path)
    assert "linear.bias" not in str(caught.value)


def test_numbers_that_the_precision_has_no_room_for_are_named_with_their_tensor(path: Path) -> None:
    write_torch_weights(network(), path)
    changed(path, rnn__bias_ih_l0=np.full(H, 1e300))
    assert load_network(path).dtype == np.float64
    with pytest.raises(UserError, match=r"rnn\.bias_ih_l0 contains .* float32 has no room"):
        load_network(path, dtype=np.float32)
