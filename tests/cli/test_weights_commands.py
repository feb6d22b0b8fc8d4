"""PyTorch's weights in and out by command."""

from pathlib import Path

import numpy as np

from rnnviz.interop.safetensors_file import read_tensors, write_tensors
from rnnviz.interop.torch_weights import write_torch_weights
from rnnviz.session import load
from tests.cli.command_line import Cli, result


def test_weights_go_out_and_come_back(cli: Cli, run_file: str) -> None:
    assert cli("export", run_file, "-o", "w.safetensors")[0] == 0
    assert cli("import", "w.safetensors", "--task", "hello", "-o", "back.rnnviz")[0] == 0
    code, out, _ = cli("evaluate", "back.rnnviz", "--json")
    assert (code, result(out)["value"]) == (0, 1.0)
    Path("vocab.json").write_text('["h", "e", "l", "o"]')
    arguments = ("--text", "hell", "--vocab", "vocab.json", "-o", "w.npz")
    assert cli("trace", "w.safetensors", *arguments)[0] == 0
    cli("trace", run_file, "-o", "r.npz")
    np.testing.assert_allclose(np.load("w.npz")["logits"], np.load("r.npz")["logits"], atol=1e-6)
    assert "dL_dh_l0" in np.load("w.npz")


def test_imported_weights_keep_their_precision_and_their_activation(cli: Cli) -> None:
    options = ("--dtype", "float64", "--activation", "relu", "--iterations", "3")
    cli("train", "hello", *options, "-o", "run.rnnviz")
    cli("export", "run.rnnviz", "-o", "w.safetensors")
    cli("import", "w.safetensors", "--task", "hello", "-o", "back.rnnviz")
    cli("trace", "run.rnnviz", "-o", "before.npz")
    cli("trace", "back.rnnviz", "-o", "after.npz")
    before, after = np.load("before.npz"), np.load("after.npz")
    np.testing.assert_array_equal(after["logits"], before["logits"])
    # Without the note that an export leaves, somebody has to say it.
    write_tensors("bare.safetensors", read_tensors("w.safetensors").tensors, {})
    bare = ("import", "bare.safetensors", "--task", "hello", "-o", "bare.rnnviz", "--json")
    assert result(cli(*bare)[1])["activation"] == "tanh"
    found = result(cli(*bare, "--activation", "relu")[1])
    assert (found["activation"], found["dtype"]) == ("relu", "float64")


def test_weights_read_an_array(cli: Cli, run_file: str) -> None:
    cli("export", run_file, "-o", "w.safetensors")
    np.save("x.npy", np.eye(4)[[0, 1, 2, 2]][:, None])
    options = ("--input", "x.npy", "--input-kind", "vector", "--dtype", "float64")
    assert cli("trace", "w.safetensors", *options, "-o", "w.npz")[0] == 0
    cli("trace", run_file, "-o", "r.npz")
    np.testing.assert_allclose(np.load("w.npz")["logits"], np.load("r.npz")["logits"], atol=1e-6)


def test_a_text_through_a_module_without_an_output_layer_is_traced_forward(cli: Cli) -> None:
    rng = np.random.default_rng(0)
    shapes = {"embed.weight": (3, 2), "r.weight_ih_l0": (3, 2), "r.weight_hh_l0": (3, 3)}
    tensors = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    write_tensors("w.safetensors", tensors, {})
    Path("vocab.json").write_text('["a", "b", "c"]')
    arguments = ("--text", "abc", "--vocab", "vocab.json", "-o", "w.npz")
    code, _, err = cli("trace", "w.safetensors", *arguments)
    assert (code, err) == (0, [])
    found = np.load("w.npz")
    np.testing.assert_allclose(found["logits"], found["h_l0"], rtol=0, atol=1e-15)


def test_one_of_several_modules_in_a_file_is_named_by_its_prefix(cli: Cli) -> None:
    tensors, runs = {}, {"reader": "1", "writer.core": "2"}
    for name, seed in runs.items():
        cli("train", "hello", "--seed", seed, "--iterations", "2", "-o", f"{name}.rnnviz")
        write_torch_weights(load(f"{name}.rnnviz").net, "w.safetensors", f"{name}.rnn.")
        tensors |= {
            key.replace("linear", f"{name}.out"): tensor
            for key, tensor in read_tensors("w.safetensors").tensors.items()
        }
    write_tensors("w.safetensors", tensors, {})
    Path("vocab.json").write_text('["h", "e", "l", "o"]')
    reads = ("trace", "w.safetensors", "--text", "hello", "--vocab", "vocab.json", "-o", "w.npz")
    becomes = ("import", "w.safetensors", "--task", "hello", "-o", "back.rnnviz")
    for command in (reads, becomes):
        code, _, err = cli(*command)
        assert code == 2
        assert "(--prefix), one of 'reader.rnn.', 'writer.core.rnn.'" in err[0]
        code, _, err = cli(*command, "--prefix", "reader")
        assert (code, len(err)) == (2, 1)
    for name in runs:
        chosen = ("--prefix", f"{name}.rnn")
        assert cli(*reads, *chosen)[0] == 0
        assert cli(*becomes, *chosen)[0] == 0
        cli("trace", f"{name}.rnnviz", "--text", "hello", "-o", "own.npz")
        cli("trace", "back.rnnviz", "--text", "hello", "-o", "back.npz")
        own = np.load("own.npz")["logits"]
        np.testing.assert_allclose(np.load("w.npz")["logits"][:4], own, atol=1e-6)
        np.testing.assert_allclose(np.load("back.npz")["logits"], own, atol=1e-6)
    assert cli("trace", "hello", "--prefix", "rnn", "-o", "t.npz")[0] == 2


def test_a_text_is_not_read_as_vectors(cli: Cli, run_file: str) -> None:
    cli("export", run_file, "-o", "w.safetensors")
    Path("vocab.json").write_text('["h", "e", "l", "o"]')
    reads = ("trace", "w.safetensors", "--text", "hello", "--vocab", "vocab.json", "-o", "w.npz")
    code, _, err = cli(*reads, "--input-kind", "vector")
    assert code == 2
    assert "leave out --input-kind vector" in err[-1]
    assert cli(*reads, "--input-kind", "one-hot")[0] == 0


def test_a_matrix_of_no_name_is_imported_as_what_the_option_says(cli: Cli) -> None:
    rng = np.random.default_rng(0)
    square = {"core.weight_ih_l0", "core.weight_hh_l0", "either.weight"}
    tensors = {name: rng.normal(size=(4, 4)) for name in square}
    tensors |= {f"core.bias_{side}_l0": rng.normal(size=4) for side in ("ih", "hh")}
    write_tensors("w.safetensors", tensors, {})
    command = ("import", "w.safetensors", "--task", "hello", "-o", "back.rnnviz")
    code, _, err = cli(*command)
    assert code == 2
    assert "say what the model reads (--input-kind)" in err[0]
    assert cli(*command, "--input-kind", "one-hot")[0] == 0
    read = load("back.rnnviz").net.params
    np.testing.assert_array_equal(read["W_hy"], tensors["either.weight"])
    assert cli(*command, "--input-kind", "embedding")[0] == 0
    read = load("back.rnnviz").net.params
    np.testing.assert_array_equal(read["embedding"], tensors["either.weight"])
    np.testing.assert_array_equal(read["W_hy"], np.eye(4))
    code, _, err = cli(*command, "--input-kind", "vector")
    assert (code, len(err)) == (2, 1)
