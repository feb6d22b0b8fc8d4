"""``rnnviz analyze`` to a picture: the laboratory's figures without its window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rnnviz.analysis import ANALYSES
from rnnviz.cli.main import main

pytest.importorskip("PySide6")
DRAWN = list(ANALYSES)


@pytest.mark.parametrize("what", DRAWN)
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_every_analysis_has_a_figure_with_real_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, cell: str
) -> None:
    path = tmp_path / "figure.svg"
    extra = ["--start", "0", "--stop", "2"] if what == "matches" else []
    code = main(
        ["analyze", "hello", "--cell", cell, "--what", what, "-o", str(path), "--json", *extra]
    )
    result = json.loads(capsys.readouterr().out)
    assert code == 0
    assert result["size"][0] == 640
    svg = path.read_text(encoding="utf-8")
    assert svg.count("<text") > 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--what", "contributions", "--part", "c"], "no cell state"),
        (["--what", "response", "--unit", "77"], "1 to 3"),
        (["--what", "jacobians", "--unit", "1"], "its options are --layer, --row, --origin\n"),
        (["--what", "trajectory", "--components", "3"], "write a .npz or .csv\n"),
        (["--what", "jacobians", "--origin", "-1"], "from 0, the initial one, to 3"),
    ],
)
def test_a_figure_of_what_the_cell_does_not_have_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    path = tmp_path / "figure.svg"
    assert main(["analyze", "hello", "-o", str(path), *arguments]) == 2
    assert words in capsys.readouterr().err
    assert not path.exists()


def test_a_png_has_the_pixels_that_were_asked_for_and_that_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = pytest.importorskip("PIL.Image")
    path = tmp_path / "figure.png"
    look = ["--width", "500", "--scale", "3", "--theme", "dark"]
    assert main(["analyze", "hello", "--what", "memory", "-o", str(path), *look]) == 0
    with image.open(path) as picture:
        assert picture.size[0] == 1500
        assert f"{picture.size[0]} × {picture.size[1]} pixels" in capsys.readouterr().out
        assert sum(picture.convert("RGB").getpixel((2, 2))) < 150


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--what", "memory", "--classes", "predicted"], "takes no --classes"),
        (["--what", "matches"], "--start and --stop"),
        (["--what", "matches", "--start", "3", "--stop", "9"], "not in this sequence"),
        (["--what", "jacobians", "--layer", "l7"], "no layer 'l7'"),
        (["--what", "jacobians", "--row", "2"], "use a row from 0 to 0"),
        (["--what", "jacobians", "--width", "10"], "240 to 4096"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["analyze", "hello", "-o", str(tmp_path / "a.png"), *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_numbers_take_no_looks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--what", "memory", "--theme", "dark", "-o", str(tmp_path / "a.npz")]
    assert main(["analyze", "hello", *arguments]) == 2
    assert "--theme" in capsys.readouterr().err


@pytest.mark.filterwarnings("error")
def test_the_activity_of_a_diverged_run_is_drawn_without_probabilities(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wild = ["--activation", "linear", "--optimizer", "sgd", "--learning-rate", "1e37"]
    assert main(["train", "hello", *wild, "--clip-norm", "0", "-o", "d.rnnviz"]) == 1
    assert main(["analyze", "d.rnnviz", "--what", "activity", "-o", "a.png"]) == 0
    assert main(["analyze", "d.rnnviz", "--what", "response", "-o", "a.png"]) == 2
