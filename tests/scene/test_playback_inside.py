"""Looking into a cell, its own work takes longer; everything else keeps its pace."""

from __future__ import annotations

import pytest

from rnnviz.scene.playback import Playback
from rnnviz.scene.timeline import Timeline
from tests.scene.traces import make_trace


def playing(position: float, direction: int = 1, unit: str = "operation") -> Playback:
    playback = Playback(Timeline(make_trace("hello")), speed=2.0)
    playback.unit = unit  # type: ignore[assignment]  # one of three words
    playback.seek(position)
    playback.direction = direction
    return playback


@pytest.mark.parametrize("direction", [1, -1])
def test_a_state_takes_four_times_as_long_from_inside_both_ways(direction: int) -> None:
    timeline = Timeline(make_trace("hello"))
    middle = timeline.index_of("forward", 1, "state") + 0.5
    outside, inside = playing(middle, direction), playing(middle, direction)
    outside.tick(0.1)
    inside.tick(0.1, inside=True)
    moved = (outside.position - middle, inside.position - middle)
    assert moved == (pytest.approx(0.2 * direction), pytest.approx(0.05 * direction))


def test_inputs_and_outputs_and_larger_units_keep_their_pace() -> None:
    timeline = Timeline(make_trace("hello"))
    at_output = timeline.index_of("forward", 1, "output") + 0.2
    playback = playing(at_output)
    playback.tick(0.1, inside=True)
    assert playback.position == pytest.approx(at_output + 0.2)
    at_state = timeline.index_of("forward", 1, "state") + 0.2
    by_step, same = playing(at_state, unit="step"), playing(at_state, unit="step")
    by_step.tick(0.1)
    same.tick(0.1, inside=True)
    assert same.position == by_step.position
