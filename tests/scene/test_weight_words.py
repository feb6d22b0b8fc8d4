"""What the line above the graph says of the sum in W: whose it is, and when it is complete."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.weights import weight_note, weight_shapes
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Label
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.test_cell_flow import pass_of


def notes_of(trace: Trace) -> dict[tuple[str, str, int], str]:
    """By part, layer and column: what is said when the gradient of a state is there."""
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118, 900)
    found = {}
    for index in range(len(timeline)):
        operation = timeline.operation(index)
        if operation.phase == "backward" and operation.kind == "state":
            state = ViewState(trace, timeline, cursor_at(timeline, index + 0.999), axis, LIGHT)
            layout = layout_of(trace, axis, 1100.0, 500.0)
            note = weight_note(state, layout, index + 1)
            found[operation.prefix, operation.layer, operation.column] = note[0] if note else ""
    return found


@pytest.mark.parametrize(
    "options",
    [
        {"cell": "rnn", "layers": 2},
        {"cell": "lstm"},
        {"cell": "gru", "bidirectional": True, "kind": "many-to-one", "head": "last"},
        {"cell": "jordan"},
        {"cell": "lstm", "kind": "many-to-many", "attention": "dot"},
    ],
    ids=str,
)
def test_each_w_is_told_by_its_own_name_and_the_whole_sum_is_not_called_so_far(
    options: dict[str, Any],
) -> None:
    trace = pass_of(**options)
    notes = notes_of(trace)
    recurrent = "W_yh" if options["cell"] == "jordan" else "W_hh"
    names = set()
    for part in trace.parts:
        for layer in trace.spec.layer_names(part.prefix):
            gradient = trace[f"dL_d{part.prefix}{recurrent}_{layer}"]
            reverse = layer.endswith("_reverse")
            last = part.stop - 1 if reverse else part.start
            for column in range(part.start, part.stop):
                said = notes[part.prefix, layer, column]
                assert ("so far" in said) == (column != last), said
            whole = notes[part.prefix, layer, last]
            assert f"= {short(float(np.linalg.norm(gradient)))}" in whole
            names.add(whole.split()[0])
            for gate in trace.spec.gates:
                assert f"W_h{gate}" in whole
    assert len(names) == sum(len(trace.spec.layer_names(p.prefix)) for p in trace.parts)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_stacked_matrix_says_of_what_it_is_stacked(cell: Any) -> None:
    trace = pass_of(cell=cell)
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118, 900)
    state = ViewState(
        trace, timeline, cursor_at(timeline, len(timeline)), axis, LIGHT, selected="W"
    )
    picture = inspector_picture(state, 420.0, 100.0)
    told = " ".join(s.text for layer in picture.layers for s in layer.shapes if type(s) is Label)
    gates = "ifgo" if cell == "lstm" else "rzn"
    for side in "hx":
        blocks = ", ".join(f"W_{side}{gate}" for gate in gates)
        assert f"W_{side}h is {blocks}, one above the other" in told


@pytest.mark.parametrize(("cell", "layers"), [("rnn", 1), ("lstm", 1), ("gru", 2)])
def test_the_letter_of_w_can_be_read_in_the_smallest_window(cell: Any, layers: int) -> None:
    trace = pass_of(cell=cell, layers=layers)
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118, 580)
    state = ViewState(trace, timeline, cursor_at(timeline, 0.0), axis, LIGHT)
    layout = layout_of(trace, axis, 705.0, 226.0)
    letters = [s for s in weight_shapes(state, layout, 0) if isinstance(s, Label)]
    assert sorted(label.text for label in letters) == [["W"], ["W₁", "W₂"]][layers - 1]
    assert all(label.size >= 8.0 for label in letters)
