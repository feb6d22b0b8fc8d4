"""The line of the cursor runs through the strips and strikes out no word."""

import pytest

from rnnviz.scene.shapes import Label, Wire
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.textwidth import text_width
from tests.scene.test_totals import at_end
from tests.scene.traces import make_trace


@pytest.mark.parametrize("pitch", [12.0, 30.0, 120.0, 200.0])
def test_no_word_and_no_number_stands_on_the_line_of_the_cursor(pitch: float) -> None:
    trace = make_trace("hello")
    state = at_end(trace, pitch)
    picture = strips_picture(state, 118.0 + pitch * trace.columns + 80.0, 900.0)
    shapes = [s for layer in picture.layers for s in layer.shapes]
    dashed = [s for s in shapes if isinstance(s, Wire) and s.dashed]
    lines = [s for s in dashed if s.points[0][0] == s.points[1][0]]
    assert lines
    for label in (s for s in shapes if isinstance(s, Label) and s.rect.x >= state.axis.left):
        half = text_width(label.text, label.size) / 2
        x, y = label.rect.center
        for line in lines:
            (at, top), (_, bottom) = line.points
            assert not (x - half < at < x + half and top < y < bottom), label.text
    middle = state.axis.center_of(state.cursor.column)
    assert min(line.points[0][0] for line in lines) <= middle
    assert max(line.points[0][0] for line in lines) >= middle


@pytest.mark.parametrize(("pitch", "letters"), [(6.0, 60), (10.0, 60), (12.0, 3), (20.0, 3)])
def test_the_line_of_the_cursor_runs_through_every_strip_that_has_no_words(
    pitch: float, letters: int
) -> None:
    """Large outputs have words from 14 pixels a step, small ones none in a column so narrow."""
    alphabet = "".join(map(chr, range(0x4E00, 0x4E00 + letters)))
    trace = make_trace(alphabet)
    state = at_end(trace, pitch)
    picture = strips_picture(state, 118.0 + pitch * trace.columns + 80.0, 600.0)
    middle = state.axis.center_of(state.cursor.column)
    lines = [
        line.points
        for layer in picture.layers
        if layer.role == "cursor"
        for line in layer.shapes
        if isinstance(line, Wire)
    ]
    for placed in picture.placed:
        if placed.strip.family == "tokens":
            continue
        inside = placed.rect.center[1]
        assert any(x == middle and top < inside < bottom for (x, top), (_, bottom) in lines)
