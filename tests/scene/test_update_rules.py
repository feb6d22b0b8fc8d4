"""The update's rule is that of the optimiser in use, everywhere it is shown."""

from dataclasses import replace

import pytest

from rnnviz.engine.optimizers import OPTIMIZERS
from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.captions import phase_caption
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph.picture import graph_picture
from rnnviz.scene.shapes import Label
from rnnviz.scene.state import ViewState
from rnnviz.scene.steplist import StepList
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.scene.update_rules import RULES, update_formula, update_words
from rnnviz.trace import Trace, Update
from tests.scene.traces import make_trace

STEPS = {
    "sgd": "η g",
    "momentum": "η v",
    "nesterov": "η (g + μ v)",
    "adagrad": "η g / (√G + ε)",
    "rmsprop": "η g / (√v + ε)",
    "adam": "η m̂ / (√v̂ + ε)",
    "adamw": "η m̂ / (√v̂ + ε)",
}


def updated(**changes: object) -> Trace:
    trace = make_trace()
    assert trace.update is not None
    return replace(trace, update=replace(trace.update, **changes))  # type: ignore[arg-type]  # fields by name


def header(trace: Trace) -> str:
    timeline = Timeline(trace)
    cursor = cursor_at(timeline, len(timeline) - 0.5)
    axis = TimeAxis.fitted(trace.columns, 118.0, 1706.0)
    picture = graph_picture(ViewState(trace, timeline, cursor, axis, LIGHT), 1900.0, 500.0)
    words = [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    return next(text for text in words if "W ←" in text)


def test_every_optimiser_of_the_engine_has_its_rule() -> None:
    assert set(RULES) == set(OPTIMIZERS) == set(STEPS)


@pytest.mark.parametrize("optimizer", STEPS)
def test_graph_step_list_and_caption_show_the_rule_in_use(optimizer: str) -> None:
    trace = updated(optimizer=optimizer)
    rule = f"W ← W − {STEPS[optimizer]}"
    timeline = Timeline(trace)
    cursor = cursor_at(timeline, len(timeline) - 0.5)
    assert rule in header(trace)
    assert rule in StepList(trace, timeline).text(len(timeline) - 1)
    assert rule in phase_caption(trace, cursor, LIGHT, at_end=False)[0]


def test_weight_decay_stands_where_the_rule_uses_it() -> None:
    shrunk = updated(optimizer="adamw", weight_decay=0.01)
    assert "W ← (1 − ηλ) W − η m̂" in header(shrunk)
    assert "λ = 0.0100" in header(shrunk)
    assert r"(1-\eta\lambda)\,W" in update_formula("adamw", 0.01)[-1][0]
    assert update_formula("adagrad", 0.01)[0] == (r"g \leftarrow g + \lambda W",)
    assert all("lambda" not in piece for line in update_formula("adamw") for piece in line)


def test_a_clipped_gradient_says_to_what_it_was_clipped() -> None:
    assert "‖∂L/∂W‖ = 12.0, clipped to 5.00" in header(updated(grad_norm=12.0, clipped_norm=5.0))
    assert "clipped" not in header(updated(grad_norm=2.0, clipped_norm=2.0))


def test_an_optimiser_that_is_not_known_claims_no_rule() -> None:
    assert update_words(Update("Lion", 0.1, 1.0, 1.0, None, 1.0, 0.1)) == "W ← W + ΔW"
