"""What lights up in the strips when something is pointed at, here or in another view."""

from __future__ import annotations

from rnnviz.scene.lighting import lights
from rnnviz.scene.shapes import Box, Label, Rect, Shape
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_place import Placed
from rnnviz.scene.strips_room import TOP
from rnnviz.scene.textwidth import elided, text_width

_SIZE, _HIGH = 10.5, 18.0
"""Of the words on a strip that is out of sight, logical pixels."""


def lit_steps(state: ViewState, shown: tuple[Placed, ...]) -> list[Box]:
    """Outlines around the step of a quantity in every strip that shows it."""
    name, _, number = state.hovered.partition("@")
    if not name or (number and not number.isdigit()):
        return []
    axis, found = state.axis, []
    for placed in shown:
        if placed.collapsed or not lights(state.hovered, stands_for(placed.strip)):
            continue
        left, right = axis.left, axis.left + axis.width
        if number:
            left = max(left, axis.left_of(int(number)))
            right = min(right, axis.left_of(int(number) + 1))
        if right > left:
            place = Rect(left, placed.rect.y - 1.0, right - left, placed.rect.h + 2.0)
            found.append(Box(place, 0, state.theme.accent, 2.0, 2.0))
    return found


def lit_elsewhere(
    state: ViewState, placed: tuple[Placed, ...], shown: tuple[Placed, ...], height: float
) -> list[Shape]:
    """Where nothing in sight shows what is pointed at: which strips do, and which way they lie."""
    pointed = state.hovered
    if not pointed or any(lights(pointed, stands_for(each.strip)) for each in shown):
        return []
    found = [each for each in placed if lights(pointed, stands_for(each.strip))]
    if not found:
        return []
    above = found[0].rect.y < TOP
    name = found[0].strip.caption.name
    words = f"{'↑' if above else '↓'} {name}{' (folded)' if found[0].collapsed else ''}"
    right = state.axis.left + state.axis.width - 4.0
    width = min(text_width(words, _SIZE) + 18.0, state.axis.width - 8.0)
    place = Rect(right - width, 3.0 if above else height - _HIGH - 3.0, width, _HIGH)
    theme = state.theme
    text = elided(words, _SIZE, width - 14.0)
    return [
        Box(place, theme.panel, theme.accent, 1.5, _HIGH / 2),
        Label(place, text, theme.accent, _SIZE),
    ]


def stands_for(strip: Strip) -> str:
    """The quantity of a strip as a node's id without its column."""
    named = {"tokens": f"{strip.part.prefix}x", "outputs": "logits"}
    return named.get(strip.family, strip.name)
