"""Traces on disk."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.trace import Labels, ModelSpec, Place, Trace, Update, UserError, files
from rnnviz.trace.archive import read_archive, write_archive
from rnnviz.trace.files import load_trace, save_trace

T, B, D, H, V = 4, 2, 3, 5, 3


def example(**changes: Any) -> Trace:
    rng = np.random.default_rng(0)
    spec = ModelSpec(input_size=D, hidden_size=H, output_size=V, layers=2, cell="gru")
    arrays = {
        "x": rng.normal(size=(T, B, D)),
        "targets": rng.integers(0, V, (T, B)),
        "logits": rng.normal(size=(T, B, V)),
        "loss": rng.random((T, B)),
        "loss_total": np.array(1.5),
        "W_hy": rng.normal(size=(V, H)),
        "dL_dW_hy": rng.normal(size=(V, H)),
        "step_norm_W_hy": rng.random(T),
    }
    for layer in spec.layer_names():
        arrays |= {
            f"h_{layer}": rng.normal(size=(T, B, H)),
            f"dL_dh_{layer}": rng.normal(size=(T, B, H)),
            f"a_{layer}": rng.normal(size=(T, B, 3 * H)),
            f"W_hh_{layer}": rng.normal(size=(3 * H, H)),
        }
    labels = Labels(inputs=(("a", "b"), ("c",)), symbols=("a", "b", "c"), classes=("x", "y", "z"))
    update = Update("adam", 0.1, math.inf, 5.0, None, 2.0, 0.25)
    return Trace(spec, arrays | changes, labels, "train", 7, update, "an <example>")


def test_a_trace_comes_back_as_it_was(tmp_path: Path) -> None:
    trace = example()
    save_trace(trace, tmp_path / "t.npz")
    back = load_trace(tmp_path / "t.npz")
    for field in dataclasses.fields(Trace):
        if field.name != "arrays":
            assert getattr(back, field.name) == getattr(trace, field.name)
    assert list(back) == list(trace)
    for name in trace:
        assert back[name].dtype == trace[name].dtype
        np.testing.assert_array_equal(back[name], trace[name])
        assert not back[name].flags.writeable


def test_an_edited_pass_still_says_which_numbers_were_put_in_by_hand(tmp_path: Path) -> None:
    places = Place("h_l0", np.int64(2), 1, (3,)), Place("W_hh_l0", index=(0, 1)), Place("z_l1")
    save_trace(dataclasses.replace(example(), by_hand=places), tmp_path / "t.npz")
    assert load_trace(tmp_path / "t.npz").by_hand == places


@pytest.mark.parametrize(
    "by_hand",
    [
        "h_l0",
        ["h_l0"],
        [{}],
        [{"name": 3}],
        [{"name": "h_l0", "step": -1}],
        [{"name": "h_l0", "row": 0.5}],
        [{"name": "h_l0", "index": 3}],
        [{"name": "h_l0", "index": ["a"]}],
        [{"name": "h_l0", "value": 3}],
    ],
)
def test_places_by_hand_that_are_none_are_refused(tmp_path: Path, by_hand: Any) -> None:
    save_trace(example(), tmp_path / "t.npz")
    archive = read_archive(tmp_path / "t.npz")
    write_archive(tmp_path / "t.npz", archive.arrays, archive.meta | {"by_hand": by_hand})
    with pytest.raises(UserError, match="by_hand"):
        load_trace(tmp_path / "t.npz")


def test_the_description_in_the_file_is_json_that_others_can_read(tmp_path: Path) -> None:
    save_trace(example(), tmp_path / "t.npz")
    with np.load(tmp_path / "t.npz") as loaded:
        meta = json.loads(loaded["meta"].tobytes(), parse_constant=pytest.fail)
    assert meta["spec"]["cell"] == "gru"
    assert meta["labels"]["symbols"] == ["a", "b", "c"]


def test_an_encoder_decoder_trace_comes_back(tmp_path: Path) -> None:
    spec = ModelSpec(input_size=D, hidden_size=H, output_size=V, kind="many-to-many")
    arrays = {
        "encoder_h_l0": np.zeros((6, B, H)),
        "decoder_h_l0": np.zeros((T, B, H)),
        "logits": np.zeros((T, B, V)),
        "x": np.zeros((6, B, D)),
        "attention": np.zeros((T, B, 6)),
    }
    save_trace(Trace(spec, arrays), tmp_path / "t.npz")
    assert load_trace(tmp_path / "t.npz").columns == 6 + T
    tokens = {"encoder_tokens": np.zeros((6, B), int), "decoder_tokens": np.zeros((T, B), int)}
    save_trace(Trace(spec, arrays | tokens), tmp_path / "t.npz")
    back = load_trace(tmp_path / "t.npz")
    assert all(back[name].dtype.kind == "i" for name in tokens)
    for bad, cause in ((np.zeros((6, B)), "not whole numbers"), (np.zeros((5, B), int), "shape")):
        save_trace(Trace(spec, arrays | tokens | {"encoder_tokens": bad}), tmp_path / "t.npz")
        with pytest.raises(UserError, match=f"encoder_tokens h.*{cause}"):
            load_trace(tmp_path / "t.npz")
    wrong = {**arrays, "attention": np.zeros((T, B, 5))}
    save_trace(Trace(spec, wrong), tmp_path / "t.npz")
    with pytest.raises(UserError, match=r"attention has shape \(4, 2, 5\), not \(4, 2, 6\)"):
        load_trace(tmp_path / "t.npz")


def test_all_arrays_that_do_not_fit_are_named_in_one_sentence(tmp_path: Path) -> None:
    wrong = example(
        logits=np.zeros((T, B, V + 1)),
        h_l1=np.zeros((T, B)),
        dL_dW_hy=np.zeros((V, H + 1)),
        step_norm_W_hy=np.zeros(T + 1),
    )
    save_trace(wrong, tmp_path / "t.npz")
    with pytest.raises(UserError) as caught:
        load_trace(tmp_path / "t.npz")
    for name in ("logits", "h_l1", "dL_dW_hy", "step_norm_W_hy"):
        assert f"{name} has shape" in str(caught.value)


@pytest.mark.parametrize("name", ["h_l0", "h_l1", "logits"])
def test_a_missing_array_is_named(tmp_path: Path, name: str) -> None:
    trace = example()
    rest = {key: array for key, array in trace.arrays.items() if key != name}
    save_trace(Trace(trace.spec, rest), tmp_path / "t.npz")
    with pytest.raises(UserError, match=f"{name} is missing"):
        load_trace(tmp_path / "t.npz")


@pytest.mark.parametrize(
    ("key", "value", "cause"),
    [
        ("version", 2, "version 2"),
        ("format", "something", "not a trace"),
        ("mode", "dream", "mode is 'dream'"),
        ("iteration", -1, "iteration"),
        ("title", 3, "title"),
        ("spec", None, "model is missing"),
        ("spec", {"input_size": 3}, "all needed"),
        ("spec", {"input_size": "3", "hidden_size": 5, "output_size": 3}, "right type"),
        ("spec", {"input_size": True, "hidden_size": 5, "output_size": 3}, "right type"),
        ("spec", {"input_size": 0, "hidden_size": 5, "output_size": 3}, "input_size is 0"),
        ("spec", {"speed": 3}, "unknown settings: speed"),
        ("labels", [], "labels"),
        ("labels", {"inputs": ["ab"]}, "inputs"),
        ("labels", {"symbols": [1]}, "symbols"),
        ("update", {"optimizer": "sgd"}, "incomplete"),
    ],
)
def test_a_wrong_description_is_refused(tmp_path: Path, key: str, value: Any, cause: str) -> None:
    path = tmp_path / "t.npz"
    save_trace(example(), path)
    archive = read_archive(path)
    write_archive(path, archive.arrays, archive.meta | {key: value})
    with pytest.raises(UserError) as caught:
        load_trace(path)
    assert cause in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_trace_from_before_weight_decay_was_recorded_can_still_be_read() -> None:
    figures = dataclasses.asdict(Update("adam", 0.1, 1.0, 1.0, None, 2.0, 0.25))
    del figures["weight_decay"]
    assert files._update(figures) == Update("adam", 0.1, 1.0, 1.0, None, 2.0, 0.25)
    del figures["param_norm"]
    with pytest.raises(UserError, match="incomplete"):
        files._update(figures)


@pytest.mark.parametrize(
    ("name", "values", "cause"),
    [
        ("targets", np.zeros((T, B)), "targets holds float64 and not whole numbers"),
        ("targets", np.full((T, B), V), "targets holds numbers that are none of the 3 classes"),
        ("targets", np.full((T, B), -2), "none of the 3 classes"),
        ("dL_dh_direct_l0", np.zeros((T, B)), "dL_dh_direct_l0 has shape"),
        ("cuts", np.array([0.5]), "cuts holds float64"),
    ],
)
def test_arrays_of_another_kind_are_named(
    tmp_path: Path, name: str, values: Any, cause: str
) -> None:
    save_trace(example(**{name: values}), tmp_path / "t.npz")
    with pytest.raises(UserError, match=rf"t\.npz.*{cause}"):
        load_trace(tmp_path / "t.npz")


def test_a_step_without_a_target_is_no_mistake(tmp_path: Path) -> None:
    save_trace(example(targets=np.full((T, B), -1)), tmp_path / "t.npz")
    assert load_trace(tmp_path / "t.npz")["targets"].max() == -1


@pytest.mark.parametrize(
    ("kind", "wide"), [("f2", "f4"), ("i1", "f8"), ("?", "f8"), ("f4", "f4"), ("f8", "f8")]
)
def test_real_numbers_stored_in_another_kind_can_be_computed_with(
    tmp_path: Path, kind: str, wide: str
) -> None:
    changes = {"h_l0": np.ones((T, B, H), kind), "loss_total": np.ones((), kind)}
    save_trace(example(**changes), tmp_path / "t.npz")
    back = load_trace(tmp_path / "t.npz")
    for name in changes:
        assert back[name].dtype == np.dtype(wide)
        assert (back[name] == 1.0).all()


@pytest.mark.parametrize(
    ("name", "array", "cause"),
    [
        ("tokens", np.full((T, B), D), "holds ids that are none of the 3 tokens"),
        ("tokens", np.full((T, B), -1), "holds ids that are none of the 3 tokens"),
        ("targets", np.full((T, B), V), "holds numbers that are none of the 3 classes"),
        ("sampled", np.full((T, B), 2**40), "holds numbers that are none of the 3 classes"),
        ("lengths", np.array([0, T]), "holds lengths that are none of 1 to 4 steps"),
        ("lengths", np.array([T, T + 1]), "holds lengths that are none of 1 to 4 steps"),
        ("cuts", np.array([-2]), "holds steps that are none of the pass's 4"),
        ("pictures", np.zeros((0, B, 8, 8, 3)), "holds no picture"),
        ("pictures", np.zeros((1, B, 0, 8, 3)), "holds no picture"),
        ("W_hy", np.zeros((V, H + 1)), r"has shape \(3, 6\), not \(3, 5\)"),
        ("W_xh_l1", np.zeros((3 * H, D)), r"has shape \(15, 3\), not \(15, 5\)"),
        ("x", np.zeros((T, B, D + 1)), r"has shape \(4, 2, 4\), not \(4, 2, 3\)"),
        ("dropout_l0", np.zeros((H, B, T)), r"has shape \(5, 2, 4\), not \(4, 2, 5\)"),
        ("gain_h_l0", np.zeros(H), r"has shape \(5,\), not \(15,\)"),
        ("h_init_l0", np.zeros(H + 1), r"has shape \(6,\), not \(5,\)"),
        ("embedding", np.zeros((D + 1, 2)), r"has shape \(4, 2\), not \(3, any\)"),
    ],
)
def test_what_does_not_fit_the_model_is_found_on_opening(
    tmp_path: Path, name: str, array: np.ndarray[Any, Any], cause: str
) -> None:
    save_trace(example(**{name: array}), tmp_path / "t.npz")
    with pytest.raises(UserError, match=f"{name} {cause}"):
        load_trace(tmp_path / "t.npz")


def test_a_gradient_has_the_shape_of_what_it_is_the_gradient_of(tmp_path: Path) -> None:
    # Either shape is one that a first state may have.
    wrong = example(h0_l0=np.zeros((B, H)), dL_dh0_l0=np.zeros(H))
    save_trace(wrong, tmp_path / "t.npz")
    with pytest.raises(UserError, match=r"dL_dh0_l0 has shape \(5,\), not that of h0_l0, \(2, 5\)"):
        load_trace(tmp_path / "t.npz")


def test_an_lstm_is_not_opened_without_its_cell_states(tmp_path: Path) -> None:
    spec = ModelSpec(input_size=D, hidden_size=H, output_size=V, cell="lstm")
    arrays = {"h_l0": np.zeros((T, B, H)), "logits": np.zeros((T, B, V))}
    save_trace(Trace(spec, arrays), tmp_path / "t.npz")
    with pytest.raises(UserError, match="c_l0 is missing"):
        load_trace(tmp_path / "t.npz")


def test_an_array_that_is_not_there_is_told_as_a_sentence_and_is_a_missing_key() -> None:
    with pytest.raises(UserError, match="the trace has no array 'dream', which is needed here"):
        example()["dream"]
    assert example().get("dream") is None
    assert example().arrays.get("dream", 3) == 3
