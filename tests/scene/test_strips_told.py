"""Who listens to the strips hears at the cursor what who looks at them sees there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rnnviz.scene.numbers import short, vector
from rnnviz.scene.shapes import Label
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_layout import StripLayout
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of

MODELS: list[dict[str, Any]] = [
    {"cell": "rnn"},
    {"cell": "lstm", "layers": 2},
    {"cell": "gru", "bidirectional": True},
    {"cell": "gru", "kind": "many-to-many", "attention": "general"},
]


@pytest.mark.parametrize("options", MODELS, ids=str)
def test_every_open_strip_in_sight_says_what_it_has_at_the_cursor(options: dict[str, Any]) -> None:
    trace = pass_of(**options)
    for column in (0, trace.columns - 1):
        state = state_of(trace, column, phase="backward")
        picture = strips_picture(state, 1200.0, 4000.0)
        facts = picture.summary.partition("At step ")[2].partition(": ")[2].split("; ")
        told = [
            placed.strip.caption.name
            for placed in picture.placed
            if not placed.collapsed
            and placed.strip.part.start <= column < placed.strip.part.stop
            # These passes have no words to read.
            and placed.strip.family != "tokens"
        ]
        assert len(told) > 3
        assert len(facts) == len(told)
        for name, fact in zip(told, facts, strict=True):
            assert fact.startswith(name)
            assert any(character.isdigit() or character == "“" for character in fact[len(name) :])


def test_few_units_are_all_told_and_of_many_the_two_ends() -> None:
    small, large = pass_of(cell="rnn", hidden_size=3), pass_of(cell="rnn", hidden_size=20)
    few = strips_picture(state_of(small, 1), 1200.0, 2000.0).summary
    assert f"hidden state {vector(small['h_l0'][1, 0].tolist())}" in few
    many = strips_picture(state_of(large, 1), 1200.0, 2000.0).summary
    row = large["h_l0"][1, 0]
    low, high = int(np.argmin(row)), int(np.argmax(row))
    ends = (f"[{at + 1}] {short(float(row[at]), 2)}" for at in (low, high))
    assert f"20 units, from {' to '.join(ends)}" in many


def test_what_is_folded_or_streams_by_is_not_told_and_what_is_ahead_is_said_to_be() -> None:
    trace = pass_of(cell="rnn")
    state = state_of(trace, 1)
    names = [strip.name for strip in catalog(trace)]
    assert "h_l0" in names
    shut = strips_picture(state, 1200.0, 2000.0, StripLayout(collapsed=("h_l0",)))
    assert "hidden state (folded)" in shut.summary
    assert "hidden state [" not in shut.summary
    assert "At step" not in strips_picture(replace(state, live=True), 1200.0, 2000.0).summary
    assert "(ahead)" in strips_picture(state, 1200.0, 2000.0).summary


def test_what_is_pointed_at_and_shown_by_no_strip_in_sight_says_where_its_strip_is() -> None:
    state = replace(state_of(pass_of(cell="lstm"), 2), hovered="c_l0@2")
    seen = strips_picture(state, 1200.0, 2000.0).layers[-1].shapes
    assert not [shape for shape in seen if isinstance(shape, Label)]
    low = strips_picture(state, 1200.0, 130.0)
    assert "c_l0" not in [placed.strip.name for placed in low.placed]
    (words,) = (shape for shape in low.layers[-1].shapes if isinstance(shape, Label))
    assert words.text == "↓ cell state"
    assert words.rect.bottom <= 130.0
    assert low.layers[-1].role == "control", "no part of a figure"
    end = StripLayout(scroll=low.stops[-1])
    (words,) = (
        shape
        for shape in strips_picture(state, 1200.0, 130.0, end).layers[-1].shapes
        if isinstance(shape, Label)
    )
    assert words.text == "↑ cell state"
    nothing = strips_picture(replace(state, hovered=""), 1200.0, 130.0).layers[-1].shapes
    assert nothing == ()
