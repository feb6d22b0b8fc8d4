"""What lights up in the strips when something is pointed at, here or in another view."""

from __future__ import annotations

from rnnviz.scene.lighting import lights
from rnnviz.scene.shapes import Box, Rect
from rnnviz.scene.state import ViewState
from rnnviz.scene.strips_catalog import Strip
from rnnviz.scene.strips_place import Placed


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


def stands_for(strip: Strip) -> str:
    """The quantity of a strip as a node's id without its column."""
    named = {"tokens": f"{strip.part.prefix}x", "outputs": "logits"}
    return named.get(strip.family, strip.name)
