"""The colours of roles as those of words: deep enough to be read on every ground of their theme.

An arrow may be a bright orange; small words in it are not read from the back row. So words have the
hue of their role and, where that is too pale, more depth: 4.5 : 1 (WCAG 2.1, AA).
"""

from __future__ import annotations

from functools import cache

from rnnviz.scene.color_vision import seen_theme
from rnnviz.scene.colors import contrast
from rnnviz.scene.theme import DARK, LIGHT, VISIONS, Theme

LEAST = 4.5
_ROLES = ("input", "hidden", "output", "cell", "gate", "loss", "weight", "gradient", "accent")
_STEP = 0.98


def legible(color: int) -> int:
    """The colour for words in it; any that is not a role's stays as it is."""
    return _deeper().get(color, color)


def grounds(theme: Theme) -> tuple[int, ...]:
    """What words stand on."""
    return theme.panel, theme.window, theme.box, theme.selection


@cache
def _deeper() -> dict[int, int]:
    """For each vision, as its colours are those that are painted. In the dark all can be read."""
    found: dict[int, int] = {}
    for vision in VISIONS:
        light, dark = seen_theme(LIGHT, vision), seen_theme(DARK, vision)
        for role in _ROLES:
            color = getattr(light, role)
            found[color] = _deepened(color, grounds(light))
        for role in _ROLES:
            # Without any hue two roles may have one grey.
            found.pop(getattr(dark, role), None)
    return found


def _deepened(color: int, on: tuple[int, ...]) -> int:
    share, deep = 1.0, color
    while min(contrast(deep, ground) for ground in on) < LEAST:
        share *= _STEP
        parts = (round((color >> shift & 0xFF) * share) << shift for shift in (16, 8, 0))
        deep = 0xFF000000 | sum(parts)
    return deep
