"""Strips and inspector of every kind of model that the engine builds."""

import numpy as np
import pytest

from rnnviz.engine.batch import Batch
from rnnviz.engine.network import Network
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.equations_typeset import is_known
from rnnviz.scene.inspector import inspector_picture
from rnnviz.scene.inspector_node import parse_node
from rnnviz.scene.shapes import Equation
from rnnviz.scene.state import ViewState
from rnnviz.scene.steplist import StepList
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.theme import theme
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import ModelSpec, Trace
from tests.scene.label_boxes import faults

MODELS = [
    {"cell": "jordan"},
    {"cell": "lstm", "peepholes": True},
    {"cell": "rnn", "layer_norm": True},
    {"cell": "lstm", "layer_norm": True, "layers": 2},
    {"cell": "gru", "layer_norm": True},
    {"cell": "rnn", "layers": 4, "residual": True},
    {"cell": "gru", "bidirectional": True, "layers": 2},
    {"cell": "rnn", "kind": "many-to-one", "head": "mean"},
    {"cell": "lstm", "kind": "many-to-one", "head": "last"},
    {"cell": "rnn", "kind": "many-to-many"},
    {"cell": "gru", "kind": "many-to-many", "attention": "dot", "bidirectional": True},
    {"cell": "lstm", "kind": "many-to-many", "attention": "additive"},
    {"cell": "rnn", "kind": "many-to-many", "attention": "general", "layers": 2},
    {"cell": "rnn", "input_kind": "embedding", "embedding_size": 3},
]


def trace_of(options: dict, rng: np.random.Generator) -> Trace:
    spec = ModelSpec(**{"input_size": 5, "hidden_size": 4, "output_size": 5, **options})
    net = Network.create(spec, rng=rng, dtype=np.float64)
    tokens = rng.integers(0, 5, (6, 2))
    targets = rng.integers(0, 5, (6, 2))
    if spec.kind == "many-to-many":
        return net.trace(Batch(tokens=tokens, targets=targets, decoder_tokens=targets))
    return net.trace(Batch(tokens=tokens, targets=targets))


def state_of(trace: Trace, selected: str) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 122.0, 900.0)
    cursor = cursor_at(timeline, float(len(timeline)))
    return ViewState(trace, timeline, cursor, axis, theme("light"), selected=selected, row=1)


def nodes_of(trace: Trace) -> set[str]:
    timeline = Timeline(trace)
    found = {timeline.operation(index).node for index in range(len(timeline))}
    for part in trace.parts:
        columns = range(part.start, part.stop)
        layers = trace.spec.layer_names(part.prefix)
        found |= {
            f"{part.prefix}{letter}_{layer}@{column}"
            for letter in (*trace.spec.gates, *(["c"] if trace.spec.has_cell_state else []))
            for layer in layers
            for column in columns
        }
        found |= {
            f"{part.prefix}W_{source}{gate}_{layer}"
            for gate in trace.spec.gates
            for source in "hx"
            for layer in layers
        }
    if "attention" in trace:
        found |= {f"attention@{c}" for c in range(trace.output_part.start, trace.output_part.stop)}
    weights = {name for name in trace.arrays if name.startswith(("W_", "encoder_W", "decoder_W"))}
    return found | weights | {"W", "loss_total"}


@pytest.mark.parametrize("options", MODELS, ids=lambda o: " ".join(map(str, o.values())))
def test_strips_and_inspector_are_legible(options: dict, rng: np.random.Generator) -> None:
    trace = trace_of(options, rng)
    assert faults(strips_picture(state_of(trace, ""), 1100, 700)) == []
    for node in sorted(nodes_of(trace)):
        if parse_node(trace, node) is None:
            continue
        picture = inspector_picture(state_of(trace, node), 300, 600)
        assert faults(picture) == [], node
        shapes = (shape for layer in picture.layers for shape in layer.shapes)
        texts = [s.tex for s in shapes if isinstance(s, Equation)]
        assert [tex for tex in texts if not is_known(tex)] == [], node


@pytest.mark.parametrize("options", MODELS, ids=lambda o: " ".join(map(str, o.values())))
def test_every_state_of_every_part_has_a_strip_and_a_line(
    options: dict, rng: np.random.Generator
) -> None:
    trace = trace_of(options, rng)
    names = {strip.name for strip in catalog(trace)}
    for prefix in trace.spec.prefixes:
        for layer in trace.spec.layer_names(prefix):
            assert f"{prefix}h_{layer}" in names
            assert f"dL_d{prefix}h_{layer}" in names
    steps = StepList(trace, Timeline(trace), row=1)
    assert all(steps.text(index) for index in range(len(steps)))
