"""The inspector: its numbers are those of the trace, its words stay inside the panel."""

import re
from dataclasses import replace

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_findings import Findings
from rnnviz.scene.inspector_node import parse_node
from rnnviz.scene.inspector_terms import terms
from rnnviz.scene.shapes import Cells, Equation, Label, Picture, Raster, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.label_boxes import faults, words_of
from tests.scene.traces import make_trace


def state_of(trace: Trace, selected: str = "", position: float | None = None) -> ViewState:
    timeline = Timeline(trace)
    at = float(len(timeline)) if position is None else position
    return ViewState(
        trace,
        timeline,
        cursor_at(timeline, at),
        TimeAxis.fitted(trace.columns, 100.0, 600.0),
        theme("light"),
        selected=selected,
    )


def words(picture: Picture) -> list[str]:
    return [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


def numbers(text: str) -> list[float]:
    return [float(n.replace("−", "-")) for n in re.findall(r"[+−]?\d+\.\d+", text)]


def test_the_arithmetic_of_each_unit_adds_up_to_its_state() -> None:
    trace = make_trace(iterations=50)
    picture = inspector_picture(state_of(trace, "h_l0@2"), 340, 600)
    lines = [w for w in words(picture) if w.startswith("tanh(") and " = " in w]
    assert len(lines) == 3
    for unit, line in enumerate(lines):
        carried, read, bias, value = numbers(line)
        assert value == pytest.approx(trace["h_l0"][2, 0, unit], abs=6e-4)
        assert np.tanh(carried + read + bias) == pytest.approx(value, abs=2e-3)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("layer", ["l0", "l1", "l1_reverse"])
def test_the_terms_of_a_gate_are_those_of_the_matrices(cell: str, layer: str) -> None:
    trace = make_trace(cell=cell, layers=2, bidirectional=True, hidden=4)  # type: ignore[arg-type]  # one of three
    node = parse_node(trace, f"h_{layer}@2")
    assert node is not None
    below = trace["x"] if layer == "l0" else np.concatenate(
        [trace["h_l0"], trace["h_l0_reverse"]], axis=2
    )  # fmt: skip
    for block, gate in enumerate(trace.spec.gates or ("",)):
        found = terms(trace, node, 0, 1, gate)
        assert found is not None
        row = block * 4 + 1
        read = trace[f"W_xh_{layer}"][row] @ below[2, 0]
        assert found.read == pytest.approx(read, abs=1e-12)
        assert found.total == pytest.approx(trace[f"a_{layer}"][2, 0, row], abs=1e-12)


def test_the_gradient_is_split_into_what_came_from_above_and_through_time() -> None:
    trace = make_trace(iterations=50)
    shown = words(inspector_picture(state_of(trace, "h_l0@1"), 340, 600))
    at = shown.index("[2]")
    total, above, through = (float(w.replace("−", "-")) for w in shown[at + 1 : at + 4])
    assert total == pytest.approx(trace["dL_dh_l0"][1, 0, 1], abs=6e-5)
    assert above == pytest.approx(trace["dL_dh_direct_l0"][1, 0, 1], abs=6e-5)
    assert total == pytest.approx(above + through, abs=2e-4)


def test_the_loss_is_minus_the_logarithm_of_the_targets_probability() -> None:
    trace = make_trace(iterations=50)
    shown = words(inspector_picture(state_of(trace, "loss@3"), 340, 600))
    line = next(w for w in shown if w.startswith("= −log"))
    p, loss = numbers(line)
    assert p == pytest.approx(trace["probs"][3, 0, trace["targets"][3, 0]], abs=6e-5)
    assert loss == pytest.approx(trace["loss"][3, 0], rel=1e-3)


def test_a_chosen_unit_comes_first() -> None:
    shown = words(inspector_picture(state_of(make_trace(hidden=20), "h_l0@2[13]"), 340, 600))
    first = next(w for w in shown if "tanh(" in w and w.endswith(tuple("0123456789")))
    assert first.startswith("[14] ")


def shapes_of(picture: Picture) -> list[Shape]:
    return [shape for layer in picture.layers for shape in layer.shapes]


def test_pass_after_pass_has_the_same_formulas_below_new_numbers() -> None:
    """What takes longest to paint is painted once: its layer, the lowest, keeps its key."""
    first, second = (
        inspector_picture(state_of(make_trace(seed=seed), "h_l0@2"), 340, 600) for seed in (0, 1)
    )
    assert any(isinstance(s, Equation) for s in first.layers[0].shapes)
    assert first.layers[0].key == second.layers[0].key
    assert first.layers[1].key != second.layers[1].key
    assert not any(isinstance(s, Equation) for s in first.layers[1].shapes)


def test_small_matrices_show_numbers_and_large_ones_are_heatmaps() -> None:
    small = inspector_picture(state_of(make_trace(), "h_l0@2"), 340, 600)
    assert any(isinstance(s, Cells) and s.numbers for s in shapes_of(small))
    large = inspector_picture(state_of(make_trace(hidden=64), "h_l0@2"), 340, 600)
    rasters = [s for s in shapes_of(large) if isinstance(s, Raster)]
    assert any(s.values.shape == (64, 64) for s in rasters)


def test_without_a_selection_the_inspector_follows_the_cursor() -> None:
    trace = make_trace()
    timeline = Timeline(trace)
    at = timeline.index_of("forward", 2, "state") + 1.0
    assert words(inspector_picture(state_of(trace, "", at), 340, 600))[0] == (
        "h₃ — hidden state at step 3"
    )


def test_a_gradient_that_the_cursor_has_not_reached_is_said_to_be_ahead() -> None:
    trace = make_trace()
    early = words(inspector_picture(state_of(trace, "h_l0@2", 3.0), 340, 600))
    late = words(inspector_picture(state_of(trace, "h_l0@2"), 340, 600))
    assert "the cursor is not there yet" in early
    assert "the cursor is not there yet" not in late


def test_the_same_node_keeps_its_layer_while_the_cursor_moves() -> None:
    trace = make_trace()
    first = inspector_picture(state_of(trace, "h_l0@0", 5.0), 340, 600)
    second = inspector_picture(state_of(trace, "h_l0@0", 6.5), 340, 600)
    assert [layer.key for layer in first.layers] == [layer.key for layer in second.layers]


def test_findings_are_shown_only_for_their_layer_and_only_when_given() -> None:
    trace = make_trace()
    found = Findings("l0", np.tril(np.ones((4, 4))), np.array([[1.5, 0.5, 0.1]] * 4))
    state = state_of(trace, "h_l0@2")
    shown = words(inspector_picture(state, 340, 600, found))
    assert "Where the gradient at h₃ comes from" in shown
    assert "1.50" in shown
    assert "Where the gradient at h₃ comes from" not in words(inspector_picture(state, 340, 600))
    other = Findings("l7", found.contributions)
    assert "Where the gradient at h₃ comes from" not in words(
        inspector_picture(state, 340, 600, other)
    )


def test_a_sample_has_no_findings_of_the_training_pass_before_it() -> None:
    """They said of a state of the sample where the gradient of another pass had come from."""
    trace = make_trace()
    forward = {name: a for name, a in trace.arrays.items() if not name.startswith("dL_d")}
    written = replace(trace, arrays=forward, mode="sample", iteration=41_057)
    found = Findings("l0", np.tril(np.ones((4, 4))), np.array([[1.5, 0.5, 0.1]] * 4))
    said = " ".join(words(inspector_picture(state_of(written, "h_l0@2"), 340, 600, found)))
    assert "comes from" not in said
    assert "singular values" not in said
    late = replace(trace, iteration=41_057)
    assert "of 41,057 iterations ago" in " ".join(
        words(inspector_picture(state_of(late, "h_l0@2"), 340, 600, found))
    )


def test_selecting_w_shows_every_matrix_its_gradient_and_the_update() -> None:
    shown = words(inspector_picture(state_of(make_trace(iterations=3), "W"), 340, 600))
    for text in ("W_xh", "W_hh", "W_hy", "update", "learning rate η"):
        assert text in shown
    assert not any("_l0" in text for text in shown)


NODES = ("h_l0@2", "logits@2", "loss@2", "x@2", "W", "loss_total", "h_l0@2[0]")


@pytest.mark.parametrize("width", [240.0, 300.0, 420.0])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"cell": "lstm", "layers": 2, "hidden": 6},
        {"cell": "gru", "bidirectional": True, "hidden": 16},
        {"hidden": 1},
        {"hidden": 512},
        {"text": "abcdefghijklmnopqrstuvwxyz" * 40, "hidden": 4},
        {"symbols": ("straßenbahn-haltestelle", "שלום", "日本語の長い単語", "мир")},
        {"last_only": True},
    ],
)
def test_nothing_overlaps_or_leaves_the_panel(width: float, options: dict) -> None:
    trace = make_trace(**options)
    last = trace.columns - 1
    gates = tuple(f"{gate}_l0@2" for gate in trace.spec.gates)
    cells = ("c_l0@2",) if trace.spec.has_cell_state else ()
    for node in (*NODES, *gates, *cells, f"h_l0@{last}", f"logits@{last}"):
        picture = inspector_picture(state_of(trace, node), width, 500)
        assert faults(picture, words_of(trace)) == [], node
        for shape in shapes_of(picture):
            rect = getattr(shape, "rect", None)
            if rect is not None:
                assert rect.x >= 0, node
                assert rect.right <= width + 0.6, (node, shape)
                assert rect.bottom <= picture.height, node
        equations = [s for s in shapes_of(picture) if isinstance(s, Equation)]
        for number, one in enumerate(equations):
            for other in equations[number + 1 :]:
                assert not one.rect.inset(0.6).overlaps(other.rect.inset(0.6)), (node, one.tex)
