"""No strip is cut: not in a figure of any size, nor on screen however far it is scrolled."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from rnnviz.scene.shapes import Label, Wire
from rnnviz.scene.strips import StripsPicture, strips_picture
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.strips_left_out import LINE, left_out_forms
from rnnviz.scene.strips_room import GAP, LEAST_GAP, TOP, Height, share_room
from rnnviz.trace import ModelSpec, Trace
from tests.scene.label_boxes import faults, tight, words_of
from tests.scene.shaped import shaped_trace
from tests.scene.test_strips import state_of
from tests.scene.traces import make_trace

FIGURE = StripLayout(open_only=True)
ROOMS = (120.0, 158.0, 230.0, 264.0, 317.0, 475.0, 950.0)


def models() -> dict[str, Trace]:
    translation = ModelSpec(
        input_size=4, output_size=4, hidden_size=24, cell="gru", kind="many-to-many",
        attention="dot", bidirectional=True, layers=2,
    )  # fmt: skip
    return {
        "hello": make_trace(),
        "text": make_trace("the quick brown fox jumps", hidden=24),
        "lstm": make_trace("the quick brown fox jumps" * 4, cell="lstm", layers=2, hidden=128),
        "two-way": make_trace(bidirectional=True, cell="gru"),
        "translation": shaped_trace(translation, 9, decoder_steps=7),
        "large": make_trace("the quick brown fox jumps", hidden=512),
    }


def words(picture: StripsPicture) -> list[str]:
    return [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


def ends(picture: StripsPicture) -> list[float]:
    """The lower end of all that is drawn of each strip in sight, ticks included."""
    return [each.rect.bottom for each in picture.placed]


@pytest.mark.parametrize("name", models())
def test_in_a_figure_of_any_height_every_strip_is_whole_and_the_others_are_named(name: str) -> None:
    trace = models()[name]
    for room in ROOMS:
        picture = strips_picture(state_of(trace, 640), 640, room, FIGURE)
        assert max(ends(picture), default=0.0) <= room
        assert min((each.rect.y for each in picture.placed), default=TOP) >= TOP
        assert faults(picture, words_of(trace)) == []
        shown = {each.strip.name for each in picture.placed}
        absent = [each for each in picture.rows if each.strip.name not in shown]
        assert len(picture.left_out) == len(absent)
        line = [text for text in words(picture) if text in left_out_forms(picture.left_out)]
        assert len(line) == bool(absent)
        assert bool(absent) == ("No room for" in picture.summary)
        for placed in picture.placed:
            # What is shown has the height that it needs to be read.
            assert placed.rect.h >= (30 if placed.strip.family == "tokens" else 34)


@pytest.mark.parametrize("name", models())
def test_on_screen_strips_are_whole_at_every_stop_of_the_scroll_bar(name: str) -> None:
    trace = models()[name]
    for room in ROOMS[1:]:
        first = strips_picture(state_of(trace), 900, room)
        seen: set[str] = set()
        for stop in first.stops:
            picture = strips_picture(state_of(trace), 900, room, StripLayout(scroll=stop))
            assert picture.scroll == stop
            assert all(each.rect.y >= TOP for each in picture.placed)
            assert max(ends(picture)) <= room
            assert faults(picture, words_of(trace)) == []
            seen |= {each.strip.name for each in picture.placed}
        assert seen == {each.strip.name for each in first.every}


def test_a_page_of_strips_fills_the_room_that_there_is() -> None:
    trace = make_trace("the quick brown fox jumps" * 4, cell="lstm", layers=2, hidden=128)
    for room in ROOMS[2:]:
        picture = strips_picture(state_of(trace), 900, room)
        assert picture.needed > room
        assert max(ends(picture)) >= room - GAP - len(picture.placed)


def test_between_two_stops_the_nearer_one_is_shown() -> None:
    trace = make_trace(cell="lstm", layers=3, hidden=5)
    stops = strips_picture(state_of(trace), 900, 260).stops
    assert len(stops) > 3
    for scroll, stop in ((stops[2] - 1.0, stops[2]), (-90.0, 0.0), (1e6, stops[-1])):
        assert strips_picture(state_of(trace), 900, 260, StripLayout(scroll=scroll)).scroll == stop


def test_a_strip_that_is_gone_to_is_whole_in_sight() -> None:
    trace = make_trace(cell="lstm", layers=3, hidden=5)
    layout = StripLayout()
    picture = strips_picture(state_of(trace), 900, 260, layout)
    names = [each.strip.name for each in picture.rows]
    for name in (*names, *reversed(names)):
        there = next(each for each in picture.rows if each.strip.name == name)
        before, layout = picture.scroll, picture.scrolled_to(layout, there)
        picture = strips_picture(state_of(trace), 900, 260, layout)
        rect = next(each.rect for each in picture.placed if each.strip.name == name)
        assert rect.y >= TOP
        assert rect.bottom <= 260
        if there.rect.y >= TOP and there.rect.bottom + LEAST_GAP / 2 <= 260:
            assert picture.scroll == before


def test_a_strip_that_was_made_higher_than_the_window_can_be_looked_through() -> None:
    layout = StripLayout().resized("h_l0", 600.0)
    picture = strips_picture(state_of(make_trace()), 900, 260, layout)
    tall = next(each for each in picture.rows if each.strip.name == "h_l0")
    inside = [stop for stop in picture.stops if tall.rect.y <= stop < tall.rect.bottom - 200]
    assert len(inside) >= 5
    for stop in inside:
        scrolled = StripLayout(heights=layout.heights, scroll=stop)
        picture = strips_picture(state_of(make_trace()), 900, 260, scrolled)
        assert "h_l0" in {each.strip.name for each in picture.placed}


def test_in_a_figure_a_strip_is_never_higher_than_the_figure() -> None:
    layout = StripLayout(open_only=True).resized("h_l0", 600.0)
    picture = strips_picture(state_of(make_trace()), 900, 260, layout)
    shown: dict[str, Any] = {each.strip.name: each for each in picture.rows}
    assert shown["h_l0"].rect.h < 260
    assert max(ends(picture)) <= 260


def test_the_line_of_the_cursor_ends_above_the_words_on_what_is_left_out() -> None:
    trace = make_trace(cell="lstm", layers=3)
    for layout, bottom in ((FIGURE, 260.0 - LINE), (StripLayout(), 260.0)):
        picture = strips_picture(state_of(trace), 900, 260, layout)
        ends = {
            wire.points[-1][1]
            for layer in picture.layers
            if layer.role == "cursor"
            for wire in layer.shapes
            if isinstance(wire, Wire)
        }
        assert max(ends) == bottom


def test_what_is_left_out_is_told_in_fewer_words_where_there_is_less_room() -> None:
    assert left_out_forms(()) == ()
    assert left_out_forms(("loss",)) == (
        "no room for loss", "no room for 1 strip", "1 strip left out",
    )  # fmt: skip
    forms = left_out_forms(("output", "loss", "a", "b", "c", "d"))
    assert forms[0] == "no room for output, loss, a, b and 2 more"
    assert [len(form) for form in forms] == sorted((len(form) for form in forms), reverse=True)
    trace = make_trace(cell="lstm", layers=3)
    for width in (180.0, 300.0, 900.0):
        picture = strips_picture(state_of(trace, width), width, 200, FIGURE)
        lines = [
            shape
            for layer in picture.layers
            for shape in layer.shapes
            if isinstance(shape, Label) and shape.text in left_out_forms(picture.left_out)
        ]
        assert [tight(line).right <= width for line in lines] == [True]


def test_rows_of_a_fixed_height_fill_pages_as_far_as_they_go() -> None:
    rows = share_room([Height.fixed(50.0)] * 5, 150.0)
    assert rows.heights == (50.0,) * 5
    assert rows.needed > 150.0
    for above, below in pairwise(rows.tops):
        assert below - above >= 50.0 + LEAST_GAP
