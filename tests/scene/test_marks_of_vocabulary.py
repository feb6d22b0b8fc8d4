"""⟨end⟩ is an answer like any other, and a character without a shape too: however narrow its box,
it is not empty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rnnviz.scene.graph import graph_picture
from rnnviz.scene.shapes import Label
from rnnviz.scene.strips import strips_picture
from rnnviz.scene.strips_layout import StripLayout
from rnnviz.scene.textwidth import elided, fitted, text_width
from tests.scene.test_cell_flow import pass_of
from tests.scene.test_levels import state_of

MARKS = ("⟨end⟩", "⟨start⟩", "⟨unknown⟩", "U+00A0", "U+200D", "U+E0067")


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("width", [9.0, 12.0, 20.0, 60.0])
def test_a_mark_has_a_sign_where_its_name_has_no_room(mark: str, width: float) -> None:
    text, size = fitted(mark, width, 12.0)
    assert text
    assert size >= 8.0
    assert text_width(text, size) <= width
    assert "…" not in text
    assert "…" not in elided(mark, 8.0, width)


def test_of_a_word_a_letter_is_left_rather_than_an_empty_box() -> None:
    assert fitted("negative", 14.0, 12.0)[0] == "n…"
    assert fitted("thousand", 9.0, 12.0)[0] == ""
    assert elided("thousand", 10.0, 30.0).endswith("…")


@pytest.mark.parametrize("pitch", [18.0, 23.0])
def test_every_mark_that_a_decoder_should_write_or_writes_can_be_seen(pitch: float) -> None:
    trace = pass_of(kind="many-to-many", steps=8)
    words = ("⟨start⟩", "⟨end⟩", "a", "b")
    ids = trace["targets"][:, 0].tolist()
    targets = (tuple(words[i] for i in ids),) * 2
    trace = replace(trace, labels=replace(trace.labels, classes=words, targets=targets))
    state = state_of(trace, trace.columns - 1, phase="backward")
    state = replace(state, axis=replace(state.axis, pitch=pitch))
    picture = graph_picture(state, 118.0 + pitch * trace.columns + 90.0, 230.0)
    found = [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]
    assert "…" not in "".join(found)
    wanted = sum(i < 2 for i in ids) + int(sum(trace["probs"][:, 0].argmax(1) < 2))
    shown = sum(text in ("⟨end⟩", "⟨start⟩", "∎", "▸") for text in found)
    assert shown >= wanted
    strips = strips_picture(state, 900.0, 400.0, StripLayout())
    words_of = [s.text for layer in strips.layers for s in layer.shapes if isinstance(s, Label)]
    assert not [text for text in words_of if text.startswith("⟨") and "…" in text]


def test_a_word_that_begins_with_a_wide_letter_is_not_missing_among_others() -> None:
    for width in (13.2, 14.0, 15.5):
        assert fitted("another", width, 12.0) == ("a…", 8.0)
        for word in ("march", "west", "中文的中文的", "%wide"):
            text, size = fitted(word, width, 12.0)
            assert text == f"{word[0]}…"
            assert size >= 6.0
            assert text_width(text, size) <= width + 1e-9
