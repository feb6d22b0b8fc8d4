"""The names of a trace as the window says them: the same layer, counted from 1."""

from dataclasses import replace

from rnnviz.scene.array_words import array_words, letter_of, marked
from rnnviz.trace import ModelSpec

ONE = ModelSpec(input_size=3, hidden_size=5, output_size=3)
DEEP = replace(ONE, layers=2, bidirectional=True, kind="many-to-many")


def test_only_what_the_model_has_several_of_is_told() -> None:
    assert array_words(ONE, "h_l0") == "h"
    assert array_words(ONE, "W_hy") == "W_hy"
    assert array_words(replace(ONE, layers=12), "c_l10") == "c, layer 11"
    assert array_words(DEEP, "encoder_h_l1_reverse") == "h, encoder, layer 2, right to left"
    assert array_words(DEEP, "decoder_W_hh_l0") == "W_hh, decoder, layer 1"


def test_every_array_has_the_letter_of_the_equations() -> None:
    letters = {"tokens": "x", "logits": "y", "attention": "α", "h_init_l0": "h₀", "b_hn_l1": "b_hn"}
    assert {name: letter_of(name) for name in letters} == letters


def test_a_mark_is_short() -> None:
    assert marked(ONE, "W_hh_l0") == "W_hh"
    assert marked(DEEP, "encoder_W_hh_l1_reverse") == "W_hh⁽²⁾← enc"
