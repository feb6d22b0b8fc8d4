"""The path of the hidden state through its space, on two principal axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnviz.scene.colors import ColorScale
from rnnviz.scene.curve import blend
from rnnviz.scene.lab.plot import Frame, Span, across_labels, frame_shapes
from rnnviz.scene.lab.sheet import Sheet
from rnnviz.scene.lab.words import layer_words
from rnnviz.scene.numbers import percent
from rnnviz.scene.shapes import Box, Curve, Floats, Label, Picture, Rect
from rnnviz.scene.strips_tokens import visible_token
from rnnviz.scene.textwidth import text_width
from rnnviz.scene.theme import Theme
from rnnviz.trace.many import many

_MOST_WORDS = 40
_FAINT = 0.45
"""How far the states of the other sequences stand out from the ground."""


@dataclass(frozen=True, slots=True, eq=False)
class StatePath:
    """``points`` (n, 2) of the shown sequence, ``others`` (m, 2) of the rest of the batch.

    ``explained`` (2,): each axis's share of the variance of these states; ``frozen_at`` is the
    iteration whose axes are used, None while they follow the states.
    """

    layer: str
    points: Floats
    others: Floats
    explained: Floats
    frozen_at: int | None
    bound: float
    words: tuple[str, ...]


def trajectory_picture(found: StatePath, theme: Theme, width: float, cursor: int | None) -> Picture:
    """Dots from early (faint) to late (strong), joined in their order."""
    sheet = Sheet(theme, width)
    sheet.heading(f"Path of h, {layer_words(found.layer)}: principal axes")
    first, second = (float(each) for each in (*found.explained, 0.0)[:2])
    axes = (
        f"axes frozen at iteration {found.frozen_at}"
        if found.frozen_at is not None
        else "axes of these states, turned as little as possible"
    )
    sheet.words(f"across {percent(first)}, up {percent(second)} of these states' variance; {axes}")
    side = min(sheet.inner - 40, 420.0)
    rect = sheet.area(side, 40, sheet.inner - 40 - side)
    span = Span(-found.bound, found.bound)
    frame = Frame(rect, span, span)
    sheet.add_all(frame_shapes(frame, theme))
    sheet.add_all(across_labels(frame, theme, 6, 9.0))
    faint = blend(theme.muted, theme.panel, _FAINT)
    for x, y in _inside(frame, found.others)[:1500].tolist():
        sheet.add(Box(Rect(x - 1.2, y - 1.2, 2.4, 2.4), faint))
    _path(sheet, frame, found, cursor)
    sheet.space(18)
    return sheet.picture(
        f"{many(len(found.points), 'state')} on two principal axes that explain "
        f"{percent(first + second)}."
    )


def _path(sheet: Sheet, frame: Frame, found: StatePath, cursor: int | None) -> None:
    theme = sheet.theme
    pixels = np.stack([frame.px(found.points[:, 0]), frame.py(found.points[:, 1])], axis=1)
    n = len(pixels)
    if n > 1:
        sheet.add(Curve(pixels, theme.muted, 1.0))
    shades = ColorScale(theme.sequential, -0.35 * n, float(n)).colors(np.arange(n, dtype=float))
    for t, (x, y) in enumerate(pixels.tolist()):
        size = 9.0 if t == cursor else 6.0
        edge = theme.accent if t == cursor else 0
        dot = Rect(x - size / 2, y - size / 2, size, size)
        sheet.add(Box(dot, int(shades[t]), edge, 2.0, radius=size / 2))
        tip = f"after step {t + 1}, {_word(found, t)!r}"
        sheet.hit(Rect(x - 5, y - 5, 10, 10), f"step@{t}", tip)
    _words(sheet, frame, found, pixels, cursor)


def _words(
    sheet: Sheet, frame: Frame, found: StatePath, pixels: Floats, cursor: int | None
) -> None:
    """The words beside the dots where there is room for them, the cursor's first of all."""
    n, rect = len(pixels), frame.rect
    order = sorted(range(n), key=lambda t: (t != cursor, t))
    taken: list[Rect] = []
    for t in order if n <= _MOST_WORDS else ():
        x, y = (float(each) for each in pixels[t])
        word = _word(found, t)
        wide = text_width(word, 9.5) + 2
        for left, top in (
            (x + 4, y - 13), (x + 4, y + 2), (x - 4 - wide, y - 13), (x - 4 - wide, y + 2)
        ):  # fmt: skip
            place = Rect(left, top, wide, 12)
            is_inside = rect.x <= left and place.right <= rect.right and top >= rect.y
            if (
                is_inside
                and place.bottom <= rect.bottom
                and not any(place.overlaps(other) for other in taken)
            ):
                taken.append(place)
                sheet.add(Label(place, word, sheet.theme.ink, 9.5, "left"))
                break


def _word(found: StatePath, t: int) -> str:
    return visible_token(found.words[t]) if t < len(found.words) else str(t + 1)


def _inside(frame: Frame, points: Floats) -> Floats:
    pixels = np.stack([frame.px(points[:, 0]), frame.py(points[:, 1])], axis=1)
    rect = frame.rect
    kept = (
        (pixels[:, 0] > rect.x) & (pixels[:, 0] < rect.right)
        & (pixels[:, 1] > rect.y) & (pixels[:, 1] < rect.bottom)
    )  # fmt: skip
    return np.asarray(pixels[kept])
