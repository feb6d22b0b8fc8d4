"""Along every path inside a cell the gradient is what the pass recorded, put together again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.scene.cell_data import CellData, cell_data
from rnnviz.scene.cell_flow import flow, lengths
from rnnviz.trace import ModelSpec, Trace

CELLS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "rnn", "activation": "relu"},
    {"cell": "rnn", "layer_norm": True},
    {"cell": "jordan"},
    {"cell": "jordan", "activation": "relu"},
    {"cell": "lstm"},
    {"cell": "lstm", "peepholes": True},
    {"cell": "lstm", "layer_norm": True},
    {"cell": "gru"},
    {"cell": "gru", "layer_norm": True},
]
SHAPES: list[dict[str, Any]] = [
    {},
    {"layers": 2},
    {"bidirectional": True, "head": "last", "kind": "many-to-one"},
    {"kind": "many-to-many", "attention": "dot"},
    {"kind": "many-to-many"},
    {"kind": "many-to-many", "bidirectional": True, "layers": 2, "ragged": True},
    {"kind": "many-to-many", "bidirectional": True, "attention": "general", "ragged": True},
]


def pass_of(steps: int = 5, ragged: bool = False, **options: Any) -> Trace:
    """Two sequences of unlike length in float64, every number of the weights away from zero."""
    rng = np.random.default_rng(1)
    spec = ModelSpec(**{"input_size": 4, "hidden_size": 3, "output_size": 4, **options})
    net = Network.create(spec, rng=rng, dtype=np.float64)
    net.params.flat[...] += 0.3 * rng.normal(size=net.params.flat.shape)
    tokens = rng.integers(0, 4, (steps, 2))
    more: dict[str, Any] = {"decoder_tokens": tokens} if spec.kind == "many-to-many" else {}
    if spec.kind != "many-to-one" and not ragged:
        return net.trace(Batch(tokens=tokens, targets=tokens, **more))
    more["lengths"] = np.array([steps, steps - 2])
    return net.trace(Batch(tokens=tokens, targets=tokens, **more))


def cells_of(trace: Trace) -> list[CellData]:
    found = []
    for part in trace.parts:
        for layer in trace.spec.layer_names(part.prefix):
            for column in range(part.start, part.stop):
                for row in range(2):
                    data = cell_data(trace, f"{part.prefix}h_{layer}@{column}", row)
                    assert data is not None
                    found.append(data)
    return found


def same(*pairs: tuple[Any, Any]) -> None:
    for got, wanted in pairs:
        np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_what_arrives_adds_up_to_the_recorded_gradient(
    cell: dict[str, Any], shape: dict[str, Any]
) -> None:
    if cell["cell"] == "jordan" and shape:
        pytest.skip("a jordan cell stands alone")
    trace = pass_of(**cell, **shape)
    for data in cells_of(trace):
        paths = flow(trace, data)
        zero = np.zeros(3)
        if cell["cell"] == "jordan":
            nothing = np.zeros(4)
            arrived = paths.get("loss", nothing) + paths.get("next_y", nothing)
            same((arrived, trace["dL_dlogits"][data.step - 1, data.row]))
            assert trace["W_hy"] is not None
            same((paths["h"], trace["W_hy"].T @ paths["y"]))
            continue
        arrived = paths.get("above", zero) + paths.get("next_h", zero)
        same((arrived, data.vectors["dh"]))
        if cell["cell"] == "lstm":
            own = paths["through"] + paths.get("peep_o", zero)
            same((own + paths.get("next_c", zero), data.vectors["dc"]))


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_what_leaves_is_what_the_step_before_and_the_input_receive(cell: dict[str, Any]) -> None:
    trace = pass_of(**cell)
    for data in cells_of(trace):
        paths, t = flow(trace, data), data.step - 1
        same((paths["down"], trace["dL_dx"][t, data.row]))
        if cell["cell"] == "jordan" or not t:
            continue
        leaves = paths["back"] + (paths["kept"] if cell["cell"] == "gru" else 0.0)
        received = trace["dL_dh_l0"][t - 1, data.row] - trace["dL_dh_direct_l0"][t - 1, data.row]
        same((leaves, received))


@pytest.mark.parametrize("cell", [c for c in CELLS if c["cell"] in ("lstm", "gru")], ids=str)
def test_behind_the_slope_of_a_gate_stands_its_recorded_gradient(cell: dict[str, Any]) -> None:
    trace = pass_of(**cell)
    for data in cells_of(trace):
        paths = flow(trace, data)
        for gate in trace.spec.gates:
            value = data.vectors[gate]
            slope = 1 - value**2 if gate in "gn" else value * (1 - value)
            same((paths[gate] * slope, paths[f"a_{gate}"]))
        if cell["cell"] == "gru":
            same((paths["z_old"] + paths["z_new"], paths["z"]))
            if "layer_norm" not in cell:
                same((paths["h_n"], paths["m"]))


def test_a_path_along_which_nothing_comes_has_no_length() -> None:
    trace = pass_of(cell="lstm", kind="many-to-one", head="last")
    last, first = (cell_data(trace, f"h_l0@{t}", 0) for t in (4, 1))
    assert last is not None
    assert first is not None
    assert not {"next_h", "next_c"} & set(lengths(trace, last))
    assert "above" not in lengths(trace, first)
    assert lengths(trace, first)["next_c"] > 0


def test_a_pass_without_gradients_has_no_paths() -> None:
    trace = pass_of(cell="gru")
    bare = type(trace)(
        trace.spec, {k: v for k, v in trace.arrays.items() if not k.startswith("dL_")}
    )
    data = cell_data(bare, "h_l0@1", 0)
    assert data is not None
    assert flow(bare, data) == {}
