"""Traces from elsewhere, without some arrays or with others: worked with, or refused in a line."""

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rnnviz.analysis import ANALYSES
from rnnviz.app.lab.own_figures import OPTIONS
from rnnviz.cli.main import main
from rnnviz.trace.archive import read_archive, write_archive

Array = NDArray[Any]

PASSES = {
    "rnn": ["hello"],
    "jordan": ["hello", "--cell", "jordan"],
    "lstm": ["hello", "--cell", "lstm", "--peepholes", "--layers", "2", "--dropout", "0.2"],
    "gru": ["hello", "--cell", "gru", "--bidirectional"],
    "normed": ["hello", "--cell", "lstm", "--layer-norm", "--learned-state"],
    "attending": ["translation", "--attention", "additive", "--bidirectional"],
    "captioning": ["captioning"],
}
SMALL = ["--hidden-size", "3", "--batch-size", "1"]
VIEWS = ("graph", "rolled", "cell", "product", "strips", "inspector", "stage")
VALUES = (float("nan"), float("inf"), float("-inf"), 3e38, 0.0)


@pytest.fixture(scope="module")
def passes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("passes")
    for name, source in PASSES.items():
        size = SMALL[: 2 if source[0] == "hello" else 4]
        assert main(["trace", *source, *size, "-o", str(folder / f"{name}.npz")]) == 0
    return folder


def changed(array: Array, chance: random.Random) -> Array | None:
    """Another array, or None for none at all."""
    ways: list[Any] = [
        lambda: None,
        lambda: array.T,
        lambda: array[..., None],
        lambda: array.reshape(-1)[:0],
        lambda: array[:-1] if array.ndim else array,
        lambda: array.astype("f2" if array.dtype.kind == "f" else "i8"),
        lambda: np.full_like(array, other),
    ]
    other: Any = chance.choice(VALUES)
    if array.dtype.kind != "f":
        other = chance.choice((7, 0, np.iinfo(array.dtype).max, np.iinfo(array.dtype).min))
    found = chance.choice(ways)()
    return None if found is None else np.ascontiguousarray(found)


def command(trace: str, chance: random.Random) -> list[str]:
    if chance.random() < 0.5:
        shown = ["render", trace, "--view", chance.choice(VIEWS), "-o", "picture.png"]
        return shown + (["--step", "1"] if chance.random() < 0.5 else [])
    known = sorted({*ANALYSES, *OPTIONS} - {"history", "cells", "clipping"})
    what = chance.choice(known)
    more = {"what-if": ["--edit", "h_l0*=2"], "matches": ["--start", "0", "--stop", "2"]}
    asked = ["analyze", trace, "--what", what, *more.get(what, [])]
    return [*asked, "-o", f"out.{chance.choice(('npz', 'svg'))}"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.sampled_from(sorted(PASSES)), seed=st.integers(0, 2**32))
def test_a_changed_trace_is_worked_with_or_refused_in_one_line(
    passes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    seed: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(seed)
    archive = read_archive(passes / f"{name}.npz")
    arrays = dict(archive.arrays)
    for _ in range(chance.choice((1, 1, 2))):
        touched = chance.choice(sorted(arrays))
        other = changed(arrays.pop(touched), chance)
        if other is not None:
            arrays[touched] = other
    write_archive("changed.npz", arrays, archive.meta)
    capsys.readouterr()
    code = main(command("changed.npz", chance))
    told = capsys.readouterr().err
    assert code in (0, 2)
    assert told.count("\n") == (1 if code else 0), told


@pytest.mark.parametrize(
    ("name", "lost", "what"),
    [
        ("gru", "W_hh_l0_reverse", ["what-if", "--edit", "h_l0*=2"]),
        ("rnn", "loss_mask", ["what-if", "--edit", "h_l0*=2"]),
        ("rnn", "targets", ["by-hand"]),
        ("normed", "gain_h_l0", ["jacobians"]),
    ],
)
def test_an_array_that_an_analysis_lacks_is_named(
    passes: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    lost: str,
    what: list[str],
) -> None:
    archive = read_archive(passes / f"{name}.npz")
    rest = {key: array for key, array in archive.arrays.items() if key != lost}
    path = tmp_path / "less.npz"
    write_archive(path, rest, archive.meta)
    capsys.readouterr()
    assert main(["analyze", str(path), "--what", *what, "-o", str(tmp_path / "o.npz")]) == 2
    assert f"the trace has no array '{lost}'" in capsys.readouterr().err
