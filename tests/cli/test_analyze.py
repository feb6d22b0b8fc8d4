from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from rnnviz.cli.main import main


def test_an_analysis_is_written_as_arrays(tmp_path, capsys):
    out = tmp_path / "who.npz"
    assert main(["analyze", "hello", "--what", "contributions", "-o", str(out), "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert result["arrays"]["log10_norm"] == [4, 4]
    with np.load(out, allow_pickle=False) as arrays:
        assert np.isneginf(arrays["log10_norm"][0, 1])
        np.testing.assert_allclose(arrays["shares"].sum(axis=0), 1.0, rtol=1e-5)


def test_an_analysis_is_written_as_a_table(tmp_path):
    out = tmp_path / "weights.csv"
    assert main(["analyze", "hello", "--cell", "gru", "--what", "weights", "-o", str(out)]) == 0
    with out.open(encoding="utf-8") as file:
        names = {row[0] for row in csv.reader(file)}
    assert {"W_hr_eigenvalues.real", "W_hr_eigenvalues.imag", "W_hz_singular_values"} <= names


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--what", "karma"], "none of gradients, contributions"),
        (["--what", "memory", "--layer", "l0"], "memory takes no --layer"),
        (["--what", "matches"], "give --start and --stop"),
        (["--what", "jacobians", "--unit", "1"], "its options are --layer, --row, --origin\n"),
        (
            ["--what", "what-if", "--part", "h"],
            "what-if takes no --part; its options are --l",
        ),
        (["--what", "memory", "--edit", "h_l0[1]=0"], "memory takes no --edit; its"),
        (["--what", "clipping", "--unit", "1"], "it has no options"),
        (["--what", "jacobians", "--layer", "l9"], "no layer 'l9'"),
        (["--what", "jacobians", "--row", "3"], "use a row from 0 to 0"),
        (["--what", "matches", "--row", "3", "--start", "0", "--stop", "2"], "from 0 to 0"),
    ],
)
def test_what_cannot_be_analysed_is_one_sentence(tmp_path, capsys, options, words):
    assert main(["analyze", "hello", *options, "-o", str(tmp_path / "x.npz")]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("rnnviz: error: ")
    assert shown.count("\n") == 1
    assert words in shown
    assert not list(tmp_path.iterdir())


def test_a_file_of_another_kind_is_refused_before_any_work(tmp_path, capsys):
    assert main(["analyze", "hello", "--what", "memory", "-o", str(tmp_path / "x.xls")]) == 2
    assert ".npz or .csv" in capsys.readouterr().err
