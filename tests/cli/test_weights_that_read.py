"""What weights from a file read: a text by a vocabulary, an array, and what does not fit them."""

from pathlib import Path

import numpy as np
import pytest

from rnnviz.interop.safetensors_file import write_tensors
from rnnviz.trace import Trace
from rnnviz.trace.files import load_trace
from tests.cli.command_line import Cli


@pytest.fixture(autouse=True)
def folder(cli: Cli) -> None:
    """``w.safetensors``: 4 symbols or numbers in, 4 classes out; a vocabulary; arrays."""
    rng = np.random.default_rng(0)
    shapes = {"r.weight_ih_l0": (3, 4), "r.weight_hh_l0": (3, 3), "out.weight": (4, 3)}
    tensors = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    write_tensors("w.safetensors", tensors, {})
    Path("v.json").write_text('["h", " ", "l", "o"]')
    Path("short.json").write_text('["h", "e"]')
    np.save("ids.npy", np.array([[0, 1], [3, 2], [2, 2]], np.uint8))
    np.save("x.npy", rng.normal(size=(3, 2, 4)))
    np.save("flat.npy", np.zeros(3))


def read(cli: Cli, *argv: str) -> Trace:
    code, _, err = cli("trace", "w.safetensors", *argv, "-o", "t.npz")
    assert (code, err) == (0, [])
    return load_trace("t.npz")


def refused(cli: Cli, *argv: str) -> str:
    code, out, err = cli("trace", "w.safetensors", *argv, "-o", "t.npz")
    assert (code, out, len(err)) == (2, [], 1)
    return err[0]


def test_a_text_is_read_symbol_by_symbol_and_each_next_symbol_is_its_target(cli: Cli) -> None:
    trace = read(cli, "--text", "h lo", "--vocab", "v.json")
    assert trace["tokens"].ravel().tolist() == [0, 1, 2, 3]
    assert trace["targets"].ravel().tolist() == [1, 2, 3, -1]
    assert trace.labels.inputs == (("h", "␣", "l", "o"),)
    assert trace.labels.targets == (("␣", "l", "o", ""),)
    assert trace.labels.symbols == trace.labels.classes == ("h", "␣", "l", "o")
    assert trace.title == "w.safetensors"


@pytest.mark.parametrize("options", [["--text", "h"], ["--text", "h lo", "--head", "mean"]])
def test_where_nothing_can_be_the_next_symbol_there_is_no_loss(
    cli: Cli, options: list[str]
) -> None:
    trace = read(cli, *options, "--vocab", "v.json")
    assert "targets" not in trace
    assert "loss" not in trace
    assert trace.labels.inputs[0][0] == "h"
    assert trace.labels.targets == ()


def test_an_array_of_ids_is_read_as_symbols(cli: Cli) -> None:
    trace = read(cli, "--input", "ids.npy", "--input-kind", "one-hot")
    np.testing.assert_array_equal(trace["tokens"], np.load("ids.npy"))
    named = read(cli, "--input", "ids.npy", "--input-kind", "one-hot", "--vocab", "v.json")
    assert named.labels.inputs == (("h", "o", "l"), ("␣", "l", "l"))
    np.save("ids.npy", np.array([0, 3, 2]))
    trace = read(cli, "--input", "ids.npy", "--input-kind", "one-hot")
    assert trace["tokens"].tolist() == [[0], [3], [2]]


def test_an_array_of_numbers_is_read_as_vectors(cli: Cli) -> None:
    whole = read(cli, "--input", "x.npy")
    np.testing.assert_allclose(whole["x"], np.load("x.npy"), rtol=1e-6)
    assert whole.labels.inputs == ()
    np.save("x.npy", np.load("x.npy")[:, 1])
    one = read(cli, "--input", "x.npy", "--dtype", "float64")
    assert one["logits"].dtype == np.float64
    np.testing.assert_allclose(one["logits"][:, 0], whole["logits"][:, 1], rtol=1e-5)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "weights need something to read"),
        (["--text", "h", "--vocab", "v.json", "--input", "x.npy"], "give --text with --vocab, or"),
        (["--text", "h"], "--text needs --vocab FILE"),
        (["--text", "h", "--vocab", "short.json"], "has 2 symbols; the model reads 4"),
        (["--input", "x.npy", "--example", "0"], "--example needs a task or a run"),
        (["--input", "x.npy", "--sample", "3"], "--sample needs a task or a run"),
        (["--input", "x.npy", "--hidden-size", "3"], "holds weights: leave out --hidden-size"),
        (["--input", "x.npy", "--learning-rate", "3"], "leave out --learning-rate"),
        (["--input", "ids.npy"], "x is 2 wide; the model reads 4"),
        (["--input", "flat.npy"], "flat.npy has shape (3,), float64; the model reads numbers"),
        (
            ["--input", "x.npy", "--input-kind", "one-hot"],
            "x.npy has shape (3, 2, 4), float64; the model reads whole numbers of shape (T, B)",
        ),
    ],
)
def test_what_weights_cannot_read_is_told(cli: Cli, options: list[str], words: str) -> None:
    assert words in refused(cli, *options)
    assert not Path("t.npz").exists()


def test_ids_that_are_no_whole_numbers_are_no_ids(cli: Cli) -> None:
    np.save("ids.npy", np.array([[0.0, 1.0]]))
    words = refused(cli, "--input", "ids.npy", "--input-kind", "one-hot")
    assert "ids.npy has shape (1, 2), float64; the model reads whole numbers" in words


def test_a_seed_says_nothing_of_weights_and_is_no_mistake(cli: Cli) -> None:
    one, other = (read(cli, "--input", "x.npy", *seed) for seed in ([], ["--seed", "4"]))
    np.testing.assert_array_equal(one["logits"], other["logits"])


def test_numbers_that_have_grown_too_large_are_shown_without_a_warning(cli: Cli) -> None:
    tensors = {"r.weight_ih_l0": np.eye(3, 4), "r.weight_hh_l0": np.full((3, 3), 1e30)}
    write_tensors("w.safetensors", {n: t.astype("f4") for n, t in tensors.items()}, {})
    trace = read(cli, "--input", "x.npy", "--activation", "relu")
    assert not np.isfinite(trace["h_l0"]).all()
