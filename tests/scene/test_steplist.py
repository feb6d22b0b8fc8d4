"""The list of operations: every line, made only when asked for."""

import pytest

from rnnviz.scene.steplist import StepList
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.traces import make_trace


def steps_of(trace: Trace) -> StepList:
    return StepList(trace, Timeline(trace))


def test_the_first_lines_read_like_the_lecture() -> None:
    trace = make_trace(iterations=120)
    steps = steps_of(trace)
    h = ", ".join(f"{v:.2f}".replace("-", "−") for v in trace["h_l0"][0, 0])
    assert steps.text(0) == "x₁ = “h”"
    assert steps.text(1) == f"h₁ = tanh(W_hh h₀ + W_xh x₁ + b_h) = [{h}]"
    assert steps.text(3).startswith("L₁ = −log p(target) = ")


def test_the_last_line_is_the_update() -> None:
    steps = steps_of(make_trace())
    assert steps.text(len(steps) - 1).startswith("W ← W − η g (SGD): η 0.300, ‖∂L/∂W‖ ")
    assert steps.is_backward(len(steps) - 1)
    assert not steps.is_backward(0)


def test_a_backward_line_names_the_total_gradient_and_its_length() -> None:
    trace = make_trace()
    timeline = Timeline(trace)
    line = steps_of(trace).text(timeline.index_of("backward", 1, "state"))
    assert line.startswith("∂L/∂h₂ = from above + through time = [")
    assert "length" in line


@pytest.mark.parametrize(
    "options",
    [
        {"cell": "lstm", "layers": 2},
        {"cell": "gru", "bidirectional": True},
        {"activation": "relu", "hidden": 200},
        {"activation": "linear"},
        {"last_only": True, "batch": 3},
    ],
)
def test_every_operation_of_every_model_has_a_line(options: dict) -> None:
    steps = steps_of(make_trace(**options))
    lines = [steps.text(index) for index in range(len(steps))]
    assert all(" = " in line or "←" in line for line in lines)
    assert len(set(lines[: len(lines) // 2])) == len(lines) // 2
    assert max(map(len, lines)) < 160
