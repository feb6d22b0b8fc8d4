"""A GRU's m is a quantity like any other: an equation, numbers, a strip, and links to all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.lighting import lights
from rnnviz.scene.shapes import Equation, Label
from rnnviz.scene.strips_catalog import catalog
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of


@pytest.mark.parametrize("more", [{}, {"layer_norm": True}], ids=["plain", "normalised"])
def test_m_is_told_with_its_numbers_forward_and_backward(more: dict[str, Any]) -> None:
    trace = pass_of(cell="gru", **more)
    state = replace(state_of(trace, 2, phase="backward"), selected="m_l0@2")
    picture = inspector_picture(state, 420.0, 100.0)
    shapes = [s for layer in picture.layers for s in layer.shapes]
    told = [s.text for s in shapes if isinstance(s, Label)]
    equations = "".join(s.tex.replace("¦", "") for s in shapes if isinstance(s, Equation))
    assert "m₃ — recurrent product at step 3" in told
    assert "m_{3} = " in equations
    assert "r_{3}" in equations.replace("\\odot", "")
    gradient = trace["dL_da_l0"][2, 0, 6:] * trace["r_l0"][2, 0]
    assert any(f"{np.linalg.norm(gradient):.3f}"[:4] in text for text in told)
    lines = [text for text in told if text.startswith("[1]") and ("=" in text or "≈" in text)]
    assert lines
    assert lines[0].endswith(f"{trace['m_l0'][2, 0, 0]:+.3f}".replace("-", "−"))


def test_pointing_at_m_lights_its_wire_its_symbol_and_its_strip() -> None:
    trace = pass_of(cell="gru")
    names = [strip.name for strip in catalog(trace)]
    assert "m_l0" in names
    assert names.index("m_l0") == names.index("n_l0") + 1
    state = state_of(trace, 2, phase="backward")
    cell = [hit.node for hit in cell_picture(state, 1100.0, 620.0, "h_l0@2").hits]
    for node in ("n_l0@2", "r_l0@2", "h_l0@2", "m_l0@2"):
        panel = inspector_picture(replace(state, selected=node), 420.0, 100.0)
        assert "m_l0@2" in [hit.node for hit in panel.hits], node
    assert "m_l0@2" in cell
    assert lights("strip:m_l0", "m_l0@2")
    assert lights("m_l0@2", "strip:m_l0")
