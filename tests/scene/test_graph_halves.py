"""An LSTM's boxes show tanh c above h, and say so."""

from typing import Any

import numpy as np
import pytest

from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.equations_typeset import is_known
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.graph.layout import layout_of
from rnnviz.scene.shapes import Equation, Label
from tests.scene.test_totals import at_end
from tests.scene.traces import make_trace


@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, False), (1, True)])
@pytest.mark.parametrize("height", [240.0, 430.0, 900.0])
def test_both_halves_have_a_title_level_with_them(layers: int, both: bool, height: float) -> None:
    trace = make_trace(cell="lstm", layers=layers, bidirectional=both)
    state = at_end(trace)
    picture = graph_picture(state, 990.0, height)
    labels = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    layout = layout_of(trace, state.axis, 990.0, height, 0)
    for row in layout.states:
        if row.height < 18.0:
            continue
        level = [s for s in labels if s.rect.x == 8.0 and row.top <= s.rect.y < row.bottom]
        upper, lower = sorted(level, key=lambda s: s.rect.y)
        assert upper.text == "tanh c"
        assert lower.text.endswith(" h")
        assert upper.rect.bottom <= row.middle + 0.01 <= lower.rect.y + 0.02


def test_its_tip_and_the_summary_name_both_halves() -> None:
    trace = make_trace(cell="lstm")
    picture = graph_picture(at_end(trace), 990.0, 430.0)
    hit = next(h for h in picture.hits if h.node == "h_l0@1")
    shown = np.tanh(trace["c_l0"][1, 0, 0])
    assert f"above: tanh c = [{shown:.2f}".replace("-", "−") in hit.tip
    assert "below: h = [" in hit.tip
    assert "tanh c above h" in picture.summary
    assert "tanh c" not in graph_picture(at_end(make_trace()), 990.0, 430.0).summary


def test_a_vanilla_cell_adds_its_bias() -> None:
    picture = cell_picture(at_end(make_trace()), 1100.0, 620.0, "h_l0@2")
    equations = [s.tex for layer in picture.layers for s in layer.shapes if isinstance(s, Equation)]
    bias = next(tex for tex in equations if tex.startswith("{}+") and "b_{h}" in tex)
    assert is_known(bias)


def test_the_boxes_beside_a_cell_say_that_they_are_the_same_cell() -> None:
    picture = cell_picture(at_end(make_trace(cell="gru")), 1100.0, 620.0, "h_l0@2")
    labels = [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    assert labels.count("same") == labels.count("cell") == 2
    assert any("the same weights, at step 2" in hit.tip for hit in picture.hits)


@pytest.mark.parametrize(("cell", "least"), [("rnn", 15.5), ("lstm", 15.5), ("gru", 14.0)])
def test_equations_under_a_cell_use_the_room_there_is(cell: Any, least: float) -> None:
    picture = cell_picture(at_end(make_trace(cell=cell)), 1000.0, 560.0, "h_l0@2")
    equations = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Equation)]
    below = [s for s in equations if s.rect.y > 470.0 and "=" in s.tex]
    assert below
    assert all(s.size >= least for s in below)
