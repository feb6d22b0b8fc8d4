"""The list of operations: every line, made only when asked for."""

import pytest

from rnnviz.scene.steplist import StepList, laid_out
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


def test_what_made_a_number_gets_shorter_before_the_number_does() -> None:
    made, result = steps_of(make_trace()).forms(1)
    assert made == (
        "h₁ = tanh(W_hh h₀ + W_xh x₁ + b_h)", "h₁ from h₀, x₁", "h₁",
    )  # fmt: skip
    assert result[0].startswith("[")
    assert result[1].startswith("length ")

    def shown(room: int) -> tuple[str, str]:
        return laid_out(made, result, room, 1, len)

    whole = len(made[0]) + len(result[0]) + 1
    assert shown(whole) == (made[0], result[0])
    assert shown(whole - 1) == (made[1], result[0])
    assert shown(len(made[2]) + len(result[0]) + 1) == (made[2], result[0])
    assert shown(len(made[2]) + len(result[0])) == (made[2], result[1])
