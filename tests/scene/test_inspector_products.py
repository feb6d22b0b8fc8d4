"""The products of the inspector can be checked as they are drawn: every term, with its sign."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_fields import InspectorPicture, plain
from rnnviz.scene.shapes import Cells, Label
from rnnviz.trace import Trace
from tests.scene.test_every_model import state_of, trace_of
from tests.scene.test_inspector import words
from tests.scene.traces import make_trace

SIGNS = {"+", "=", ") =", "tanh(", "σ(", "ReLU(", "⊙"}


def shown(trace: Trace, node: str, width: int = 420) -> tuple[dict[str, Any], list[str], list[str]]:
    """Matrices by symbol, the signs between them from left to right, and all words."""
    picture = inspector_picture(state_of(trace, node), width, 700)
    assert isinstance(picture, InspectorPicture)
    labels = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    signs = sorted((s for s in labels if s.text in SIGNS), key=lambda s: (s.rect.y, s.rect.x))
    found = {plain(matrix.tex): matrix.values for _, matrix in picture.fields}
    return found, [s.text for s in signs], words(picture)


def test_a_state_is_drawn_with_both_products_its_bias_and_the_signs_between() -> None:
    trace = make_trace(batch=2)
    found, signs, lines = shown(trace, "h_l0@2")
    assert signs == ["tanh(", "+", "+", ") ="]
    inside = found["W_hh"] @ found["h_2"] + found["W_xh"] @ found["x_3"] + found["b_h"]
    assert np.tanh(inside) == pytest.approx(found["h_3"], abs=1e-6)
    head = next(text for text in lines if "W_hh h" in text)
    line = lines[lines.index(head) + 1]
    for name, number in zip(("W_hh h", "W_xh x", "b_h"), line.split("(")[1].split(), strict=False):
        assert head.index(name) + len(name) == line.index(number) + len(number.rstrip(")"))


def test_a_gate_and_a_cell_state_are_drawn_as_their_equations_too() -> None:
    trace = make_trace(cell="lstm", batch=2)
    found, signs, lines = shown(trace, "f_l0@2")
    assert signs == ["σ(", "+", "+", ") ="]
    inside = found["W_hf"] @ found["h_2"] + found["W_xf"] @ found["x_3"] + found["b_f"]
    assert 1 / (1 + np.exp(-inside)) == pytest.approx(found["f_3"], abs=1e-6)
    assert any("W_hf h" in text and "W_xf x" in text and "b_f" in text for text in lines)
    found, signs, _ = shown(trace, "c_l0@2")
    assert signs == ["⊙", "+", "⊙", "="]
    made = found["f_3"] * found["c_2"] + found["i_3"] * found["g_3"]
    assert made == pytest.approx(found["c_3"], abs=1e-6)


def test_an_output_is_drawn_with_what_it_reads_and_its_bias() -> None:
    found, signs, _ = shown(make_trace(batch=2), "logits@2")
    assert signs == ["+", "="]
    assert found["W_hy"] @ found["h_3"] + found["b_y"] == pytest.approx(found["y_3"], abs=1e-5)


def test_where_not_every_term_is_drawn_no_sign_claims_an_equation(rng: np.random.Generator) -> None:
    trace = trace_of({"cell": "lstm", "peepholes": True}, rng)
    assert shown(trace, "i_l0@2")[1] == []
    normalised = trace_of({"cell": "rnn", "layer_norm": True}, rng)
    assert shown(normalised, "h_l0@2")[1] == []


def test_the_shared_weights_come_with_their_biases_and_every_gradient_s_equation() -> None:
    found, _, lines = shown(make_trace(iterations=3), "W")
    assert {"b_h", "b_y", "∂L/∂b_h"} <= set(found)
    assert "b_h" in lines


def test_signs_never_stand_on_a_matrix_however_narrow_the_panel() -> None:
    for width in (240, 290, 340, 420):
        for node in ("h_l0@2", "logits@2"):
            picture = inspector_picture(state_of(make_trace(batch=2), node), width, 700)
            assert isinstance(picture, InspectorPicture)
            labels = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
            for sign in (s for s in labels if s.text in SIGNS):
                x, y = sign.rect.center
                assert not any(r.inset(-1.0).contains(x, y) for r, _ in picture.fields)
                assert sign.rect.x >= 0
                assert sign.rect.right <= width


def test_small_numbers_are_written_in_a_common_power_of_ten() -> None:
    trace = make_trace(iterations=3)
    arrays = dict(trace.arrays)
    arrays["dL_dW_hh_l0"] = trace["dL_dW_hh_l0"] / np.abs(trace["dL_dW_hh_l0"]).max() * 3.2e-5
    picture = inspector_picture(state_of(replace(trace, arrays=arrays), "W"), 340, 700)
    shapes = [s for layer in picture.layers for s in layer.shapes]
    assert any(isinstance(s, Label) and s.text == "× 10⁻⁵" for s in shapes)
    shown = next(
        s for s in shapes
        if isinstance(s, Cells) and s.values.shape == (3, 3) and np.abs(s.values).max() > 3.0
        and np.allclose(s.values, arrays["dL_dW_hh_l0"] * 1e5)
    )  # fmt: skip
    assert shown.numbers
    assert shown.scale.high >= 3.2
    assert isinstance(picture, InspectorPicture)
    rect = next(
        r for r, m in picture.fields
        if m.values.shape == (3, 3) and np.array_equal(m.values, arrays["dL_dW_hh_l0"])
    )  # fmt: skip
    tip = picture.hit(rect.x + 3.0, rect.y + 3.0)
    assert tip is not None
    assert "10⁻" in tip.tip or "0.0000" in tip.tip


def test_the_range_of_states_is_written_as_it_is_drawn() -> None:
    trace = make_trace(activation="linear")
    trace = replace(trace, arrays={**trace.arrays, "h_l0": 7.0 * trace["h_l0"]})
    picture = inspector_picture(state_of(trace, "h_l0@1"), 420, 700)
    line = next(text for text in words(picture) if "states ±" in text)
    bound = float(line.partition("states ±")[2])
    assert bound >= np.abs(trace["h_l0"][:2]).max()
    drawn = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Cells)]
    for step in (0, 1):
        of_it = [c.scale for c in drawn if np.isin(c.values, trace["h_l0"][step, 0]).all()]
        assert {scale.high for scale in of_it} == {bound}
    bounded = inspector_picture(state_of(make_trace(), "h_l0@1"), 420, 700)
    assert any("states ±1" in text for text in words(bounded))
