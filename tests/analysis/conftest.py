"""Hand-made passes: a spec, random numbers, and the replay that turns them into a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rnnviz.analysis.replay.network import replay
from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.trace import ModelSpec, Trace

MakeTrace = Callable[..., Trace]

CELLS: tuple[dict[str, Any], ...] = (
    {"cell": "rnn"},
    {"cell": "rnn", "activation": "relu"},
    {"cell": "rnn", "activation": "linear"},
    {"cell": "jordan"},
    {"cell": "lstm"},
    {"cell": "lstm", "peepholes": True},
    {"cell": "gru"},
)


def cell_id(options: dict[str, Any]) -> str:
    return "-".join(str(value) for value in options.values())


@pytest.fixture(params=CELLS, ids=cell_id)
def cell(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Every kind of cell in turn."""
    options: dict[str, Any] = request.param
    return options


@pytest.fixture
def make_trace() -> MakeTrace:
    """``make_trace(cell="gru", T=7, H=5, layers=2)``: a float64 pass with gradients."""
    return _make_trace


def _make_trace(
    *,
    T: int = 7,
    B: int = 2,
    D: int = 4,
    H: int = 5,
    V: int = 3,
    scale: float = 0.7,
    seed: int = 0,
    dtype: Any = np.float64,
    **options: Any,
) -> Trace:
    rng = np.random.default_rng(seed)
    options.setdefault("input_kind", "vector")
    spec = ModelSpec(input_size=D, hidden_size=H, output_size=V, **options)
    arrays = parameters(spec, rng, scale)
    tokens = rng.integers(0, D, (T, B))
    if spec.input_kind == "vector":
        arrays["x"] = rng.normal(size=(T, B, D))
    else:
        arrays["tokens"] = tokens
    arrays["targets"] = rng.integers(0, V, (T, B))
    if spec.loss == "squared-error":
        arrays["targets"] = rng.normal(size=(T, B, V))
    mask = np.full((T, B), 1.0 / B)
    if spec.kind == "many-to-one":
        mask[:-1] = 0.0
    arrays["loss_mask"] = mask
    for name in spec.layer_names():
        arrays[f"h_{name}"] = np.zeros((T, B, H))
        arrays[f"dL_dh_{name}"] = arrays[f"h_{name}"]
        if spec.cell == "jordan":
            arrays[f"y0_{name}"] = rng.normal(size=(B, V)) * 0.3
            continue
        arrays[f"h0_{name}"] = rng.normal(size=(B, H)) * 0.3
        if spec.has_cell_state:
            arrays[f"c0_{name}"] = rng.normal(size=(B, H)) * 0.3
    pass_ = replay(Trace(spec, arrays))
    if dtype == np.float64:
        return pass_
    cast = {
        name: array.astype(dtype) if array.dtype == np.float64 else array
        for name, array in pass_.arrays.items()
    }
    return Trace(spec, cast)


def parameters(spec: ModelSpec, rng: np.random.Generator, scale: float) -> dict[str, Any]:
    """Random parameters of a model without a decoder, by their documented names."""
    H = spec.hidden_size
    rows = H * max(1, len(spec.gates))
    width = spec.embedding_size if spec.input_kind == "embedding" else spec.input_size

    def draw(*shape: int) -> Any:
        return rng.normal(size=shape) * scale / np.sqrt(shape[-1]) * 1.5

    made = {}
    if spec.input_kind == "embedding":
        made["embedding"] = draw(spec.input_size, width)
    directions = len(spec.directions())
    for name in spec.layer_names():
        if not name.startswith("l0"):
            width = H * directions
        made[f"W_xh_{name}"] = draw(rows, width)
        made[f"b_h_{name}"] = draw(rows) if spec.cell != "lstm" else draw(rows) + 0.5
        if spec.cell == "jordan":
            made[f"W_yh_{name}"] = draw(H, spec.output_size)
        else:
            made[f"W_hh_{name}"] = draw(rows, H)
        if spec.cell == "gru":
            made[f"b_hn_{name}"] = draw(H)
        if spec.peepholes:
            made |= {f"{p}_{name}": draw(H) * 2 for p in ("w_ci", "w_cf", "w_co")}
    made["W_hy"] = draw(spec.output_size, H * directions)
    made["b_y"] = draw(spec.output_size)
    return made


@pytest.fixture
def numerical_jacobian() -> Callable[..., Any]:
    """``numerical_jacobian(f, x)``: finite differences, the arbiter that knows no formula."""
    return _numerical_jacobian


def _numerical_jacobian(f: Callable[[Any], Any], x: Any, step: float = 1e-6) -> Any:
    """Central differences: (y.size, x.size)."""
    columns = []
    for j in range(x.size):
        shift = np.zeros(x.size)
        shift[j] = step
        shift = shift.reshape(x.shape)
        columns.append((np.ravel(f(x + shift)) - np.ravel(f(x - shift))) / (2 * step))
    return np.stack(columns, axis=1)


@pytest.fixture
def engine_trace() -> Callable[..., Trace]:
    """``engine_trace({"cell": "gru"}, ragged=True)``: a float64 pass of the engine itself."""
    return _engine_trace


def _engine_trace(options: dict[str, Any], *, ragged: bool = False, **more: Any) -> Trace:
    """A float64 pass of the engine over random numbers."""
    rng = np.random.default_rng(3)
    T, B, V = 6, 3, 4
    T_out = 4 if options.get("kind") == "many-to-many" else T
    spec = ModelSpec(**{"input_size": 5, "hidden_size": 4, "output_size": V} | options)
    net = Network.create(spec, rng=rng, dtype=np.float64)
    net.params.flat[:] *= 1.5
    vectors = spec.input_kind == "vector"
    ce = spec.loss == "cross-entropy"
    batch = Batch(
        tokens=None if vectors else rng.integers(0, 5, (T, B)),
        x=rng.normal(size=(T, B, 5)) if vectors else None,
        targets=rng.integers(0, V, (T_out, B)) if ce else rng.normal(size=(T, B, V)),
        lengths=np.array([6, 3, 5]) if ragged else None,
        decoder_tokens=rng.integers(0, V, (T_out, B)) if T_out < T else None,
        context=rng.normal(size=(B, 3)) if spec.context_size else None,
    )
    return net.trace(batch, rng=rng if spec.dropout else None, **more)
