"""What a figure has no room for is said in words below the strips, which are never cut."""

from __future__ import annotations

from collections.abc import Sequence

from rnnviz.scene.shapes import Label, Layer, Rect
from rnnviz.scene.strips_gutter import LEFT
from rnnviz.scene.textwidth import shortened
from rnnviz.scene.theme import Theme

LINE = 16.0
"""Height of the line; it is taken from the room of the strips."""
_SIZE, _LEAST = 10.0, 8.5
_NAMED = 4
"""Strips that are named; of many more nobody reads the names."""


def left_out_forms(names: Sequence[str]) -> tuple[str, ...]:
    """``no room for loss, cell state and 3 more`` and shorter; none where everything is shown."""
    if not names:
        return ()
    count = len(names)
    said = [f"no room for {', '.join(names)}"] if count <= _NAMED else []
    said += [
        f"no room for {', '.join(names[:kept])} and {count - kept} more"
        for kept in range(min(count - 1, _NAMED), 0, -1)
    ]
    plural = "s" if count > 1 else ""
    return (*said, f"no room for {count} strip{plural}", f"{count} strip{plural} left out")


def left_out_layers(
    names: Sequence[str], theme: Theme, width: float, height: float
) -> tuple[Layer, ...]:
    """The line at the lower edge of the strips."""
    fits = shortened(left_out_forms(names), width - 2 * LEFT, _SIZE, _LEAST)
    if fits is None:
        return ()
    words, size = fits
    place = Rect(LEFT, height - LINE, width - 2 * LEFT, LINE - 2.0)
    key = ("left out", words, theme.key, width, height)
    return (Layer((Label(place, words, theme.muted, size, "left"),), key),)
