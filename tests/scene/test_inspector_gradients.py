"""The backward half of the inspector: its formulas and numbers are those of a real pass."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.equations import equations_of
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_fields import InspectorPicture
from rnnviz.scene.inspector_findings import Findings
from rnnviz.scene.inspector_gates import gate_gradient
from rnnviz.scene.inspector_node import parse_node
from rnnviz.scene.inspector_terms import terms
from rnnviz.scene.numbers import signed_writer
from rnnviz.scene.shapes import Box, Cells, Label
from rnnviz.scene.state import ViewState
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.timeline import Timeline
from rnnviz.session import Run, RunConfig
from rnnviz.trace import Trace
from tests.scene.test_every_model import MODELS, state_of, trace_of
from tests.scene.test_inspector import numbers, words
from tests.scene.traces import make_trace

GATED = [m for m in MODELS if m.get("cell") in ("lstm", "gru")]


def state_of_row_zero(trace: Trace, selected: str) -> ViewState:
    return replace(state_of(trace, selected), row=0)


def formula(trace: Trace, name: str) -> str:
    node = parse_node(trace, name)
    assert node is not None
    return " ".join(piece for f in equations_of(trace, node).backward for piece in f).replace(
        "¦", ""
    )


@pytest.mark.parametrize("options", GATED, ids=lambda o: " ".join(map(str, o.values())))
def test_the_gradient_at_a_gate_is_the_product_that_is_written_under_it(
    options: dict[str, Any], rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    for part in trace.parts:
        for layer in trace.spec.layer_names(part.prefix):
            for gate in trace.spec.gates:
                for index in (0, 2, part.steps - 1):
                    name = f"{part.prefix}{gate}_{layer}@{part.start + index}"
                    node = parse_node(trace, name)
                    assert node is not None
                    found = gate_gradient(state_of(trace, name), node)
                    assert found is not None
                    product = np.prod([values for _, values in found.factors], axis=0)
                    assert product == pytest.approx(found.delta, abs=1e-12), name


def test_a_jordan_cell_gets_what_comes_back_through_its_output(rng: np.random.Generator) -> None:
    trace = trace_of({"cell": "jordan"}, rng)
    assert "W_{yh}" in formula(trace, "logits@2")
    assert "W_{yh}" not in formula(trace, "logits@5")
    assert "W_{yh}" not in formula(trace, "h_l0@2")
    slope = trace["dL_dlogits"]
    assert slope @ trace["W_hy"] == pytest.approx(trace["dL_dh_l0"], abs=1e-12)
    own = trace["loss_mask"][..., None] * (trace["probs"] - np.eye(5)[trace["targets"]])
    back = np.zeros_like(slope)
    back[:-1] = trace["dL_da_l0"][1:] @ trace["W_yh_l0"]
    assert own + back == pytest.approx(slope, abs=1e-12)
    shown = words(inspector_picture(state_of(trace, "h_l0@2"), 340, 600))
    assert "total" in shown
    assert not any(word.startswith("from ") for word in shown)


def test_an_input_gets_a_gradient_from_each_direction(rng: np.random.Generator) -> None:
    trace = trace_of({"cell": "gru", "bidirectional": True}, rng)
    written = formula(trace, "x@3")
    assert r"\rightarrow" in written
    assert r"\leftarrow" in written
    both = sum(trace[f"dL_da_{n}"] @ trace[f"W_xh_{n}"] for n in ("l0", "l0_reverse"))
    assert both == pytest.approx(trace["dL_dx"], abs=1e-12)


@pytest.mark.parametrize("options", [MODELS[0], MODELS[1], MODELS[6]])
def test_every_matrix_says_how_its_gradient_is_collected(
    options: dict[str, Any], rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    for name in (n for n in trace.arrays if n.startswith("W_")):
        assert r"\Sigma_{t}" in formula(trace, name), name
        shown = words(inspector_picture(state_of(trace, name), 340, 600))
        assert "every step adds its share" in shown


def test_a_gates_matrix_is_its_block_of_the_stacked_one(rng: np.random.Generator) -> None:
    trace = trace_of({"cell": "lstm"}, rng)
    picture = inspector_picture(state_of(trace, "W_hf_l0@2"), 340, 600)
    assert "4 × 4" in words(picture)
    assert "W_hf" in words(picture)


def test_a_peephole_is_a_term_of_its_own(rng: np.random.Generator) -> None:
    trace = trace_of({"cell": "lstm", "peepholes": True}, rng)
    for gate, before in (("i", 1), ("f", 1), ("o", 0)):
        shown = words(inspector_picture(state_of(trace, f"{gate}_l0@3"), 340, 600))
        line = next(w for w in shown if w.startswith(("σ(", "[1] σ(")))
        carried, read, peeped, bias, value = numbers(line)
        seen = trace["c_l0"][3 - before, 1, 0] * trace[f"w_c{gate}_l0"][0]
        assert peeped == pytest.approx(seen, abs=6e-4)
        assert 1 / (1 + np.exp(-(carried + read + peeped + bias))) == pytest.approx(value, abs=2e-3)


def test_tiny_gradients_are_written_as_what_they_are() -> None:
    write = signed_writer(3e-7)
    assert write(2.5e-7) == "+2.5·10⁻⁷"
    assert write(-1e-9) == "−1.0·10⁻⁹"
    assert write(0.0) == "0"
    assert signed_writer(0.4)(-0.0123) == "−0.0123"
    assert signed_writer(float("nan"))(float("nan")) == "NaN"


def test_of_many_units_the_strongest_are_written_out_and_all_are_summed_up() -> None:
    trace = make_trace(cell="lstm", hidden=64)
    shown = words(inspector_picture(state_of_row_zero(trace, "c_l0@2"), 340, 600))
    values = trace["c_l0"][2, 0]
    first = next(w for w in shown if " × " in w)
    assert first.startswith(f"[{int(np.abs(values).argmax()) + 1}] ")
    assert any(w.startswith("all 64: ") for w in shown)
    gates = words(inspector_picture(state_of_row_zero(trace, "f_l0@2"), 340, 600))
    wide = 100 * float((trace["f_l0"][2, 0] > 0.9).mean())
    assert any(f"{wide:.0f} % above 0.9" in w for w in gates)


def test_where_the_gradient_comes_from_is_said_in_full_however_narrow() -> None:
    trace = make_trace()
    findings = Findings("l0", contributions=np.eye(trace.columns), iteration=trace.iteration)
    for width in (240.0, 290.0, 420.0):
        picture = inspector_picture(state_of_row_zero(trace, "h_l0@2"), width, 600, findings)
        said = " ".join(words(picture))
        assert "Where the gradient at h₃ comes from" in said
        assert "…" not in said


@pytest.mark.parametrize("options", MODELS[10:13], ids=lambda o: " ".join(map(str, o.values())))
def test_the_gradient_at_an_attention_weight_is_the_product_that_is_written(
    options: dict[str, Any], rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    layers = [
        n for n in trace.spec.layer_names("encoder_") if n.startswith(f"l{trace.spec.layers - 1}")
    ]
    keys = np.concatenate([trace[f"encoder_h_{name}"] for name in layers], axis=2)
    delta = trace["dL_dattended"] * (1 - trace["attended"] ** 2)
    at_context = delta @ trace["W_c"][:, trace.spec.hidden_size :]
    product = np.einsum("sbe,tbe->tbs", keys, at_context)
    assert product == pytest.approx(trace["dL_dattention"], abs=1e-12)
    first = trace.output_part.start
    shown = words(inspector_picture(state_of(trace, f"attention@{first + 1}"), 340, 600))
    assert "backward" in shown


def test_a_sampled_step_says_what_was_drawn_not_what_should_be_said() -> None:
    run = Run.create(RunConfig(task="hello")).train(20)
    trace = run.sample("h", 5, seed=1)
    shown = words(inspector_picture(state_of_row_zero(trace, "logits@2"), 340, 600))
    drawn = trace.labels.classes[int(trace["sampled"][2, 0])]
    assert any(f"drew “{drawn}”" in word for word in shown)
    assert f"“{drawn}” ◂" in shown
    # Whatever the temperature it was drawn at, which the trace does not know.
    assert any("◂ drawn; bars show p = softmax(y) at temperature 1" in word for word in shown)
    assert not any("drawn from p" in word for word in shown)
    assert not any("should say" in word or "the target" in word for word in shown)


@pytest.mark.parametrize("options", MODELS[2:5], ids=lambda o: " ".join(map(str, o.values())))
def test_normalised_products_are_the_terms_of_a_pre_activation(
    options: dict[str, Any], rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    spec = trace.spec
    for gate in spec.gates or ("",):
        node = parse_node(trace, f"{gate or 'h'}_l0@3")
        assert node is not None
        found = terms(trace, node, 1, 2, gate)
        assert found is not None
        block = spec.gates.index(gate) if gate else 0
        rows = slice(0, 8) if spec.cell == "gru" and gate != "n" else slice(None)
        rows = slice(8, 12) if gate == "n" else rows
        product = (trace["x"][3, 1] @ trace["W_xh_l0"].T)[rows]
        unit = (product - product.mean()) / np.sqrt(product.var() + 1e-5)
        at = block * 4 + 2
        expected = trace["gain_x_l0"][at] * unit[at - (rows.start or 0)]
        assert found.read == pytest.approx(expected, abs=1e-9)


def test_every_value_of_a_matrix_can_be_read_under_the_mouse() -> None:
    trace = make_trace(hidden=64)
    picture = inspector_picture(state_of_row_zero(trace, "h_l0@2"), 340, 600)
    assert isinstance(picture, InspectorPicture)
    (rect, matrix), *_ = picture.fields
    row, column = 40, 21
    hit = picture.hit(rect.x + (column + 0.5) / 64 * rect.w, rect.y + (row + 0.5) / 64 * rect.h)
    assert hit is not None
    assert hit.node.startswith("W_hh_l0")
    value = f"{trace['W_hh_l0'][row, column]:.4f}".replace("-", "−")
    assert hit.tip == f"W_hh[41, 22] = {value}"
    assert matrix.values is trace["W_hh_l0"] or (matrix.values == trace["W_hh_l0"]).all()


def test_the_share_of_a_step_follows_the_cursor() -> None:
    trace = make_trace()
    first, second = (
        inspector_picture(replace(state_of_row_zero(trace, "W"), cursor=cursor), 340, 600)
        for cursor in (cursor_at(Timeline(trace), at) for at in (2.0, 6.0))
    )
    assert [layer.key for layer in first.layers] != [layer.key for layer in second.layers]


def test_residual_sums_are_in_the_equation_of_the_output(rng: np.random.Generator) -> None:
    trace = trace_of({"cell": "rnn", "layers": 4, "residual": True}, rng)
    node = parse_node(trace, "logits@2")
    assert node is not None
    written = [" ".join(f).replace("¦", "") for f in equations_of(trace, node).forward]
    assert any("u_{3}^{(4)} = h_{3}^{(4)}" in f and "u_{3}^{(3)}" in f for f in written)
    assert any(r"W_{hy}\,u_{3}^{(4)}" in f for f in written)
    below = parse_node(trace, "h_l1@2")
    assert below is not None
    assert any("h_{3}^{(1)}" in "".join(f) for f in equations_of(trace, below).forward)
    handed = sum(trace[f"h_l{k}"] for k in range(4))
    assert handed @ trace["W_hy"].T + trace["b_y"] == pytest.approx(trace["logits"], abs=1e-12)


def test_rows_are_losses_and_columns_are_states_as_in_the_laboratory() -> None:
    trace = make_trace()
    steps = trace.columns
    norms = np.tril(np.ones((steps, steps)))
    norms[-1, 0] = 1e-3
    findings = Findings("l0", contributions=norms, iteration=trace.iteration)
    picture = inspector_picture(state_of_row_zero(trace, "h_l0@2"), 340, 600, findings)
    labels = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    left = [s.text for s in labels if s.text in ("L₁", "L₂", "L₃", "L₄")]
    at = {s.text: s.rect for s in labels if s.family == "serif"}
    assert left == ["L₁", "L₂", "L₃", "L₄"]
    assert at["L₁"].x == at["L₄"].x
    assert at["L₁"].y < at["L₄"].y
    assert at["h₁"].y == at["h₄"].y
    assert at["h₁"].x < at["h₄"].x
    cells = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Cells)]
    table = next(c for c in cells if c.values.shape == (steps, steps) and c.gap == 2.0).values
    assert table[3, 0] == pytest.approx(-3.0)
    assert any("rows L_k, columns h_t" in text for text in words(picture))


def test_an_lstm_hands_on_two_states_and_its_jacobian_says_so() -> None:
    values = np.array([[1.5, 0.97, 0.5, 0.4, 0.2, 0.1]] * 4)
    for cell, said in (("lstm", "∂(h, c)₃/∂(h, c)₂"), ("rnn", "∂h₃/∂h₂")):
        trace = make_trace(cell=cell)
        findings = Findings("l0", singular_values=values, iteration=trace.iteration)
        picture = inspector_picture(state_of_row_zero(trace, "h_l0@2"), 340, 600, findings)
        assert f"singular values of {said}" in words(picture)


def test_no_number_stands_on_the_line_at_one() -> None:
    trace = make_trace(cell="lstm")
    values = np.array([[1.24, 0.99, 0.9, 0.8, 0.7, 0.6]] * 4)
    findings = Findings("l0", singular_values=values, iteration=trace.iteration)
    for width in (240, 290, 340, 420):
        picture = inspector_picture(state_of_row_zero(trace, "h_l0@2"), width, 600, findings)
        shapes = [s for layer in picture.layers for s in layer.shapes]
        line = next(s.rect for s in shapes if isinstance(s, Box) and s.rect.w == 1.0)
        numbers = [s for s in shapes if isinstance(s, Label) and line.y <= s.rect.y < line.bottom]
        assert len(numbers) == 6
        for label in numbers:
            end = label.rect.x + text_width(label.text, label.size)
            assert end <= line.x or label.rect.x >= line.right
            assert end <= width


def test_the_colours_of_who_caused_it_are_described_as_they_look_in_either_theme() -> None:
    trace = make_trace()
    findings = Findings("l0", np.tril(np.ones((trace.columns, trace.columns))))
    said = " ".join(
        words(inspector_picture(state_of_row_zero(trace, "h_l0@2"), 420, 600, findings))
    )
    assert "(faint)" in said
    assert "empty: exactly 0" in said
    assert "white" not in said


@pytest.mark.parametrize("value", [np.inf, np.nan])
def test_contributions_that_are_no_numbers_are_drawn_and_told(value: float) -> None:
    trace = make_trace()
    norms = np.tril(np.ones((trace.columns, trace.columns)))
    for lost in (norms > 1, norms > 0, norms >= 0):
        norms[-1, 0] = value
        norms[lost] = value
        findings = Findings("l0", contributions=norms.copy(), iteration=trace.iteration)
        picture = inspector_picture(state_of_row_zero(trace, "h_l0@2"), 340, 900, findings)
        shapes = [shape for layer in picture.layers for shape in layer.shapes]
        told = " ".join(shape.text for shape in shapes if isinstance(shape, Label))
        assert "not finite" in told
