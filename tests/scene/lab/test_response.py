"""Response to a token: the numbers beside the bars say what the bars show."""

from dataclasses import replace

import numpy as np
import pytest

from rnnviz.scene.lab.response import UnitResponse, response_picture
from rnnviz.scene.shapes import Bars, Label, Picture
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import LIGHT
from tests.scene.label_boxes import faults


def response_of(mean: list[float]) -> UnitResponse:
    means = np.array(mean)
    spread = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])[:, None] * np.abs(means).max() + means
    tokens = tuple("abcdefghijklmnop"[: len(mean)])
    return UnitResponse("l0", 2, tokens, means, spread, np.full(len(mean), 7))


def numbers_of(picture: Picture) -> list[Label]:
    """The labels at the right end of the rows."""
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    return [s for s in shapes if isinstance(s, Label) and s.align == "right" and s.size == 10.0]


@pytest.mark.parametrize("size", [1.0, 3e-3, 2e-5, 4e-9])
def test_tokens_that_move_a_unit_differently_have_different_numbers(size: float) -> None:
    picture = response_picture(response_of([size * k for k in (3, 2, 1, -1, -2)]), LIGHT, 300)
    texts = [label.text for label in numbers_of(picture)]
    assert len(set(texts)) == 5
    assert [text[0] for text in texts] == ["+", "+", "+", "−", "−"]


def test_small_changes_are_written_with_three_digits_and_in_the_tip_too() -> None:
    picture = response_picture(response_of([0.00312, 0.0, -0.0000412]), LIGHT, 300)
    assert [label.text for label in numbers_of(picture)] == ["+0.00312", "0", "−4.1·10⁻⁵"]
    tips = [hit.tip for hit in picture.hits]
    assert "mean +0.00312, 9 to 91 %: −0.00312 to 0.00936" in tips[0]


@pytest.mark.parametrize("size", [1.0, 3e-3, 4e-12])
def test_the_numbers_fit_beside_the_bars(size: float) -> None:
    picture = response_picture(response_of([size, -size, size / 3]), LIGHT, 300)
    for label in numbers_of(picture):
        assert text_width(label.text, label.size) <= label.rect.w + 0.01
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    ends = [float(s.rects[0, 0] + s.rects[0, 2]) for s in shapes if isinstance(s, Bars)]
    assert max(ends) <= min(label.rect.x for label in numbers_of(picture))


def test_how_often_a_token_is_read_has_room_beside_the_bars() -> None:
    often = replace(response_of([1.0, -1.0]), count=np.array([2, 1_234_567]))
    picture = response_picture(often, LIGHT, 240)
    assert faults(picture) == []
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    times = [s for s in shapes if isinstance(s, Label) and s.text.startswith("×")]
    assert [label.text for label in times] == ["×2", "×1,234,567"]
    begins = [float(s.rects[0, 0]) for s in shapes if isinstance(s, Bars)]
    assert max(label.rect.right for label in times) <= min(begins)
