from __future__ import annotations

import csv
import errno
import inspect
import re
from dataclasses import replace

import numpy as np
import pytest

from rnnviz import analysis
from rnnviz.analysis import ANALYSES, OPTIONS, analyze, contributions, write_arrays, write_table
from rnnviz.trace import Trace, UserError

NEEDED = {"matches": {"start": 1, "stop": 3, "threshold": 0.05}}


@pytest.mark.parametrize("what", ANALYSES)
def test_every_analysis_gives_arrays_for_every_cell(make_trace, cell, what):
    if what == "saturation" and cell.get("activation") == "linear":
        pytest.skip("a linear unit has no end of its range")
    arrays = analyze(make_trace(input_kind="one-hot", **cell), what, **NEEDED.get(what, {}))
    assert arrays
    for name, array in arrays.items():
        assert isinstance(array, np.ndarray), name
        assert not np.isnan(array).any(), name


@pytest.mark.parametrize("what", ANALYSES)
def test_the_options_listed_are_those_an_analysis_takes(what):
    taken = list(inspect.signature(ANALYSES[what]).parameters)
    assert taken == ["trace", *OPTIONS[what]]


def test_the_numbers_are_those_of_the_function_of_that_name(make_trace):
    trace = make_trace(layers=2, cell="gru")
    arrays = analyze(trace, "contributions", layer="l0", row=1)
    np.testing.assert_array_equal(arrays["log10_norm"], contributions(trace, "l0", 1).log10_norm)


def test_places_that_match_are_rows_of_sequence_start_and_stop(make_trace):
    trace = make_trace(T=12)
    h = np.zeros_like(trace["h_l0"])
    h[[1, 2, 5, 6, 9, 10], 0, 1] = h[4:6, 1, 1] = 0.8  # one unit, on at four places
    lit = Trace(trace.spec, {**trace.arrays, "h_l0": h})
    found = analyze(lit, "matches", start=1, stop=3, before=1, after=1)
    assert found["units"].tolist() == [1]
    assert sorted(found["places"].tolist()) == [[0, 5, 7], [0, 9, 11], [1, 4, 6]]
    assert found["shared"].tolist() == [1, 1, 1]


def test_an_unknown_analysis_or_option_is_named(make_trace):
    with pytest.raises(UserError, match="use one of gradients, contributions"):
        analyze(make_trace(), "karma")
    with pytest.raises(UserError, match="memory takes no layer"):
        analyze(make_trace(), "memory", layer="l0")
    with pytest.raises(UserError, match="start and stop"):
        analyze(make_trace(), "matches")


def test_a_table_holds_every_number_once(make_trace, tmp_path):
    arrays = analyze(make_trace(), "weights") | analyze(make_trace(), "trajectory")
    path = tmp_path / "out.csv"
    rows = write_table(arrays, path)
    with path.open(encoding="utf-8") as file:
        heading, *body = csv.reader(file)
    assert heading == ["array", "index0", "index1", "index2", "value"]
    assert len(body) == rows
    assert rows == sum(a.size * (2 if np.iscomplexobj(a) else 1) for a in arrays.values())
    place = next(row for row in body if row[0] == "points" and row[1:4] == ["3", "1", "0"])
    assert float(place[4]) == arrays["points"][3, 1, 0]


def test_a_table_that_cannot_be_written_says_so(tmp_path):
    with pytest.raises(UserError, match="cannot save"):
        write_table({"a": np.zeros(2)}, tmp_path / "missing" / "out.csv")


@pytest.mark.parametrize("name", ["old.csv", "old.npz"])
def test_an_old_file_outlives_a_disk_that_is_full(tmp_path, monkeypatch, name):
    path = tmp_path / name
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError, match="no room left"):
        write_arrays({"a": np.zeros(2)}, path)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("size", [1e-24, 1e24])
def test_norms_whose_squares_leave_float32_are_neither_0_nor_infinite(make_trace, size):
    trace = make_trace(B=2, dtype=np.float32)
    vectors = np.asarray(trace["dL_dh_l0"], np.float64)
    far = replace(trace, arrays={**trace.arrays, "dL_dh_l0": (vectors * size).astype(np.float32)})
    found = analyze(far, "gradients")
    expected = size * np.linalg.norm(vectors, axis=-1)
    np.testing.assert_allclose(found["norm_dL_dh"], expected, rtol=1e-6)
    np.testing.assert_allclose(found["log10_norm_dL_dh"], np.log10(expected), atol=1e-6)


def test_a_pass_that_has_run_out_of_float32_is_walked_back_with_exponents(make_trace):
    trace = make_trace(T=60, B=2, H=4, scale=0.02, kind="many-to-one", dtype=np.float32)
    found = analyze(trace, "gradients")["log10_norm_dL_dh"]
    assert found[0].max() < -45
    assert np.isfinite(found).all()
    for row in (0, 1):
        exact = contributions(trace, row=row, dtype=np.float64).log10_total
        np.testing.assert_allclose(found[:, row], exact, atol=0.05)


NO_FIGURE = {"analyze", "layer_named", "layer_names", "table_rows", "write_arrays", "write_table"}
FIGURES = [
    name
    for name in analysis.__all__
    if inspect.isfunction(getattr(analysis, name)) and name not in NO_FIGURE
]
SIZE = re.compile(r"\((?:|[TBHSNMWG…n][^()]*)\)")


@pytest.mark.parametrize("name", FIGURES)
def test_every_public_analysis_has_its_formula_shapes_and_source_in_its_docstring(name):
    text = inspect.getdoc(getattr(analysis, name)) or ""
    assert any(sign in text for sign in "=←≤≥‖∂"), "no formula"
    assert SIZE.search(text) or "shapes" in text
    assert "Source: " in text
