import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import rnnviz
from rnnviz.cli.main import COMMANDS, main
from rnnviz.cli.render import picture_size
from rnnviz.export.view_names import UNROLLING, VIEWS, WINDOW
from rnnviz.interop.safetensors_file import read_tensors, write_tensors
from rnnviz.trace import UserError

Cli = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command line in an empty folder: exit code, lines of stdout, lines of stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: str) -> tuple[int, list[str], list[str]]:
        code = main(argv)
        captured = capsys.readouterr()
        return code, captured.out.splitlines(), captured.err.splitlines()

    return run


def result(lines: list[str]) -> dict[str, object]:
    found = json.loads(lines[-1])
    assert isinstance(found, dict)
    return found


@pytest.fixture
def run_file(cli: Cli) -> str:
    """A trained hello."""
    assert cli("train", "hello", "--seed", "0", "--out", "run.rnnviz")[0] == 0
    return "run.rnnviz"


def test_train_says_the_loss_in_its_last_line_and_writes_the_run(cli: Cli) -> None:
    code, out, err = cli("train", "hello", "--iterations", "50", "--seed", "0", "--out", "a.rnnviz")
    assert code == 0
    assert "50 iterations" in out[-1]
    assert "loss" in out[-1]
    assert Path("a.rnnviz").exists()
    assert len(err) == 10
    assert err[-1].startswith("training hello 50/50  loss ")


def test_train_reports_what_a_script_needs(cli: Cli) -> None:
    code, out, _ = cli("train", "hello", "--iterations", "300", "--json")
    found = result(out)
    assert code == 0
    assert len(out) == 1
    assert found["task"] == "hello"
    assert found["iterations"] == 300
    assert isinstance(found["seconds"], float)
    assert found["value"] == 1.0
    for name in ("loss", "metric", "baseline", "target"):
        assert name in found


def test_training_goes_on_from_a_run_file_to_the_same_bits(cli: Cli) -> None:
    cli("train", "hello", "--iterations", "40", "--out", "whole.rnnviz")
    cli("train", "hello", "--iterations", "25", "--out", "part.rnnviz")
    code, out, _ = cli(
        "train", "part.rnnviz", "--iterations", "15", "--out", "part.rnnviz", "--json"
    )
    assert code == 0
    assert result(out)["iterations"] == 40
    with np.load("whole.rnnviz") as whole, np.load("part.rnnviz") as part:
        np.testing.assert_array_equal(whole["W_hh_l0"], part["W_hh_l0"])
        np.testing.assert_array_equal(whole["history"], part["history"])


def test_trace_writes_the_documented_arrays(cli: Cli) -> None:
    code, out, _ = cli(
        "trace", "hello", "--dtype", "float64", "--seed", "0", "-o", "t.npz", "--json"
    )
    assert code == 0
    shapes = {
        "x": (4, 1, 4), "targets": (4, 1), "h_l0": (4, 1, 3), "logits": (4, 1, 4),
        "loss": (4, 1), "loss_total": (), "dL_dh_l0": (4, 1, 3), "W_xh_l0": (3, 4),
        "W_hh_l0": (3, 3), "b_h_l0": (3,), "W_hy": (4, 3), "b_y": (4,), "h0_l0": (1, 3),
        "dL_dW_hh_l0": (3, 3),
    }  # fmt: skip
    with np.load("t.npz") as arrays:
        for name, shape in shapes.items():
            assert arrays[name].shape == shape, name
        assert arrays["h_l0"].dtype == np.float64
        assert arrays["targets"].dtype.kind == "i"
    assert set(shapes) <= set(result(out)["arrays"])  # type: ignore[call-overload]  # a list


def test_trace_of_a_run_shows_the_trained_network(cli: Cli, run_file: str) -> None:
    code, out, _ = cli(
        "trace", run_file, "--dtype", "float64", "--seed", "0", "-o", "t.npz", "--json"
    )
    assert code == 0
    assert result(out)["iteration"] == 300
    with np.load("t.npz") as trace, np.load(run_file) as run:
        np.testing.assert_allclose(trace["W_hh_l0"], run["W_hh_l0"])
        assert trace["logits"].argmax(-1).ravel().tolist() == trace["targets"].ravel().tolist()


def test_trace_takes_a_text_an_example_or_a_sample(cli: Cli, run_file: str) -> None:
    assert cli("trace", run_file, "--text", "leh", "-o", "t.npz")[0] == 0
    assert np.load("t.npz")["tokens"].ravel().tolist() == [2, 1]
    assert cli("trace", run_file, "--example", "0", "-o", "t.npz")[0] == 0
    assert np.load("t.npz")["tokens"].shape == (4, 1)
    code, out, _ = cli("trace", run_file, "--sample", "6", "--text", "he", "-o", "t.npz", "--json")
    assert (code, result(out)["loss"], result(out)["steps"]) == (0, None, 7)


@pytest.mark.parametrize(
    "options",
    [
        ["--cell", "lstm", "--layers", "2", "--bidirectional"],
        ["--cell", "gru", "--hidden-size", "5", "--scheme", "orthogonal"],
        ["--cell", "jordan"],
        ["--activation", "relu", "--scheme", "identity"],
        ["--optimizer", "adamw", "--weight-decay", "0.1", "--schedule", "cosine", "--warmup", "2"],
        ["--teacher-forcing", "0.5", "--scheduled-sampling"],
        ["--layers", "2", "--dropout", "0.5", "--clip-value", "1"],
        ["--cell", "lstm", "--peepholes", "--forget-bias", "1", "--learned-state"],
    ],
)
def test_every_architecture_trains_and_traces_from_options(cli: Cli, options: list[str]) -> None:
    code, _, err = cli("trace", "hello", "--iterations", "3", *options, "-o", "t.npz")
    assert (code, [line for line in err if "error" in line]) == (0, [])
    assert np.isfinite(np.load("t.npz")["loss_total"])


def test_sample_prints_what_the_model_writes(cli: Cli, run_file: str) -> None:
    code, out, _ = cli("sample", run_file, "--prompt", "h", "--length", "4", "--temperature", "0")
    assert (code, out) == (0, ["hello"])
    code, out, _ = cli(
        "sample", run_file, "--prompt", "h", "--length", "4", "--json", "-o", "s.npz"
    )
    assert len(str(result(out)["text"])) == 4
    assert np.load("s.npz")["sampled"].shape == (4, 1)


def test_a_sample_of_a_run_is_drawn_anew_with_another_seed(cli: Cli, tmp_path: Path) -> None:
    cli("train", "hello", "--iterations", "3", "-o", "run.rnnviz")
    one, same, other, named = (
        cli("sample", "run.rnnviz", "--length", "40", *seed)[1]
        for seed in ((), ("--seed", "0"), ("--seed", "5"), ("--sample-seed", "5"))
    )
    assert one == same
    assert one != other
    assert other == named
    drawn = []
    for seed in ("0", "5"):
        cli("trace", "run.rnnviz", "--sample", "40", "--text", "h", "--seed", seed, "-o", "s.npz")
        drawn.append(np.load("s.npz")["sampled"])
    assert not np.array_equal(*drawn)


def test_answers_in_words_are_decoded_as_asked(cli: Cli) -> None:
    options = ("--iterations", "5", "--hidden-size", "4", "--no-evaluation")
    cli("train", "translation", *options, "-o", "run.rnnviz")
    asked = ("sample", "run.rnnviz", "--prompt", "third of may twenty twenty")
    plain, greedy, narrow = (
        cli(*asked, *way)[1] for way in ((), ("--temperature", "0"), ("--beam", "1"))
    )
    assert plain == greedy == narrow
    drawn = {tuple(cli(*asked, "--temperature", "2", "--seed", str(n))[1]) for n in range(4)}
    assert len(drawn) > 1
    assert cli(*asked, "--beam", "3")[0] == 0


@pytest.mark.parametrize("option", ["--beam", "--top-k", "--length"])
def test_answers_of_one_class_are_not_decoded(cli: Cli, option: str) -> None:
    asked = ("sample", "sentiment", "--hidden-size", "3", "--prompt", "the acting was bad")
    code, _, err = cli(*asked, option, "3")
    assert code == 2
    assert f"leave out {option}" in err[0]


def test_evaluate_reports_the_score(cli: Cli, run_file: str) -> None:
    code, out, _ = cli("evaluate", run_file, "--json")
    assert (code, result(out)["value"]) == (0, 1.0)
    assert "accuracy 1" in cli("evaluate", run_file)[1][-1]


def test_tasks_lists_every_task_with_its_source_and_licence(cli: Cli) -> None:
    code, out, _ = cli("tasks")
    assert code == 0
    assert out[0].startswith("hello")
    text = "\n".join(out)
    for word in ("captioning", "many-to-many", "MIT", "PSF"):
        assert word in text


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


def test_a_pass_in_which_nothing_is_asked_for_has_no_loss(cli: Cli) -> None:
    code, out, _ = cli(
        "trace", "sentiment", "--text", "the acting was bad", "--json", "-o", "t.npz"
    )
    assert code == 0
    assert result(out)["loss"] is None


def test_help_and_version_read_well(cli: Cli) -> None:
    code, out, _ = cli("--help")
    assert code == 0
    assert all(any(line.startswith(f"  {name}") for line in out) for name in COMMANDS)
    assert max(map(len, out)) <= 100
    assert cli("--version") == (0, [f"rnnviz {rnnviz.__version__}"], [])
    code, out, _ = cli("--info")
    assert any(line.startswith("numpy ") for line in out)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_and_json(cli: Cli, command: str) -> None:
    code, out, err = cli(command, "--help")
    assert (code, err) == (0, [])
    assert any("--json" in line for line in out)
    assert any("example" in line for line in out)
    assert all(len(line) <= 100 for line in out)
    assert out.index("") <= 4  # the usage is short, however many options there are


def test_without_a_display_the_job_is_done_offscreen(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PySide6")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, out, err = cli("hello", "--iterations", "20")
    assert code == 0
    assert "no display" in err[0]  # before the progress of the training
    assert all("out" in line for line in out)
    assert sorted(os.listdir("out")) == ["hello.npz", "hello.png", "hello.rnnviz"]


@pytest.mark.parametrize("source", ["nowhere.npz", "nowhere.rnnviz", "nobody"])
def test_without_a_display_bad_input_is_one_line_and_leaves_no_folder(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    pytest.importorskip("PySide6")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, out, err = cli(source)
    assert (code, out, len(err)) == (2, [], 1)
    assert os.listdir() == []


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_render_draws_a_view(cli: Cli, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    options = ("--view", "graph", "--step", "3", "--theme", "dark", "--size", "800x400")
    code, out, _ = cli("render", "hello", *options, "-o", f"g.{suffix}", "--json")
    assert code == 0
    assert result(out)["bytes"] == Path(f"g.{suffix}").stat().st_size > 1000


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_render_says_which_strips_had_no_room(
    cli: Cli, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    options = ("--view", "stage", "-o", f"s.{suffix}")
    _, out, _ = cli("render", "hello", *options, "--size", "640x360")
    assert out[1:] == [
        "no room for output, ‖∂L/∂h‖, loss: use a larger --size, or choose with --strips"
    ]
    _, out, _ = cli("render", "hello", *options, "--size", "640x360", "--json")
    assert result(out)["left_out"] == ["output", "‖∂L/∂h‖", "loss"]
    _, out, _ = cli("render", "hello", *options, "--size", "1280x720")
    assert len(out) == 1


def test_a_size_is_two_numbers() -> None:
    assert picture_size("1600x1000") == (1600, 1000)
    for text in ("1600", "0x0", "9x9", "999999x10", "-5x5", "ax b"):
        with pytest.raises(UserError, match="--size"):
            picture_size(text)


def test_the_help_of_render_lists_every_view(cli: Cli) -> None:
    _, out, _ = cli("render", "--help")
    said = " ".join(" ".join(out).split())
    for view in (*VIEWS, UNROLLING, WINDOW):
        assert view in said


@pytest.mark.parametrize("suffix", ["svg", "pdf"])
def test_the_whole_window_is_drawn_with_text(
    cli: Cli, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    code, _, _ = cli("render", "hello", "--size", "1280x720", "-o", f"w.{suffix}")
    assert code == 0
    if suffix == "svg":
        assert ">Unrolled graph</text>" in Path("w.svg").read_text(encoding="utf-8")
