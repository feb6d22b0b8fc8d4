"""``rnnviz bench`` measures what it says it measures."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from rnnviz.cli.bench import blas, floor, measure, naive, ours, scaling, table, torch_reference
from rnnviz.cli.bench.workloads import WORKLOADS, Workload
from rnnviz.cli.main import main
from rnnviz.engine.network import Network
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.trace import UserError


def small(cell: Any, layers: int = 1, batch: int = 3) -> Workload:
    return Workload("small", "small", cell, 5, 4, batch, 1, 1, classes=4, layers=layers)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize(("layers", "batch"), [(1, 1), (2, 3)])
def test_the_plain_loop_computes_the_same_gradients_as_the_engine(
    cell: Any, layers: int, batch: int
) -> None:
    workload = small(cell, layers, batch)
    weights = {name: w.astype(np.float64) for name, w in naive.start(workload).items()}
    data = workload.data()
    assert data.tokens is not None
    assert data.targets is not None
    loss, grads = naive.loss_and_gradients(workload, weights, data.tokens, data.targets)
    params = Parameters(parameter_shapes(workload.spec), np.float64)
    h = workload.hidden
    for layer in range(layers):
        inner = weights[f"b_hh{layer}"][:, 0].copy()
        if cell == "gru":
            params[f"b_hn_l{layer}"][:] = inner[2 * h :]
            inner[2 * h :] = 0
        params[f"b_h_l{layer}"][:] = weights[f"b_h{layer}"][:, 0] + inner
        params[f"W_xh_l{layer}"][:] = weights[f"W_xh{layer}"]
        params[f"W_hh_l{layer}"][:] = weights[f"W_hh{layer}"]
    params["W_hy"][:], params["b_y"][:] = weights["W_hy"], weights["b_y"][:, 0]
    net = Network(workload.spec, params)
    assert net.loss_and_gradients(data) == pytest.approx(loss, rel=1e-12)
    for layer in range(layers):
        for name in ("W_xh", "W_hh"):
            np.testing.assert_allclose(
                net.grads[f"{name}_l{layer}"], grads[f"{name}{layer}"], rtol=0, atol=1e-13
            )
        np.testing.assert_allclose(
            net.grads[f"b_h_l{layer}"], grads[f"b_h{layer}"][:, 0], rtol=0, atol=1e-13
        )
    np.testing.assert_allclose(net.grads["W_hy"], grads["W_hy"], rtol=0, atol=1e-13)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("optimizer", ["adam", "adagrad"])
def test_every_engine_runs_every_kind_of_workload(cell: Any, optimizer: str) -> None:
    workload = Workload("s", "s", cell, 5, 4, 2, 1, 1, classes=4, layers=2, optimizer=optimizer)
    engines = (ours.iteration, ours.traced_iteration, naive.iteration, floor.iteration)
    turns = [engine(w) for engine in engines for w in (workload, workload.calls_alone)]
    for turn in (*turns, ours.ShownIteration(workload, 2), ours.update(workload)):
        turn()
        turn()
    for turn in torch_reference.iterations(workload).values():
        turn()


def test_a_row_holds_medians_and_ratios(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "SLICE_SECONDS", 1e-4)
    monkeypatch.setattr(torch_reference, "iterations", lambda workload: {})
    (row,) = measure.run(["hello"], repeats=3)
    assert row["name"] == "hello"
    for name in ("ours", "ours_traced", "ours_shown", "floor", "calls", "limit", "naive"):
        assert 0 < row[name] < 1
    for name in ("torch", "torch_over_ours", "torch_over_limit"):
        assert row[name] is None
    assert row["shown_cost"] > -1
    assert row["shown_per_second"] > 0
    assert row["ours_over_floor"] > 0
    lines = table.table([row])
    assert len({len(line) for line in lines}) == 1
    assert "hello" in lines[2]
    assert "–" in lines[2]


def test_the_limit_is_our_calls_and_the_arithmetic_of_floor_and_optimiser() -> None:
    seconds = {"calls": [4.0], "floor": [9.0], "floor_calls": [2.0]}
    seconds |= {"update": [3.0], "update_calls": [1.0]}
    assert measure._limit(seconds) == [13.0]


def test_what_is_shown_is_paced_as_in_training() -> None:
    assert measure._every(0.0001, 0.0001) == 334  # thirty a second
    assert measure._every(0.0001, 0.001) == 600  # a sixtieth of the time
    assert measure._every(1.0, 0.001) == 1
    assert measure._every(1.0, -0.001) == 1


def test_the_command_prints_one_json_object_on_the_last_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(measure, "SLICE_SECONDS", 1e-4)
    monkeypatch.setattr(torch_reference, "iterations", lambda workload: {})
    assert main(["bench", "--workload", "hello", "--repeats", "1", "--json"]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [row["name"] for row in result["workloads"]] == ["hello"]
    assert result["machine"]["numpy"] == np.__version__


def test_unknown_workloads_and_absurd_repeats_are_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(UserError, match="no workload warp; use one of vanilla"):
        measure.run(["warp"])
    assert main(["bench", "--repeats", "0"]) == 2
    assert "--repeats is 0" in capsys.readouterr().err


def test_the_machine_is_described() -> None:
    blas.one_thread()
    found = blas.describe()
    assert found["blas"]
    assert found["threads"] in (1, None)
    assert str(found["processor"]) in table.header(found)


def test_every_workload_of_the_table_is_there_once() -> None:
    assert len({w.title for w in WORKLOADS.values()}) == len(WORKLOADS) == 10


def test_cost_over_length_is_measured_and_drawn() -> None:
    points = scaling.measure(cells=("rnn",), lengths=(4, 8), repeats=1)
    assert [(p.cell, p.steps) for p in points] == [("rnn", 4), ("rnn", 8)]
    assert all(p.seconds > 0 and p.bytes > 0 for p in points)
    picture = scaling.draw(points)
    assert picture.startswith("<svg")
    assert picture.count("<polyline") == 2  # one line a panel
