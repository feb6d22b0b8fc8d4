"""The input over its columns says what went in, or nothing: never another text."""

from __future__ import annotations

import pytest

from rnnviz.scene.axis import TimeAxis
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.graph import graph_picture
from rnnviz.scene.shapes import Box, Label, Picture
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.traces import make_trace

WIDE = "a=b m%W@<+~ G∈ 漢 \n→il"
"""Letters of every width, more than one of which is wider than a narrow column's usual letter."""


def state_at(trace: Trace, pitch: float) -> ViewState:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, 118.0, pitch * trace.columns)
    return ViewState(trace, timeline, cursor_at(timeline, float(len(timeline))), axis, LIGHT)


def words(picture: Picture) -> list[str]:
    labels = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    return [s.text for s in labels if s.color == LIGHT.input and s.rect.x >= 118.0]


@pytest.mark.parametrize("pitch", [8.0, 8.3, 9.0, 10.0, 11.0, 13.9, 14.0, 16.0, 30.0])
def test_every_letter_stands_over_its_column_however_wide_it_is(pitch: float) -> None:
    trace = make_trace(WIDE)
    told = [visible_token(letter) for letter in WIDE[:-1]]
    state = state_at(trace, pitch)
    assert words(strips_picture(state, 300.0 + pitch * trace.columns, 400.0)) == told
    graph = words(graph_picture(state, 300.0 + pitch * trace.columns, 400.0))
    assert [word.strip("“”") for word in graph] == (told if pitch >= 9.0 else [])


@pytest.mark.parametrize("pitch", [8.0, 10.0, 12.0, 14.0, 16.0, 17.0, 24.0, 40.0])
def test_where_one_word_has_no_room_none_is_shown(pitch: float) -> None:
    symbols = ("a", "mountain", "Wmm", "@漢字")
    trace = make_trace("abcdabcdabcd", symbols=symbols)
    state, width = state_at(trace, pitch), 300.0 + pitch * trace.columns
    picture = strips_picture(state, width, 400.0)
    for shown in (words(picture), words(graph_picture(state, width, 400.0))):
        assert len(shown) in (0, trace.columns)
        assert shown or pitch < 17.0
    shapes = [s for layer in picture.layers for s in layer.shapes if isinstance(s, Box)]
    bars = [s for s in shapes if s.fill & 0xFFFFFF == LIGHT.input & 0xFFFFFF]
    # What is there is shown, as words or as a bar.
    assert len(bars) == (not words(picture))
