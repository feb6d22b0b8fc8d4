"""Numbers and words of the laboratory's figures stay in their places, however small or long."""

from __future__ import annotations

import numpy as np
import pytest

from rnnviz.scene.lab.activity import UnitActivity, activity_picture
from rnnviz.scene.lab.eigenvalues import BlockSpectrum, WeightSpectra, eigenvalues_picture
from rnnviz.scene.lab.matches import MatchSearch, matches_picture
from rnnviz.scene.lab.response import UnitResponse, response_picture
from rnnviz.scene.lab.trajectory import StatePath, trajectory_picture
from rnnviz.scene.numbers import ticks
from rnnviz.scene.shapes import Box, Label, Picture
from rnnviz.scene.theme import LIGHT
from tests.scene.label_boxes import faults


def texts(picture: Picture) -> list[str]:
    return [s.text for layer in picture.layers for s in layer.shapes if isinstance(s, Label)]


@pytest.mark.parametrize("bound", [3e-13, 2e-4, 0.6, 1.5, 40.0, 2500.0])
@pytest.mark.parametrize("width", [240.0, 520.0])
def test_a_path_of_any_size_has_its_own_numbers(bound: float, width: float) -> None:
    points = bound * np.array([[-0.9, -0.5], [0.8, 0.9]])
    path = StatePath("l0", points, points[:0], np.array([0.997, 0.003]), None, bound, ("a", "b"))
    picture = trajectory_picture(path, LIGHT, width, None)
    assert faults(picture) == []
    said = [text for text in texts(picture) if text[-1:].isdigit() or "10" in text]
    assert len(set(said)) > 2
    assert ">99 %" in texts(picture)[1] or any(">99 %" in text for text in texts(picture))


def test_ticks_of_tiny_numbers_are_not_all_zero() -> None:
    found = ticks(-3e-13, 3e-13, 6)
    assert len(set(found)) == len(found) > 3
    assert ticks(0.0, 0.3, 3) == (0.0, 0.1, 0.2, 0.3)


def test_the_next_tokens_fit_whatever_they_are() -> None:
    words = ("Donaudampfschifffahrt", "a", "b")
    probs = np.array([[0.9999995, 5e-7, 2.8e-284]])
    found = UnitActivity("h", 0, np.array([0.3]), True, words, probs, words, words)
    picture = activity_picture(found, LIGHT, 240.0, 0)
    assert faults(picture, words) == []
    assert {"0.9999995", "5.0·10⁻⁷"} <= set(texts(picture))


def test_eigenvalues_far_out_have_the_decimals_of_their_ticks() -> None:
    values = np.array([7.0 + 0j, -3.0])
    spectra = WeightSpectra("l0", (BlockSpectrum("W_hh", values, 7.5),))
    said = texts(eigenvalues_picture(spectra, LIGHT, 330.0))
    assert "5" in said
    assert "5.0" not in said


@pytest.mark.parametrize("blocks", [1, 3])
@pytest.mark.parametrize("width", [240.0, 330.0, 520.0])
def test_no_number_of_the_axes_stands_where_an_eigenvalue_can_lie(
    blocks: int, width: float, rng: np.random.Generator
) -> None:
    values = np.append(rng.uniform(-1.1, 1.1, (400, 2)) @ [1.0, 1j], [-1.0, -1.0 - 0.03j, -0.5])
    spectra = WeightSpectra(
        "l0", tuple(BlockSpectrum(f"W_{n}", values, 1.2) for n in "rzn"[:blocks])
    )
    picture = eigenvalues_picture(spectra, LIGHT, width)
    assert faults(picture) == []
    shapes = [shape for layer in picture.layers for shape in layer.shapes]
    dots = [s.rect for s in shapes if isinstance(s, Box) and s.fill == LIGHT.gradient]
    labels = [s.rect for s in shapes if isinstance(s, Label)]
    assert len(dots) == blocks * len(values)
    assert texts(picture).count("-1") + texts(picture).count("−1") >= blocks
    for label in labels:
        assert not any(
            dot.x < label.right and label.x < dot.right and dot.y < label.bottom
            and label.y < dot.bottom
            for dot in dots
        )  # fmt: skip


@pytest.mark.parametrize("largest", [0.2, 1.4, 2.3, 2.8, 3.6, 4.6, 5.5, 7.0, 30.0])
def test_a_plane_of_eigenvalues_of_any_size_has_numbers_on_both_sides(largest: float) -> None:
    spectra = WeightSpectra("l0", (BlockSpectrum("W_hh", np.array([largest, -0.1 + 0j]), 1.0),))
    picture = eigenvalues_picture(spectra, LIGHT, 520.0)
    assert faults(picture) == []
    said = [text.replace("−", "-") for text in texts(picture)]
    numbers = [float(text) for text in said if text.lstrip("-").replace(".", "").isdigit()]
    assert min(numbers) < 0 < max(numbers)
    assert sorted(numbers) == sorted(-number for number in numbers)


def test_many_units_are_counted_in_words_that_are_whole() -> None:
    units = tuple(range(33))
    found = MatchSearch("l0", 0, 2, 0.3, units, np.ones(4), ("a", "b", "c", "d"), (), 1)
    picture = matches_picture(found, LIGHT, 240.0)
    assert faults(picture, found.words) == []
    assert any("and 21 more" in text for text in texts(picture))


def test_tokens_that_all_raise_a_unit_are_not_called_the_strongest() -> None:
    mean = np.linspace(0.1, 0.9, 20)
    found = UnitResponse(
        "l0", 0, tuple("abcdefghijklmnopqrst"), mean, np.tile(mean, (5, 1)), np.ones(20)
    )
    said = texts(response_picture(found, LIGHT, 330.0))
    assert any("the 8 highest and the 8 lowest of 20 tokens" in text for text in said)
    assert not [text for text in said if "strongest" in text]


@pytest.mark.parametrize(
    ("target", "said"), [("b", "orange: the target"), ("g", "the target, 'g', is not among these")]
)
def test_a_target_that_is_none_of_the_likeliest_is_said_and_not_shown_in_orange(
    target: str, said: str
) -> None:
    words, probs = tuple("abcdefg"), np.arange(7.0, 0.0, -1.0)[None] / 28.0
    found = UnitActivity("h", 0, np.array([0.3]), True, ("a",), probs, words, (target,))
    picture = activity_picture(found, LIGHT, 262.0, 0)
    assert said in texts(picture)
    assert faults(picture) == []
