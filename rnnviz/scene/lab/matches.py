"""Match search: a brushed range, the units that are on in it, and other places where they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.lab.matrix import value_legend
from rnnviz.scene.lab.sheet import MARGIN, Sheet
from rnnviz.scene.lab.text_flow import text_flow
from rnnviz.scene.lab.words import layer_words
from rnnviz.scene.shapes import Box, Floats, Label, Picture, Rect
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme
from rnnviz.trace.many import many

_CONTEXT = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Steps start … stop − 1 of sequence ``row``, or of that example of the task; ``before``,
    ``inside``, ``after`` as words."""

    row: int
    start: int
    stop: int
    shared: int
    before: str
    inside: str
    after: str


@dataclass(frozen=True, slots=True, eq=False)
class MatchSearch:
    """``count`` (n,): how many of ``units`` are on at each step of the sequence in view.

    ``searched`` sequences of the batch were looked through; if ``wide``, examples of the task."""

    layer: str
    start: int
    stop: int
    threshold: float
    units: tuple[int, ...]
    count: Floats
    words: tuple[str, ...]
    places: tuple[Place, ...]
    searched: int
    wide: bool = False

    @property
    def among(self) -> str:
        """What was looked through."""
        return many(self.searched, "example" if self.wide else "sequence")


def matches_picture(found: MatchSearch, theme: Theme, width: float) -> Picture:
    """The text with the range, how many of its units are on where, and the list of places."""
    sheet = Sheet(theme, width)
    sheet.heading(
        f"Units on in steps {found.start + 1} to {found.stop}, {layer_words(found.layer)}"
    )
    named = ", ".join(str(unit + 1) for unit in found.units[:12])
    more = f" and {len(found.units) - 12} more" if len(found.units) > 12 else ""
    sheet.words(
        f"h ≥ {found.threshold:.2f} throughout: "
        + (f"{many(len(found.units), 'unit')}: {named}{more}" if found.units else "none")
    )
    sheet.words("colour: how many of them are on; drag over tokens or click two for another range",
                theme.accent)  # fmt: skip
    n = len(found.count)
    scale = ColorScale(theme.sequential, 0.0, float(max(len(found.units), 1)))
    value_legend(sheet, scale, "units on")
    words = found.words or tuple(str(t + 1) for t in range(n))
    tips = [f"step {t + 1}: {int(found.count[t])} of {len(found.units)} on" for t in range(n)]
    framed = range(found.start, found.stop)
    text_flow(sheet, words[:n], found.count, scale, tips, node="brush", framed=framed)
    if not found.units:
        sheet.words("No unit is on in the whole range: choose fewer steps or lower the threshold.")
        return sheet.picture("No unit is on in the whole range.")
    sheet.heading(f"Where else: {many(len(found.places), 'place')} in {found.among}")
    for place in found.places:
        _line(sheet, place, found)
    if not found.places:
        sheet.words(f"nowhere else in {found.among} for two steps or more")
    return sheet.picture(
        f"{many(len(found.units), 'unit')} on in the range, {many(len(found.places), 'place')} "
        f"with the same units in {found.among}."
    )


def _line(sheet: Sheet, place: Place, found: MatchSearch) -> None:
    theme, size = sheet.theme, 11.0
    count = f"{place.shared}/{len(found.units)}"
    sheet.add(Label(Rect(MARGIN, sheet.y, 40, 16), count, theme.muted, 10.0, "left"))
    x = MARGIN + 44
    room = sheet.width - MARGIN - x
    inside = place.inside
    middle = min(text_width(inside, size) + 4, room * 0.7)
    left = (room - middle) / 2
    sheet.add(
        Label(Rect(x, sheet.y, left, 16), _tail(place.before, left, size), theme.muted, size,
              "right"),
        Box(Rect(x + left, sheet.y, middle, 16), theme.gradient_faint),
        Label(Rect(x + left, sheet.y, middle, 16), _head(inside, middle, size), theme.ink, size),
        Label(Rect(x + left + middle, sheet.y, left, 16), _head(place.after, left, size),
              theme.muted, size, "left"),
    )  # fmt: skip
    kind = "example" if found.wide else "sequence"
    where = f"{kind} {place.row + 1}, steps {place.start + 1} to {place.stop}"
    row = Rect(MARGIN, sheet.y, sheet.inner, 17)
    # Only what is on the stage can be gone to.
    node = "" if found.wide else f"place@{place.row},{place.start}"
    sheet.hit(row, node, f"{where}: {many(place.shared, 'unit')} on")
    sheet.y += 18


def _head(text: str, width: float, size: float) -> str:
    while text and text_width(text, size) > width:
        text = text[:-1]
    return text


def _tail(text: str, width: float, size: float) -> str:
    while text and text_width(text, size) > width:
        text = text[1:]
    return text


def context_words(words: tuple[str, ...], start: int, stop: int) -> tuple[str, str, str]:
    """What stands before, in and after a range."""
    joiner = "" if all(len(word) <= 1 for word in words) else " "

    def joined(first: int, last: int) -> str:
        return joiner.join(visible_token(word) for word in words[max(first, 0) : max(last, 0)])

    return joined(start - _CONTEXT, start), joined(start, stop), joined(stop, stop + _CONTEXT)


def units_on(states: Floats, units: tuple[int, ...], threshold: float) -> Floats:
    """How many of the units are on at each step: (n, H) → (n,)."""
    if not units:
        return np.zeros(len(states))
    return np.asarray((states[:, list(units)] >= threshold).sum(axis=1), np.float64)
