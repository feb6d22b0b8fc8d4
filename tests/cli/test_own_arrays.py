"""Arrays of one's own are data for every command, and a recorded pass is a recorded pass."""

from pathlib import Path

import numpy as np
import pytest

from rnnviz.cli.main import main
from rnnviz.trace.files import is_recorded, load_trace


@pytest.fixture
def own(tmp_path: Path) -> str:
    rng = np.random.default_rng(0)
    place = tmp_path / "own.NPZ"
    with place.open("wb") as file:
        np.savez(file, x=rng.normal(size=(40, 7, 3)), y=rng.integers(0, 2, 40))
    return str(place)


def test_a_pass_over_own_arrays_is_made_drawn_and_looked_into(own: str, tmp_path: Path) -> None:
    made, picture, table = (str(tmp_path / name) for name in ("t.npz", "g.svg", "s.csv"))
    assert not is_recorded(own)
    assert main(["trace", own, "--iterations", "3", "-o", made]) == 0
    assert is_recorded(made)
    assert load_trace(made)["x"].shape[::2] == (7, 3)
    assert main(["render", own, "--view", "graph", "-o", picture]) == 0
    assert main(["analyze", own, "--what", "saturation", "-o", table]) == 0


def test_what_is_neither_is_told_as_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "other.npz"
    np.savez(place, z=np.zeros(3))
    assert main(["trace", str(place), "-o", str(tmp_path / "t.npz")]) == 2
    told = capsys.readouterr().err
    assert "z" in told
    assert "x (N, T, D)" in told
    assert main(["trace", str(tmp_path / "no.npz"), "-o", str(tmp_path / "t.npz")]) == 2
    assert "there is no such file" in capsys.readouterr().err


def test_a_recorded_pass_is_told_apart_from_data_to_learn_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = str(tmp_path / "pass.npz")
    assert main(["trace", "hello", "-o", place]) == 0
    for command in ("train", "sample", "evaluate"):
        capsys.readouterr()
        assert main([command, place]) == 2
        assert "is a recorded pass and no data to learn from" in capsys.readouterr().err


def test_of_many_arrays_that_are_no_data_the_first_few_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "many.npz"
    np.savez(place, **{f"a{number:03d}": np.zeros(1) for number in range(200)})
    assert main(["train", str(place)]) == 2
    assert "a007 and 192 more; it must hold x" in capsys.readouterr().err
