"""What a strip is called gets shorter, never equal to what another is called."""

from __future__ import annotations

from itertools import product

import pytest

from rnnviz.scene.axis import GUTTER
from rnnviz.scene.strips_captions import Caption, Owner
from rnnviz.scene.strips_catalog import catalog
from rnnviz.scene.strips_gutter import LEFT
from rnnviz.scene.textwidth import shortened, text_width
from rnnviz.trace import ModelSpec
from tests.scene.shaped import shaped_trace

OWNERS = [
    Owner(prefix, layer, reverse)
    for prefix, layer, reverse in product(("", "encoder_", "decoder_"), (1, 2, 12), (False, True))
]


def told(owner: Owner) -> Caption:
    return Caption("hidden state", ("h, tanh units", "h, tanh", "h"), "h{}", owner)


@pytest.mark.parametrize("width", [48.0, 66.0, 80.0, 96.0, 400.0])
def test_layer_part_and_direction_can_be_told_apart_at_every_width(width: float) -> None:
    below = [shortened(told(owner).below(), width, 10.0, 8.5) for owner in OWNERS]
    assert None not in below
    assert len(set(below)) == len(OWNERS)


def test_folded_strips_can_be_told_apart_in_the_gutter() -> None:
    spec = ModelSpec(
        input_size=4, output_size=4, hidden_size=3, layers=4, bidirectional=True, cell="lstm",
        kind="many-to-many",
    )  # fmt: skip
    width = GUTTER - LEFT - 8.0
    found = []
    for strip in catalog(shaped_trace(spec, 5)):
        forms = tuple(f"▸ {form}" for form in strip.caption.alone())
        fits = shortened(forms, width, 12.0, 10.0)
        assert fits is not None, strip.name
        found.append(fits[0])
    assert len(set(found)) == len(found) > 40


def test_the_line_below_a_title_begins_with_whose_it_is() -> None:
    owner = Owner("encoder_", 2, reverse=True)
    assert told(owner).below()[0] == "encoder, layer 2, reverse, h, tanh units"
    assert told(owner).below()[-1] == "enc. 2 ←"
    assert told(owner).below(shared=True)[-1] == "2 ←"
    assert told(owner).name == "hidden state (encoder, layer 2, reverse)"
    assert told(Owner()).below() == ("h, tanh units", "h, tanh", "h")
    assert told(Owner()).name == "hidden state"


def test_a_figure_outlives_the_words_beside_it() -> None:
    loss = Caption("loss", ("½ squared",), "loss")
    assert loss.below(extra="sum 0.31")[-1] == "sum 0.31"


def test_the_first_form_that_fits_is_taken_and_made_smaller_before_it_is_given_up() -> None:
    forms = ("the whole sentence", "a sentence", "s")
    for width in (500.0, 110.0, 90.0, 60.0, 12.0):
        found = shortened(forms, width, 12.0, 10.0)
        assert found is not None
        text, size = found
        assert 10.0 <= size <= 12.0
        assert text_width(text, size) <= width + 1e-6
        before = forms[: forms.index(text)]
        assert all(text_width(form, 10.0) > width for form in before)
    assert shortened(forms, 2.0, 12.0, 10.0) is None


def test_the_input_says_whether_tokens_or_vectors_are_read() -> None:
    words = ModelSpec(input_size=4, output_size=4, hidden_size=3)
    numbers = ModelSpec(input_size=4, output_size=4, hidden_size=3, input_kind="vector")
    for spec, about in ((words, "tokens"), (numbers, "vectors")):
        first = next(strip for strip in catalog(shaped_trace(spec, 5)) if strip.family == "tokens")
        assert first.caption.below()[0] == about
