"""What is told of a step is of that step, of that sequence, and of what there is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.breadcrumbs import Crumb, trail_of
from rnnviz.scene.cell_data import cell_data
from rnnviz.scene.cell_marks import goes_up
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.numbers import short
from rnnviz.scene.product_picture import has_product, product_at, product_picture
from rnnviz.scene.shapes import Cells, Label
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.theme import LIGHT
from rnnviz.trace import Labels, Trace
from tests.scene.label_boxes import faults
from tests.scene.test_inspector_ends import net_of, state_at, traced, words_of
from tests.scene.test_said_truly import changed


@pytest.mark.parametrize("width", [900.0, 560.0, 420.0, 300.0])
def test_where_we_are_is_told_whole_in_a_narrow_picture(width: float) -> None:
    names = ("sequence", "encoder", "layer 2", "reverse", "step 12", "vanilla cell", "W_hh product")
    trail = trail_of(LIGHT, [Crumb(name, "go:graph") for name in names], width)
    texts = [s.text for s in (*trail.shapes, *trail.links) if isinstance(s, Label)]
    assert "W_hh product" in texts
    assert not [text for text in texts if text.endswith("…")]
    ends = [s.rect.right for s in (*trail.shapes, *trail.links) if isinstance(s, Label)]
    assert max(ends) <= width
    assert len(trail.hits) == len(names) or width < 450


def test_a_sample_tells_what_was_drawn_only_once_it_was(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng), rng)
    gone = ("dL_", "step_norm", "loss", "targets")
    arrays = {name: trace[name] for name in trace if not name.startswith(gone)}
    drawn = np.full((5, 2), 3)
    trace = Trace(trace.spec, arrays | {"sampled": drawn}, trace.labels, "sample")
    state = state_at(trace, "logits@3")
    before = replace(state, cursor=cursor_at(state.timeline, 2))
    texts = words_of(inspector_picture(before, 420, 600))
    assert not [text for text in texts if "drawn" in text or "◂" in text]
    after = inspector_picture(state, 420, 600)
    assert [text for text in words_of(after) if "◂ drawn;" in text]
    keys = {layer.key for layer in inspector_picture(before, 420, 600).layers}
    assert after.layers[1].key not in keys


def test_in_reverse_the_gradient_of_the_last_true_step_goes_to_the_initial_state(
    rng: np.random.Generator,
) -> None:
    net = net_of(rng, bidirectional=True, learned_state=True)
    trace = traced(net, rng, lengths=[3, 5])
    product, data = product_at(state_at(trace, ""), "h_l0_reverse@2", "hh", backward=True)
    assert product is not None
    assert data is not None
    assert product.summands == ()
    assert product.total == pytest.approx(trace["dL_dh0_l0_reverse"][0])
    assert data.neighbours == (None, 1)
    ahead = cell_data(trace, "h_l0@2", 0)
    assert ahead is not None
    assert ahead.neighbours == (1, None)


def test_the_last_word_of_an_encoder_leads_to_the_decoder(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng, kind="many-to-many"), rng, lengths=[3, 5])
    last, before = (cell_data(trace, f"encoder_h_l0@{column}", 0) for column in (2, 1))
    assert last is not None
    assert before is not None
    assert goes_up(trace, last) == "to the decoder"
    assert goes_up(trace, before) == ""
    looked_at = traced(net_of(rng, kind="many-to-many", attention="dot"), rng, lengths=[3, 5])
    said = [cell_data(looked_at, f"encoder_h_l0@{column}", 0) for column in (2, 3)]
    assert [goes_up(looked_at, each) for each in said if each] == ["to the attention", ""]


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_what_is_read_has_a_range_that_holds_it(cell: Any, rng: np.random.Generator) -> None:
    net = net_of(rng, cell=cell, kind="many-to-many", embedding_size=4)
    trace = traced(net, rng)
    wide = changed(trace, decoder_x=3.0 + np.abs(trace["decoder_x"]))
    for name in ("xh",) if cell == "rnn" else ("xr",):
        picture = product_picture(state_at(wide, ""), 900, 500, "decoder_h_l0@6", name)
        assert any("vector ±5" in text for text in words_of(picture))
    shown = cell_picture(state_at(wide, ""), 1300, 800, "decoder_h_l0@6")
    read = wide["decoder_x"][1, 0]
    cells = (s for layer in shown.layers for s in layer.shapes if isinstance(s, Cells))
    scales = [s.scale for s in cells if s.values.shape[1] == 4 and np.allclose(s.values[0], read)]
    assert scales
    assert all(scale.high >= float(read.max()) for scale in scales)


def test_attention_looks_at_true_inputs_only(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng, kind="many-to-many", attention="dot"), rng, lengths=[2, 5])
    said = words_of(inspector_picture(state_at(trace, "attention@6"), 420, 600))
    assert "2 of 2 inputs" in said
    other = words_of(inspector_picture(state_at(trace, "attention@6", row=1), 420, 600))
    assert "5 of 5 inputs" in other


def test_one_of_a_thing_is_not_several(rng: np.random.Generator) -> None:
    trace = net_of(rng, hidden_size=1).trace(
        Batch(tokens=np.zeros((1, 1), int), targets=np.zeros((1, 1), int))
    )
    state = state_at(trace, "")
    said = [
        graph_picture(state, 900, 500).summary,
        strips_picture(state, 900, 500).summary,
        cell_picture(state, 900, 500, "h_l0@0").summary,
    ]
    assert "with 1 hidden unit: 1 step." in said[0]
    assert said[1].startswith("Strips over 1 step:")
    assert "1 hidden unit." in said[2]


def test_the_share_of_a_chosen_step_is_not_that_of_the_cursors(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng), rng)
    state = state_at(trace, "W_hh_l0@1")
    there = replace(
        state, cursor=cursor_at(state.timeline, state.timeline.index_of("backward", 3) + 1)
    )
    shares = [short(float(norm), 3) for norm in trace["step_norm_W_hh_l0"]]
    assert len(set(shares)) == 5
    assert shares[1] in words_of(inspector_picture(there, 420, 600))
    assert shares[3] not in words_of(inspector_picture(there, 420, 600))
    whole = replace(there, selected="W_hh_l0")
    assert shares[3] in words_of(inspector_picture(whole, 420, 600))


def test_behind_the_end_of_a_sequence_no_output_is_multiplied(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng), rng, lengths=[3, 5])
    state = state_at(trace, "")
    assert not has_product(state, "logits@3", "hy")
    assert has_product(state, "logits@2", "hy")
    assert has_product(replace(state, row=1), "logits@3", "hy")
    said = words_of(product_picture(state, 900, 500, "logits@3", "hy"))
    assert any("The sequence is over at this step" in text for text in said)


def test_the_widths_of_an_lstms_arrows_are_of_both_its_states(rng: np.random.Generator) -> None:
    for cell, said in (("lstm", "‖∂L/∂h‖, ‖∂L/∂c‖, log"), ("gru", "‖∂L/∂h‖, log")):
        trace = traced(net_of(rng, cell=cell), rng)
        state = state_at(trace, "")
        assert state.cursor.phase == "backward"
        assert said in words_of(graph_picture(state, 1900, 500))


def test_the_steps_in_sight_are_counted_as_on_screen(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng, kind="many-to-many"), rng)
    axis = replace(TimeAxis.fitted(trace.columns, 118.0, 600.0), pitch=150.0, first=3.0)
    said = graph_picture(replace(state_at(trace, ""), axis=axis), 800, 500).summary
    assert "steps 4 of the encoder to 2 of the decoder in sight" in said
    plain = traced(net_of(rng), rng)
    axis = replace(TimeAxis.fitted(plain.columns, 118.0, 600.0), pitch=300.0, first=1.0)
    assert (
        "steps 2 to 3 in sight"
        in graph_picture(replace(state_at(plain, ""), axis=axis), 800, 500).summary
    )


def test_outputs_of_any_size_stay_in_the_panel(rng: np.random.Generator) -> None:
    trace = traced(net_of(rng), rng)
    sure = np.eye(5)[np.ones((5, 2), int)]
    huge = changed(trace, logits=1e12 * trace["logits"], probs=sure)
    words = tuple(f"Donaudampfschifffahrt{number}" for number in range(5))
    named = Trace(huge.spec, huge.arrays, Labels(classes=words))
    picture = inspector_picture(state_at(named, "logits@2"), 240, 600)
    assert faults(picture, words) == []
    assert any("(y " in text and "·10" in text for text in words_of(picture))
