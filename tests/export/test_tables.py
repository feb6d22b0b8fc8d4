"""Tables hold exactly the numbers of the pass."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.engine import Batch, Network
from rnnviz.export.tables import array_behind, array_table, step_table, tabbed, write_table
from rnnviz.trace import ModelSpec, UserError
from tests.scene.traces import make_trace

TRACE = make_trace("hello", batch=2)


def test_a_table_of_states_reads_back_exactly() -> None:
    rows = list(csv.reader(io.StringIO(array_table(TRACE, "h_l0", row=1))))
    assert rows[0] == ["step", "token", "h_l0[1]", "h_l0[2]", "h_l0[3]"]
    assert [row[1] for row in rows[1:]] == list("hell")
    values = np.array([[float(cell) for cell in row[2:]] for row in rows[1:]])
    assert (values == TRACE["h_l0"][:, 1]).all()


def test_a_table_of_losses_has_one_value_a_step() -> None:
    rows = list(csv.reader(io.StringIO(array_table(TRACE, "loss"))))
    assert [float(row[2]) for row in rows[1:]] == TRACE["loss"][:, 0].tolist()


def test_the_numbers_of_a_step_are_those_under_the_cursor() -> None:
    rows = list(csv.reader(io.StringIO(step_table(TRACE, 2))))
    found = [float(value) for name, _, value in rows if name == "dL_dh_l0"]
    assert found == TRACE["dL_dh_l0"][2, 0].tolist()
    assert not any(name.startswith("W_") for name, *_ in rows)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_weights_of_as_many_rows_as_there_are_steps_are_no_numbers_of_a_step(cell: Any) -> None:
    spec = ModelSpec(input_size=4, hidden_size=1, output_size=4, cell=cell)
    net = Network.create(spec, rng=np.random.default_rng(0))
    ids = np.arange(4)[:, np.newaxis]  # with one unit W_hy is (4, 1), as (T, B) is
    trace = net.trace(Batch(tokens=ids, targets=ids))
    rows = list(csv.reader(io.StringIO(step_table(trace, 2))))
    names = [name.removeprefix("dL_d") for name, *_ in rows]
    assert {"h_l0", "logits", "targets", "x"} <= set(names)
    assert not [name for name in names if name.startswith(("W_", "b_", "h0"))]
    with pytest.raises(UserError, match="each step"):
        array_table(trace, "W_hy")


def test_what_is_no_strip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no array"):
        array_table(TRACE, "nothing")
    with pytest.raises(UserError, match="each step"):
        array_table(TRACE, "W_hh_l0")
    with pytest.raises(UserError, match="folder"):
        write_table("a", tmp_path / "missing" / "a.csv")


def test_the_strip_of_words_has_the_ids_of_the_words_behind_it() -> None:
    assert array_behind(TRACE, "input") == "tokens"
    assert array_behind(TRACE, "h_l0") == "h_l0"
    with pytest.raises(UserError, match="no array 'c_l0'"):
        array_behind(TRACE, "c_l0")


def test_a_spreadsheet_gets_tabs_and_the_same_cells() -> None:
    table = array_table(TRACE, "probs")
    rows = list(csv.reader(io.StringIO(tabbed(table)), delimiter="\t"))
    assert rows == list(csv.reader(io.StringIO(table)))


def test_the_table_of_a_gradient_has_the_lengths_that_its_strip_shows() -> None:
    trace = make_trace("hello")
    lines = list(csv.reader(io.StringIO(array_table(trace, "dL_dh_l0"))))
    assert lines[0][:4] == ["step", "token", "length", "dL_dh_l0[1]"]
    for step, line in enumerate(lines[1:]):
        slope = trace["dL_dh_l0"][step, 0]
        assert [float(cell) for cell in line[3:]] == slope.tolist()
        assert float(line[2]) == pytest.approx(float(np.linalg.norm(slope)), rel=1e-12)
