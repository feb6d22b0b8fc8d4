"""Letters inside a cell: beside circles and pills, never on their edge, as large as they may."""

from __future__ import annotations

from typing import Any

import pytest

from rnnviz.scene.axis import GUTTER, MARGIN, TimeAxis
from rnnviz.scene.cell_picture import cell_picture
from rnnviz.scene.cursor import cursor_at
from rnnviz.scene.numbers import figures_for
from rnnviz.scene.shapes import Box, Cells, Label, Picture, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.theme import LIGHT
from rnnviz.scene.timeline import Timeline
from rnnviz.trace import Trace
from tests.scene.label_boxes import faults, tight
from tests.scene.test_label_grid import CELLS, Case, engine_pass

SIZES = [(560.0, 226.0), (705.0, 239.0), (711.0, 300.0), (960.0, 430.0), (1920.0, 1080.0)]


def cell_of(trace: Trace, size: tuple[float, float]) -> Picture:
    timeline = Timeline(trace)
    axis = TimeAxis.fitted(trace.columns, GUTTER, size[0] - GUTTER - MARGIN)
    at = timeline.last_of(timeline.index_of("backward", 1)) + 1.0
    state = ViewState(trace, timeline, cursor_at(timeline, at), axis, LIGHT)
    return cell_picture(state, *size, "h_l0@1")


def pass_of(cell: str) -> Trace:
    return engine_pass(Case("aligned", cell, 1, False, 3, 4, 4, "plain", SIZES[0]))


def shapes_of(picture: Picture, kind: type[Any]) -> list[Any]:
    return [s for layer in picture.layers for s in layer.shapes if isinstance(s, kind)]


def on_an_edge(box: Rect, frame: Rect) -> bool:
    inside = box.x >= frame.x and box.right <= frame.right
    inside = inside and box.y >= frame.y and box.bottom <= frame.bottom
    return box.inset(0.5).overlaps(frame) and not inside


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cell", [name for name in CELLS if name != "jordan"])
def test_no_word_stands_on_the_edge_of_a_pill_or_frame(
    cell: str, size: tuple[float, float]
) -> None:
    picture = cell_of(pass_of(cell), size)
    frames = [box.rect for box in shapes_of(picture, Box) if box.stroke]
    for label in shapes_of(picture, Label):
        struck = [frame for frame in frames if on_an_edge(tight(label), frame)]
        assert struck == [], label.text


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_in_a_large_picture_numbers_grow_as_far_as_no_digit_is_lost(cell: str) -> None:
    trace = pass_of(cell)
    small, large = (cell_of(trace, size) for size in ((1280.0, 720.0), (1920.0, 1080.0)))
    vectors = [[v for v in shapes_of(p, Cells) if len(v.values) == 1] for p in (small, large)]
    pairs = list(zip(*vectors, strict=True))
    assert len(pairs) >= 4
    for a, b in pairs:
        assert a.numbers
        assert b.numbers
        assert b.size > a.size
        assert figures_for(b.w, b.size).decimals >= figures_for(a.w, a.size).decimals
    assert faults(large) == []


@pytest.mark.parametrize("size", [(711.0, 300.0), (1920.0, 1080.0), (3840.0, 2160.0)])
def test_the_way_back_is_as_large_as_the_picture_asks(size: tuple[float, float]) -> None:
    picture = cell_of(pass_of("lstm"), size)
    here = next(s for s in shapes_of(picture, Label) if s.text == "LSTM cell")
    usual = 12.0
    assert here.size == (usual if size[1] < 720 else min(usual * size[1] / 720, 2.4 * usual))
    link = next(s for s in shapes_of(picture, Label) if s.text == "sequence")
    hit = next(hit for hit in picture.hits if hit.node == "go:graph")
    assert hit.rect.contains(*link.rect.center)
    assert faults(picture) == []
