"""Where the recurrence begins, and how the words under it are written."""

from __future__ import annotations

import numpy as np

from rnnviz.scene.graph.gutter import initial_box, initial_box_shapes, initial_value
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.graph.nodes import tokens
from rnnviz.scene.shapes import Cells, Label, Wire
from tests.scene.test_graph import SIZE, state_at
from tests.scene.traces import make_trace


def test_an_lstm_starts_from_two_states_level_with_the_halves_of_its_boxes() -> None:
    state = state_at(make_trace(cell="lstm"), 0.0)
    layout = layout_of(state.trace, state.axis, *SIZE)
    row = layout.states[0]
    box = initial_box(layout, row)
    assert box is not None
    assert (box.y, box.h) == (row.top, row.height)
    values = [shape for shape in initial_value(state, layout, row) if isinstance(shape, Cells)]
    trace = state.trace
    assert len(values) == 2
    np.testing.assert_array_equal(values[0].values[0], np.tanh(trace["c0_l0"][0]))
    np.testing.assert_array_equal(values[1].values[0], trace["h0_l0"][0])
    assert values[0].ys[0] < row.middle < values[1].ys[0]
    shapes = initial_box_shapes(layout, row, state.theme)
    colors = [shape.color for shape in shapes if isinstance(shape, Wire)]
    assert colors == [state.theme.cell, state.theme.hidden]
    assert [s.text for s in shapes if isinstance(s, Label)] in (["c₀, h₀"], ["h₀"])


def test_a_vanilla_network_starts_from_one_state() -> None:
    state = state_at(make_trace(), 0.0)
    layout = layout_of(state.trace, state.axis, *SIZE)
    assert len(initial_value(state, layout, layout.states[0])) == 1
    shapes = initial_box_shapes(layout, layout.states[0], state.theme)
    assert [s.text for s in shapes if isinstance(s, Label)] == ["h₀"]


def test_characters_stand_in_quotes_and_words_do_not() -> None:
    for symbols, shown in ((None, ["“h”", "“e”"]), (("to", "a", "be", "or"), ["to", "a"])):
        state = state_at(make_trace(symbols=symbols), 0.0)
        layout = layout_of(state.trace, state.axis, *SIZE)
        inputs = [x.text for x in tokens(state, layout, range(4)) if x.color == state.theme.input]
        assert inputs[:2] == shown
