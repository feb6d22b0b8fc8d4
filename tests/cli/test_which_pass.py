"""Which pass `trace` takes of a task or a run, and which options exclude each other."""

import signal
from pathlib import Path

import numpy as np
import pytest

from rnnviz.cli.interrupts import Interrupts
from rnnviz.session import load
from rnnviz.tasks import get_task
from rnnviz.tasks.base import Split
from tests.cli.command_line import Cli


def traced(cli: Cli, *argv: str) -> dict[str, np.ndarray]:
    code, _, err = cli("trace", *argv, "-o", "t.npz")
    assert code == 0, err
    with np.load("t.npz") as arrays:
        return dict(arrays)


def refused(cli: Cli, *argv: str) -> str:
    code, out, err = cli("trace", *argv, "-o", "t.npz")
    assert (code, out, len(err)) == (2, [], 1)
    assert not Path("t.npz").exists()
    return err[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--example", "0", "--text", "he"], "--example excludes --text and --sample: give one"),
        (["--example", "0", "--sample", "3"], "--example excludes --text and --sample: give one"),
        (["--held-out"], "--held-out says where --example counts: give --example N too"),
        (["--held-out", "--text", "he"], "give --example N too"),
        (["--temperature", "2", "--text", "he"], "--temperature belongs to --sample"),
        (["--example", "99"], "--example is 99; the train examples of hello are counted from 0 to"),
        (["--held-out", "--example", "0"], "hello has no held-out examples: leave out --held-out"),
        (["--vocab", "v.json"], "--vocab belongs to weights (*.safetensors), not to hello"),
        (["--input", "x.npy"], "--input belongs to weights"),
        (["--prefix", "rnn"], "--prefix belongs to weights"),
    ],
)
def test_options_that_say_nothing_together_are_refused(
    cli: Cli, options: list[str], words: str
) -> None:
    assert words in refused(cli, "hello", *options)


def test_nothing_named_is_asked_for_and_a_configuration_may_name_it(cli: Cli) -> None:
    assert "name a task, a text file, a run or weights" in refused(cli)
    Path("own.toml").write_text('task = "parity"\n')
    words = refused(cli, "--config", "own.toml", "--vocab", "v.json")
    assert words.endswith("--vocab belongs to weights (*.safetensors), not to own.toml")
    assert traced(cli, "--config", "own.toml")["tokens"].shape[0] == 12


@pytest.mark.parametrize("place", [0, 1, 499])
def test_an_example_is_counted_among_those_that_were_asked_for(cli: Cli, place: int) -> None:
    task = get_task("parity")
    flags: dict[Split, list[str]] = {"train": [], "held-out": ["--held-out"]}
    for split, flag in flags.items():
        found = traced(cli, "parity", "--example", str(place), *flag)
        expected = task.example_batch(task.examples(split)[place])
        np.testing.assert_array_equal(found["tokens"], expected.tokens)
        np.testing.assert_array_equal(found["targets"], expected.targets)
    Path("t.npz").unlink()
    assert "counted from 0 to 499" in refused(cli, "parity", "--held-out", "--example", "500")


def test_a_sample_is_as_hot_as_it_was_told_to_be_and_1_else(cli: Cli) -> None:
    cli("train", "hello", "--iterations", "20", "-o", "run.rnnviz")
    run = load("run.rnnviz")
    asked = ("run.rnnviz", "--sample", "30", "--text", "he", "--seed", "3")
    for options, temperature in (
        ([], 1.0), (["--temperature", "3"], 3.0), (["--temperature", "0"], 0.0),
    ):  # fmt: skip
        expected = run.sample("he", 30, temperature, 3)
        found = traced(cli, *asked, *options)
        np.testing.assert_array_equal(found["sampled"], expected["sampled"])
    assert not np.array_equal(found["sampled"], run.sample("he", 30, 3.0, 3)["sampled"])


def test_without_a_text_a_sample_begins_as_the_task_says_and_with_the_seed_of_the_run(
    cli: Cli,
) -> None:
    cli("train", "hello", "--iterations", "20", "--seed", "7", "-o", "run.rnnviz")
    expected = load("run.rnnviz").sample("", 30, 1.0, 7)
    found = traced(cli, "run.rnnviz", "--sample", "30")
    np.testing.assert_array_equal(found["sampled"], expected["sampled"])


@pytest.mark.parametrize("bias", ["-1", "-1.", "-.5", "-2.5e-1", "-1e0", "-1E+1"])
def test_a_negative_number_is_a_value_however_it_is_written(cli: Cli, bias: str) -> None:
    found = traced(cli, "hello", "--cell", "lstm", "--forget-bias", bias)
    np.testing.assert_array_equal(found["b_h_l0"][3:6], float(bias))


def test_a_negative_number_where_none_can_be_is_refused_as_what_it_is(cli: Cli) -> None:
    assert "learning-rate is -0.001" in refused(cli, "hello", "--learning-rate", "-1e-3")
    assert "unrecognized arguments: -e3" in refused(cli, "hello", "-e3")


def test_a_saved_pass_is_taken_as_it_is(cli: Cli) -> None:
    found = traced(cli, "hello")
    Path("t.npz").rename("pass.npz")
    again = traced(cli, "pass.npz", "--seed", "3")
    np.testing.assert_array_equal(again["logits"], found["logits"])
    Path("t.npz").unlink()
    for option, value in (
        ("--text", "he"), ("--example", "0"), ("--sample", "2"), ("--vocab", "v.json"),
        ("--input", "x.npy"), ("--prefix", "rnn"), ("--config", "own.toml"), ("--cell", "gru"),
        ("--iterations", "3"),
    ):  # fmt: skip
        words = refused(cli, "pass.npz", option, value)
        assert words.endswith(f"pass.npz is a saved pass: leave out {option}")


def test_a_run_is_trained_on_and_shown_in_the_precision_that_was_asked_for(cli: Cli) -> None:
    cli("train", "hello", "--iterations", "5", "-o", "run.rnnviz")
    run = load("run.rnnviz")
    found = traced(cli, "run.rnnviz", "--iterations", "4", "--dtype", "float64")
    assert found["logits"].dtype == np.float64
    run.train(4)
    np.testing.assert_array_equal(found["W_hh_l0"], run.net.params["W_hh_l0"])
    assert traced(cli, "run.rnnviz", "--dtype", "float32")["logits"].dtype == np.float32


def test_weights_of_a_kind_that_is_not_read_are_told_how_to_become_readable(cli: Cli) -> None:
    Path("model.pt").write_bytes(b"PK weights")
    assert "save_file" in refused(cli, "model.pt", "--input", "x.npy")


def test_ctrl_c_while_training_for_a_pass_leaves_no_pass(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(run: object, iterations: int, stop: Interrupts) -> None:
        signal.raise_signal(signal.SIGINT)
        assert stop

    monkeypatch.setattr("rnnviz.cli.trace_sources.train_with_progress", pressed)
    assert cli("trace", "hello", "--iterations", "9", "-o", "t.npz")[:2] == (130, [])
    assert not Path("t.npz").exists()


def test_a_pass_that_cannot_be_had_is_refused_before_training(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trained(self: object) -> None:
        raise AssertionError("training began")

    monkeypatch.setattr("rnnviz.session.run.Run.step", trained)
    for options, words in (
        (["--text", "hex"], "'x'"),
        (["--example", "99"], "--example is 99"),
        (["--sample", "100001"], "100,000"),
        (["--sample", "0"], "0"),
    ):
        assert words in refused(cli, "hello", "--iterations", "9", *options)
    with pytest.raises(AssertionError, match="training began"):
        cli("trace", "hello", "--iterations", "9", "--sample", "90000", "-o", "t.npz")
