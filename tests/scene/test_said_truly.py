"""Numbers and words that say what is in the pass: no zero that is none, no step that is another."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph.band import loss_bars
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.norms import carried_cell_norms, fed_back_norms
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_terms import which_units
from rnnviz.scene.lab.matrix import value_matrix
from rnnviz.scene.lab.words import layer_words
from rnnviz.scene.numbers import exactly, percent
from rnnviz.scene.product_picture import product_picture
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Bars, Label, Rect, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.steplist import StepList
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_heat import heat_table
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_memo import StripsMemo
from rnnviz.scene.strips_told import told
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import LIGHT, theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Labels, ModelSpec, Trace
from tests.scene.test_inspector_ends import net_of, state_at, traced, words_of


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0.000"), (1.0, "1.000"), (0.5, "0.500"), (0.9996, "0.9996"), (-0.99997, "−0.99997"),
        (3.12e-5, "3.1·10⁻⁵"), (1.0002, "1.0002"), (math.inf, "∞"), (1.0 - 1e-12, "1.000"),
    ],
)  # fmt: skip
def test_three_decimals_do_not_make_a_zero_or_a_one(value: float, said: str) -> None:
    assert exactly(value) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (0.004, "<1 %"), (0.37, "37 %"), (0.996, ">99 %"), (1.0, "100 %"),
     (math.nan, "NaN %")],
)  # fmt: skip
def test_a_percentage_is_none_or_all_only_of_what_is(share: float, said: str) -> None:
    assert percent(share) == said


def changed(trace: Trace, **arrays: Any) -> Trace:
    """The pass with other numbers in some of its arrays."""
    return Trace(trace.spec, {name: trace[name] for name in trace} | arrays, trace.labels)


def test_a_sure_output_and_an_unlikely_class_are_told_as_they_are(
    rng: np.random.Generator,
) -> None:
    trace = traced(net_of(rng), rng)
    probs = np.array([0.99968, 3e-4, 2e-5, 0.0, 0.0])
    trace = changed(trace, probs=np.broadcast_to(probs, trace["probs"].shape).copy())
    texts = " | ".join(words_of(inspector_picture(state_at(trace, "logits@2"), 420, 600)))
    assert "0.9997" in texts
    assert "2.0·10⁻⁵" in texts
    assert "0.000 " in texts  # an exact zero is one
    line = next(
        text
        for index in range(len(Timeline(trace)))
        if "softmax" in (text := StepList(trace, Timeline(trace)).text(index))
    )
    assert ">99 %" in line


def test_a_loss_beyond_all_exponents_is_still_one_of_so_many_classes(
    rng: np.random.Generator,
) -> None:
    trace = traced(net_of(rng), rng)
    huge = changed(trace, loss=np.full_like(trace["loss"], 2000.0))
    texts = words_of(inspector_picture(state_at(huge, "loss@2"), 420, 600))
    assert any("among 3.88·10⁸⁶⁸ equally" in text for text in texts)
    lost = changed(trace, loss=np.full_like(trace["loss"], np.nan))
    texts = words_of(inspector_picture(state_at(lost, "loss@2"), 420, 600))
    assert not [text for text in texts if "as uncertain" in text]


def test_the_length_of_a_vanished_gradient_is_not_zero(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng), rng)
    tiny = np.full(trace["dL_dx"].shape, 1e-30, np.float32)
    texts = words_of(inspector_picture(state_at(changed(trace, dL_dx=tiny), "x@1"), 420, 600))
    assert "length 2.2·10⁻³⁰" in texts


def test_only_the_strongest_are_called_so(rng: np.random.Generator) -> None:
    few, many = np.arange(8.0), np.arange(20.0)
    assert which_units(6, few, chosen=False) == "6 of 8 units"
    assert which_units(6, few, chosen=True) == "6 of 8 units, the chosen one and the first"
    assert which_units(6, many, chosen=False) == "6 of 20 units, the strongest"
    assert which_units(6, many, chosen=True) == "6 of 20 units, the chosen one and the strongest"
    assert which_units(8, few, chosen=False) == ""
    trace = traced(net_of(rng, input_size=8), rng)
    texts = words_of(inspector_picture(state_at(trace, "x@1"), 420, 600))
    assert any("6 of 8 units, the chosen one and the first" in text for text in texts)


def test_what_attention_looks_at_is_told_with_its_white_space(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng, kind="many-to-many", attention="dot"), rng)
    labels = Labels(inputs=(("\n", " ", "a", "\t", "b"),) * 2)
    trace = Trace(trace.spec, trace.arrays, labels)
    texts = words_of(inspector_picture(state_at(trace, "attention@6"), 420, 600))
    assert {"1 “⏎”", "2 “␣”", "4 “⇥”"} <= set(texts)


def test_a_product_is_never_told_to_be_zero_when_it_is_not(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng), rng)
    arrays = {name: 1e-7 * trace[name] for name in trace if name.startswith("dL_")}
    picture = product_picture(
        state_at(changed(trace, **arrays), ""), 900, 500, "h_l0@2", "hh", way="backward"
    )
    assert "gives +0.000" not in picture.summary
    assert "gives −0.000" not in picture.summary
    assert "·10⁻" in picture.summary
    tips = [hit.tip for hit in picture.hits if hit.tip.startswith("row")]
    assert tips
    assert not [tip for tip in tips if "0.000" in tip]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"layer_norm": True}, "tanh(LN(W_hh h₀) + LN(W_xh x₁) + b_h)"),
        ({"cell": "lstm", "layer_norm": True}, "o₁ ⊙ tanh(LN(c₁) + b_c)"),
        ({"kind": "many-to-one", "head": "mean"}, "softmax(W_hy h̄ + b_y)"),
        ({"dropout": 0.2}, "softmax(W_hy u + b_y)"),
        ({"kind": "many-to-many", "attention": "dot"}, "softmax(W_hy h̃ + b_y)"),
        ({}, "softmax(W_hy h + b_y)"),
    ],
    ids=["norm", "norm of c", "mean", "dropout", "attention", "plain"],
)
def test_a_line_has_the_formula_of_its_cell(
    options: dict[str, Any], said: str, rng: np.random.Generator
) -> None:
    trace = traced(net_of(rng, **options), rng)
    steps = StepList(trace, Timeline(trace))
    assert any(said in steps.text(index) for index in range(len(steps)))


def cut_trace(rng: np.random.Generator, cell: Any) -> Trace:
    net = net_of(rng, cell=cell)
    tokens = rng.integers(0, 5, (5, 1))
    return net.trace(Batch(tokens=tokens, targets=tokens), window=2)


def test_nothing_comes_back_over_a_cut(rng: np.random.Generator) -> None:
    trace = cut_trace(rng, "lstm")
    assert trace["cuts"].tolist() == [2, 4]
    norms = carried_cell_norms(trace, "l0", "", 0)
    assert [norm == 0.0 for norm in norms] == [False, True, False, True, True]
    fed_back = fed_back_norms(cut_trace(rng, "jordan"), "l0", 0)
    assert [norm == 0.0 for norm in fed_back] == [False, True, False, True, True]


def test_the_rolled_graph_draws_no_gradient_over_a_cut(rng: np.random.Generator) -> None:
    trace = cut_trace(rng, "lstm")
    timeline = Timeline(trace)

    def arrows(column: int) -> int:
        """Loops of the gradient at a step, once that has its own."""
        at = timeline.index_of("backward", column, "state", "l0") + 1.0
        state = replace(state_at(trace, ""), cursor=cursor_at(timeline, at))
        picture = rolled_picture(state, 900, 500)
        wires = (s for layer in picture.layers for s in layer.shapes if isinstance(s, Wire))
        return sum(1 for w in wires if w.color == LIGHT.gradient and len(w.points) > 20)

    assert arrows(2) == 2  # h and c
    assert arrows(1) == 0


def test_a_bar_of_losses_is_measured_by_those_that_count() -> None:
    steps = 3000
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4)
    loss, mask = np.full((steps, 1), 9.0), np.zeros((steps, 1))
    loss[-1], mask[-1] = 1.5, 1.0
    arrays = {"h_l0": np.zeros((steps, 1, 3)), "logits": np.zeros((steps, 1, 4))}
    trace = Trace(spec, arrays | {"loss": loss, "loss_mask": mask})
    timeline, axis = Timeline(trace), TimeAxis.fitted(steps, 118.0, 700.0)
    cursor = cursor_at(timeline, len(timeline))
    state = ViewState(trace, timeline, cursor, axis, theme("light"))
    layout = layout_of(trace, axis, 900.0, 400.0)
    (bars,) = loss_bars(state, layout, range(steps))
    row = layout.row("loss")
    assert isinstance(bars, Bars)
    assert row is not None
    assert float(bars.rects[:, 3].max()) == pytest.approx(row.height - 2.0)


def test_padding_out_of_sight_is_told_as_padding(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng), rng, lengths=[3, 5])
    state = state_at(trace, "")
    axis = replace(state.axis, width=200.0, pitch=100.0)
    strip = next(strip for strip in catalog(trace) if strip.name == "h_l0")
    assert told(replace(state, axis=axis), strip, 4, StripsMemo()).endswith("padding")
    assert not told(replace(state, axis=axis), strip, 2, StripsMemo()).endswith("padding")


@pytest.mark.parametrize("steps", [1000, 1001, 1007, 1013])
def test_the_last_pixel_is_the_mean_of_its_steps(steps: int, rng: np.random.Generator) -> None:
    spec = ModelSpec(input_size=4, hidden_size=3, output_size=4)
    values = rng.normal(0, 0.5, (steps, 1, 3))
    trace = Trace(spec, {"h_l0": values, "logits": np.zeros((steps, 1, 4))})
    timeline, axis = Timeline(trace), TimeAxis.fitted(steps, 0.0, 130.0)
    state = ViewState(trace, timeline, cursor_at(timeline, 0), axis, theme("light"))
    strip = next(strip for strip in catalog(trace) if strip.name == "h_l0")
    table = heat_table(state, strip, Rect(0, 0, 130, 60), StripLayout(), StripsMemo())
    assert table is not None
    start = (steps - 1) >> table.level << table.level
    assert table.level >= 3
    assert table.values[-1] == pytest.approx(values[start:, 0].mean(axis=0))


def test_numbers_on_changes_stay_in_their_cells() -> None:
    values = np.array([[-3.1e-7, 0.5, 2.0], [12345678.0, -0.25, 0.0]])
    place = Rect(0.0, 0.0, 96.0, 40.0)
    labels = [s for s in value_matrix(place, values, LIGHT.states, LIGHT) if isinstance(s, Label)]
    assert [label.text for label in labels] == ["0.50", "2.0", "1·10⁷", "−0.25", "0"]
    assert all(text_width(label.text, label.size) <= label.rect.w for label in labels)


def test_a_layer_is_named_as_everywhere() -> None:
    assert layer_words("encoder_l1_reverse") == "encoder layer 2, right to left"
