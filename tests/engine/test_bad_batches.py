"""Everything a user can get wrong with a batch is one clear sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network, State
from rnnviz.trace import ModelSpec, UserError

TOKENS = np.zeros((3, 2), int)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({}, "either tokens or x"),
        ({"tokens": TOKENS, "x": np.zeros((3, 2, 4))}, "either tokens or x"),
        ({"tokens": np.zeros(3, int)}, r"\(T, B\)"),
        ({"tokens": np.zeros((0, 2), int)}, "empty"),
        ({"tokens": np.zeros((3, 0), int)}, "empty"),
        ({"tokens": TOKENS, "decoder_tokens": TOKENS[:0]}, "decoder_tokens are empty"),
        ({"tokens": np.zeros((3, 2))}, "whole numbers"),
        ({"x": np.full((3, 2, 4), np.nan)}, "not finite"),
        ({"x": np.zeros((3, 2))}, r"\(T, B, D\)"),
        ({"tokens": TOKENS, "lengths": [4, 1]}, "between 1 and T=3"),
        ({"tokens": TOKENS, "lengths": [0, 1]}, "between 1 and T=3"),
        ({"tokens": TOKENS, "lengths": [1]}, "shape"),
        ({"tokens": TOKENS, "targets": np.zeros((4, 2), int)}, "shape"),
        ({"tokens": TOKENS, "mask": np.zeros((2, 2))}, "shape"),
        ({"tokens": TOKENS, "mask": np.full((3, 2), np.inf)}, "mask contains numbers"),
        ({"tokens": TOKENS, "context": np.zeros((3, 2))}, r"\(3, 2\); this batch needs \(2, any\)"),
        ({"tokens": TOKENS, "context": np.zeros(2)}, r"context has shape \(2,\)"),
        ({"tokens": TOKENS, "context": [[0.0], [np.nan]]}, "context contains numbers"),
        ({"tokens": TOKENS, "targets": np.full((3, 2, 1), np.nan)}, "targets contains numbers"),
        ({"tokens": TOKENS, "targets": [0, 1, 2]}, r"targets has shape \(3,\)"),
        ({"tokens": TOKENS, "targets": [[0.5]] * 3}, r"this batch needs \(2, any\)"),
        ({"tokens": TOKENS, "lengths": [1.0, 2.0]}, "lengths must be whole numbers"),
        ({"tokens": TOKENS, "decoder_tokens": TOKENS[:, :1]}, r"this batch needs \(any, 2\)"),
        ({"tokens": [[0], [1, 2]]}, "pad its sequences"),
        ({"x": np.array([[["a"]]])}, "must be numbers"),
        ({"x": np.array([[[None]]])}, "must be numbers"),
    ],
)
def test_a_batch_that_contradicts_itself_says_so(parts: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        Batch(**parts)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"tokens": TOKENS + 4, "targets": TOKENS}, "id 4; the model knows 0 to 3"),
        ({"tokens": TOKENS - 1, "targets": TOKENS}, "id -1"),
        ({"tokens": TOKENS, "targets": TOKENS + 5}, "class 5; the model has 0 to 4"),
        ({"tokens": TOKENS, "targets": TOKENS - 2}, "class -2"),
        ({"tokens": [[0, 3], [0, 9]], "targets": TOKENS[:2]}, "id 9; the model"),
        ({"tokens": [[0, 3], [0, -7]], "targets": TOKENS[:2]}, "id -7; the model"),
        ({"x": np.zeros((3, 2, 4)), "targets": TOKENS}, "give tokens"),
        ({"tokens": TOKENS}, "no targets"),
        ({"tokens": TOKENS, "targets": np.zeros((3, 2, 5))}, "whole-number targets"),
        ({"tokens": TOKENS, "targets": TOKENS, "context": np.zeros((2, 3))}, "context"),
        ({"tokens": TOKENS, "targets": TOKENS, "decoder_tokens": TOKENS}, "decoder_tokens"),
    ],
)
def test_a_batch_that_does_not_fit_the_model_says_so(parts: dict[str, Any], words: str) -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=5)
    network = Network.create(spec, rng=np.random.default_rng(0))
    with pytest.raises(UserError, match=words):
        network.loss_and_gradients(Batch(**parts))


@pytest.mark.parametrize(
    ("model", "parts", "words"),
    [
        ({"input_kind": "vector"}, {"tokens": TOKENS}, r"give x \(T, B, D\)"),
        ({"input_kind": "vector"}, {"x": np.zeros((3, 2, 5))}, "x is 5 wide; the model reads 4"),
        ({"kind": "many-to-many"}, {"tokens": TOKENS}, "those need them"),
        (
            {"kind": "many-to-many"},
            {"tokens": TOKENS, "decoder_tokens": TOKENS + 5},
            "decoder_tokens contain the id 5; the model knows 0 to 4",
        ),
        (
            {"kind": "one-to-many", "context_size": 2},
            {"tokens": TOKENS, "context": np.zeros((2, 3))},
            "context is 3 wide; the model reads 2",
        ),
        ({"kind": "one-to-many", "context_size": 2}, {"tokens": TOKENS}, "starts from a context"),
        ({"loss": "squared-error"}, {"tokens": TOKENS, "targets": TOKENS}, "squared error needs"),
        (
            {"loss": "squared-error"},
            {"tokens": TOKENS, "targets": np.zeros((3, 2, 4))},
            r"\(T, B, 5\); these have shape \(3, 2, 4\)",
        ),
    ],
)
def test_every_kind_of_model_says_what_it_needs(
    model: dict[str, Any], parts: dict[str, Any], words: str
) -> None:
    spec = ModelSpec(**{"input_size": 4, "hidden_size": 3, "output_size": 5, **model})
    network = Network.create(spec, rng=np.random.default_rng(0))
    with pytest.raises(UserError, match=words):
        network.outputs(Batch(**parts))


@pytest.mark.parametrize(
    "model", [{"bidirectional": True}, {"kind": "many-to-one", "head": "mean"},
              {"kind": "many-to-one", "head": "max"}],
)  # fmt: skip
def test_a_model_that_needs_its_whole_input_takes_no_single_step(model: dict[str, Any]) -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=5, **model)
    network = Network.create(spec, rng=np.random.default_rng(0))
    with pytest.raises(UserError, match="needs the whole sequence"):
        network.step(np.array([0, 1]))
    with pytest.raises(UserError, match="only a many-to-many model encodes"):
        network.encode(Batch(tokens=TOKENS))


@pytest.mark.parametrize("model", [{"bidirectional": True}, {"kind": "many-to-many"}])
def test_a_model_that_cannot_be_cut_says_so(model: dict[str, Any]) -> None:
    spec = ModelSpec(input_size=5, hidden_size=3, output_size=5, **model)
    network = Network.create(spec, rng=np.random.default_rng(0))
    said = {"decoder_tokens": TOKENS} if spec.kind == "many-to-many" else {}
    batch = Batch(tokens=TOKENS, targets=TOKENS, **said)
    network.loss_and_gradients(batch, window=3)
    with pytest.raises(UserError, match="one part and one direction"):
        network.loss_and_gradients(batch, window=2)


@pytest.mark.parametrize("dtype", ["u1", "i1", ">u2", "u8", ">i4"])
def test_whole_numbers_of_any_type_are_the_same_batch(dtype: str) -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=5, kind="many-to-one")
    network = Network.create(spec, rng=np.random.default_rng(0))
    parts = {"tokens": [[0, 1], [3, 2], [1, 0]], "targets": [4, 1], "lengths": [2, 3]}
    expected = network.loss_and_gradients(Batch(**parts))
    typed = {name: np.array(values, dtype) for name, values in parts.items()}
    assert network.loss_and_gradients(Batch(**typed)) == expected


@pytest.mark.parametrize(
    ("dtype", "parts", "words"),
    [
        (np.float64, {"x": np.full((3, 2, 4), 1j)}, "x holds complex numbers"),
        (np.float64, {"mask": np.full((3, 2), 1j)}, "mask holds complex numbers"),
        (np.float32, {"x": np.full((3, 2, 4), -1e300)}, r"x contains 1e\+300"),
        (np.float32, {"targets": np.full((3, 2, 5), 1e39)}, r"targets contains 1e\+39"),
        (np.float32, {"x": np.full((3, 2, 4), [0.0, 0.0, 0.0, 1e300])}, r"x contains 1e\+300"),
        (np.float32, {"x": np.full((3, 2, 4), float(np.finfo(np.float32).max) / 1e3)}, ""),
        (np.float64, {"x": np.full((3, 2, 4), 1e300)}, ""),
        (np.complex128, {"x": np.full((3, 2, 4), 1j)}, ""),
    ],
)
def test_numbers_that_a_network_has_no_room_for_are_not_changed_without_a_word(
    dtype: Any, parts: dict[str, Any], words: str
) -> None:
    spec = ModelSpec(
        input_size=4, hidden_size=3, output_size=5, input_kind="vector", loss="squared-error"
    )
    network = Network.create(spec, rng=np.random.default_rng(0), dtype=dtype)
    batch = Batch(**({"x": np.ones((3, 2, 4)), "targets": np.ones((3, 2, 5))} | parts))
    if not words:
        network.loss(batch)
        return
    with pytest.raises(UserError, match=words):
        network.loss(batch)


@pytest.mark.parametrize(
    ("tokens", "state", "words"),
    [
        (np.array([1.5, 2.0]), {}, "whole numbers"),
        (np.array([1, 9]), {}, "id 9"),
        (np.array([1, 2]), {"decoder_h_l0": np.zeros((2, 7))}, "decoder_h_l0 is 7 wide"),
        (np.array([1, 2]), {"memory": np.zeros((2, 4, 9))}, "memory is 9 wide; this model's: 6"),
    ],
)
def test_a_decoder_says_what_it_cannot_go_on_from(
    tokens: Any, state: dict[str, Any], words: str
) -> None:
    spec = ModelSpec(
        input_size=4, hidden_size=3, output_size=5, kind="many-to-many", attention="general",
        bidirectional=True,
    )  # fmt: skip
    network = Network.create(spec, rng=np.random.default_rng(0))
    encoded = network.encode(Batch(tokens=TOKENS))
    with pytest.raises(UserError, match=words):
        network.step(tokens, State({**encoded, **state}))


def test_a_state_of_another_size_and_a_window_of_nothing_say_so() -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=5)
    network = Network.create(spec, rng=np.random.default_rng(0))
    batch = Batch(tokens=TOKENS, targets=TOKENS)
    with pytest.raises(UserError, match="3 sequences, the batch has 2"):
        network.loss_and_gradients(batch, State({"h_l0": np.zeros((3, 3))}))
    network.outputs(Batch(tokens=np.zeros((2, 3), int)))
    wider = network.final_state
    with pytest.raises(UserError, match="3 sequences, the batch has 2"):
        network.outputs(batch, wider)
    for window in (0, 2.5):
        with pytest.raises(UserError, match=f"window is {window}; use a whole number from 1"):
            network.loss_and_gradients(batch, window=window)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"h_l0": np.zeros((2, 9))}, r"\(2, 9\); this model needs \(2, 3\)"),
        ({"h_l0": np.zeros(2)}, "this model needs"),
        ({"c_l0": np.zeros((2, 3))}, "c_l0, from which this model does not start"),
        ({"h_l1": np.zeros((2, 3))}, "it starts from h_l0"),
        ({"h_l0": np.full((2, 3), -1e300)}, r"state h_l0 contains 1e\+300, for which float32"),
        ({"h_l0": np.full((2, 3), 1j)}, "state h_l0 holds complex numbers"),
    ],
)
def test_a_state_of_another_model_says_so(state: dict[str, Any], words: str) -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=5)
    network = Network.create(spec, rng=np.random.default_rng(0))
    with pytest.raises(UserError, match=words):
        network.loss_and_gradients(Batch(tokens=TOKENS, targets=TOKENS), State(state))


@pytest.mark.parametrize("dtype", [np.float16, np.int32, bool])
def test_a_network_works_in_single_or_double_precision_only(dtype: Any) -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=5)
    with pytest.raises(UserError, match="use one of float32, float64"):
        Network.create(spec, rng=np.random.default_rng(0), dtype=dtype)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"hidden_size": "3"}, "hidden_size is '3'"),
        ({"hidden_size": 3.5}, "hidden_size is 3.5"),
        ({"layers": True}, "layers is True"),
        ({"layers": None}, "layers is None"),
        ({"dropout": "a half"}, "dropout is 'a half'"),
        ({"dropout": 1.0}, "dropout is 1.0; use a share from 0 up to, not including, 1"),
        ({"dropout": -0.1}, "dropout is -0.1"),
        ({"cell": "rnm"}, "cell is 'rnm'; use one of rnn, "),
        ({"bidirectional": "no"}, "use true or false"),
    ],
)
def test_a_model_of_values_of_the_wrong_type_says_so(setting: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        ModelSpec(**{"input_size": 4, "hidden_size": 3, "output_size": 5, **setting})
