"""Whatever can be pointed at in a graph or a cell has equations both ways, with its own numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from rnnviz.scene.as_written import read
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.equations import equations_of
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_node import parse_node
from rnnviz.scene.lighting import lights
from rnnviz.scene.numbers import term
from rnnviz.scene.shapes import Label
from rnnviz.trace import Trace
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of

MODELS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "rnn", "activation": "relu", "layers": 2, "bidirectional": True},
    {"cell": "rnn", "layer_norm": True},
    {"cell": "jordan"},
    {"cell": "lstm", "peepholes": True},
    {"cell": "lstm", "layer_norm": True, "layers": 2},
    {"cell": "gru"},
    {"cell": "gru", "layer_norm": True},
    {"cell": "gru", "kind": "many-to-many", "attention": "dot"},
    {"cell": "lstm", "kind": "many-to-many", "attention": "additive", "bidirectional": True},
    {"cell": "rnn", "kind": "many-to-one", "head": "mean"},
    {"cell": "gru", "kind": "many-to-one", "head": "last", "bidirectional": True},
]


def nodes_of(trace: Trace) -> set[str]:
    """One node of every kind in sight."""
    found: dict[str, str] = {}
    for part in trace.parts:
        column = part.start + 2
        state = state_of(trace, column, phase="backward")
        pictures = [graph_picture(state, 1200.0, 560.0)]
        for layer in trace.spec.layer_names(part.prefix):
            pictures.append(cell_picture(state, 1200.0, 640.0, f"{part.prefix}h_{layer}@{column}"))
        for picture in pictures:
            for hit in picture.hits:
                if hit.node and not hit.node.startswith("go:"):
                    name, _, at = hit.node.partition("@")
                    if not at or at == str(column):
                        found.setdefault(name, hit.node)
    return set(found.values())


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_every_node_has_an_equation_forward_and_backward(options: dict[str, Any]) -> None:
    trace = pass_of(**options)
    for text in nodes_of(trace) - {"W"}:
        node = parse_node(trace, text)
        assert node is not None, text
        equations = equations_of(trace, node)
        assert equations.forward, text
        assert equations.backward, text


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_every_symbol_of_a_node_lights_it_where_it_is_drawn_and_is_lit_from_there(
    options: dict[str, Any],
) -> None:
    trace = pass_of(**options)
    drawn = nodes_of(trace)
    for text in drawn - {"W", "L"}:
        if text.startswith(("x@", "encoder_x@", "decoder_x@", "loss@")) or "W_" in text:
            continue
        panel = inspector_picture(
            replace(state_of(trace, 2, phase="backward"), selected=text), 420.0, 100.0
        )
        named = {hit.node for hit in panel.hits}
        assert any(lights(each, text) and lights(text, each) for each in named), text


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_the_written_results_are_the_numbers_of_the_pass(options: dict[str, Any]) -> None:
    trace = pass_of(**options)
    count = 0
    for text in nodes_of(trace):
        name, _, column = text.partition("@")
        array = trace.get(name)
        if not column or array is None:
            continue
        if not re.fullmatch(r"(encoder_|decoder_)?[hcifgorznm]_l\d\w*", name):
            continue
        panel = inspector_picture(
            replace(state_of(trace, 2, phase="backward"), selected=text), 420.0, 100.0
        )
        node = parse_node(trace, text)
        assert node is not None
        labels = [s.text for layer in panel.layers for s in layer.shapes if isinstance(s, Label)]
        lines = [t for t in labels if re.search(r" [=≈] [+−0-9.]+$", t) and "∂" not in t]
        assert lines, text
        for number, line in enumerate(lines):
            unit = re.match(r"\[(\d+)\]", line)
            value = float(array[node.index, 0, int(unit[1]) - 1 if unit else number])
            written = re.split(" [=≈] ", line)[1]
            assert read(written) == read(term(value)), (text, line)
            count += 1
    assert count >= 3


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_every_symbol_of_an_equation_can_be_chosen_in_its_turn(options: dict[str, Any]) -> None:
    trace = pass_of(**options)
    state = state_of(trace, 2, phase="backward")
    symbols = {
        hit.node
        for node in nodes_of(trace)
        for hit in inspector_picture(replace(state, selected=node), 320.0, 600.0).hits
    }
    gradients = {node for node in symbols if node.startswith("dL_d")}
    assert gradients
    for node in symbols:
        shown = inspector_picture(replace(state, selected=node), 320.0, 600.0)
        assert shown.summary
    for node in gradients:
        bare = re.sub("^dL_d", "", node)
        assert parse_node(trace, node) == parse_node(trace, bare) is not None
