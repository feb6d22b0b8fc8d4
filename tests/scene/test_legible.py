"""Words in the colours of roles are read on every ground, in both themes and by all eyes."""

import pytest

from rnnviz.scene.color_vision import seen_theme
from rnnviz.scene.colors import contrast
from rnnviz.scene.legible import grounds, legible
from rnnviz.scene.theme import DARK, LIGHT, VISIONS, Theme, Vision

ROLES = ("input", "hidden", "output", "cell", "gate", "loss", "weight", "gradient", "accent")
WORDS = (*ROLES, "ink", "muted", "good", "bad")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("role", WORDS)
def test_words_of_every_role_have_the_contrast_that_reading_needs(theme: Theme, role: str) -> None:
    for ground in grounds(theme):
        assert contrast(legible(getattr(theme, role)), ground) >= 4.5


@pytest.mark.parametrize("vision", [each for each in VISIONS if each != "achromatopsia"])
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_are_as_deep_when_the_window_is_shown_as_other_eyes_see_it(
    theme: Theme, vision: Vision
) -> None:
    seen = seen_theme(theme, vision)
    for role in ROLES:
        assert contrast(legible(getattr(seen, role)), seen.panel) >= 4.5


def test_other_colours_of_words_stay_as_they_are() -> None:
    for color in (LIGHT.ink, LIGHT.panel, 0xFF1B1F24, 0xFFFFFFFF, 0x80E07A00):
        assert legible(color) == color
