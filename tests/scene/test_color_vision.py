"""The preview of other eyes, and whether the program's colours survive it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from rnnviz.scene.color_vision import seen, seen_theme
from rnnviz.scene.colors import contrast, luminance, lut, srgb_to_lab
from rnnviz.scene.theme import DARK, LIGHT, VISIONS, Theme, Vision

THEMES = [LIGHT, DARK]


def _lab(color: int) -> NDArray[np.float64]:
    rgb = np.array([[color >> s & 0xFF for s in (16, 8, 0)]]) / 255.0
    lab: NDArray[np.float64] = srgb_to_lab(rgb)[0]
    return lab


def _apart(a: int, b: int) -> float:
    return float(np.linalg.norm(_lab(a) - _lab(b)))


def test_typical_eyes_see_the_colours_as_they_are() -> None:
    assert seen_theme(LIGHT, "typical") is LIGHT
    assert np.array_equal(seen(lut("diverging"), "typical"), lut("diverging"))


@pytest.mark.parametrize("vision", VISIONS)
def test_black_white_and_grey_stay_as_they_are_for_all_eyes(vision: Vision) -> None:
    greys = np.array([0xFF000000, 0xFF808080, 0xFFFFFFFF], dtype=np.uint32)
    parts = seen(greys, vision)[:, None] >> np.array([16, 8, 0], dtype=np.uint32) & np.uint32(255)
    assert np.abs(parts.astype(int) - np.array([[0], [128], [255]])).max() <= 1


def test_red_and_green_of_one_lightness_meet_without_green_cones() -> None:
    red, green = np.array([0xFFB04A4A, 0xFF55752C], dtype=np.uint32)
    as_seen = seen(np.array([red, green]), "deuteranopia")
    assert _apart(int(as_seen[0]), int(as_seen[1])) < 0.5 * _apart(int(red), int(green))


def test_eyes_without_colours_see_greys_of_the_same_luminance() -> None:
    colors = lut("sequential")
    grey = seen(colors, "achromatopsia")
    r, g, b = (grey >> np.uint32(s) & np.uint32(255) for s in (16, 8, 0))
    assert np.array_equal(r, g)
    assert np.array_equal(g, b)
    for before, after in zip(colors[::16], grey[::16], strict=True):
        assert luminance(int(after)) == pytest.approx(luminance(int(before)), abs=0.01)


def test_transparency_is_not_a_colour() -> None:
    assert int(seen(np.array(0x40D1495B, dtype=np.uint32), "protanopia")) >> 24 == 0x40


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("vision", VISIONS[:4])
def test_the_maps_tell_minus_from_plus_and_little_from_much_for_all_eyes(
    theme: Theme, vision: str
) -> None:
    as_seen = seen_theme(theme, vision)
    diverging, sequential = lut(as_seen.diverging), lut(as_seen.sequential)
    assert _apart(int(diverging[0]), int(diverging[-1])) > 35
    assert _apart(int(diverging[64]), int(diverging[-65])) > 25
    light = np.array([luminance(int(color)) for color in sequential])
    assert np.all(np.diff(light) <= 1e-3) or np.all(np.diff(light) >= -1e-3)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("vision", VISIONS)
def test_words_stay_readable_for_all_eyes(theme: Theme, vision: Vision) -> None:
    as_seen = seen_theme(theme, vision)
    assert contrast(as_seen.ink, as_seen.panel) > 10
    assert contrast(as_seen.muted, as_seen.panel) > 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("vision", VISIONS[:4])
def test_forward_and_backward_colours_do_not_meet_for_any_eyes(
    theme: Theme, vision: Vision
) -> None:
    as_seen = seen_theme(theme, vision)
    roles = [as_seen.input, as_seen.hidden, as_seen.output, as_seen.gradient]
    for a, b in combinations(roles, 2):
        assert _apart(a, b) > 12
