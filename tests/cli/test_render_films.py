"""``rnnviz render`` to a moving picture."""

import json
from pathlib import Path

import pytest

from rnnviz.cli.main import main

pytest.importorskip("PySide6")


@pytest.mark.parametrize("ending", ["gif", "webp", "mp4"])
def test_a_pass_is_played_into_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str
) -> None:
    path = tmp_path / f"pass.{ending}"
    speed = ["--speed", "20", "--fps", "5"]
    code = main(["render", "hello", "--size", "400x240", *speed, "--json", "-o", str(path)])
    assert code == 0
    result = json.loads(capsys.readouterr().out)
    assert result["view"] == "graph"
    assert result["frames"] > 5
    assert path.stat().st_size == result["bytes"] > 1000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--view", "window"], "single view"),
        (["--step", "2"], "whole pass"),
        (["--fps", "0"], "1 to 60"),
        (["--speed", "-1"], "above 0"),
        (["--speed", "inf"], "a finite number"),
        (["--size", "9000x9000"], "8 million"),
        (["--view", "loss"], "no moving view"),
        (["--row", "3"], "row 3"),
        (["--view", "strips", "--strips", "h_l0,sums"], "no strip 'sums'"),
        (["--strips", "h_l0"], "--view strips"),
        (["--select", "h_l7@2"], "no node"),
        (["--select", "h_l0@9"], "no node"),
    ],
)
def test_a_film_that_cannot_be_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["render", "hello", "-o", str(tmp_path / "a.gif"), *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_speed_and_frames_are_refused_for_a_still_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", "hello", "-o", str(tmp_path / "a.png"), "--fps", "5"]) == 2
    assert "--fps" in capsys.readouterr().err


def test_a_film_of_the_stage_says_which_strips_had_no_room(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["render", "hello", "--view", "stage", "--speed", "40", "--fps", "5", "--json"]
    for size, absent in (("640x360", ["output", "‖∂L/∂h‖", "loss"]), ("800x640", [])):
        assert main([*told, "--size", size, "-o", str(tmp_path / "a.gif")]) == 0
        assert json.loads(capsys.readouterr().out).get("left_out", []) == absent
