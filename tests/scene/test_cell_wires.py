"""Inside an opened cell a wire and what it carries are one thing to the mouse, as in the graph."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.bridge import bridge_path, bridge_rows
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.lit import lit_shapes
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.lighting import lights
from rnnviz.scene.rolled import rolled_picture
from rnnviz.scene.shapes import Box, Wire
from rnnviz.scene.theme import LIGHT
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of

SIZE = (1200.0, 560.0)
MODELS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "jordan"},
    {"cell": "lstm", "layers": 2, "peepholes": True},
    {"cell": "gru", "bidirectional": True},
    {"cell": "gru", "kind": "many-to-many", "attention": "general"},
]


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_the_pointer_finds_something_on_every_wire_of_an_opened_cell(
    options: dict[str, Any],
) -> None:
    trace = pass_of(**options)
    state, prefix = state_of(trace, 2), trace.parts[0].prefix
    picture = cell_picture(state, *SIZE, f"{prefix}h_l0@2")
    wires = [w for w in picture.layers[0].shapes if isinstance(w, Wire)]
    forward = [w for w in wires if w.color not in (state.theme.gradient, state.theme.weight)]
    assert len(forward) > 8
    for wire in forward:
        (x0, y0), (x1, y1) = wire.points[:2]
        hit = picture.hit((x0 + x1) / 2, (y0 + y1) / 2)
        assert hit is not None, wire.points
        assert hit.tip, wire.points


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_a_symbol_that_is_pointed_at_lights_its_wire_in_the_cell(options: dict[str, Any]) -> None:
    trace = pass_of(**options)
    prefix = trace.parts[0].prefix
    letters = "y" if options["cell"] == "jordan" else "h"
    letters += "c" if options["cell"] == "lstm" else ""
    for letter in letters:
        name = "logits" if letter == "y" else f"{prefix}{letter}_l0"
        state = replace(state_of(trace, 2), hovered=f"{name}@1")
        lit = cell_picture(state, *SIZE, f"{prefix}h_l0@2").layers[-1]
        assert lit.role == "control"
        assert any(isinstance(shape, Wire) for shape in lit.shapes), letter
        assert any(isinstance(shape, Box) for shape in lit.shapes), letter


def test_the_initial_states_in_an_equation_light_their_boxes_and_are_lit_from_there() -> None:
    for options in ({"cell": "rnn"}, {"cell": "lstm"}, {"cell": "gru", "bidirectional": True}):
        trace = pass_of(**options)
        for layer in trace.spec.layer_names():
            column = trace.columns - 1 if layer.endswith("_reverse") else 0
            state = replace(state_of(trace, column), selected=f"h_{layer}@{column}")
            panel = inspector_picture(state, 420.0, 900.0)
            layout = layout_of(trace, state.axis, *SIZE, state.row)
            graph, rolled = graph_picture(state, *SIZE), rolled_picture(state, *SIZE)
            for letter in "hc" if trace.spec.has_cell_state else "h":
                node = f"{letter}0_{layer}"
                assert any(lights(node, hit.node) for hit in panel.hits), node
                shapes = lit_shapes(layout, node, state.theme)
                assert {type(shape) for shape in shapes} == {Box, Wire}, node
                for picture in (graph, rolled):
                    place = next(hit for hit in picture.hits if hit.node == node)
                    assert picture.hit(*place.rect.center) == place
                    assert f"{letter} = [" in place.tip
                cell = cell_picture(state, *SIZE, f"h_{layer}@{column}")
                assert any(hit.node == node for hit in cell.hits), node


def test_h_and_c_of_an_lstms_start_are_two_things_to_the_mouse() -> None:
    trace = pass_of(cell="lstm")
    state = state_of(trace, 0)
    layout = layout_of(trace, state.axis, *SIZE, state.row)
    h, c = (lit_shapes(layout, f"{letter}0_l0", state.theme)[0] for letter in "hc")
    assert isinstance(h, Box)
    assert isinstance(c, Box)
    assert c.rect.y < h.rect.y


def test_a_decoders_start_is_the_last_state_of_its_encoder() -> None:
    trace = pass_of(cell="gru", kind="many-to-many", attention="dot")
    start = trace.parts[1].start
    state = replace(state_of(trace, start), selected=f"decoder_h_l0@{start}")
    panel = inspector_picture(state, 420.0, 900.0)
    last = trace.parts[0].stop - 1
    assert any(hit.node == f"encoder_h_l0@{last}" for hit in panel.hits)


@pytest.mark.parametrize("layers", [1, 2])
def test_what_a_two_way_encoder_hands_over_lights_the_decoders_start_and_is_lit_by_it(
    layers: int,
) -> None:
    trace = pass_of(
        cell="gru", kind="many-to-many", attention="dot", bidirectional=True, layers=layers
    )
    start = trace.parts[1].start
    state = replace(state_of(trace, start), selected=f"decoder_h_l0@{start}")
    layout = layout_of(trace, state.axis, 1100.0, 700.0)
    row = next(row for row in bridge_rows(layout) if row.depth == 0)
    ((x0, y0), (x1, y1)) = bridge_path(layout, row)[1:3]
    graph = graph_picture(state, 1100.0, 700.0)
    found = graph.hit((x0 + x1) / 2, (y0 + y1) / 2)
    assert found is not None
    assert found.node == "decoder_h0_l0"
    assert "W_bridge" in found.tip
    panel = inspector_picture(state, 420.0, 900.0)
    assert any(lights(found.node, hit.node) and hit.node != "" for hit in panel.hits)
    lit = [shape for shape in lit_shapes(layout, found.node, LIGHT) if isinstance(shape, Wire)]
    assert bridge_path(layout, row) in [wire.points for wire in lit]
    assert len(lit) == 2
