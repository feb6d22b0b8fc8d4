"""What the decoder's start hands back to the encoder is drawn, told, and counted once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cell_data import cell_data
from rnnviz.scene.cell_flow import flow
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.bridge import bridge_path, bridge_rows, widest_over
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.norms import (
    arrow_width,
    attended_norms,
    carried_cell_norms,
    carried_norms,
    largest,
)
from rnnviz.scene.handover import handed_over, handover_index
from rnnviz.scene.shapes import Label, Picture, Wire
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from tests.scene.label_boxes import faults
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of

CELLS = ["rnn", "gru", "lstm"]


@pytest.mark.parametrize("both", [False, True], ids=["one way", "both ways"])
@pytest.mark.parametrize("cell", CELLS)
def test_without_attention_nothing_else_reaches_the_last_state(cell: str, both: bool) -> None:
    trace = pass_of(cell=cell, kind="many-to-many", bidirectional=both, ragged=True)
    for layer in trace.spec.layer_names("encoder_"):
        for row in (0, 1):
            at = handover_index(trace, layer, row)
            given = handed_over(trace, "h", layer, row)
            np.testing.assert_allclose(given, trace[f"dL_dencoder_h_direct_{layer}"][at, row])
            data = cell_data(trace, f"encoder_h_{layer}@{at}", row)
            assert data is not None
            assert "above" not in flow(trace, data)


@pytest.mark.parametrize("cell", CELLS)
def test_the_arrow_from_the_decoder_to_the_encoder_is_as_wide_as_its_gradient(cell: str) -> None:
    trace = pass_of(cell=cell, kind="many-to-many", attention="dot")
    start = float(np.linalg.norm(trace["dL_ddecoder_h0_l0"][0]))
    last = trace.parts[0].steps - 1
    assert carried_norms(trace, "l0", "encoder_", 0)[last] == pytest.approx(start)
    if cell == "lstm":
        start = float(np.linalg.norm(trace["dL_ddecoder_c0_l0"][0]))
        assert carried_cell_norms(trace, "l0", "encoder_", 0)[last] == pytest.approx(start)
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118, 900)
    state = ViewState(trace, timeline, cursor_at(timeline, len(timeline)), axis, LIGHT)
    picture = graph_picture(state, 1100.0, 500.0)
    wires: list[Any] = [s for each in picture.layers for s in each.shapes if isinstance(s, Wire)]
    orange = [wire for wire in wires if wire.color == LIGHT.gradient]
    assert orange
    assert not [wire for wire in orange if wire.dashed]


@pytest.mark.parametrize("both", [False, True], ids=["one way", "both ways"])
def test_what_comes_through_the_attention_has_an_arrow_into_every_state_looked_at(
    both: bool,
) -> None:
    looked, alone = (
        pass_of(cell="gru", kind="many-to-many", attention=attention, bidirectional=both)
        for attention in ("dot", "none")
    )
    counts = []
    for trace in (looked, alone):
        timeline = Timeline(trace)
        axis = TimeAxis.fitted(trace.columns, 118, 900)
        state = ViewState(trace, timeline, cursor_at(timeline, len(timeline)), axis, LIGHT)
        wires = [
            shape
            for each in graph_picture(state, 1100.0, 500.0).layers
            for shape in each.shapes
            if isinstance(shape, Wire) and shape.color == LIGHT.gradient and shape.head
        ]
        counts.append(sum(axis.center_of(5) > wire.points[-1][0] for wire in wires))
        for layer in trace.spec.layer_names("encoder_"):
            norms = attended_norms(trace, layer, 0)
            last = handover_index(trace, layer, 0)
            for t in range(trace.parts[0].steps):
                data = cell_data(trace, f"encoder_h_{layer}@{t}", 0)
                assert data is not None
                above = flow(trace, data).get("above", np.zeros(3))
                assert norms[t] == pytest.approx(float(np.linalg.norm(above)), abs=1e-12)
            assert norms[last] >= 0.0
    assert counts[0] - counts[1] == 5 * (2 if both else 1)


@pytest.mark.parametrize("size", [(705.0, 226.0), (1242.0, 426.0)])
@pytest.mark.parametrize("cell", CELLS)
def test_beside_the_last_cell_of_the_encoder_stands_the_decoder(
    cell: str, size: tuple[float, float]
) -> None:
    trace = pass_of(cell=cell, kind="many-to-many")
    for node, other in (("encoder_h_l0@4", "decoder"), ("decoder_h_l0@5", "encoder")):
        picture = cell_picture(state_of(trace, 5, phase="backward"), *size, node)
        assert faults(picture) == []
        words = [s.text for each in picture.layers for s in each.shapes if isinstance(s, Label)]
        assert {other, f"{other[:3]}."} & set(words)
        assert not {"start", "end"} & set(words)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("cell", CELLS)
def test_the_reverse_states_too_have_a_way_to_the_decoder_and_a_gradient_back(
    cell: str, layers: int
) -> None:
    trace = pass_of(cell=cell, kind="many-to-many", bidirectional=True, layers=layers)
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118, 900)
    done = timeline.index_of("backward", trace.parts[1].start)
    early, late = (
        ViewState(trace, timeline, cursor_at(timeline, at), axis, LIGHT)
        for at in (done, len(timeline))
    )
    layout = layout_of(trace, axis, 1100.0, 700.0)
    most = largest(trace, 0)
    for row in bridge_rows(layout):
        beside = layout.row("state", row.layer[:2])
        assert beside is not None
        ways = [bridge_path(layout, row, backward=backward) for backward in (False, True)]
        for way, (first, last) in zip(ways, ((0, -1), (-1, 0)), strict=True):
            ends = layout.box(row, 0), layout.box(beside, trace.parts[1].start)
            for (x, y), box in zip((way[first], way[last]), ends, strict=True):
                assert box.x < x < box.right
                assert box.y - 4.0 < y < box.y
        norms = [
            float(np.linalg.norm(found))
            for letter in ("hc" if cell == "lstm" else "h")
            if (found := handed_over(trace, letter, row.layer, 0)) is not None
        ]
        for state in (early, late):
            wires = {w.points: w for w in drawn(graph_picture(state, 1100.0, 700.0))}
            assert wires[ways[0]].color == LIGHT.hidden
            assert (ways[1] in wires) == (state is late)
        width = arrow_width(float(np.linalg.norm(norms)), most, widest_over(layout))
        assert wires[ways[1]].width == pytest.approx(width)
    assert len(bridge_rows(layout)) == layers


@pytest.mark.parametrize("size", [(640.0, 200.0), (705.0, 226.0), (705.0, 300.0)])
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_between_close_rows_the_way_to_the_decoder_is_thin_and_the_way_back_beside_it(
    layers: int, size: tuple[float, float]
) -> None:
    trace = pass_of(cell="gru", kind="many-to-many", bidirectional=True, layers=layers)
    axis = TimeAxis.fitted(trace.columns, 118, size[0] - 200.0)
    timeline = Timeline(trace)
    state = ViewState(trace, timeline, cursor_at(timeline, len(timeline)), axis, LIGHT)
    layout = layout_of(trace, axis, *size)
    wires = {wire.points: wire for wire in drawn(graph_picture(state, *size))}
    assert len(bridge_rows(layout)) == layers
    for row in bridge_rows(layout):
        ways = [wires[bridge_path(layout, row, backward=back)] for back in (False, True)]
        (there, back), heights = ways, [way.points[1][1] for way in ways]
        assert heights[1] - heights[0] >= (there.width + back.width) / 2
        assert max(there.width, back.width) <= max(0.2 * layout.gap, 1.0)


def drawn(picture: Picture) -> list[Wire]:
    return [s for layer in picture.layers for s in layer.shapes if isinstance(s, Wire)]
