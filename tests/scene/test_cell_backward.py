"""The way back through a cell: every path has an arrow and, beside it, its length."""

from __future__ import annotations

from typing import Any

import pytest

from rnnviz.scene.cell_data import cell_data
from rnnviz.scene.cell_flow import flow, lengths
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.numbers import short
from rnnviz.scene.shapes import Equation, Label, Picture, Wire
from rnnviz.scene.theme import LIGHT
from rnnviz.trace import Trace
from tests.scene.label_boxes import crossed, faults
from tests.scene.test_cell_flow import CELLS, pass_of
from tests.scene.test_levels import state_of

WINDOW = (705.0, 226.0)
"""The stage of a window of 1280 × 720."""
SIZES = [WINDOW, (760.0, 430.0), (1100.0, 620.0), (1242.0, 426.0), (2600.0, 1400.0)]
WITHOUT_FIGURE = {"a_f", "a_i", "a_g", "a_o", "a_z", "a_r", "x_a", "x_n"}
"""Paths whose length stands beside another one, or that end in a normalisation."""


def shown(trace: Trace, size: tuple[float, float], node: str = "h_l0@2") -> Picture:
    return cell_picture(state_of(trace, 0, phase="backward"), *size, node)


def arrows(picture: Picture) -> list[Wire]:
    layers = picture.layers
    found = [s for layer in layers for s in layer.shapes if isinstance(s, Wire)]
    return [wire for wire in found if wire.color == LIGHT.gradient]


def words(picture: Picture) -> str:
    return " ".join(s.text for layer in picture.layers for s in layer.shapes if type(s) is Label)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_no_arrow_runs_through_a_length_and_no_length_over_another(
    cell: dict[str, Any], size: tuple[float, float]
) -> None:
    trace = pass_of(**cell)
    for node in ("h_l0@0", "h_l0@2", "h_l0@4"):
        picture = shown(trace, size, node)
        assert faults(picture) == []
        assert crossed(picture) == []


@pytest.mark.parametrize("size", [WINDOW, (1100.0, 620.0)])
@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_every_path_says_how_long_its_gradient_is(
    cell: dict[str, Any], size: tuple[float, float]
) -> None:
    trace = pass_of(**cell)
    data = cell_data(trace, "h_l0@2", 0)
    assert data is not None
    told = words(shown(trace, size))
    apart = trace.spec.layer_norm
    for path, length in lengths(trace, data).items():
        gate = path[0] in "hx" and path[1:2] == "_"
        # A sum of two paths, told in the lines under the cell where there is room for these.
        whole = path == "leaves" or (path == "stack" and not trace.spec.gates)
        if whole or (path in WITHOUT_FIGURE and apart) or (gate and not apart):
            continue
        assert short(length) in told or short(length, 2) in told, path


def test_h_reaches_c_through_tanh_and_c_is_reached_from_the_next_step_with_any_norm() -> None:
    for more in ({}, {"peepholes": True}, {"layer_norm": True}):
        picture = shown(pass_of(cell="lstm", **more), (1242.0, 710.0))
        places = {hit.node: hit.rect for hit in picture.hits}
        c, h = places["c_l0@2"], places["h_l0@2"]
        ends = [wire.points for wire in arrows(picture)]
        middle = c.y + c.h / 2
        from_next = [p for p in ends if p[0][0] > h.right and abs(p[-1][1] - middle) < c.h]
        assert len(from_next) == 1
        up = [p for p in ends if h.x < p[-1][0] < h.right and p[-1][1] < p[0][1]]
        assert len(up) == 3
        assert min(p[-1][1] for p in up) < c.bottom


def test_a_step_without_a_next_one_has_no_arrow_from_there() -> None:
    trace = pass_of(cell="lstm")
    counts = [len(arrows(shown(trace, (1100.0, 620.0), f"h_l0@{t}"))) for t in (2, 4)]
    assert counts[0] - counts[1] == 2
    data = cell_data(trace, "h_l0@4", 0)
    assert data is not None
    assert not {"next_h", "next_c"} & set(flow(trace, data))


def test_the_reset_product_of_a_gru_has_a_wire_with_its_values_of_its_own() -> None:
    picture = shown(pass_of(cell="gru"), (1100.0, 620.0))
    named = [hit for hit in picture.hits if hit.node == "m_l0@2"]
    # Its wires answer as well, below the vector itself.
    place = max((hit.rect for hit in named), key=lambda rect: rect.w)
    assert [hit.rect for hit in named].index(place) == len(named) - 1
    wires = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Wire)]
    leaving = [w for w in wires if place.x < w.points[0][0] < place.right
               and abs(w.points[0][1] - place.y) < 4.0 and w.points[-1][1] < place.y]  # fmt: skip
    assert len(leaving) == 1
    names = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Equation)]
    (name,) = (each for each in names if each.tex.replace("¦", "") == "m_{3}")
    assert place.right < name.rect.x < place.right + 10.0
    assert place.y < name.rect.y < place.bottom
