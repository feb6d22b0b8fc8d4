"""Equations: the right letters at the right steps, typeset beforehand, on lines that fit."""

import importlib.util

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.scene.equations import equations_of
from rnnviz.scene.equations_backward import state_gradient
from rnnviz.scene.equations_forward import state_formulas
from rnnviz.scene.equations_lines import formula_shapes
from rnnviz.scene.equations_models import every_known_part
from rnnviz.scene.equations_symbols import LayerSymbols
from rnnviz.scene.equations_typeset import is_known, table, template, typeset
from rnnviz.scene.inspector_node import parse_node
from rnnviz.trace import ModelSpec, Trace
from rnnviz.trace.spec import CellKind
from tests.scene.traces import make_trace


def formulas(trace: Trace, text: str) -> tuple[str, str]:
    """Forward and backward of a node as one text each."""
    node = parse_node(trace, text)
    assert node is not None
    found = equations_of(trace, node)
    texts = [" | ".join(" ".join(f) for f in way) for way in (found.forward, found.backward)]
    return texts[0].replace("¦", ""), texts[1].replace("¦", "")


def test_the_vanilla_state_is_written_as_in_the_lecture() -> None:
    forward, backward = formulas(make_trace(), "h_l0@2")
    assert forward == r"h_{3} = \tanh(W_{hh}\,h_{2} {}+ W_{xh}\,x_{3} {}+ b_{h})"
    assert backward == (
        r"\frac{\partial L}{\partial h_{3}} = W_{hy}^{\top}\,\frac{\partial L}{\partial y_{3}} "
        r"{}+ W_{hh}^{\top}\,((1-h_{4}^{2})\odot \frac{\partial L}{\partial h_{4}})"
    )


def test_the_last_state_gets_no_gradient_from_a_later_one() -> None:
    _, backward = formulas(make_trace(), "h_l0@3")
    assert "h_{5}" not in backward
    assert "W_{hh}" not in backward


def test_a_layer_that_runs_backwards_carries_from_the_right() -> None:
    forward, backward = formulas(make_trace(bidirectional=True), "h_l0_reverse@1")
    assert r"h_{3}^{\leftarrow}" in forward
    assert r"h_{1}^{\leftarrow}" in backward


def test_a_higher_layer_reads_the_state_below() -> None:
    forward, _ = formulas(make_trace(layers=2), "h_l1@1")
    assert r"W_{xh}^{(2)}\,h_{2}^{(1)}" in forward


def test_lstm_and_gru_name_their_gates_and_the_way_without_a_matrix() -> None:
    forward, backward = formulas(make_trace(cell="lstm"), "h_l0@1")
    assert r"c_{2} = f_{2}\odot c_{1} {}+ i_{2}\odot g_{2}" in forward
    assert r"{}+ f_{3}\odot \frac{\partial L}{\partial c_{3}}" in backward
    forward, backward = formulas(make_trace(cell="gru"), "h_l0@1")
    assert r"h_{2} = (1-z_{2})\odot n_{2} {}+ z_{2}\odot h_{1}" in forward
    assert r"z_{3}\odot \frac{\partial L}{\partial h_{3}}" in backward


def test_relu_has_its_own_slope() -> None:
    forward, backward = formulas(make_trace(activation="relu"), "h_l0@1")
    assert r"\mathrm{ReLU}(" in forward
    assert r"\mathrm{ReLU}'(a_{3})" in backward


def test_a_linear_cell_has_neither_function_nor_slope() -> None:
    forward, backward = formulas(make_trace(activation="linear"), "h_l0@1")
    assert forward == r"h_{2} = W_{hh}\,h_{1} {}+ W_{xh}\,x_{2} {}+ b_{h}"
    assert r"W_{hh}^{\top}\,\frac{\partial L}{\partial h_{3}}" in backward
    assert r"\odot" not in backward


def test_the_update_is_that_of_the_optimizer() -> None:
    forward, _ = formulas(make_trace(), "W")
    assert forward == r"W \leftarrow W - \eta\,g"


@pytest.mark.parametrize("text", ["h_l0@99", "nonsense@1", "@", "", "h_l0", "h_l0@-1"])
def test_an_id_that_names_nothing_is_no_node_or_has_no_equation(text: str) -> None:
    trace = make_trace()
    node = parse_node(trace, text)
    if node is not None:
        assert equations_of(trace, node).forward == ()


def test_a_unit_and_an_edge_name_their_state() -> None:
    trace = make_trace()
    unit, edge = parse_node(trace, "h_l0@2[1]"), parse_node(trace, "h_l0@1>h_l0@2")
    assert unit is not None
    assert (unit.base, unit.layer, unit.column, unit.unit, unit.step) == ("h", "l0", 2, 1, 3)
    assert edge is not None
    assert edge.column == 2


def test_every_equation_the_program_writes_comes_typeset() -> None:
    missing = sorted({template(p) for p in every_known_part()} - set(table().known))
    assert not missing, "run scripts/typeset-equations.py"


@pytest.mark.parametrize(
    "tex",
    [
        r"b_{ch}",
        r"\partial L/\partial b_{ch}",
        r"\frac{\partial L}{\partial (W_{xh}^{\rightarrow}\,x_{t})}",
        r"\frac{\partial L}{\partial (W_{xh}^{\leftarrow}\,x_{12})}",
    ],
)
def test_bias_of_a_context_and_normalised_two_way_cells_wait_for_no_typesetter(tex: str) -> None:
    assert is_known(tex)


@given(
    st.integers(1, 99_998),
    st.sampled_from(["rnn", "lstm", "gru"]),
    st.integers(1, 9),
    st.booleans(),
)
def test_stepping_through_any_model_needs_no_typesetting(
    step: int, cell: CellKind, layers: int, both: bool
) -> None:
    spec = ModelSpec(
        input_size=2, hidden_size=2, output_size=2, cell=cell, layers=layers, bidirectional=both
    )
    for name in spec.layer_names():
        symbols = LayerSymbols(spec, "", name)
        formulas = (*state_formulas(symbols, step), state_gradient(symbols, step, ""))
        for formula in formulas:
            assert all(is_known(piece) for piece in formula), formula


def test_a_formula_in_parts_is_as_wide_as_the_formula_in_one() -> None:
    whole = typeset(r"h_{3} = \tanh(W_{hh}\,h_{2}")
    in_parts = typeset(r"¦h_{3}¦ = \tanh(¦W_{hh}¦\,¦h_{2}¦")
    assert in_parts.width == pytest.approx(whole.width, abs=0.25)
    assert sorted(g[0] for g in in_parts.glyphs) == sorted(g[0] for g in whole.glyphs)


def test_only_the_digits_differ_between_two_steps() -> None:
    three, seven = (typeset(rf"h_{{{n}}}¦ = \tanh(¦W_{{hh}}¦\,¦h_{{{n - 1}}}") for n in (3, 7))
    assert three.width == seven.width
    differing = [a for a, b in zip(three.glyphs, seven.glyphs, strict=True) if a != b]
    assert len(differing) == 2
    assert [g[1:] for g in three.glyphs] == [g[1:] for g in seven.glyphs]


@pytest.mark.skipif(importlib.util.find_spec("ziamath") is None, reason="ziamath sets equations")
@pytest.mark.parametrize("tex", ["h_{3}", r"\frac{\partial L}{\partial h_{12}}", "h_{7}^{(2)}"])
def test_the_table_draws_what_ziamath_draws(tex: str) -> None:
    from rnnviz.scene.equations_setting import _drawn

    drawn, known = _drawn(tex), typeset(tex)
    assert sorted(g[0] for g in drawn.glyphs) == sorted(g[0] for g in known.glyphs)
    for a, b in zip(sorted(drawn.glyphs), sorted(known.glyphs), strict=True):
        assert abs(a[1] - b[1]) < 0.06  # digits are kerned, slots are not
        assert abs(a[2] - b[2]) < 0.03


def test_text_that_is_no_mathematics_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match="cannot typeset"):
        typeset(r"\frac{1}{")


@given(st.floats(200, 420), st.integers(1, 9000))
def test_formulas_stay_inside_their_width_and_their_lines_apart(width: float, step: int) -> None:
    formula = (
        rf"h_{{{step}}} = \tanh(W_{{hh}}\,h_{{{step - 1}}}",
        rf"{{}}+ W_{{xh}}\,x_{{{step}}}",
        r"{}+ b_{h})",
    )
    shapes, height = formula_shapes(formula, 10.0, 20.0, width, 16.0, 0xFF000000)
    assert [s.tex for s in shapes] == list(formula)
    assert all(s.rect.x >= 10.0 and s.rect.right <= 10.0 + width + 1e-6 for s in shapes)
    assert max(s.rect.bottom for s in shapes) <= 20.0 + height + 1e-6
    for number, shape in enumerate(shapes):
        assert not any(
            shape.rect.inset(0.1).overlaps(o.rect.inset(0.1)) for o in shapes[number + 1 :]
        )
