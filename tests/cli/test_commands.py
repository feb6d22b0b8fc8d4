import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

import rnnviz
from rnnviz.cli import train
from rnnviz.cli.render import picture_size
from rnnviz.export.view_names import UNROLLING, VIEWS, WINDOW
from rnnviz.session import Run, load
from rnnviz.trace import UserError
from tests.cli.command_line import Cli, result


def test_train_says_the_loss_in_its_last_line_and_writes_the_run(cli: Cli) -> None:
    code, out, err = cli("train", "hello", "--iterations", "50", "--seed", "0", "--out", "a.rnnviz")
    assert code == 0
    assert "50 iterations" in out[-1]
    assert "loss" in out[-1]
    assert Path("a.rnnviz").exists()
    assert len(err) == 10
    assert err[-1].startswith("training hello 50/50  mean loss ")


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


def test_training_on_beyond_the_end_of_the_schedule_says_that_nothing_is_learned(cli: Cli) -> None:
    def said(*options: str) -> str:
        return cli("train", *options, "-o", "end.rnnviz", "--no-evaluation")[1][-1]

    assert "schedule" not in said("hello", "--schedule", "linear", "--iterations", "20")
    assert "η is 0 from iteration 20 on" in said("end.rnnviz", "--iterations", "5")
    rate = ("--learning-rate", "0.05")
    assert "schedule" not in said("end.rnnviz", "--iterations", "5", *rate)


def test_what_was_trained_is_kept_elsewhere_where_its_place_has_no_room_any_more(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(other))
    save = Run.save

    def save_elsewhere(run: Run, path: str | os.PathLike[str]) -> None:
        if Path(path).parent != other:
            raise UserError(f"cannot save {path}: there is no room left; free some space")
        save(run, path)

    monkeypatch.setattr(Run, "save", save_elsewhere)
    command = ("train", "hello", "--iterations", "7", "-o", "run.rnnviz")
    for name in ("run.rnnviz", "run (2).rnnviz"):
        code, _, errors = cli(*command)
        assert code == 2
        assert "cannot save run.rnnviz: there is no room left" in errors[-1]
        assert errors[-1].endswith(f"What was trained is in {other / name}")
        assert load(other / name).iteration == 7
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    code, _, errors = cli(*command)
    assert (code, "What was trained" in errors[-1]) == (2, False)


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can remove a folder in use there")
def test_what_was_trained_is_kept_elsewhere_where_the_folder_at_work_was_removed(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work, other = tmp_path / "at-work", tmp_path / "other"
    at_work.mkdir()
    other.mkdir()
    monkeypatch.chdir(at_work)
    monkeypatch.setattr(tempfile, "tempdir", str(other))

    def while_it_trains(run: Run, iterations: int, stop: object) -> None:
        run.train(iterations)
        at_work.rmdir()

    monkeypatch.setattr(train, "train_with_progress", while_it_trains)
    code, _, errors = cli("train", "hello", "--iterations", "7", "-o", "run.rnnviz")
    assert code == 2
    assert errors[-1].endswith(f"What was trained is in {other / 'run.rnnviz'}")
    assert load(other / "run.rnnviz").iteration == 7
    # And who is there already is told before anything is done.
    code, _, errors = cli("trace", "hello", "-o", "trace.npz")
    assert (code, len(errors)) == (2, 1)
    assert "does not exist any more" in errors[0]


def test_a_score_that_finds_no_room_in_the_file_is_told_and_the_run_stays_there(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Run.save

    def save_once(run: Run, path: str | os.PathLike[str]) -> None:
        if os.path.exists(path):
            raise UserError("there is no room left")
        save(run, path)

    monkeypatch.setattr(Run, "save", save_once)
    code, out, _ = cli("train", "hello", "--iterations", "7", "-o", "run.rnnviz")
    assert code == 0
    assert "which is not in the file: there is no room left; wrote run.rnnviz" in out[-1]
    assert load("run.rnnviz").iteration == 7


def test_training_tells_how_many_iterations_its_seconds_were_spent_on(cli: Cli) -> None:
    _, out, _ = cli("train", "hello", "--iterations", "30", "--out", "run.rnnviz")
    assert out[-1].startswith("hello: 30 iterations in ")
    _, out, _ = cli("train", "run.rnnviz", "--iterations", "4")
    assert out[-1].startswith("hello: 4 iterations after the 30 of before in ")


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


def test_tasks_lists_every_task_with_its_source_and_licence(cli: Cli) -> None:
    code, out, _ = cli("tasks")
    assert code == 0
    assert out[0].startswith("hello")
    text = "\n".join(out)
    for word in ("captioning", "many-to-many", "MIT", "PSF"):
        assert word in text


def test_a_pass_in_which_nothing_is_asked_for_has_no_loss(cli: Cli) -> None:
    code, out, _ = cli(
        "trace", "sentiment", "--text", "the acting was bad", "--json", "-o", "t.npz"
    )
    assert code == 0
    assert result(out)["loss"] is None


def test_without_a_display_the_job_is_done_offscreen(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PySide6")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, out, err = cli("hello", "--iterations", "20", "--json")
    assert code == 0
    assert "no display" in err[0]  # before the progress of the training
    told = result(out)
    assert all(os.path.exists(str(told[name])) for name in ("run", "picture", "trace"))
    assert told["iterations"] == 20
    assert sorted(os.listdir("out")) == ["hello.npz", "hello.png", "hello.rnnviz"]


def test_what_is_drawn_without_a_display_chooses_no_platform_for_what_comes_later(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PySide6")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    commands = (
        ("hello", "--iterations", "2"),
        ("render", "hello", "--view", "graph", "-o", "graph.png"),
        ("analyze", "hello", "--what", "saturation", "-o", "found.svg"),
        ("hello", "--iterations", "2"),
    )
    for command in commands:
        assert cli(*command)[0] == 0
        assert "QT_QPA_PLATFORM" not in os.environ
    with pytest.raises(UserError, match="no display"):
        rnnviz.show("hello")
    monkeypatch.setenv("DISPLAY", ":0")
    from rnnviz.app.main import open_window

    with pytest.raises(UserError, match="open it in a process of its own"):
        open_window("hello")


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


def test_without_a_display_a_place_that_takes_no_file_is_told_before_training(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PySide6")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    Path("out", "hello.npz").mkdir(parents=True)
    code, out, err = cli("hello")
    assert (code, out, len(err)) == (2, [], 1)
    assert "'out/hello.npz': it is a folder" in err[0]


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_render_draws_a_view(cli: Cli, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    options = ("--view", "graph", "--step", "3", "--theme", "dark", "--size", "800x400")
    code, out, _ = cli("render", "hello", *options, "-o", f"g.{suffix}", "--json")
    assert code == 0
    assert result(out)["bytes"] == Path(f"g.{suffix}").stat().st_size > 1000


@pytest.mark.parametrize(("suffix", "told"), [("png", "400 × 200"), ("svg", "200 × 100")])
def test_render_tells_the_pixels_that_are_in_the_file(
    cli: Cli, suffix: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    look = ("--view", "graph", "--size", "200x100", "--scale", "2")
    _, out, _ = cli("render", "hello", *look, "-o", f"g.{suffix}")
    assert f"{told} pixels" in out[0]


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


@pytest.mark.parametrize("size", ["64x64", "1400x900"])
def test_the_size_that_is_told_is_the_one_that_the_picture_of_the_window_has(
    cli: Cli, size: str
) -> None:
    code, out, _ = cli(
        "render", "hello", "--view", "window", "--size", size, "-o", "w.png", "--json"
    )
    assert code == 0
    content = Path("w.png").read_bytes()
    pixels = [int.from_bytes(content[at : at + 4], "big") for at in (16, 20)]
    assert result(out)["size"] == pixels
    wanted = [int(length) for length in size.split("x")]
    assert all(has >= asked for has, asked in zip(pixels, wanted, strict=True))
