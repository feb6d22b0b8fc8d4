"""A wire and the matrix that works on it are one thing to the mouse, in the graph and in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.lit import lit_shapes
from rnnviz.scene.graph.places import node_id
from rnnviz.scene.graph.wire_places import ways_along, ways_up
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.levels import Level, product_level
from rnnviz.scene.lighting import lights
from rnnviz.scene.numbers import vector
from rnnviz.scene.shapes import Wire
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of

SIZE = (1200.0, 560.0)
MODELS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "jordan"},
    {"cell": "lstm", "layers": 2},
    {"cell": "gru", "bidirectional": True},
    {"cell": "gru", "kind": "many-to-many", "attention": "dot"},
]


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_along_every_wire_the_pointer_finds_the_matrix_that_works_there(
    options: dict[str, Any],
) -> None:
    trace = pass_of(**options)
    state = state_of(trace, 2)
    picture, layout = graph_picture(state, *SIZE), layout_of(trace, state.axis, *SIZE, state.row)
    for row in layout.rows:
        for column in layout.columns:
            if row.kind not in ("state", "output") or not layout.shows(row, column):
                continue
            ways = {"up": ways_up(layout, row, column)}
            if row.kind == "state":
                ways["along"] = ways_along(layout, row, column)
            for side, found in ways.items():
                for (x0, y0), (x1, y1) in (way[:2] for way in found):
                    hit = picture.hit((x0 + x1) / 2, (y0 + y1) / 2)
                    assert hit is not None, (node_id(layout, row, column), side)
                    whose = "W_hy" if row.kind == "output" else "W_"
                    assert (
                        hit.node.removeprefix("decoder_").removeprefix("encoder_").startswith(whose)
                    ), (hit.node, side)


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_a_wire_lights_its_matrix_in_the_equation_and_is_lit_from_there(
    options: dict[str, Any],
) -> None:
    trace = pass_of(**options)
    state = state_of(trace, 2, phase="backward")
    layout = layout_of(trace, state.axis, *SIZE, state.row)
    for part in trace.parts:
        for layer in trace.spec.layer_names(part.prefix):
            column = part.start + 2
            shown = replace(state, selected=f"{part.prefix}h_{layer}@{column}")
            panel = inspector_picture(shown, 420.0, 900.0)
            mine = f"_{layer}@{column}"
            symbols = {h.node for h in panel.hits if "W_" in h.node and h.node.endswith(mine)}
            wires = {
                hit.node
                for hit in graph_picture(state, *SIZE).hits
                if hit.node.endswith(mine) and "W_" in hit.node
            }
            assert len(wires) == 2
            for symbol in symbols:
                assert any(lights(wire, symbol) for wire in wires), symbol
                assert lit_shapes(layout, symbol, state.theme), symbol
            for wire in wires:
                assert any(lights(wire, symbol) for symbol in symbols), wire


def test_gates_do_not_light_each_other() -> None:
    assert lights("W_hh_l0@3", "W_hf_l0@3")
    assert lights("strip:step_norm_W_hh_l0", "W_hf_l0@3")
    assert not lights("W_hi_l0@3", "W_hf_l0@3")
    assert not lights("W_xh_l0@3", "W_hf_l0@3")
    assert not lights("W_hh_l0@2", "W_hf_l0@3")
    assert not lights("W_hh_l1@3", "W_hf_l0@3")


def test_at_the_first_step_the_wire_from_the_initial_state_is_lit() -> None:
    trace = pass_of(cell="lstm", bidirectional=True)
    state = state_of(trace, 0)
    layout = layout_of(trace, state.axis, *SIZE, state.row)
    for node in ("W_hf_l0@0", f"W_hf_l0_reverse@{trace.columns - 1}"):
        assert [type(shape) for shape in lit_shapes(layout, node, state.theme)] == [Wire], node


def test_a_double_click_on_a_wire_opens_its_product() -> None:
    state = state_of(pass_of(cell="rnn"), 2)
    assert product_level(state, "W_xh_l0@2") == Level("h_l0", "xh")
    assert product_level(state, "W_hy@2") == Level("logits", "hy")
    gated = state_of(pass_of(cell="gru"), 2)
    assert product_level(gated, "W_hh_l0@2") == Level("h_l0", "hr")
    assert product_level(gated, "W_xh_l0@2") == Level("h_l0", "xr")


def test_the_words_at_a_wire_say_what_comes_along_it_and_through_which_matrices() -> None:
    trace = pass_of(cell="gru", layers=2)
    picture = graph_picture(state_of(trace, 2), *SIZE)
    tips = {hit.node: hit.tip for hit in picture.hits}
    carried = vector(trace["h_l1"][1, 0].tolist())
    assert tips["W_hh_l1@2"].startswith(f"h₂, layer 2: {carried}\nthrough W_hr, W_hz, W_hn")
    assert tips["W_xh_l0@2"].startswith("W_xr, W_xz, W_xn")
