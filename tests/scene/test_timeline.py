"""The order of operations is the order in which a network really computes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.timeline import Phase, Timeline
from tests.scene.traces import make_trace


def nodes(timeline: Timeline) -> list[tuple[str, str]]:
    return [(o.phase, o.node) for o in map(timeline.operation, range(len(timeline)))]


def test_a_vanilla_pass_goes_forward_by_column_then_backward_then_updates() -> None:
    timeline = Timeline(make_trace("abc"))
    assert nodes(timeline) == [
        *[("forward", f"{name}@0") for name in ("x", "h_l0", "logits", "loss")],
        *[("forward", f"{name}@1") for name in ("x", "h_l0", "logits", "loss")],
        *[("backward", f"{name}@1") for name in ("loss", "logits", "h_l0")],
        *[("backward", f"{name}@0") for name in ("loss", "logits", "h_l0")],
        ("update", "W"),
    ]


def test_reverse_rows_run_from_right_to_left_and_their_gradients_back() -> None:
    timeline = Timeline(make_trace("abc", bidirectional=True))
    assert nodes(timeline) == [
        ("forward", "x@0"), ("forward", "h_l0@0"), ("forward", "x@1"), ("forward", "h_l0@1"),
        ("forward", "h_l0_reverse@1"), ("forward", "h_l0_reverse@0"),
        ("forward", "logits@0"), ("forward", "loss@0"),
        ("forward", "logits@1"), ("forward", "loss@1"),
        ("backward", "loss@1"), ("backward", "logits@1"),
        ("backward", "loss@0"), ("backward", "logits@0"),
        ("backward", "h_l0_reverse@0"), ("backward", "h_l0_reverse@1"),
        ("backward", "h_l0@1"), ("backward", "h_l0@0"),
        ("update", "W"),
    ]  # fmt: skip


MODELS: list[dict[str, Any]] = [
    {},
    {"layers": 3},
    {"bidirectional": True},
    {"bidirectional": True, "layers": 2},
]


@pytest.mark.parametrize("options", MODELS)
def test_nothing_is_computed_before_what_it_needs(options: dict[str, Any]) -> None:
    trace = make_trace("hello", **options)
    order = {node: i for i, node in enumerate(nodes(Timeline(trace)))}
    last = trace.columns - 1
    for layer in range(trace.spec.layers):
        for t in range(trace.columns):
            now = order["forward", f"h_l{layer}@{t}"]
            assert t == 0 or order["forward", f"h_l{layer}@{t - 1}"] < now
            assert layer == 0 or order["forward", f"h_l{layer - 1}@{t}"] < now
            back = order["backward", f"h_l{layer}@{t}"]
            assert t == last or order["backward", f"h_l{layer}@{t + 1}"] < back
            if trace.spec.bidirectional:
                reverse = order["forward", f"h_l{layer}_reverse@{t}"]
                assert t == last or order["forward", f"h_l{layer}_reverse@{t + 1}"] < reverse


@given(st.data())
def test_known_columns_are_those_whose_operations_are_done(data: st.DataObject) -> None:
    trace = make_trace("hello", **data.draw(st.sampled_from(MODELS)))
    timeline = Timeline(trace)
    done = data.draw(st.integers(0, len(timeline)))
    operations = [timeline.operation(i) for i in range(done)]
    for phase in ("forward", "backward"):
        for name in trace.spec.layer_names():
            counted = {
                o.column for o in operations if (o.phase, o.kind, o.layer) == (phase, "state", name)
            }
            assert set(timeline.known(done, phase, "state", name)) == counted


@pytest.mark.parametrize("options", MODELS)
def test_every_operation_is_found_again_by_column_and_layer(options: dict[str, Any]) -> None:
    timeline = Timeline(make_trace("hello", **options))
    for index in range(len(timeline)):
        o = timeline.operation(index)
        assert timeline.index_of(o.phase, o.column, o.kind, o.layer) == index
        assert timeline.first_of(index) <= index <= timeline.last_of(index)
        assert timeline.operation(timeline.last_of(index)).column == o.column


def test_at_the_cursor_it_is_known_which_columns_are_complete() -> None:
    timeline = Timeline(make_trace("hello"))

    def known(position: float, phase: Phase) -> range:
        return timeline.known(cursor_at(timeline, position).done, phase, "state", "l0")

    assert known(0.0, "forward") == range(0)
    state_done = timeline.index_of("forward", 1, "state") + 1
    assert known(state_done, "forward") == range(2)
    assert known(state_done - 0.5, "forward") == range(1)
    assert not known(state_done, "backward")
    gradient_done = timeline.index_of("backward", 2, "state") + 1
    assert known(gradient_done, "backward") == range(2, 4)
    assert known(len(timeline), "backward") == range(4)


def test_a_long_pass_is_arithmetic_not_a_list() -> None:
    timeline = Timeline(make_trace("hello world " * 200))
    index = timeline.index_of("backward", 1000, "state")
    assert timeline.operation(index).column == 1000


@pytest.mark.parametrize("bidirectional", [False, True])
def test_in_the_last_sweep_over_a_step_its_lowest_state_gets_its_gradient(
    bidirectional: bool,
) -> None:
    trace = make_trace("hello", layers=2, bidirectional=bidirectional)
    timeline = Timeline(trace)
    for column in range(trace.columns):
        last = timeline.operation(timeline.last_of(timeline.last_sweep(column)))
        assert (last.phase, last.column, last.layer) == ("backward", column, "l0")
