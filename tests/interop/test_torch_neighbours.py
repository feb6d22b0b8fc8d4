"""What stands beside a recurrent module: the embedding before it, the linear layer after it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rnnviz.interop import load_network
from rnnviz.interop.safetensors_file import write_tensors
from rnnviz.trace import UserError

WORDS, H, V = 5, 3, 4


def written(path: Path, **beside: tuple[int, ...]) -> Path:
    """A module that reads as many numbers as it hands on, and matrices without biases beside it."""
    rng = np.random.default_rng(0)
    shapes = {"rnn.weight_ih_l0": (H, H), "rnn.weight_hh_l0": (H, H), **beside}
    write_tensors(path, {name: rng.normal(size=shape) for name, shape in shapes.items()}, {})
    return path


@pytest.mark.parametrize(
    ("embedding", "linear"),
    [
        ("char_embedding", "fc"),
        ("wte", "classifier"),
        ("lookup", "x"),
        ("a", "decoder"),
        ("z", "out.proj"),
        ("embed.words", "net.7"),
        ("emb.fc", "zz"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_names_tell_an_embedding_from_a_linear_layer_of_the_same_width(
    tmp_path: Path, embedding: str, linear: str, turned: bool
) -> None:
    names = {f"{embedding}.weight": (WORDS, H), f"{linear}.weight": (V, H)}
    if embedding == "emb.fc":  # the nearest word: "fc"
        names = {"emb.fc.weight": (V, H), f"{linear}.weight": (WORDS, H)}
    ordered = dict(sorted(names.items(), reverse=turned))
    spec = load_network(written(tmp_path / "m.safetensors", **ordered)).spec
    assert (spec.input_kind, spec.input_size, spec.output_size) == ("embedding", WORDS, V)


@pytest.mark.parametrize("name", ["lookup", "wte", "tok_emb"])
def test_an_embedding_without_a_linear_layer_is_one(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / "m.safetensors", **{f"{name}.weight": (WORDS, H)})
    spec = load_network(path).spec
    assert (spec.input_kind, spec.input_size, spec.output_size) == ("embedding", WORDS, H)


def test_a_matrix_that_might_be_either_is_named_and_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path / "m.safetensors", **{"x.weight": (WORDS, H)})
    with pytest.raises(UserError, match=r"x\.weight could be an nn\.Embedding or an nn\.Linear"):
        load_network(path)
    embeds = load_network(path, input_kind="embedding")
    assert (embeds.spec.input_size, embeds.spec.output_size) == (WORDS, H)
    for kind in ("one-hot", "vector"):
        plain = load_network(path, input_kind=kind).spec
        assert (plain.input_kind, plain.input_size, plain.output_size) == (kind, H, WORDS)


def test_two_matrices_that_might_be_either_are_both_named(tmp_path: Path) -> None:
    path = written(tmp_path / "m.safetensors", **{"x.weight": (WORDS, H), "y.weight": (V, H)})
    with pytest.raises(UserError, match=r"x\.weight and y\.weight could be") as caught:
        load_network(path)
    assert "--input-kind" not in str(caught.value)


def test_a_second_linear_layer_is_surplus_and_no_embedding(tmp_path: Path) -> None:
    layers = {"fc1.weight": (H, H), "fc2.weight": (V, H), "fc2.bias": (V,)}
    path = written(tmp_path / "m.safetensors", **layers)
    with pytest.raises(UserError, match=r"fc1\.weight is not part of"):
        load_network(path)
