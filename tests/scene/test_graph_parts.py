"""Encoder and decoder beside each other: whose state it is, and what lies over what."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.shapes import Box, Cells, Label, Wire
from rnnviz.scene.steplist import StepList
from rnnviz.scene.theme import LIGHT
from rnnviz.trace import Trace
from tests.scene.test_every_model import state_of, trace_of


@pytest.fixture
def translated(rng: np.random.Generator) -> Trace:
    return trace_of({"cell": "gru", "kind": "many-to-many", "attention": "dot"}, rng)


def test_names_say_whose_state_and_input_it_is(translated: Trace) -> None:
    state = state_of(translated, "")
    wide = TimeAxis.fitted(translated.columns, 118.0, 2200.0)
    picture = graph_picture(replace(state, axis=wide), 2400.0, 640.0)
    words = {s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)}
    assert {"h₁ᵉ", "h₁ᵈ"} <= words
    assert not {"h₁", "x₁"} & words
    tips = [hit.tip for hit in picture.hits]
    assert any(tip.startswith("x₁ᵉ, step 1 of the encoder") for tip in tips)
    assert any(tip.startswith("x₁ᵈ, step 1 of the decoder") for tip in tips)
    steps = StepList(translated, state.timeline, 0)
    lines = [steps.text(index) for index in range(len(steps))]
    assert any(line.startswith("h₂ᵉ = ") and "h₁ᵉ" in line for line in lines)
    assert any(line.startswith("h₂ᵈ = ") and "h₁ᵈ" in line for line in lines)


def test_lines_of_attention_lie_under_boxes_wires_and_names(translated: Trace) -> None:
    picture = graph_picture(state_of(translated, ""), 1800.0, 500.0)
    everything = [s for layer in picture.layers for s in layer.shapes]
    hue = LIGHT.gate & 0xFFFFFF
    lines = [
        number
        for number, s in enumerate(everything)
        if isinstance(s, Wire) and s.curved and s.color & 0xFFFFFF == hue
    ]
    others = [n for n, s in enumerate(everything) if isinstance(s, Box | Label | Cells)]
    assert lines
    assert max(lines) < min(others)


@pytest.mark.parametrize("width", range(700, 1900, 75))
def test_the_names_of_a_row_are_all_there_or_none(translated: Trace, width: float) -> None:
    state = state_of(translated, "")
    axis = TimeAxis.fitted(translated.columns, 118.0, width - 200.0)
    picture = graph_picture(replace(state, axis=axis), float(width), 500.0)
    words = [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    for part in translated.parts:
        mark = "ᵉ" if part.prefix == "encoder_" else "ᵈ"
        named = [w for w in words if w.startswith("h") and w.endswith(mark)]
        assert len(named) in (0, part.steps)
