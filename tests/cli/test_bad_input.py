import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnviz.cli.main import main
from rnnviz.interop.safetensors_file import write_tensors
from rnnviz.session import load

BAD = {
    "an unknown task": (["train", "helo"], "helo"),
    "an unknown option": (["train", "hello", "--iteration", "5"], "--iteration"),
    "no task": (["train"], "name a task"),
    "no iterations": (["train", "hello", "--iterations", "0"], "--iterations is 0"),
    "negative iterations": (["train", "hello", "--iterations", "-5"], "iterations is -5"),
    "too many iterations": (["train", "hello", "--iterations", "9" * 30], "iterations"),
    "half an iteration": (
        ["train", "hello", "--iterations", "1.5"], "--iterations is '1.5': use a whole number",
    ),
    "a learning rate of letters": (
        ["train", "hello", "--learning-rate", "1x"], "--learning-rate is '1x': use a number",
    ),
    "a number without an end": (["train", "hello", "--layers", "9" * 6000], "use a whole number"),
    "a configuration that is a pipe": (["train", "--config", "pipe.toml"], "it is not a file"),
    "a configuration without an end of bytes": (
        ["train", "--config", "endless.toml"], "it is not a file",
    ),
    "an infinite learning rate": (
        ["train", "hello", "--learning-rate", "inf"], "--learning-rate is inf",
    ),
    "a learning rate that is none": (
        ["train", "hello", "--learning-rate", "nan"], "--learning-rate is nan",
    ),
    "a negative size": (["train", "hello", "--hidden-size", "-1"], "--hidden-size is -1"),
    "a negative seed": (["trace", "hello", "--seed", "-1", "-o", "t.npz"], "--seed is -1"),
    "a sum of one layer": (["train", "hello", "--residual"], "--residual adds a layer's input"),
    "a setting of the file, not of the command": (
        ["train", "--config", "rate.toml", "--hidden-size", "3"],
        "rate.toml: training.learning_rate is -1",
    ),
    "a giant size": (
        ["train", "hello", "--hidden-size", "8192", "--layers", "16", "--batch-size", "65536"],
        "GB of memory",
    ),
    "a misspelt cell": (["train", "hello", "--cell", "lsmt"], "did you mean lstm?"),
    "a start for square matrices only": (
        ["train", "hello", "--inputs", "identity"], "none of uniform, xavier, normal, orthogonal",
    ),
    "a misspelt option": (
        ["train", "hello", "--lerning-rate", "3"], "did you mean --learning-rate?",
    ),
    "a held-out example where there is none": (
        ["trace", "hello", "--example", "0", "--held-out", "-o", "t.npz"], "leave out --held-out",
    ),
    "an impossible model": (["train", "hello", "--cell", "gru", "--peepholes"], "peepholes"),
    "a setting without a value": (["train", "hello", "--set", "path"], "NAME=VALUE"),
    "an unknown setting of the task": (["train", "hello", "--set", "speed=3"], "speed"),
    "a missing file": (["train", "nowhere/book.txt"], "nowhere/book.txt"),
    "an empty file": (["train", "empty.txt"], "empty"),
    "a binary file": (["train", "binary.txt"], "binary.txt"),
    "a file of PyTorch as data": (["train", "model.pt"], "safetensors.torch.save_file"),
    "a file of PyTorch as weights": (
        ["trace", "model.pt", "--text", "h", "--vocab", "v.json", "-o", "t.npz"],
        "safetensors.torch.save_file",
    ),
    "a file of PyTorch to import": (
        ["import", "model.pt", "--task", "hello", "-o", "run.rnnviz"],
        "safetensors.torch.save_file",
    ),
    "a text of one character": (["train", "short.txt"], "short.txt"),
    "a folder that is not there": (["train", "hello", "-o", "no/run.rnnviz"], "no folder"),
    "an output of another kind": (["train", "hello", "-o", "run.txt"], ".rnnviz"),
    "an output that is a folder": (["trace", "hello", "-o", "folder.npz"], "folder"),
    "an output with an endless name": (["train", "hello", "-o", "x" * 300 + ".rnnviz"], "too long"),
    "an output with a zero byte": (["trace", "hello", "-o", "a\0b.npz"], "cannot write"),
    "no output": (["trace", "hello"], "--out"),
    "a missing run": (["trace", "none.rnnviz", "-o", "t.npz"], "none.rnnviz"),
    "a broken run": (["trace", "broken.rnnviz", "-o", "t.npz"], "broken.rnnviz"),
    "broken weights": (
        ["trace", "broken.safetensors", "--input", "x.npy", "-o", "t.npz"], "broken.safetensors",
    ),
    "weights without input": (["trace", "broken.safetensors", "-o", "t.npz"], "--text"),
    "input for a task": (["trace", "hello", "--input", "x.npy", "-o", "t.npz"], "--input"),
    "a text with other letters": (["trace", "hello", "--text", "xyz", "-o", "t.npz"], "'x'"),
    "an example that is not there": (["trace", "hello", "--example", "99", "-o", "t.npz"], "99"),
    "a sample of nothing": (["sample", "hello", "--length", "0"], "length"),
    "a sample in both directions": (["sample", "hello", "--bidirectional"], "reads the future too"),
    "a beam that is to draw": (["sample", "hello", "--beam", "3", "--top-k", "2"], "leave out"),
    "a negative temperature": (["sample", "hello", "--temperature", "-1"], "temperature"),
    "a model that cannot write": (["sample", "adding"], "adding"),
    "a configuration without a name": (["train", "hello", "--config", ""], "cannot read ''"),
    "a size of nothing": (["render", "hello", "--size", "", "-o", "a.png"], "--size is ''"),
    "an unknown configuration": (["train", "--config", "none.toml"], "none.toml"),
    "a misspelt configuration": (["train", "--config", "bad.toml"], "did you mean cell?"),
    "an option before the command": (
        ["--seed", "3", "train", "hello"], "the command comes first: rnnviz train …, and --seed",
    ),
    "a misspelt command": (["trian", "hello"], "did you mean train?"),
    "a command that there is not": (["convert", "run.rnnviz"], "the commands are: "),
    "two things to open": (["hello", "run.rnnviz"], "unrecognized arguments: run.rnnviz"),
    "a misspelt task": (["train", "helo"], "did you mean hello?"),
    "a task without a name": (["train", ""], "name a task"),
    "a run file without a name": (["train", "hello", "--out", ""], "must end in .rnnviz"),
    "a sample file without a name": (["sample", "hello", "--out", ""], "must end in .npz"),
    "a name longer than any": (["train", "x" * 5000], "neither a task nor a file"),
    "a text with a name longer than any": (["train", "x" * 300 + ".txt"], "too long"),
    "a table with a name longer than any": (["train", "x" * 300 + ".csv"], "too long"),
    "arrays with a name longer than any": (["train", "x" * 300 + ".npz"], "too long"),
    "a recording with a name longer than any": (["train", "x" * 300 + ".npy"], "too long"),
    "a video with a name longer than any": (["train", "x" * 300 + ".mp4"], "too long"),
    "a picture with a name longer than any": (["train", "x" * 300 + ".png"], "one picture"),
    "a file with a setting": (["train", "empty.txt", "--set", "speed=3"], "without settings"),
    "a path that is none": (["train", "text", "--set", "path=5"], "path is 5"),
    "vectors as tokens": (["train", "adding", "--input-kind", "one-hot"], "the data of adding"),
    "tokens as vectors": (["train", "hello", "--input-kind", "vector"], "use one-hot, embedding"),
    "its own words in both directions": (
        ["train", "hello", "--bidirectional", "--teacher-forcing", "0.5"], "cannot be fed",
    ),
    "an example before the first": (["trace", "hello", "--example", "-1", "-o", "t.npz"], "from 0"),
    "a temperature of nothing": (
        ["trace", "hello", "--temperature", "2", "-o", "t.npz"], "--sample",
    ),
    "numbers beyond the precision of the weights": (
        ["trace", "good.safetensors", "--input", "huge.npy", "-o", "t.npz"], "not finite",
    ),
    "weights to train": (["train", "broken.safetensors"], "rnnviz import"),
    "weights with a configuration": (
        ["trace", "w.safetensors", "--config", "bad.toml", "--input", "x.npy", "-o", "t.npz"],
        "--config",
    ),
    "weights and held-out data": (
        ["trace", "w.safetensors", "--held-out", "--input", "x.npy", "-o", "t.npz"], "--held-out",
    ),
    "a saved pass with a text": (
        ["render", "pass.npz", "--text", "he", "-o", "a.png"], "leave out --text",
    ),
    "a saved pass of another size": (
        ["render", "pass.npz", "--hidden-size", "5", "-o", "a.png"], "leave out --hidden-size",
    ),
    "a configuration with a setting twice": (["train", "--config", "twice.json"], "occurs twice"),
    "a configuration without an end": (["train", "--config", "deep.json"], "too deeply"),
    "a configuration with a key without an end": (["train", "--config", "key.toml"], "too deeply"),
    "a configuration as deep as can be read": (["train", "--config", "mine.json"], "mine.json"),
    "a task setting that is a table": (["train", "--config", "table.toml"], "got a table"),
    "a picture of no size": (["render", "hello", "--size", "0x0", "-o", "a.png"], "--size"),
    "a picture of another kind": (["render", "hello", "-o", "a.bmp"], ".png"),
    "weights of a pickle": (["import", "w.pt", "--task", "hello", "-o", "r.rnnviz"], "save_file"),
    "weights of a task": (["export", "hello", "-o", "w.safetensors"], "saved run"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.txt").touch()
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.toml")
        (tmp_path / "endless.toml").symlink_to("/dev/zero")
    else:
        for name in ("pipe.toml", "endless.toml"):
            (tmp_path / name).mkdir()
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "short.txt").write_text("a")
    (tmp_path / "model.pt").write_bytes(b"PK\x03\x04 weights")
    (tmp_path / "broken.rnnviz").write_bytes(b"PK\x03\x04 nothing")
    (tmp_path / "broken.safetensors").write_bytes(b"\xff" * 100)
    (tmp_path / "bad.toml").write_text('[model]\ncel = "gru"\n')
    (tmp_path / "rate.toml").write_text('task = "hello"\n[training]\nlearning_rate = -1.0\n')
    (tmp_path / "twice.json").write_text('{"seed": 1, "seed": 2}')
    (tmp_path / "deep.json").write_text('{"a": ' * 10_000 + "1" + "}" * 10_000)
    (tmp_path / "key.toml").write_text("a." * 20_000 + "b = 1\n")
    (tmp_path / "mine.json").write_text('{"a": ' * 900 + "1" + "}" * 900)
    (tmp_path / "table.toml").write_text('task = "copy"\n[options]\nfoo = { a = 1 }\n')
    (tmp_path / "folder.npz").mkdir()
    np.save(tmp_path / "x.npy", np.zeros((2, 1, 3)))
    np.save(tmp_path / "huge.npy", np.full((2, 1, 3), 1e300))
    cell = {"weight_ih_l0": np.zeros((2, 3), np.float32), "weight_hh_l0": np.eye(2, dtype="f4")}
    write_tensors(tmp_path / "good.safetensors", cell, {})
    return tmp_path


@pytest.mark.parametrize("case", sorted(BAD))
def test_bad_input_is_one_line_and_exit_code_two(
    case: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv, words = BAD[case]
    before = sorted(os.listdir(folder))
    assert main(argv) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    lines = captured.err.splitlines()
    assert len(lines) == 1, captured.err
    assert lines[0].startswith("rnnviz: error: ")
    assert words in lines[0]
    assert len(lines[0]) < 1000
    assert sorted(os.listdir(folder)) == before


def test_settings_that_a_saved_run_has_fixed_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "hello", "--iterations", "5", "--out", "run.rnnviz"]) == 0
    (folder / "own.toml").write_text("seed = 3")
    for option, value in (("--cell", "gru"), ("--config", "own.toml"), ("--seed", "3")):
        assert main(["train", "run.rnnviz", option, value, "--iterations", "5"]) == 2
        assert f"{option} cannot be changed" in capsys.readouterr().err


def test_the_learning_rate_of_a_saved_run_can_be_changed(folder: Path) -> None:
    assert main(["train", "hello", "--iterations", "5", "--out", "run.rnnviz"]) == 0
    more = ["train", "run.rnnviz", "--iterations", "2", "--learning-rate", "0.025"]
    assert main([*more, "--out", "run.rnnviz"]) == 0
    assert load("run.rnnviz").history.column("learning_rate")[4:].tolist() == [0.1, 0.025, 0.025]
    assert main(["train", "run.rnnviz", "--iterations", "1", "--out", "run.rnnviz"]) == 0
    assert load("run.rnnviz").history.column("learning_rate")[-1] == 0.025


@pytest.mark.parametrize("count", ["0", "-3", "9" * 25])
@pytest.mark.parametrize("command", ["train", "trace"])
def test_absurd_counts_of_iterations_are_refused_for_a_saved_run_too(
    command: str, count: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "hello", "--iterations", "1", "--out", "run.rnnviz"]) == 0
    capsys.readouterr()
    out = [] if command == "train" else ["-o", "t.npz"]
    assert main([command, "run.rnnviz", "--iterations", count, *out]) == 2
    assert f"iterations is {count}" in capsys.readouterr().err


def test_a_configuration_may_begin_with_a_byte_order_mark(folder: Path) -> None:
    (folder / "bom.toml").write_text('\ufefftask = "hello"\n', encoding="utf-8")
    assert main(["train", "--config", "bom.toml", "--iterations", "1"]) == 0


def test_a_run_that_diverges_is_saved_and_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--optimizer", "adam", "--learning-rate", "1e20", "--clip-norm", "0"]
    assert main(["train", "hello", *options, "--out", "run.rnnviz", "--json"]) == 1
    assert "diverged at iteration" in capsys.readouterr().out
    assert main(["trace", "run.rnnviz", "-o", "t.npz"]) == 0


def program(*argv: str) -> list[str]:
    return [sys.executable, "-m", "rnnviz", *argv]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_training_that_is_asked_to_end_saves_what_was_trained(name: str, tmp_path: Path) -> None:
    number = getattr(signal, name)
    ours, theirs = os.openpty()
    command = program("train", "hello", "--iterations", "100000000", "-o", "r.rnnviz")
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=theirs, text=True
    ) as process:
        os.close(theirs)
        # The bar appears with the first iteration; then Ctrl-C is listened for.
        assert b"training hello" in os.read(ours, 4096)
        process.send_signal(number)
        out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 128 + number
    assert "loss" in out
    assert (tmp_path / "r.rnnviz").exists()


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    command = f"{shlex.join(program('tasks'))} | head -n 0"
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_the_module_and_main_py_are_the_same_program(tmp_path: Path) -> None:
    main_py = Path(__file__).parents[2] / "main.py"
    for command in ([sys.executable, "-m", "rnnviz"], [sys.executable, str(main_py)]):
        done = subprocess.run(
            [*command, "train", "hello", "--iterations", "x"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr.startswith("rnnviz: error: ")
        assert done.stderr.count("\n") == 1


def test_a_complaint_about_an_endless_word_is_short(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trace", "sentiment", "--text", "a" * 50_000, "-o", "t.npz"]) == 2
    assert len(capsys.readouterr().err) < 1000
