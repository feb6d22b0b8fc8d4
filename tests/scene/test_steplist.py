"""The list of operations: every line, made only when asked for."""

import pytest

from rnnviz.scene.steplist import StepList, laid_out
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.test_cell_flow import pass_of
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


@pytest.mark.parametrize("kind", ["many-to-one", "many-to-many"])
def test_a_step_after_the_end_of_its_sequence_is_called_padding(kind: str) -> None:
    head = "last" if kind == "many-to-one" else "step"
    trace = pass_of(kind=kind, head=head, bidirectional=True, ragged=True)
    timeline = Timeline(trace)
    lines = [StepList(trace, timeline, row) for row in (0, 1)]
    silent = [number for number, text in enumerate(texts(lines[1])) if text.endswith(": padding")]
    encoder = trace.parts[0]
    columns = {timeline.operation(number).column for number in silent}
    assert {encoder.stop - 2, encoder.stop - 1} <= columns
    assert encoder.stop - 3 not in columns
    number = timeline.index_of("forward", encoder.stop - 1, "input")
    name = "x₅" if kind == "many-to-one" else "x₅ᵉ"
    assert lines[1].text(number) == f"{name}: padding"
    assert lines[1].forms(number) == ((name,), ("padding",))
    assert not [text for text in texts(lines[0]) if "padding" in text]


def test_a_vector_that_is_read_leaves_room_for_its_name() -> None:
    spec = {"input_kind": "embedding", "embedding_size": 32}
    steps = steps_of(pass_of(**spec))
    made, results = steps.forms(0)
    assert laid_out(made, results, 200.0, 10.0, lambda text: 7.0 * len(text))[0] == "x₁"


def texts(steps: StepList) -> list[str]:
    return [steps.text(number) for number in range(len(steps))]
