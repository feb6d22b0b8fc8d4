"""How networks start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.engine.initializers import Init, initialize
from rnnviz.engine.parameters import Parameters
from rnnviz.engine.shapes import parameter_shapes
from rnnviz.trace import ModelSpec, UserError

H = 24


def start(init: Init, dtype: Any = np.float64, seed: int = 0, **model: Any) -> Parameters:
    spec = ModelSpec(input_size=5, hidden_size=H, output_size=5, **model)
    params = Parameters(parameter_shapes(spec), dtype)
    params.flat[:] = np.nan
    initialize(params, spec, init, np.random.default_rng(seed))
    return params


@pytest.mark.parametrize("cell", ["rnn", "jordan", "lstm", "gru"])
@pytest.mark.parametrize("scheme", ["uniform", "xavier", "normal", "orthogonal"])
def test_every_number_gets_a_start_that_the_seed_decides(cell: Any, scheme: Any) -> None:
    first = start(Init(scheme=scheme), cell=cell)
    assert np.isfinite(first.flat).all()
    np.testing.assert_array_equal(first.flat, start(Init(scheme=scheme), cell=cell).flat)
    assert (first.flat != start(Init(scheme=scheme), cell=cell, seed=1).flat).any()


def test_both_precisions_start_from_the_same_draw() -> None:
    np.testing.assert_array_equal(
        start(Init(), cell="gru").flat.astype(np.float32),
        start(Init(), np.float32, cell="gru").flat,
    )


def test_uniform_fills_the_interval_that_pytorch_fills() -> None:
    params = start(Init(), cell="lstm")
    for name in ("W_xh_l0", "W_hh_l0", "b_h_l0", "W_hy"):
        largest = float(np.abs(params[name]).max())
        assert 0.9 / np.sqrt(H) < largest <= 1 / np.sqrt(H)
        assert abs(float(params[name].mean())) < 0.3 * largest


@pytest.mark.parametrize(
    ("model", "fan_in"),
    [
        (
            {"kind": "one-to-many", "context_size": 90},
            {"W_ch": 90, "b_ch": H, "W_hy": H, "b_y": H, "b_h_l0": H},
        ),
        (
            {"kind": "many-to-many", "attention": "additive", "bidirectional": True},
            {"W_bridge_h_l0": 2 * H, "W_a": H, "U_a": 2 * H, "v_a": H, "W_c": 3 * H,
             "encoder_W_xh_l0": H, "decoder_b_h_l0": H},
        ),
        (
            {"cell": "lstm", "bidirectional": True, "layers": 2, "peepholes": True},
            {"W_xh_l1": H, "w_ci_l0": H, "W_hy": 2 * H, "b_y": 2 * H},
        ),
        (
            {"cell": "lstm", "bidirectional": True, "layer_norm": True},
            {"b_c_l0": 2 * H, "b_h_l0": H},
        ),
        ({"cell": "gru"}, {"b_hn_l0": H, "W_hh_l0": H}),
    ],
)  # fmt: skip
def test_how_far_a_uniform_start_reaches(model: dict[str, Any], fan_in: dict[str, int]) -> None:
    draws = [start(Init(), seed=seed, **model) for seed in range(30)]
    for name, inputs in fan_in.items():
        largest = max(float(np.abs(params[name]).max()) for params in draws)
        assert 0.95 / np.sqrt(inputs) < largest <= 1 / np.sqrt(inputs), name


def test_xavier_has_the_variance_that_keeps_signals_alive() -> None:
    params = start(Init(scheme="xavier"), cell="gru")
    assert params["W_hh_l0"].var() == pytest.approx(2 / (H + H), rel=0.1)
    assert params["W_xh_l0"].var() == pytest.approx(2 / (5 + H), rel=0.2)
    assert not params["b_h_l0"].any()
    assert not params["b_y"].any()


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_orthogonal_preserves_lengths_in_each_gate(cell: Any) -> None:
    params = start(Init(scheme="orthogonal"), cell=cell)
    for block in params["W_hh_l0"].reshape(-1, H, H):
        np.testing.assert_allclose(block @ block.T, np.eye(H), atol=1e-12)


def test_an_input_matrix_that_is_not_square_has_orthonormal_columns() -> None:
    params = start(Init(scheme="orthogonal", inputs="orthogonal"))
    np.testing.assert_allclose(params["W_xh_l0"].T @ params["W_xh_l0"], np.eye(5), atol=1e-12)


def test_identity_copies_the_state_and_starts_without_bias() -> None:
    params = start(Init(scheme="identity", gain=0.5), activation="relu", layers=2)
    uniform = start(Init(scheme="identity", inputs="uniform"), activation="relu")
    assert not uniform["b_h_l0"].any()
    assert not uniform["b_y"].any()
    for layer in ("l0", "l1"):
        np.testing.assert_array_equal(params[f"W_hh_{layer}"], 0.5 * np.eye(H))
        assert not params[f"b_h_{layer}"].any()
        assert 0 < np.abs(params[f"W_xh_{layer}"]).max() < 0.1


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("wanted", [0.5, 1.3])
def test_a_chosen_spectral_radius_is_met_in_each_gate(cell: Any, wanted: float) -> None:
    params = start(Init(spectral_radius=wanted), cell=cell)
    for block in params["W_hh_l0"].reshape(-1, H, H):
        assert np.abs(np.linalg.eigvals(block)).max() == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("cell", ["rnn", "jordan", "gru"])
def test_a_chosen_largest_singular_value_is_met(cell: Any) -> None:
    params = start(Init(singular_value=0.9), cell=cell)
    matrix = params["W_yh_l0" if cell == "jordan" else "W_hh_l0"]
    for block in np.split(matrix, len(matrix) // H):
        assert np.linalg.svd(block)[1][0] == pytest.approx(0.9, rel=1e-12)


def test_the_forget_bias_goes_to_the_forget_gate_alone() -> None:
    plain, biased = start(Init(), cell="lstm"), start(Init(forget_bias=1.0), cell="lstm")
    assert (biased["b_h_l0"][H : 2 * H] == 1.0).all()
    biased["b_h_l0"][H : 2 * H] = plain["b_h_l0"][H : 2 * H]
    np.testing.assert_array_equal(plain.flat, biased.flat)


@pytest.mark.parametrize("scheme", ["uniform", "normal", "orthogonal"])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_gains_of_a_normalised_layer_start_at_one(cell: Any, scheme: Any) -> None:
    params = start(Init(scheme=scheme), cell=cell, layer_norm=True)
    gains = [view for name, view in params.items() if "gain" in name]
    assert len(gains) >= 2
    assert all((view == 1.0).all() for view in gains)


def test_no_orthogonal_matrix_is_likelier_than_another() -> None:
    """Uniform: the first entry is as often above 0 as below, as is the determinant."""
    rng, first, turned = np.random.default_rng(0), 0, 0
    spec = ModelSpec(input_size=2, hidden_size=3, output_size=2)
    params = Parameters(parameter_shapes(spec), np.float64)
    for _ in range(400):
        initialize(params, spec, Init(scheme="orthogonal"), rng)
        first += params["W_hh_l0"][0, 0] > 0.0
        turned += np.linalg.det(params["W_hh_l0"]) > 0.0
    assert 150 < first < 250
    assert 150 < turned < 250


def test_a_learned_state_starts_at_zero_and_an_embedding_at_unit_variance() -> None:
    params = start(
        Init(), cell="lstm", learned_state=True, input_kind="embedding", embedding_size=200
    )
    assert not params["h_init_l0"].any()
    assert params["embedding"].var() == pytest.approx(1.0, rel=0.15)


@pytest.mark.parametrize(
    ("init", "model", "cause"),
    [
        ({"scheme": "magic"}, {}, "scheme is 'magic'; use one of uniform"),
        ({"scheme": None}, {}, "scheme is None; use one of uniform"),
        ({"gain": float("inf")}, {}, "gain is inf"),
        ({"std": float("inf")}, {}, "std is inf"),
        ({"inputs": "identity"}, {}, "not square"),
        ({"gain": -1.0}, {}, "gain"),
        ({"spectral_radius": float("nan")}, {}, "spectral_radius"),
        ({"spectral_radius": 1.0, "singular_value": 1.0}, {}, "exclude each other"),
        ({"forget_bias": float("inf")}, {}, "finite"),
        ({"forget_bias": 1.0}, {"cell": "gru"}, "no forget gate"),
        ({"scheme": "identity"}, {"cell": "lstm"}, "identity"),
        ({"spectral_radius": 1.0}, {"cell": "jordan"}, "singular_value"),
        ({"gain": 0.0, "singular_value": 1.0}, {}, "zeros"),
    ],
)
def test_what_cannot_work_is_refused_in_words(
    init: dict[str, Any], model: dict[str, Any], cause: str
) -> None:
    with pytest.raises(UserError, match=cause):
        start(Init(**init), **model)
